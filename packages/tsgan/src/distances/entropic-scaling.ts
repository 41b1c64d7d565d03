/**
 * Scaling iterations for entropic transport, stabilised in the log domain (Schmitzer 2019, algorithm 2): the potentials
 * live in the log domain and take up the scalings before these leave the range of float64, so that an iteration is one
 * pass of multiplications over the kernel whatever the cost.
 */
import type { Matrix } from "./matrix.ts";

/** A problem with positive weights, near 1, and its state: the plan is a_i s_i K_ij t_j b_j, K_ij = exp((f_i + g_j − C_ij)/ε). */
export interface State {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly cost: Matrix;
  epsilon: number;
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly s: Float64Array;
  readonly t: Float64Array;
  readonly kernel: Float64Array;
}

export interface Progress {
  readonly iterations: number;
  readonly converged: boolean;
}

export const stateOf = (a: Float64Array, b: Float64Array, cost: Matrix, epsilon: number): State => ({
  a,
  b,
  cost,
  epsilon,
  f: new Float64Array(cost.rows),
  g: new Float64Array(cost.columns),
  s: new Float64Array(cost.rows).fill(1),
  t: new Float64Array(cost.columns).fill(1),
  kernel: new Float64Array(cost.rows * cost.columns),
});

/**
 * Scalings are kept within e^±100: a kernel entry that underflows (below e^−708) is then below e^−500 in the plan, and
 * products of scalings do not overflow.
 */
const SCALING_LIMIT = Math.exp(100);

/** Entries of the plan are at most 1, so that the kernel is at most 1 over the product of the least weights. */
const EXPONENT_LIMIT = 700;

/** Renews the kernel for the potentials as they are. */
export const renewKernel = ({ cost, epsilon, f, g, s, t, kernel }: State): void => {
  s.fill(1);
  t.fill(1);
  for (let i = 0, k = 0; i < f.length; i++) {
    for (let j = 0; j < g.length; j++, k++) {
      kernel[k] = Math.exp(Math.min(EXPONENT_LIMIT, (f[i] + g[j] - cost.data[k]) / epsilon));
    }
  }
};

/** Moves the scalings into the potentials, f ← f + ε log s and g ← g + ε log t, and renews the kernel. */
export const absorb = (state: State): void => {
  const { epsilon, f, g, s, t } = state;
  for (let i = 0; i < f.length; i++) f[i] += epsilon * Math.log(s[i]);
  for (let j = 0; j < g.length; j++) g[j] += epsilon * Math.log(t[j]);
  renewKernel(state);
};

/** Whether scalings have to be absorbed, or have broken down ("lost") where a row or column of the kernel underflows. */
export const limitsOf = (scalings: Float64Array): "kept" | "left" | "lost" => {
  let result: "kept" | "left" = "kept";
  for (let i = 0; i < scalings.length; i++) {
    if (scalings[i] < SCALING_LIMIT && scalings[i] > 1 / SCALING_LIMIT) continue;
    if (!(scalings[i] > 0 && scalings[i] < Number.POSITIVE_INFINITY)) return "lost";
    result = "left";
  }
  return result;
};

/** Costs as seen from a side: entry (i, j) is at `data[i * rowStride + j * columnStride]`. */
export interface View {
  readonly data: Float64Array;
  readonly rowStride: number;
  readonly columnStride: number;
}

export const fromRows = ({ columns, data }: Matrix): View => ({ data, rowStride: columns, columnStride: 1 });
export const fromColumns = ({ columns, data }: Matrix): View => ({
  data,
  rowStride: 1,
  columnStride: columns,
});

/** −ε log Σ_j w_j exp((h_j − C_ij)/ε) for one i, safe for any cost and potentials. */
export const softMinimumAt = (
  { data, rowStride, columnStride }: View,
  i: number,
  h: Float64Array,
  w: Float64Array,
  epsilon: number,
): number => {
  const start = i * rowStride;
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < h.length; j++) largest = Math.max(largest, h[j] - data[start + j * columnStride]);
  let sum = 0;
  for (let j = 0; j < h.length; j++) {
    sum += w[j] * Math.exp((h[j] - data[start + j * columnStride] - largest) / epsilon);
  }
  return -largest - epsilon * Math.log(sum);
};

/** The log-domain updates of both potentials: then no row or column of the kernel underflows as a whole. */
export const updateBoth = (state: State): void => {
  const { a, b, cost, epsilon, f, g } = state;
  for (let i = 0; i < f.length; i++) f[i] = softMinimumAt(fromRows(cost), i, g, b, epsilon);
  for (let j = 0; j < g.length; j++) g[j] = softMinimumAt(fromColumns(cost), j, f, a, epsilon);
  renewKernel(state);
};

/** Keeps scalings in range: absorbs them, or begins anew from the potentials where they are lost. */
const settle = (state: State): void => {
  const limits = [limitsOf(state.s), limitsOf(state.t)];
  if (limits.includes("lost")) updateBoth(state);
  else if (limits.includes("left")) absorb(state);
};

/**
 * Alternating updates s = 1/(K (t∘b)), t = 1/(Kᵀ (s∘a)). Row i of the kernel is used for both while it is in the
 * cache: first its sum, which gives s_i, then its share of the column sums.
 */
export const alternate = (state: State, tolerance: number, maxIterations: number): Progress => {
  const { a, b, s, t, kernel } = state;
  const m = b.length;
  const weighted = new Float64Array(m);
  const columnSums = new Float64Array(m);
  for (let iterations = 1; ; iterations++) {
    for (let j = 0; j < m; j++) weighted[j] = t[j] * b[j];
    columnSums.fill(0);
    let error = 0;
    for (let i = 0, row = 0; i < a.length; i++, row += m) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += kernel[row + j] * weighted[j];
      error += a[i] * Math.abs(s[i] * sum - 1);
      s[i] = 1 / sum;
      const mass = s[i] * a[i];
      for (let j = 0; j < m; j++) columnSums[j] += kernel[row + j] * mass;
    }
    const converged = error <= tolerance;
    if (converged || iterations >= maxIterations) {
      if (limitsOf(s) === "lost") updateBoth(state);
      return { iterations, converged };
    }
    for (let j = 0; j < m; j++) t[j] = 1 / columnSums[j];
    settle(state);
  }
};

/**
 * The update of a measure against itself, f ← ½ (f + T f) with T the log-domain update (Feydy et al. 2019, §3.2): as
 * scalings, s ← √(s / (K (s∘a))). It takes tens of iterations where alternating updates may take tens of thousands. The
 * cost of a point and itself must be 0 and the least, so that no row of the kernel underflows as a whole.
 */
export const average = (state: State, tolerance: number, maxIterations: number): Progress => {
  const { a, s, t, kernel } = state;
  const n = a.length;
  const weighted = new Float64Array(n);
  for (let iterations = 1; ; iterations++) {
    for (let j = 0; j < n; j++) weighted[j] = s[j] * a[j];
    let error = 0;
    for (let i = 0, row = 0; i < n; i++, row += n) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += kernel[row + j] * weighted[j];
      error += a[i] * Math.abs(s[i] * sum - 1);
      s[i] = Math.sqrt(s[i] / sum);
    }
    t.set(s);
    const converged = error <= tolerance;
    if (converged || iterations >= maxIterations) return { iterations, converged };
    if (limitsOf(s) === "left") absorb(state);
  }
};

/**
 * Updates for an ε far above the costs, where the plan is nearly a⊗b and its logarithms nearly 0:
 * f_i = −ε log1p(Σ_j b_j expm1((g_j − C_ij)/ε)) keeps what ε times the rounding of a logarithm would lose. Each iteration
 * gains a factor of (ε/cost)².
 */
export const loosely = (state: State, tolerance: number, maxIterations: number): Progress => {
  const { a, b, cost, epsilon, f, g } = state;
  const least = cost.data.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const shifted = { ...cost, data: cost.data.map((value) => value - least) };
  const update = (out: Float64Array, view: View, h: Float64Array, w: Float64Array): number => {
    let moved = 0;
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (let j = 0; j < h.length; j++) {
        sum += w[j] * Math.expm1((h[j] - view.data[i * view.rowStride + j * view.columnStride]) / epsilon);
      }
      const next = -epsilon * Math.log1p(sum);
      moved = Math.max(moved, Math.abs(next - out[i]));
      out[i] = next;
    }
    return moved / epsilon; // the relative error of a marginal
  };
  for (let iterations = 1; ; iterations++) {
    const rows = update(f, fromRows(shifted), g, b);
    const columns = update(g, fromColumns(shifted), f, a);
    const converged = iterations > 1 && Math.max(rows, columns) <= tolerance;
    if (!converged && iterations < maxIterations) continue;
    for (let i = 0; i < f.length; i++) f[i] += least;
    renewKernel(state);
    return { iterations, converged };
  }
};

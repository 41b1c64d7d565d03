import { UsageError } from "../errors.ts";
import { checkDistribution, checkFinite, checkInteger, checkPositive } from "./check.ts";
import type { Matrix } from "./matrix.ts";
import { costMatrix, type Metric } from "./pairwise.ts";

export interface SinkhornOptions {
  /** Strength ε > 0 of the entropy, in the units of the cost. */
  readonly epsilon: number;
  /** Largest allowed marginal error Σ |P1 − a| (the other marginal is then at least as near); 1e-10 without. */
  readonly tolerance?: number;
  /** 100,000 without. The smaller ε against the cost, the more are needed. */
  readonly maxIterations?: number;
}

export interface Sinkhorn {
  /** ⟨P, C⟩ at the optimum, without the entropy. */
  readonly transportCost: number;
  /** OT_ε(a, b) = ⟨P, C⟩ + ε KL(P | a⊗b), by its dual value, whose error is of second order. */
  readonly regularisedKl: number;
  /** ⟨P, C⟩ + ε Σ P log P, the objective of Cuturi 2013. */
  readonly regularisedEntropy: number;
  /** Dual potentials: P_ij = a_i b_j exp((f_i + g_j − C_ij)/ε). */
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** The plan P, [n, m]. */
  readonly plan: Matrix;
  readonly iterations: number;
  /** False when the iterations ran out before the tolerance was met. */
  readonly converged: boolean;
}

/** A problem and its state: the plan is a_i s_i K_ij t_j b_j with the kernel K_ij = exp((f_i + g_j − C_ij)/ε). */
interface State {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly cost: Matrix;
  readonly epsilon: number;
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly s: Float64Array;
  readonly t: Float64Array;
  readonly kernel: Float64Array;
}

/**
 * Scalings are kept within e^±100: a kernel entry that underflows (below e^−708) is then below e^−500 in the plan, and
 * products of scalings do not overflow.
 */
const SCALING_LIMIT = Math.exp(100);

/** Only pairs of points without mass can exceed this exponent; the cap keeps Infinity · 0 away. */
const EXPONENT_LIMIT = 700;

/** Moves the scalings into the potentials, f ← f + ε log s and g ← g + ε log t, and renews the kernel. */
const absorb = ({ cost, epsilon, f, g, s, t, kernel }: State): void => {
  for (let i = 0; i < f.length; i++) f[i] += epsilon * Math.log(s[i]);
  for (let j = 0; j < g.length; j++) g[j] += epsilon * Math.log(t[j]);
  s.fill(1);
  t.fill(1);
  for (let i = 0, k = 0; i < f.length; i++) {
    for (let j = 0; j < g.length; j++, k++) {
      kernel[k] = Math.exp(Math.min(EXPONENT_LIMIT, (f[i] + g[j] - cost.data[k]) / epsilon));
    }
  }
};

const outOfLimits = (scalings: Float64Array): boolean => {
  for (let i = 0; i < scalings.length; i++) {
    if (!(scalings[i] < SCALING_LIMIT && scalings[i] > 1 / SCALING_LIMIT)) return true;
  }
  return false;
};

/**
 * The log-domain update out_i = −ε log Σ_j w_j exp((h_j − C_ij)/ε), safe for any cost and potentials. The entry C_ij
 * is at `i * rowStride + j * columnStride`.
 */
const softMinimum = (
  out: Float64Array,
  cost: Float64Array,
  rowStride: number,
  columnStride: number,
  h: Float64Array,
  w: Float64Array,
  epsilon: number,
): void => {
  for (let i = 0; i < out.length; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < h.length; j++) {
      if (w[j] > 0) largest = Math.max(largest, h[j] - cost[i * rowStride + j * columnStride]);
    }
    let sum = 0;
    for (let j = 0; j < h.length; j++) {
      if (w[j] > 0)
        sum += w[j] * Math.exp((h[j] - cost[i * rowStride + j * columnStride] - largest) / epsilon);
    }
    out[i] = -largest - epsilon * Math.log(sum);
  }
};

/**
 * Alternating updates s = 1/(K (t∘b)), t = 1/(Kᵀ (s∘a)). Row i of the kernel is used for both while it is in the
 * cache: first its sum, which gives s_i, then its share of the column sums.
 */
const alternate = (state: State, tolerance: number, maxIterations: number): Progress => {
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
    if (converged || iterations === maxIterations) return { iterations, converged };
    for (let j = 0; j < m; j++) t[j] = 1 / columnSums[j];
    if (outOfLimits(s) || outOfLimits(t)) absorb(state);
  }
};

/**
 * The update of a measure against itself, f ← ½ (f + T f) with T the log-domain update (Feydy et al. 2019, §3.2): as
 * scalings, s ← √(s / (K (s∘a))). It takes tens of iterations where alternating updates may take tens of thousands.
 */
const average = (state: State, tolerance: number, maxIterations: number): Progress => {
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
    if (converged || iterations === maxIterations) return { iterations, converged };
    if (outOfLimits(s)) absorb(state);
  }
};

interface Progress {
  readonly iterations: number;
  readonly converged: boolean;
}

const start = (a: ArrayLike<number>, b: ArrayLike<number>, cost: Matrix, epsilon: number): State => ({
  a: Float64Array.from(a),
  b: Float64Array.from(b),
  cost,
  epsilon,
  f: new Float64Array(cost.rows),
  g: new Float64Array(cost.columns),
  s: new Float64Array(cost.rows).fill(1),
  t: new Float64Array(cost.columns).fill(1),
  kernel: new Float64Array(cost.rows * cost.columns),
});

const result = (state: State, { iterations, converged }: Progress): Sinkhorn => {
  absorb(state);
  const { a, b, cost, epsilon, f, g, kernel } = state;
  let transportCost = 0;
  let mass = 0;
  for (let i = 0, k = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++, k++) {
      const p = a[i] * b[j] * kernel[k];
      kernel[k] = p;
      mass += p;
      transportCost += p * cost.data[k];
    }
  }
  let dual = epsilon * (1 - mass);
  for (let i = 0; i < a.length; i++) dual += a[i] * f[i];
  for (let j = 0; j < b.length; j++) dual += b[j] * g[j];
  return {
    transportCost,
    regularisedKl: dual,
    regularisedEntropy: dual + epsilon * (sumOfLogs(a) + sumOfLogs(b)),
    f,
    g,
    plan: { rows: a.length, columns: b.length, data: kernel },
    iterations,
    converged,
  };
};

/** Σ w log w, 0 log 0 = 0. */
const sumOfLogs = (w: Float64Array): number => w.reduce((sum, x) => (x > 0 ? sum + x * Math.log(x) : sum), 0);

const checkOptions = (
  where: string,
  { epsilon, tolerance = 1e-10, maxIterations = 100_000 }: SinkhornOptions,
) => {
  checkPositive(where, "epsilon", epsilon);
  checkPositive(where, "tolerance", tolerance);
  checkInteger(where, "maxIterations", maxIterations, 1);
  return { epsilon, tolerance, maxIterations };
};

/**
 * Entropic optimal transport (Cuturi 2013): min ⟨P, C⟩ + ε KL(P | a⊗b) over P ≥ 0 with P1 = a, Pᵀ1 = b. The same
 * plan minimises ⟨P, C⟩ + ε Σ P log P.
 *
 * Log-domain stabilised scaling (Schmitzer 2019, algorithm 2): the potentials live in the log domain and take up the
 * scalings before these leave the range of float64, so that any ε and any cost are safe while an iteration is one
 * pass of multiplications over the kernel.
 *
 * @param a weights ≥ 0 of the n sources, adding to one
 * @param b weights ≥ 0 of the m sinks, adding to one
 * @param cost C, [n, m], finite (`costMatrix` makes it of points)
 */
export const sinkhorn = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  cost: Matrix,
  options: SinkhornOptions,
): Sinkhorn => {
  const { epsilon, tolerance, maxIterations } = checkOptions("sinkhorn", options);
  checkDistribution("sinkhorn", "a", a, cost.rows);
  checkDistribution("sinkhorn", "b", b, cost.columns);
  checkFinite("sinkhorn", "the cost matrix", cost.data);
  const state = start(a, b, cost, epsilon);
  // After one update of both potentials in the log domain no row or column of the kernel underflows as a whole.
  softMinimum(state.f, cost.data, cost.columns, 1, state.g, state.b, epsilon);
  softMinimum(state.g, cost.data, 1, cost.columns, state.f, state.a, epsilon);
  absorb(state);
  return result(state, alternate(state, tolerance, maxIterations));
};

export interface SinkhornDivergence {
  /** OT_ε(a, b) − ½ OT_ε(a, a) − ½ OT_ε(b, b) with OT_ε = ⟨P, C⟩ + ε KL(P | a⊗b). */
  readonly divergence: number;
  /** The same combination of ⟨P, C⟩: half of 2W(a, b) − W(a, a) − W(b, b) in Genevay et al. 2018, eq. 3. */
  readonly sharp: number;
  readonly pair: Sinkhorn;
  readonly selfX: Sinkhorn;
  readonly selfY: Sinkhorn;
}

/** A cloud of points with weights that add to one. */
export interface Cloud {
  readonly points: Matrix;
  /** Without weights each point counts the same. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Debiased Sinkhorn divergence (Feydy et al. 2019, eq. 3):
 *
 *   S_ε(x, y) = OT_ε(x, y) − ½ OT_ε(x, x) − ½ OT_ε(y, y),
 *
 * which is 0 for equal measures (where OT_ε is not) and positive otherwise. The cost is the plain metric, not halved.
 */
export const sinkhornDivergence = (
  x: Cloud,
  y: Cloud,
  metric: Metric,
  options: SinkhornOptions,
): SinkhornDivergence => {
  const a = weightsOf("x", x);
  const b = weightsOf("y", y);
  const selfX = selfTransport(x.points, a, metric, options);
  const same = equal(x.points.data, y.points.data) && equal(a, b);
  const selfY = same ? selfX : selfTransport(y.points, b, metric, options);
  const pair = same ? selfX : sinkhorn(a, b, costMatrix(x.points, y.points, metric), options);
  const debiased = (term: (transport: Sinkhorn) => number) =>
    term(pair) - 0.5 * term(selfX) - 0.5 * term(selfY);
  return {
    divergence: debiased((transport) => transport.regularisedKl),
    sharp: debiased((transport) => transport.transportCost),
    pair,
    selfX,
    selfY,
  };
};

const weightsOf = (name: string, { points, weights }: Cloud): ArrayLike<number> => {
  if (points.rows === 0)
    throw new UsageError(`sinkhornDivergence: ${name} must hold at least 1 sample; got 0; draw more`);
  if (weights === undefined) return new Float64Array(points.rows).fill(1 / points.rows);
  checkDistribution("sinkhornDivergence", `the weights of ${name}`, weights, points.rows);
  return weights;
};

const equal = (x: ArrayLike<number>, y: ArrayLike<number>): boolean => {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
};

/** OT_ε of a measure and itself. */
const selfTransport = (
  points: Matrix,
  weights: ArrayLike<number>,
  metric: Metric,
  options: SinkhornOptions,
): Sinkhorn => {
  const { epsilon, tolerance, maxIterations } = checkOptions("sinkhornDivergence", options);
  // The cost of a point and itself is 0, so that with f = 0 no row of the kernel underflows as a whole.
  const state = start(weights, weights, costMatrix(points, points, metric), epsilon);
  absorb(state);
  return result(state, average(state, tolerance, maxIterations));
};

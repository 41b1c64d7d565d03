/**
 * Entropic transport for an ε that is small beside the costs, where scaling iterations crawl: Newton steps on the dual
 * along a path of falling ε, as an interior-point method goes.
 *
 * With the rows of the plan exact, D(g) = Σ b_j g_j + Σ a_i f_i(g) is concave in the potentials g of the columns. In units
 * of ε its gradient is the error r = b − Pᵀ1 of the columns, and its Hessian is minus the Laplacian L of the graph that
 * joins columns j and k with the weight Σ_i P_ij P_ik/a_i. A step solves (L + λ diag(½ (b + Pᵀ1))) δ = r, where λ, the
 * error itself, keeps parts of the graph that hardly touch from running away from each other.
 */
import { absorb, limitsOf, type Progress, type State, updateBoth } from "./entropic-scaling.ts";

/** ε falls by this factor from one problem of the path to the next. */
const FACTOR = 4;
/** Newton steps at one ε before the last. Each is solved to the end: mass that is missing is not found at a smaller ε. */
const STEPS = 50;
/** Largest change of a logarithm in one step; e^±100 is where scalings must be absorbed. */
const LONGEST = 40;
const HALVINGS = 40;

/**
 * Solves (L + diag(ground)) δ = r in place of r. L is given by the weights of the graph, below the diagonal. Node after
 * node is eliminated without a subtraction, so that nothing cancels, however weak a joint.
 */
const solveLaplacian = (weights: Float64Array, ground: Float64Array, r: Float64Array): void => {
  const m = r.length;
  const pivots = new Float64Array(m);
  for (let k = m - 1; k >= 0; k--) {
    const row = k * m;
    let pivot = ground[k];
    for (let j = 0; j < k; j++) pivot += weights[row + j];
    pivots[k] = pivot;
    for (let j = 0; j < k; j++) {
      const weight = weights[row + j];
      if (weight === 0) continue;
      const share = weight / pivot;
      r[j] += share * r[k];
      ground[j] += share * ground[k];
      for (let l = 0; l < j; l++) weights[j * m + l] += share * weights[row + l];
    }
  }
  for (let k = 0; k < m; k++) {
    const row = k * m;
    let sum = r[k];
    for (let j = 0; j < k; j++) sum += weights[row + j] * r[j];
    r[k] = sum / pivots[k];
  }
};

/** Makes the rows of the plan exact, s = 1/(K (t∘b)), and returns the dual value of that, in units of ε. */
const exactRows = ({ a, b, s, t, kernel }: State, weighted: Float64Array): number => {
  const m = b.length;
  let dual = 0;
  for (let j = 0; j < m; j++) {
    weighted[j] = t[j] * b[j];
    dual += b[j] * Math.log(t[j]);
  }
  for (let i = 0, row = 0; i < a.length; i++, row += m) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += kernel[row + j] * weighted[j];
    s[i] = 1 / sum;
    dual -= a[i] * Math.log(sum);
  }
  return dual;
};

const newton = (state: State, tolerance: number, maxIterations: number): Progress => {
  const { a, b, s, t, kernel } = state;
  const m = b.length;
  const weighted = new Float64Array(m);
  const plan = new Float64Array(m); // a row of it
  const weights = new Float64Array(m * m);
  const residual = new Float64Array(m);
  const ground = new Float64Array(m);
  for (let iterations = 0; ; iterations++) {
    let dual = exactRows(state, weighted);
    if (!Number.isFinite(dual)) {
      updateBoth(state);
      dual = exactRows(state, weighted);
    }
    residual.set(b);
    weights.fill(0);
    const isLast = iterations >= maxIterations;
    for (let i = 0, row = 0; i < a.length; i++, row += m) {
      for (let j = 0; j < m; j++) {
        const share = s[i] * kernel[row + j] * weighted[j]; // P_ij/a_i
        plan[j] = a[i] * share;
        residual[j] -= plan[j];
        if (share === 0 || isLast) continue;
        for (let k = 0; k < j; k++) weights[j * m + k] += share * plan[k];
      }
    }
    const error = residual.reduce((sum, value) => sum + Math.abs(value), 0);
    if (error <= tolerance || isLast) return { iterations, converged: error <= tolerance };
    for (let j = 0; j < m; j++) ground[j] = Math.min(error, 1) * (b[j] - 0.5 * residual[j]);
    const step = residual.slice();
    solveLaplacian(weights, ground, step);

    let slope = 0;
    let longest = 0;
    for (let j = 0; j < m; j++) {
      slope += residual[j] * step[j];
      longest = Math.max(longest, Math.abs(step[j]));
    }
    const before = t.slice();
    let length = Math.min(1, LONGEST / longest);
    for (let halving = 0; halving < HALVINGS; halving++, length /= 2) {
      for (let j = 0; j < m; j++) t[j] = before[j] * Math.exp(length * step[j]);
      // Near the optimum the gain is below the rounding of the dual.
      if (exactRows(state, weighted) >= dual + 1e-4 * length * slope - 1e-13 * (1 + Math.abs(dual))) break;
    }
    if (limitsOf(s) !== "kept" || limitsOf(t) !== "kept") absorb(state);
  }
};

/** Follows the path from an ε as large as the costs down to that of the problem. `range` is the largest cost less the least. */
export const followPath = (
  state: State,
  range: number,
  tolerance: number,
  maxIterations: number,
): Progress => {
  const last = state.epsilon;
  state.g.fill(0);
  let iterations = 0;
  for (let epsilon = Math.max(range, last); ; epsilon = Math.max(epsilon / FACTOR, last)) {
    state.epsilon = epsilon;
    updateBoth(state);
    const isLast = epsilon === last;
    const left = maxIterations - iterations;
    const progress = newton(state, tolerance, isLast ? left : Math.min(left, STEPS));
    iterations += progress.iterations;
    if (isLast) return { iterations, converged: progress.converged };
    absorb(state);
  }
};

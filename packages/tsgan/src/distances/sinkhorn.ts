import { UsageError } from "../errors.ts";
import { checkInteger, checkKeys, checkNumber } from "../options.ts";
import { distributionOf, pointsOf } from "./check.ts";
import { heldMatrix, type PointCosts, type ScaledCosts, scaledCosts } from "./costs.ts";
import { followPath } from "./entropic-path.ts";
import {
  alternate,
  average,
  fromColumns,
  fromRows,
  loosely,
  type Progress,
  renewKernel,
  type State,
  softMinimumAt,
  stateOf,
  updateBoth,
} from "./entropic-scaling.ts";
import type { Matrix, MatrixLike } from "./matrix.ts";
import { type Cost, checkCost, degreeOf } from "./pairwise.ts";
import { nearOne, scaleBy, scaledBack } from "./scale.ts";

export interface SinkhornOptions {
  /** Strength ε > 0 of the entropy, in the units of the cost. Below 1e-13 of the range of the costs it makes no difference. */
  readonly epsilon: number;
  /** Largest allowed error of the marginals, Σ |P1 − a| or Σ |Pᵀ1 − b| (the other is then exact); 1e-10 without. */
  readonly tolerance?: number | undefined;
  /** 100,000 without. The smaller ε against the cost, the more are needed. */
  readonly maxIterations?: number | undefined;
}

export interface Sinkhorn {
  /** ⟨P, C⟩ at the optimum, without the entropy. */
  readonly cost: number;
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

type Settings = Required<{ [Name in keyof SinkhornOptions]: number }>;

const settingsOf = (where: string, options: SinkhornOptions): Settings => {
  checkKeys(where, options, ["epsilon", "tolerance", "maxIterations"]);
  const { epsilon, tolerance = 1e-10, maxIterations = 100_000 } = options;
  checkNumber(where, "epsilon", epsilon, { above: 0 });
  checkNumber(where, "tolerance", tolerance, { above: 0 });
  checkInteger(where, "maxIterations", maxIterations, 1);
  return { epsilon, tolerance, maxIterations };
};

/** Shares of the whole below this are left out and given their due afterwards: they move nothing that a float64 holds. */
const LEAST_SHARE = 1e-100;

const indicesOf = (weights: Float64Array, counts: (weight: number) => boolean): Int32Array =>
  Int32Array.from([...weights.keys()].filter((i) => counts(weights[i])));

const at = (values: Float64Array, indices: Int32Array): Float64Array =>
  Float64Array.from(indices, (i) => values[i]);

/** The costs between the points that count. */
const restrict = ({ rows, columns, data }: Matrix, sources: Int32Array, sinks: Int32Array): Matrix => {
  if (sources.length === rows && sinks.length === columns) return { rows, columns, data };
  const out = new Float64Array(sources.length * sinks.length);
  let k = 0;
  for (const i of sources) for (const j of sinks) out[k++] = data[i * columns + j];
  return { rows: sources.length, columns: sinks.length, data: out };
};

/** ε above so many times the range of the costs makes the plan a⊗b but for a small correction. */
const LOOSE = 1e4;
/** And below this share of it makes it that of the unregularised problem, to rounding. */
const TIGHT = 1e-13;
/** Scaling iterations that are tried before Newton steps: about the work of these. Newton's matrix is [m, m]. */
const triesOf = (m: number): number => 500 + 8 * m;
const MOST_COLUMNS = 1000;

interface Solution {
  readonly state: State;
  readonly progress: Progress;
  /** Whether the plan's mass is 1 whatever its rounding, which ε would magnify. */
  readonly isWhole?: boolean;
}

/** Solves a problem whose weights all count. `isSelf`: of a measure and itself, under a cost like a distance. */
const solve = (
  a: Float64Array,
  b: Float64Array,
  cost: Matrix,
  { epsilon, tolerance, maxIterations }: Settings,
  isSelf: boolean,
): Solution => {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of cost.data) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const range = most - least;
  const state = stateOf(a, b, cost, Math.max(epsilon, TIGHT * range) || 1);
  if (state.epsilon >= LOOSE * range) {
    return { state, progress: loosely(state, tolerance, maxIterations), isWhole: true };
  }
  const mayStep = b.length <= MOST_COLUMNS;
  const tries = mayStep ? Math.min(maxIterations, triesOf(b.length)) : maxIterations;
  let progress: Progress;
  if (isSelf) {
    renewKernel(state);
    progress = average(state, tolerance, tries);
  } else {
    updateBoth(state);
    progress = alternate(state, tolerance, tries);
  }
  if (progress.converged || tries === maxIterations) return { state, progress };
  const path = followPath(state, range, tolerance, maxIterations - tries);
  return { state, progress: { ...path, iterations: path.iterations + tries } };
};

/** Σ w log w, 0 log 0 = 0. */
const sumOfLogs = (w: Float64Array): number => w.reduce((sum, x) => (x > 0 ? sum + x * Math.log(x) : sum), 0);

/** Whether a cost is symmetric, 0 of a point and itself, and nowhere negative. */
const isLikeDistance = ({ rows: n, columns, data }: Matrix): boolean => {
  if (n !== columns) return false;
  for (let i = 0; i < n; i++) {
    if (data[i * n + i] !== 0) return false;
    for (let j = 0; j < i; j++) if (data[i * n + j] !== data[j * n + i] || data[i * n + j] < 0) return false;
  }
  return true;
};

/** The problem with costs divided by 2^exponent, its points without weight included, and back. */
const entropicTransport = (
  where: string,
  a: Float64Array,
  b: Float64Array,
  costs: ScaledCosts,
  settings: Settings,
): Sinkhorn => {
  const cost = heldMatrix(costs);
  const { rows: n, columns: m, data } = cost;
  const [sources, sinks] = [a, b].map((weights) => indicesOf(weights, (weight) => weight > LEAST_SHARE));
  // Finite, and above 0 where the costs differ at all.
  const epsilon = Math.min(scaleBy(settings.epsilon, -costs.exponent), 2 ** 600);
  const isSelf = equal(a, b) && isLikeDistance(cost);
  const { state, progress, isWhole } = solve(
    at(a, sources),
    at(b, sinks),
    restrict(cost, sources, sinks),
    { ...settings, epsilon },
    isSelf,
  );

  const f = new Float64Array(n);
  const g = new Float64Array(m);
  const used = state.epsilon;
  sources.forEach((i, k) => {
    f[i] = state.f[k] + used * Math.log(state.s[k]);
  });
  sinks.forEach((j, k) => {
    g[j] = state.g[k] + used * Math.log(state.t[k]);
  });
  const plan = new Float64Array(n * m);
  let transportCost = 0;
  let mass = 0;
  sources.forEach((i, k) => {
    sinks.forEach((j, l) => {
      const p = a[i] * state.s[k] * state.kernel[k * sinks.length + l] * state.t[l] * b[j];
      plan[i * m + j] = p;
      mass += p;
      transportCost += p * data[i * m + j];
    });
  });
  let dual = isWhole ? 0 : used * (1 - mass);
  for (const i of sources) dual += a[i] * f[i];
  for (const j of sinks) dual += b[j] * g[j];

  // Points with next to no weight follow from the others, by the optimality of their own potential.
  const [sourceWeights, sinkWeights] = [at(a, sources), at(b, sinks)];
  const [fOfSources, gOfSinks] = [at(f, sources), at(g, sinks)];
  const massOf = (i: number, j: number): number => {
    const most = Math.min(a[i], b[j]);
    if (most === 0) return 0;
    // Logarithms, as the exponential may be as large as the weights are small.
    const exponent = (f[i] + g[j] - data[i * m + j]) / used;
    return Math.min(most, Math.exp(exponent + Math.log(a[i]) + Math.log(b[j])));
  };
  const rows = restrict(cost, allOf(n), sinks);
  for (const i of indicesOf(a, (weight) => weight <= LEAST_SHARE)) {
    f[i] = softMinimumAt(fromRows(rows), i, gOfSinks, sinkWeights, used);
    for (const j of sinks) plan[i * m + j] = massOf(i, j);
  }
  const columns = restrict(cost, sources, allOf(m));
  for (const j of indicesOf(b, (weight) => weight <= LEAST_SHARE)) {
    g[j] = softMinimumAt(fromColumns(columns), j, fOfSources, sourceWeights, used);
    for (const i of sources) plan[i * m + j] = massOf(i, j);
  }

  const back = (value: number): number => scaledBack(where, value, costs.exponent);
  return {
    cost: back(transportCost),
    regularisedKl: back(dual),
    regularisedEntropy: back(dual) + settings.epsilon * (sumOfLogs(a) + sumOfLogs(b)),
    f: f.map(back),
    g: g.map(back),
    plan: { rows: n, columns: m, data: plan },
    ...progress,
  };
};

const allOf = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/**
 * Entropic optimal transport (Cuturi 2013): min ⟨P, C⟩ + ε KL(P | a⊗b) over P ≥ 0 with P1 = a, Pᵀ1 = b. The same
 * plan minimises ⟨P, C⟩ + ε Σ P log P.
 *
 * Scaling iterations stabilised in the log domain (Schmitzer 2019, algorithm 2); where they crawl, Newton steps on the
 * dual along a path of falling ε. Any ε and any cost are safe: a small ε gives the exact cost, a large one that of a⊗b.
 *
 * @param a weights ≥ 0 of the n sources, adding to one
 * @param b weights ≥ 0 of the m sinks, adding to one
 * @param cost C, [n, m], finite, or the points and their cost
 * @throws UsageError for weights that do not add to one, sizes that do not fit, a result beyond the largest float
 * @example
 * ```ts
 * import { sinkhorn } from "tsgan/distances";
 *
 * const costs = [[0, 1], [1, 0]];
 * const { cost, converged } = sinkhorn([0.5, 0.5], [0.5, 0.5], costs, { epsilon: 0.1 });
 * console.log(cost, converged); // near 0, true
 * ```
 */
export const sinkhorn = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  cost: MatrixLike | PointCosts,
  options: SinkhornOptions,
): Sinkhorn => {
  const where = "sinkhorn";
  const settings = settingsOf(where, options);
  const costs = scaledCosts(where, cost);
  return entropicTransport(
    where,
    distributionOf(where, "a", a, costs.rows),
    distributionOf(where, "b", b, costs.columns),
    costs,
    settings,
  );
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
  readonly points: MatrixLike;
  /** Without weights each point counts the same. */
  readonly weights?: ArrayLike<number> | undefined;
}

/**
 * Debiased Sinkhorn divergence (Feydy et al. 2019, eq. 3):
 *
 *   S_ε(x, y) = OT_ε(x, y) − ½ OT_ε(x, x) − ½ OT_ε(y, y),
 *
 * which is 0 for equal measures (where OT_ε is not) and positive otherwise. The cost is |x − y| or its square, not halved.
 *
 * @param x points [n, d], or points with weights
 * @param y points [m, d], or points with weights
 * @throws UsageError for an unknown cost, points of different dimensions, or weights and options out of range
 */
export const sinkhornDivergence = (
  x: Cloud | MatrixLike,
  y: Cloud | MatrixLike,
  cost: Cost,
  options: SinkhornOptions,
): SinkhornDivergence => {
  const where = "sinkhornDivergence";
  const settings = settingsOf(where, options);
  checkCost(where, cost);
  const [first, second] = [cloudOf("x", x), cloudOf("y", y)];
  if (first.points.columns !== second.points.columns) {
    throw new UsageError(
      `${where}: x and y must have the same number of columns; got ${first.points.columns} and ${second.points.columns}`,
    );
  }
  const { exponent, scaled } = nearOne(first.points, second.points);
  const transport = (from: 0 | 1, to: 0 | 1): Sinkhorn => {
    const weights = [first.weights, second.weights];
    const points = { x: scaled[from], y: scaled[to], cost };
    const sizes = { rows: points.x.rows, columns: points.y.rows, exponent: exponent * degreeOf(cost) };
    return entropicTransport(where, weights[from], weights[to], { ...points, ...sizes }, settings);
  };
  const selfX = transport(0, 0);
  const same = equal(first.points.data, second.points.data) && equal(first.weights, second.weights);
  const selfY = same ? selfX : transport(1, 1);
  const pair = same ? selfX : transport(0, 1);
  const debiased = (term: (transport: Sinkhorn) => number) =>
    term(pair) - term(selfX) + (term(selfX) - term(selfY)) / 2;
  return {
    divergence: debiased((transport) => transport.regularisedKl),
    sharp: debiased((transport) => transport.cost),
    pair,
    selfX,
    selfY,
  };
};

const cloudOf = (
  name: string,
  given: Cloud | MatrixLike,
): { readonly points: Matrix; readonly weights: Float64Array } => {
  const where = "sinkhornDivergence";
  const isCloud = typeof given === "object" && given !== null && "points" in given;
  if (isCloud) checkKeys(where, given, ["points", "weights"]);
  const points = pointsOf(where, name, isCloud ? given.points : given);
  const weights = isCloud ? given.weights : undefined;
  return {
    points,
    weights:
      weights === undefined
        ? new Float64Array(points.rows).fill(1 / points.rows)
        : distributionOf(where, `the weights of ${name}`, weights, points.rows),
  };
};

const equal = (x: Float64Array, y: Float64Array): boolean =>
  x.length === y.length && x.every((value, k) => value === y[k]);

import { UsageError } from "../errors.ts";
import { checkFinite, checkPair, checkWeights, SUM_TOLERANCE } from "./check.ts";
import { type Costs, computedCosts, heldCosts, type PointCosts } from "./costs.ts";
import { type Matrix, takeRows } from "./matrix.ts";
import { networkSimplex } from "./network-simplex.ts";
import { checkMetric, costMatrix } from "./pairwise.ts";

/** A transport plan P ≥ 0 by its entries: mass[k] goes from point from[k] to point to[k]. At most n + m − 1 entries. */
export interface Plan {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly mass: Float64Array;
}

export interface Transport {
  /** ⟨P, C⟩ at the optimum, with the masses as given: no root taken, no division by the total mass. */
  readonly cost: number;
  readonly plan: Plan;
  /** Dual potentials: u_i + v_j ≤ C_ij for every i and j, with equality where the plan has mass; u_0 = 0. */
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** Σ a u + Σ b v, equal to the cost up to rounding. */
  readonly dualValue: number;
}

/** Above this many entries (1 GiB of them) costs of points are computed when asked for and not held. */
const HELD_COSTS = 2 ** 27;

/** The costs between the points that carry mass. */
const costsBetween = (cost: Matrix | PointCosts, sources: Int32Array, sinks: Int32Array): Costs => {
  if ("metric" in cost) {
    const points = { x: takeRows(cost.x, sources), y: takeRows(cost.y, sinks), metric: cost.metric };
    return sources.length * sinks.length > HELD_COSTS
      ? computedCosts(points)
      : heldCosts(costMatrix(points.x, points.y, points.metric));
  }
  if (sources.length === cost.rows && sinks.length === cost.columns) return heldCosts(cost);
  const data = new Float64Array(sources.length * sinks.length);
  let k = 0;
  for (const i of sources) for (const j of sinks) data[k++] = cost.data[i * cost.columns + j];
  return heldCosts({ rows: sources.length, columns: sinks.length, data });
};

/**
 * Masses as integers with a common total near 2⁵²: sums and differences of flows are then exact. A mass moves by at
 * most 2⁻⁵² of the total, about the rounding of the total itself.
 */
const integerMasses = (weights: ArrayLike<number>, sum: number): Float64Array =>
  Float64Array.from(weights, (weight) => Math.round((weight / sum) * 2 ** 52));

/** Takes up the rounding: adds what `masses` lacks of `total` to its largest entry. */
const completeTo = (masses: Float64Array, total: number): void => {
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < masses.length; i++) {
    sum += masses[i];
    if (masses[i] > masses[largest]) largest = i;
  }
  masses[largest] += total - sum;
};

const withMass = (masses: Float64Array): Int32Array => {
  const indices: number[] = [];
  for (let i = 0; i < masses.length; i++) if (masses[i] > 0) indices.push(i);
  return Int32Array.from(indices);
};

/**
 * Exact optimal transport (Kantorovich 1942; the earth mover's distance of Rubner et al. 2000):
 *
 *   min ⟨P, C⟩ over P ≥ 0 with P 1 = a, Pᵀ 1 = b,
 *
 * with the plan and the dual potentials, by a network simplex. Memory is the costs plus O(n + m); the costs of points
 * are held up to 1 GiB and computed on the fly beyond.
 *
 * @param a weights ≥ 0 of the n sources
 * @param b weights ≥ 0 of the m sinks, with the same sum as a (up to 1e-5 of it; b is then taken in proportion)
 * @param cost a matrix [n, m] of finite numbers of either sign, or the points and the metric
 * @throws UsageError for weights that are negative, not finite or of different sums, and for sizes that do not fit
 */
export const exactTransport = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  cost: Matrix | PointCosts,
): Transport => {
  const where = "exactTransport";
  if ("metric" in cost) {
    checkMetric(where, cost.metric);
    checkPair(where, ["x", "y"], cost.x, cost.y);
  } else {
    checkFinite(where, "the cost matrix", cost.data);
  }
  const [n, m] = "metric" in cost ? [cost.x.rows, cost.y.rows] : [cost.rows, cost.columns];
  const sumA = checkWeights(where, "a", a, n);
  const sumB = checkWeights(where, "b", b, m);
  if (Math.abs(sumA - sumB) > SUM_TOLERANCE * sumA) {
    throw new UsageError(
      `${where}: a and b must have the same sum; got ${sumA} and ${sumB}; divide each by its sum`,
    );
  }

  const supply = integerMasses(a, sumA);
  const demand = integerMasses(b, sumB);
  const total = supply.reduce((sum, mass) => sum + mass, 0);
  completeTo(demand, total);
  const unit = sumA / total;
  const sources = withMass(supply);
  const sinks = withMass(demand);
  const costs = costsBetween(cost, sources, sinks);
  const basis = networkSimplex(
    sources.length === n ? supply : Float64Array.from(sources, (i) => supply[i]),
    sinks.length === m ? demand : Float64Array.from(sinks, (j) => demand[j]),
    costs,
  );

  const entries: { from: number; to: number; mass: number }[] = [];
  let value = 0;
  for (let node = 0; node < basis.parent.length; node++) {
    const parent = basis.parent[node];
    if (parent < 0 || basis.flow[node] === 0) continue;
    const source = Math.min(node, parent);
    const sink = Math.max(node, parent) - sources.length;
    const mass = basis.flow[node] * unit;
    entries.push({ from: sources[source], to: sinks[sink], mass });
    value += mass * basis.arcCost[node];
  }
  entries.sort((p, q) => p.from - q.from || p.to - q.to);

  const { u, v } = potentials(n, m, sources, sinks, basis.potential, cost);
  let dualValue = 0;
  for (let i = 0; i < n; i++) dualValue += a[i] * u[i];
  for (let j = 0; j < m; j++) dualValue += b[j] * v[j];
  return {
    cost: value,
    plan: {
      from: Int32Array.from(entries, (entry) => entry.from),
      to: Int32Array.from(entries, (entry) => entry.to),
      mass: Float64Array.from(entries, (entry) => entry.mass),
    },
    u,
    v,
    dualValue,
  };
};

/** The potentials of all points: those without mass get the largest that is feasible. Gauge u_0 = 0. */
const potentials = (
  n: number,
  m: number,
  sources: Int32Array,
  sinks: Int32Array,
  solved: Float64Array,
  cost: Matrix | PointCosts,
): { u: Float64Array; v: Float64Array } => {
  const u = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const v = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  sources.forEach((i, k) => {
    u[i] = solved[k];
  });
  sinks.forEach((j, k) => {
    v[j] = solved[sources.length + k];
  });
  if (sources.length < n || sinks.length < m) {
    const all = "metric" in cost ? computedCosts(cost) : heldCosts(cost);
    const massless = (i: number) => u[i] === Number.POSITIVE_INFINITY;
    // Sources without mass against the sinks that have some, then sinks without mass against all sources.
    const sinkMassless = Array.from(v, (value) => value === Number.POSITIVE_INFINITY);
    for (let i = 0; i < n; i++) {
      if (!massless(i)) continue;
      const offset = all.load(i, 0, m);
      for (const j of sinks) u[i] = Math.min(u[i], all.values[offset + j] - v[j]);
    }
    for (let i = 0; i < n; i++) {
      const offset = all.load(i, 0, m);
      for (let j = 0; j < m; j++) if (sinkMassless[j]) v[j] = Math.min(v[j], all.values[offset + j] - u[i]);
    }
  }
  const gauge = u[0];
  return { u: u.map((value) => value - gauge), v: v.map((value) => value + gauge) };
};

import { UsageError } from "../errors.ts";
import { SUM_TOLERANCE, weightsOf } from "./check.ts";
import {
  type CostTable,
  computedCosts,
  heldCosts,
  type PointCosts,
  type ScaledCosts,
  scaledCosts,
} from "./costs.ts";
import { type MatrixLike, takeRows } from "./matrix.ts";
import { networkSimplex } from "./network-simplex.ts";
import { costsBetween } from "./pairwise.ts";
import { inRange, scaledBack } from "./scale.ts";

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
const costsOfMass = (costs: ScaledCosts, sources: Int32Array, sinks: Int32Array): CostTable => {
  if ("x" in costs) {
    const [x, y] = [takeRows(costs.x, sources), takeRows(costs.y, sinks)];
    return x.rows * y.rows > HELD_COSTS
      ? computedCosts(x, y, costs.cost)
      : heldCosts(costsBetween(x, y, costs.cost));
  }
  const { held } = costs;
  if (sources.length === held.rows && sinks.length === held.columns) return heldCosts(held);
  const data = new Float64Array(sources.length * sinks.length);
  let k = 0;
  for (const i of sources) for (const j of sinks) data[k++] = held.data[i * held.columns + j];
  return heldCosts({ rows: sources.length, columns: sinks.length, data });
};

/**
 * Masses as integers with a common total near 2⁵²: sums and differences of flows are then exact. A mass moves by at
 * most 2⁻⁵² of the total, about the rounding of the total itself.
 */
const integerMasses = (shares: Float64Array): Float64Array =>
  shares.map((share) => Math.round(share * 2 ** 52));

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
 * are held up to 1 GiB and computed on the fly beyond. Errors are of the order of rounding times the largest cost.
 *
 * @param a weights ≥ 0 of the n sources
 * @param b weights ≥ 0 of the m sinks, with the same sum as a (up to 1e-5 of it; b is then taken in proportion)
 * @param cost a matrix [n, m] of finite numbers of either sign, or the points and their cost
 * @throws UsageError for weights that are negative, not finite or of different sums, for sizes that do not fit, and for
 *   a result beyond the largest float
 * @example
 * ```ts
 * import { exactTransport } from "tsgan/distances";
 *
 * const [x, y] = [[[0, 0], [1, 0]], [[0, 1], [3, 0]]];
 * const { cost, plan } = exactTransport([0.5, 0.5], [0.5, 0.5], { x, y, cost: "euclidean" });
 * console.log(cost, plan.mass); // 1.5, half of the mass each
 * ```
 */
export const exactTransport = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  cost: MatrixLike | PointCosts,
): Transport => {
  const where = "exactTransport";
  const scaled = scaledCosts(where, cost);
  const { rows: n, columns: m, exponent } = scaled;
  const { sum: sumA, shares: sharesA } = weightsOf(where, "a", a, n);
  const { sum: sumB, shares: sharesB } = weightsOf(where, "b", b, m);
  if (!(Math.abs(sumA - sumB) <= SUM_TOLERANCE * sumA && sumA < Number.POSITIVE_INFINITY)) {
    throw new UsageError(
      `${where}: a and b must have the same sum; got ${sumA} and ${sumB}; divide each by its sum`,
    );
  }

  const supply = integerMasses(sharesA);
  const demand = integerMasses(sharesB);
  const total = supply.reduce((sum, mass) => sum + mass, 0);
  completeTo(demand, total);
  const sources = withMass(supply);
  const sinks = withMass(demand);
  const basis = networkSimplex(
    sources.length === n ? supply : Float64Array.from(sources, (i) => supply[i]),
    sinks.length === m ? demand : Float64Array.from(sinks, (j) => demand[j]),
    costsOfMass(scaled, sources, sinks),
  );

  const entries: { from: number; to: number; mass: number }[] = [];
  let value = 0; // for a total mass of 1
  for (let node = 0; node < basis.parent.length; node++) {
    const parent = basis.parent[node];
    if (parent < 0 || basis.flow[node] === 0) continue;
    const source = Math.min(node, parent);
    const sink = Math.max(node, parent) - sources.length;
    const share = basis.flow[node] / total;
    entries.push({ from: sources[source], to: sinks[sink], mass: share * sumA });
    value += share * basis.arcCost[node];
  }
  entries.sort((p, q) => p.from - q.from || p.to - q.to);

  const { u, v } = potentials(scaled, sources, sinks, basis.potential);
  let dual = 0;
  for (let i = 0; i < n; i++) dual += sharesA[i] * u[i];
  for (let j = 0; j < m; j++) dual += sharesB[j] * v[j];
  const back = (potential: number): number => scaledBack(where, potential, exponent);
  return {
    cost: inRange(where, back(value) * sumA),
    plan: {
      from: Int32Array.from(entries, (entry) => entry.from),
      to: Int32Array.from(entries, (entry) => entry.to),
      mass: Float64Array.from(entries, (entry) => entry.mass),
    },
    u: u.map(back),
    v: v.map(back),
    dualValue: inRange(where, back(dual) * sumA),
  };
};

/** The potentials of all points: those without mass get the largest that is feasible. Gauge u_0 = 0. */
const potentials = (
  costs: ScaledCosts,
  sources: Int32Array,
  sinks: Int32Array,
  solved: Float64Array,
): { u: Float64Array; v: Float64Array } => {
  const { rows: n, columns: m } = costs;
  const u = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const v = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  sources.forEach((i, k) => {
    u[i] = solved[k];
  });
  sinks.forEach((j, k) => {
    v[j] = solved[sources.length + k];
  });
  if (sources.length < n || sinks.length < m) {
    const all = "x" in costs ? computedCosts(costs.x, costs.y, costs.cost) : heldCosts(costs.held);
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

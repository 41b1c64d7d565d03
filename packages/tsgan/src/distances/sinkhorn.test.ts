import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { costMatrix } from "./pairwise.ts";
import { distribution, normalPoints } from "./points.test.helpers.ts";
import { type Sinkhorn, sinkhorn, sinkhornDivergence } from "./sinkhorn.ts";
import { exactTransport } from "./transport.ts";

const uniform = (n: number) => new Float64Array(n).fill(1 / n);

const marginalError = ({ plan }: Sinkhorn, a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let error = 0;
  for (let i = 0; i < plan.rows; i++) {
    let sum = -a[i];
    for (let j = 0; j < plan.columns; j++) sum += plan.data[i * plan.columns + j];
    error += Math.abs(sum);
  }
  for (let j = 0; j < plan.columns; j++) {
    let sum = -b[j];
    for (let i = 0; i < plan.rows; i++) sum += plan.data[i * plan.columns + j];
    error += Math.abs(sum);
  }
  return error;
};

const [x, y] = [normalPoints(1, 25, 2), normalPoints(2, 18, 2, 0.5)];
const cost = costMatrix(x, y, "sqeuclidean");

describe("sinkhorn", () => {
  it("meets the marginals, points without weight included", () => {
    fc.assert(
      fc.property(distribution(25), distribution(18), fc.constantFrom(0.2, 1, 10), (a, b, epsilon) => {
        const got = sinkhorn(a, b, cost, { epsilon });
        expect(got.converged).toBe(true);
        expect(marginalError(got, a, b)).toBeLessThan(1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it("reports the objectives of the plan that it returns", () => {
    const [a, b] = [uniform(25), uniform(18)];
    const got = sinkhorn(a, b, cost, { epsilon: 0.3 });
    let kl = 0;
    let entropy = 0;
    got.plan.data.forEach((p, k) => {
      kl += p * Math.log(p / (a[Math.floor(k / 18)] * b[k % 18]));
      entropy += p * Math.log(p);
    });
    expect(got.regularisedKl).toBeCloseTo(got.cost + 0.3 * kl, 9);
    expect(got.regularisedEntropy).toBeCloseTo(got.cost + 0.3 * entropy, 9);
  });

  it("goes from the exact cost to that of the independent coupling as ε grows", () => {
    const [a, b] = [uniform(25), uniform(18)];
    const exact = exactTransport(a, b, cost).cost;
    const independent = cost.data.reduce((sum, c) => sum + c, 0) / (25 * 18);
    const costs = [0.02, 0.1, 1, 10, 1e5].map((epsilon) => sinkhorn(a, b, cost, { epsilon }).cost);
    expect(costs[0]).toBeGreaterThan(exact);
    expect(costs[0]).toBeLessThan(exact + 0.01);
    for (let k = 1; k < costs.length; k++) expect(costs[k]).toBeGreaterThan(costs[k - 1]);
    expect(costs[4]).toBeCloseTo(independent, 2);
  });

  it("finds the same plan for a far translate, where a plain kernel e^(−C/ε) underflows to nothing", () => {
    const far = costMatrix(
      x,
      matrix(
        18,
        2,
        y.data.map((value) => value + 1e3),
      ),
      "sqeuclidean",
    );
    const [a, b] = [uniform(25), uniform(18)];
    const [plan, farPlan] = [cost, far].map(
      (c) => sinkhorn(a, b, c, { epsilon: 0.1, tolerance: 1e-7 }).plan.data,
    );
    plan.forEach((mass, k) => {
      expect(farPlan[k]).toBeCloseTo(mass, 6);
    });
  });

  it("has the value of the problem without the points that have no mass, or next to none", () => {
    const a = [0.5, 0, 0.5, 0, 0];
    const b = [0, 0.25, 0, 0.75];
    const table = costMatrix(normalPoints(3, 5, 2), normalPoints(4, 4, 2), "sqeuclidean");
    const few = matrix(
      2,
      2,
      [1, 3, 11, 13].map((_, k) => table.data[[0, 2][k >> 1] * 4 + [1, 3][k & 1]]),
    );
    for (const epsilon of [1e-300, 1e-9, 1e-3, 1, 1e6, 1e300]) {
      const want = sinkhorn([0.5, 0.5], [0.25, 0.75], few, { epsilon });
      for (const tiny of [0, Number.MIN_VALUE, 1e-200, 1e-30]) {
        const with0 = (weights: readonly number[]) => weights.map((weight) => weight || tiny);
        const got = sinkhorn(with0(a), with0(b), table, { epsilon });
        expect(got.converged).toBe(true);
        expect(got.cost).toBeCloseTo(want.cost, 9);
        expect(got.regularisedKl).toBeCloseTo(want.regularisedKl, 9);
        for (const list of [got.f, got.g, got.plan.data]) expect(list.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("converges to the exact cost as ε falls to nothing", () => {
    const exact = exactTransport(uniform(25), uniform(18), cost).cost;
    for (const epsilon of [1e-3, 1e-5, 1e-8, 1e-12, 1e-100, Number.MIN_VALUE]) {
      const got = sinkhorn(uniform(25), uniform(18), cost, { epsilon });
      expect(got.converged).toBe(true);
      expect(marginalError(got, uniform(25), uniform(18))).toBeLessThan(1e-9);
      expect(got.regularisedKl).toBeGreaterThan(exact - 1e-9);
      expect(got.regularisedKl).toBeLessThan(exact + epsilon * Math.log(18) + 1e-9);
    }
  });

  it("takes float32 weights, whose sums are 1 to float32 only", () => {
    const a = Float32Array.from({ length: 25 }, (_, i) => (i + 1) / 325);
    const b = Float32Array.from({ length: 18 }, () => 1 / 18);
    const got = sinkhorn(a, b, cost, { epsilon: 0.3 });
    expect(got.converged).toBe(true);
    const want = sinkhorn(
      Float64Array.from({ length: 25 }, (_, i) => (i + 1) / 325),
      uniform(18),
      cost,
      { epsilon: 0.3 },
    );
    expect(got.regularisedKl).toBeCloseTo(want.regularisedKl, 6);
  });

  it("converges between a set and itself, in the same order or another", () => {
    const order = [...x.data.keys()].filter((k) => k % 2 === 0).reverse();
    const turned = matrix(
      25,
      2,
      order.flatMap((k) => [x.data[k], x.data[k + 1]]),
    );
    for (const epsilon of [1e-6, 1e-3, 0.1]) {
      for (const other of [x, turned]) {
        expect(
          sinkhorn(uniform(25), uniform(25), { x, y: other, cost: "sqeuclidean" }, { epsilon }).converged,
        ).toBe(true);
      }
    }
  });

  it("keeps its digits for an ε far above the costs", () => {
    const independent = cost.data.reduce((sum, c) => sum + c, 0) / (25 * 18);
    const got = sinkhorn(uniform(25), uniform(18), cost, { epsilon: 1e12 });
    expect(got.regularisedKl).toBeCloseTo(independent, 9);
    expect(got.cost).toBeCloseTo(independent, 9);
  });

  it("says when the iterations ran out", () => {
    const got = sinkhorn(uniform(25), uniform(18), cost, { epsilon: 0.01, maxIterations: 3 });
    expect(got).toMatchObject({ converged: false, iterations: 3 });
  });

  it.each<[string, () => unknown, string]>([
    [
      "ε = 0",
      () => sinkhorn([1], [1], matrix(1, 1, [0]), { epsilon: 0 }),
      "epsilon must be a finite number above 0; got 0",
    ],
    [
      "a sum other than one",
      () => sinkhorn([2], [1], matrix(1, 1, [0]), { epsilon: 1 }),
      "a must add to 1; got a sum of 2",
    ],
    [
      "negative weights",
      () => sinkhorn([1], [2, -1], matrix(1, 2, [0, 0]), { epsilon: 1 }),
      "b must not be negative; got -1",
    ],
    [
      "NaN costs",
      () => sinkhorn([1], [1], matrix(1, 1, [Number.NaN]), { epsilon: 1 }),
      "the cost matrix must be finite numbers",
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(`sinkhorn: ${message}`);
  });
});

describe("sinkhornDivergence", () => {
  const divergence = (p: Matrix, q: Matrix, epsilon = 0.5) =>
    sinkhornDivergence({ points: p }, { points: q }, "sqeuclidean", { epsilon }).divergence;

  it("is zero for equal measures, symmetric, and positive otherwise", () => {
    expect(divergence(x, matrix(25, 2, x.data.slice()))).toBe(0);
    expect(divergence(x, y)).toBeCloseTo(divergence(y, x), 9);
    expect(divergence(x, y)).toBeGreaterThan(0);
  });

  it("is zero for a measure whose points are listed in another order", () => {
    const reversed = matrix(
      9,
      2,
      Array.from({ length: 9 }, (_, i) => [...x.data.subarray(16 - 2 * i, 18 - 2 * i)]).flat(),
    );
    expect(Math.abs(divergence(matrix(9, 2, x.data.slice(0, 18)), reversed))).toBeLessThan(1e-7);
  });

  it("is the squared shift for a translate, whatever ε", () => {
    const moved = matrix(
      25,
      2,
      x.data.map((value) => value + 2),
    );
    for (const epsilon of [0.5, 5]) expect(divergence(x, moved, epsilon)).toBeCloseTo(8, 6);
  });

  it("refuses weights that do not add to one, and clouds in different spaces", () => {
    const options = { epsilon: 1 };
    expect(() =>
      sinkhornDivergence({ points: x, weights: uniform(25).fill(1) }, { points: y }, "euclidean", options),
    ).toThrow("the weights of x must add to 1; got a sum of 25");
    expect(() => divergence(x, normalPoints(1, 5, 3))).toThrow(
      "x and y must have the same number of columns",
    );
  });
});

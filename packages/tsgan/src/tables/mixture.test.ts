import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import {
  clusters,
  digamma,
  gaussianMixture,
  inferFrom,
  membership,
  type Normal,
  weightsOf,
} from "./mixture.ts";

interface Golden {
  readonly values: readonly number[];
  readonly labels: readonly number[];
  readonly components: number;
  readonly iterations: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly weights: readonly number[];
}

const goldens = JSON.parse(readFileSync(new URL("fixtures/mixture.json", import.meta.url), "utf8")) as {
  readonly digamma: readonly (readonly [number, number])[];
  readonly cases: readonly Golden[];
};

const expectNear = (got: Float64Array, expected: readonly number[]): void => {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(got[i] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
  });
};

describe("variational inference", () => {
  it.each(goldens.digamma)("ψ(%f) is SciPy's", (x, expected) => {
    expect(Math.abs(digamma(x) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
  });

  it.each(goldens.cases.map((golden, i) => [i, golden] as const))(
    "ends in the posterior of scikit-learn, case %i",
    (_, { values, labels, components, iterations, ...expected }) => {
      const posterior = inferFrom(Float64Array.from(values), Int32Array.from(labels), components, {
        iterations,
        settled: 0,
      });
      expectNear(posterior.a, expected.a);
      expectNear(posterior.b, expected.b);
      expectNear(posterior.mean, expected.mean);
      expectNear(posterior.variance, expected.variance);
      expectNear(weightsOf(posterior), expected.weights);
    },
  );
});

describe("gaussianMixture", () => {
  const random = randomStream(1, "test");
  const normals = (count: number, mean: number, deviation: number) =>
    Array.from({ length: count }, () => mean + deviation * random.normal());

  it("finds two clusters that are far apart, with their shares, and few others", () => {
    const found = gaussianMixture(Float64Array.from([...normals(700, 1000, 5), ...normals(300, 2000, 20)]));
    const near = (centre: number) => found.filter(({ mean }) => Math.abs(mean - centre) < 100);
    const share = (some: readonly Normal[]) => some.reduce((sum, { weight }) => sum + weight, 0);
    expect(share(near(1000))).toBeCloseTo(0.7, 1);
    expect(share(near(2000))).toBeCloseTo(0.3, 1);
    expect(near(1000).length + near(2000).length).toBe(found.length);
  });

  it("gives weights that add up to 1, the largest first", () => {
    const found = gaussianMixture(Float64Array.from(normals(500, 0, 1).map(Math.exp)));
    expect(found.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(found.map(({ weight }) => weight)).toEqual(
      found.map(({ weight }) => weight).sort((a, b) => b - a),
    );
    expect(found.length).toBeLessThanOrEqual(10);
  });

  it("takes equal numbers, and a single one, for one component", () => {
    expect(gaussianMixture(Float64Array.of(5, 5, 5))).toMatchObject([{ mean: 5, weight: 1 }]);
    expect(gaussianMixture(Float64Array.of(-2))).toMatchObject([{ mean: -2, weight: 1 }]);
  });

  it("is the same for the same numbers", () => {
    const values = Float64Array.from(normals(200, 3, 1));
    expect(gaussianMixture(values)).toEqual(gaussianMixture(values));
  });
});

it("clusters sorted numbers by their nearest centre", () => {
  expect([...clusters(Float64Array.of(0, 1, 2, 10, 11, 50), 3)]).toEqual([0, 0, 0, 1, 1, 2]);
});

it("tells from which component a number is: by hand for two of equal deviation", () => {
  const out = new Float64Array(2);
  const two = [
    { mean: 0, deviation: 1, weight: 0.75 },
    { mean: 2, deviation: 1, weight: 0.25 },
  ];
  membership(two, 1, out);
  // As far from both: their weights.
  expect(out[0]).toBeCloseTo(0.75, 12);
  membership(two, 0, out);
  expect(out[1]).toBeCloseTo((0.25 * Math.exp(-2)) / (0.75 + 0.25 * Math.exp(-2)), 12);
});

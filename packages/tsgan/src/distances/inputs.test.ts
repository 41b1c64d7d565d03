import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import {
  costMatrix,
  energyDistanceSquared,
  exactTransport,
  frechetDistance,
  gaussianKl,
  jensenShannon,
  kl,
  mmdSquared,
  polynomialKernel,
  rbfKernel,
  sinkhorn,
  sinkhornDivergence,
  slicedWasserstein,
  wasserstein1d,
  wasserstein1dPower,
} from "./index.ts";
import { matrix, matrixOf } from "./matrix.ts";

const rows = [
  [0, 1, 2],
  [3, 4, 5],
];
const flat = [0, 1, 2, 3, 4, 5];

describe("points and matrices", () => {
  it("may be rows of numbers, or numbers of any type with their shape", () => {
    const want = matrix(2, 3, flat);
    for (const given of [
      want,
      rows,
      [Float32Array.of(0, 1, 2), [3, 4, 5]],
      { data: flat, shape: [2, 3] },
      { data: Float32Array.from(flat), shape: [2, 1, 3] },
      { data: Uint8Array.from(flat), shape: [2, 3, 1] },
      { rows: 2, columns: 3, data: Int16Array.from(flat) },
    ]) {
      expect(matrixOf("f", "x", given)).toEqual(want);
    }
    expect(matrixOf("f", "x", { data: flat, shape: [6] })).toEqual(matrix(6, 1, flat));
  });

  it.each<[unknown, string]>([
    [
      flat,
      "f: x must be rows of numbers, [[…], …], or numbers with their shape, { data, shape: [n, d] }; got a flat list of 6 numbers",
    ],
    [Float32Array.from(flat), "got a Float32Array"],
    [undefined, "got undefined"],
    ["0,1,2", 'got "0,1,2"'],
    [[[0, 1], [2]], "f: x must have rows of the same length; got 2 numbers in row 0 and 1 in row 1"],
    [
      [[0, "1"]],
      'f: row 0 of x must be finite numbers; got "1" at index 1; look for a missing or unread value',
    ],
    [[[0, null]], "got null at index 1"],
    [[[1n]], "got 1 at index 0"],
    [{ data: flat, shape: [2, 4] }, "f: x of 2 × 4 must hold as many numbers; got 6; check its shape"],
    [{ data: flat, shape: [2, Number.NaN] }, "f: x of 2 × NaN must hold as many numbers; got 6"],
    [{ data: "012345", shape: [2, 3] }, 'f: x must be a list of numbers; got "012345"'],
  ])("of another form are refused: %#", (given, message) => {
    expect(() => matrixOf("f", "x", given)).toThrow(UsageError);
    expect(() => matrixOf("f", "x", given)).toThrow(message);
  });

  it("are taken so by every distance of points", () => {
    const [x, y] = [rows, { data: Float32Array.of(1, 1, 1), shape: [1, 3] }];
    const [p, q] = [matrix(2, 3, flat), matrix(1, 3, [1, 1, 1])];
    expect(costMatrix(x, y, "euclidean")).toEqual(costMatrix(p, q, "euclidean"));
    expect(energyDistanceSquared(x, y)).toBe(energyDistanceSquared(p, q));
    expect(mmdSquared(x, y, rbfKernel(1), "biased")).toBe(mmdSquared(p, q, rbfKernel(1), "biased"));
    expect(slicedWasserstein(x, y, [[0, 0, 1]]).distance).toBe(
      slicedWasserstein(p, q, matrix(1, 3, [0, 0, 1])).distance,
    );
    expect(frechetDistance(x, rows)).toBe(0);
    expect(exactTransport([0.5, 0.5], [1], { x, y, cost: "euclidean" }).cost).toBe(
      exactTransport([0.5, 0.5], [1], costMatrix(p, q, "euclidean")).cost,
    );
    expect(sinkhornDivergence(x, y, "euclidean", { epsilon: 1 }).divergence).toBe(
      sinkhornDivergence({ points: p }, { points: q }, "euclidean", { epsilon: 1 }).divergence,
    );
    expect(gaussianKl({ mean: [0], covariance: [[1]] }, { mean: [1], covariance: [[1]] })).toBeCloseTo(
      0.5,
      12,
    );
  });
});

describe("options", () => {
  it.each<[() => unknown, string]>([
    [
      () => wasserstein1d([0], [1], { P: 2 } as never),
      'unknown option of wasserstein1d "P"; did you mean "p"?',
    ],
    [
      () => sinkhorn([1], [1], [[0]], { epsilon: 1, tolerence: 1 } as never),
      'unknown option of sinkhorn "tolerence"; did you mean "tolerance"?',
    ],
    [
      () => sinkhorn([1], [1], [[0]], 0.1 as never),
      "sinkhorn: options must be an object, such as {epsilon, tolerance}; got 0.1",
    ],
    [
      () => sinkhornDivergence({ points: rows, weight: [1] } as never, rows, "euclidean", { epsilon: 1 }),
      'unknown option of sinkhornDivergence "weight"; did you mean "weights"?',
    ],
    [
      () => frechetDistance(rows, rows, { epsilon: 1 } as never),
      'unknown option of frechetDistance "epsilon"',
    ],
    [
      () => mmdSquared(rows, rows, rbfKernel(1), { estimator: "biased" } as never),
      "mmdSquared: the estimator must be one of biased, unbiased; got",
    ],
    [
      () => mmdSquared(rows, rows, "rbf" as never),
      "mmdSquared: the kernel must be one, such as rbfKernel(1); got string",
    ],
    [
      () => energyDistanceSquared(rows, rows, "unbaised" as never),
      "the estimator must be one of biased, unbiased; got unbaised",
    ],
    [
      () => costMatrix(rows, rows, "cosine" as never),
      "costMatrix: the cost must be one of euclidean, sqeuclidean; got cosine",
    ],
  ])("that do not exist are refused: %#", (call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });
});

describe("numbers of any size", () => {
  it("keep their distances at 1e-300 and 1e300", () => {
    for (const scale of [1e-300, 1e300]) {
      const [x, y] = [
        [0, 1 * scale, 3 * scale],
        [0.5 * scale, 2 * scale],
      ];
      for (const p of [1, 2, 5]) {
        expect(wasserstein1d(x, y, { p }) / scale).toBeCloseTo(wasserstein1d([0, 1, 3], [0.5, 2], { p }), 12);
      }
      const points = (list: readonly number[]) => list.map((value) => [value, 0]);
      expect(energyDistanceSquared(points(x), points(y)) / scale).toBeCloseTo(
        energyDistanceSquared(points([0, 1, 3]), points([0.5, 2])),
        12,
      );
    }
    expect(() => wasserstein1dPower([1e300], [0], { p: 2 })).toThrow("beyond the largest number");
    expect(() => mmdSquared([[1e200], [0]], [[1], [2]], polynomialKernel(3))).toThrow(
      "mmdSquared: the kernel must be finite for these points",
    );
    expect(() => rbfKernel(1e-200)).toThrow("a bandwidth must be a finite number of at least 1e-150");
  });

  it("keep a denormal outcome from making a divergence infinite, or a weight from being lost", () => {
    const tiny = Number.MIN_VALUE;
    expect(kl([0.5, 0.5], [tiny, 1])).toBeCloseTo(0.5 * (Math.log(0.5) - Math.log(tiny) + Math.log(0.5)), 9);
    expect(jensenShannon([tiny, 1], [0, 1])).toBeCloseTo(0, 12);
    expect(jensenShannon([tiny, 1], [0.5, 0.5])).toBeCloseTo(jensenShannon([0, 1], [0.5, 0.5]), 12);
    const heavy = { xWeights: [1e308, 1e308, 1e308], yWeights: [tiny, 2 * tiny] };
    expect(wasserstein1d([0, 3, 6], [0, 3], heavy)).toBeCloseTo(1, 12);
  });
});

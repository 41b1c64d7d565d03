import { describe, expect, it } from "vitest";
import { matrix } from "./matrix.ts";
import { linearKernel, mmdSquared, polynomialKernel, rbfKernel, rbfMixtureKernel } from "./mmd.ts";
import { normalPoints } from "./points.test.helpers.ts";

const kernels = {
  rbf: rbfKernel(1),
  "rbf mixture": rbfMixtureKernel([0.5, 2]),
  polynomial: polynomialKernel(3),
  linear: linearKernel(),
};

describe.each(Object.entries(kernels))("mmdSquared with a %s kernel", (_, kernel) => {
  const [x, y] = [normalPoints(1, 12, 3), normalPoints(2, 15, 3, 0.5)];

  it("is zero for equal sets, symmetric and not negative when biased", () => {
    expect(mmdSquared(x, x, kernel, "biased")).toBeCloseTo(0, 12);
    expect(mmdSquared(x, y, kernel, "biased")).toBeCloseTo(mmdSquared(y, x, kernel, "biased"), 12);
    expect(mmdSquared(x, y, kernel, "biased")).toBeGreaterThan(0);
  });

  it("averages to zero over samples of one law when unbiased, and to more when biased", () => {
    const mean = (estimator: "biased" | "unbiased") => {
      let sum = 0;
      for (let k = 0; k < 300; k++) {
        sum += mmdSquared(normalPoints(2 * k, 8, 2), normalPoints(2 * k + 1, 8, 2), kernel, estimator);
      }
      return sum / 300;
    };
    const biased = mean("biased");
    expect(biased).toBeGreaterThan(0);
    expect(Math.abs(mean("unbiased"))).toBeLessThan(0.15 * biased);
  });
});

describe("mmdSquared", () => {
  it("is the squared distance of the means with the linear kernel", () => {
    const [x, y] = [matrix(2, 2, [0, 0, 2, 4]), matrix(1, 2, [4, 6])];
    expect(mmdSquared(x, y, linearKernel(), "biased")).toBeCloseTo(9 + 16, 12);
  });

  it("adds or averages over bandwidths", () => {
    const [x, y] = [normalPoints(1, 9, 2), normalPoints(2, 9, 2)];
    const sum = [0.5, 1, 4].reduce((total, sigma) => total + mmdSquared(x, y, rbfKernel(sigma)), 0);
    expect(mmdSquared(x, y, rbfMixtureKernel([0.5, 1, 4]))).toBeCloseTo(sum, 12);
    expect(mmdSquared(x, y, rbfMixtureKernel([0.5, 1, 4], "mean"))).toBeCloseTo(sum / 3, 12);
  });

  it("refuses a single sample when unbiased, NaN, and bandwidths that are not positive", () => {
    const [x, y] = [normalPoints(1, 1, 2), normalPoints(2, 4, 2)];
    expect(() => mmdSquared(x, y, rbfKernel(1))).toThrow(
      "mmdSquared: x must hold at least 2 samples; got 1; draw more",
    );
    expect(() => mmdSquared(matrix(1, 2, [0, Number.NaN]), y, rbfKernel(1), "biased")).toThrow(
      "mmdSquared: x must be finite numbers; got NaN at index 1",
    );
    expect(() => rbfKernel(0)).toThrow(
      "a bandwidth must be a finite number of at least 1e-150 and at most 1e+150; got 0",
    );
    expect(() => rbfMixtureKernel([])).toThrow("bandwidths must be a list of at least 1 number; got []");
  });
});

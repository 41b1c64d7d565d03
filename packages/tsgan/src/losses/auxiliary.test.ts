import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { constant, input, interpret, type Tensor } from "../graph/index.ts";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import {
  classCrossEntropy,
  cycleConsistency,
  featureMatching,
  historicalAveraging,
  l1,
  labelledMean,
  mutualInformation,
  pullingAway,
  semiSupervised,
} from "./index.ts";

const integers = (...values: number[]): Tensor => constant(Int32Array.from(values), [values.length]);
const scalarOf = (t: Tensor): number => interpret([t])[0][0];
const labels = integers(0, 2, 1);

describe("derivatives of auxiliary losses", () => {
  it.each<[string, (...inputs: Tensor[]) => Tensor, number[][]]>([
    ["classCrossEntropy", (x) => classCrossEntropy(x, labels, 0.1), [[3, 4]]],
    [
      "semiSupervised",
      (a, b, c) => semiSupervised.discriminator(a, labels, b, c),
      [
        [3, 4],
        [2, 4],
        [2, 4],
      ],
    ],
    [
      "mutualInformation.gaussian",
      (m, c) => mutualInformation.gaussian(m, c, 0.5),
      [
        [3, 2],
        [3, 2],
      ],
    ],
    [
      "cycleConsistency",
      (x, rx, y, ry) => cycleConsistency(x, rx, y, ry),
      [
        [2, 3],
        [2, 3],
        [2, 3],
        [2, 3],
      ],
    ],
    [
      "featureMatching",
      featureMatching,
      [
        [3, 4],
        [5, 4],
      ],
    ],
    ["historicalAveraging", (x) => historicalAveraging(x, constant([1, 2, 3], [3])), [[3]]],
    ["pullingAway", pullingAway, [[3, 4]]],
  ])("of %s agree with finite differences", (_, f, shapes) => {
    const points = shapes.map((shape, i) => randomPoint(shape, i + 1));
    const { first, second } = gradientErrors(f, points);
    expect(first).toBeLessThan(1e-7);
    expect(second).toBeLessThan(1e-7);
  });
});

describe("auxiliary losses", () => {
  it("cross-entropy is log K for equal logits, 0 for the certain right class, and smooth targets cost", () => {
    expect(scalarOf(classCrossEntropy(constant(new Array(12).fill(0), [3, 4]), labels))).toBeCloseTo(
      Math.log(4),
      6,
    );
    const sure = constant([100, 0, 0, 0, 0, 0, 100, 0, 0, 100, 0, 0], [3, 4]);
    expect(scalarOf(classCrossEntropy(sure, labels))).toBeCloseTo(0, 10);
    expect(scalarOf(classCrossEntropy(sure, labels, 0.1))).toBeCloseTo(7.5, 4);
  });

  it("InfoGAN's bound is log K for a code that is always recovered, and not positive for guesses", () => {
    const sure = constant([100, 0, 0, 100], [2, 2]);
    expect(scalarOf(mutualInformation.categoricalBound(sure, integers(0, 1)))).toBeCloseTo(Math.LN2, 6);
    expect(
      scalarOf(mutualInformation.categoricalBound(constant([1, 0, 1, 0], [2, 2]), integers(0, 1))),
    ).toBeLessThan(0);
  });

  it("a semi-supervised discriminator stays finite for logits of ±100", () => {
    const x = constant([100, -100, 0, -100, -100, -100], [2, 3]);
    for (const value of [
      semiSupervised.discriminator(x, integers(1, 2), x, x),
      semiSupervised.generator(x),
    ]) {
      expect(Number.isFinite(scalarOf(value))).toBe(true);
    }
  });

  it("are 0 where nothing is to be learnt", () => {
    const x = constant([1, 2, 3, 4], [2, 2]);
    expect(scalarOf(l1(x, x))).toBe(0);
    expect(scalarOf(featureMatching(x, x))).toBe(0);
    expect(scalarOf(historicalAveraging(x, x))).toBe(0);
    expect(scalarOf(cycleConsistency(x, x, x, x))).toBe(0);
  });

  it.each<[string, () => unknown]>([
    ["l1: shapes must agree; got [2] and [2,1]", () => l1(input("x", [2]), input("y", [2, 1]))],
    [
      "classCrossEntropy: logits [N,K] and labels [N] are needed; got [3,4] and [2]",
      () => classCrossEntropy(input("x", [3, 4]), integers(0, 1)),
    ],
    [
      "labelledMean: labels must have the shape of the scores; got [2] and [2,1]",
      () => labelledMean(input("x", [2]), input("y", [2, 1])),
    ],
    ["pullingAway: at least two examples are needed; got 1", () => pullingAway(input("x", [1, 4]))],
  ])("refuse: %s", (message, build) => {
    expect(build).toThrow(new UsageError(message));
  });
});

import { describe, expect, it } from "vitest";
import { constant, input, interpret, type Tensor } from "../graph/index.ts";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import {
  batchNorm,
  instanceNoiseSigma,
  minibatchDiscrimination,
  minibatchStandardDeviation,
  pack,
  virtualBatchNorm,
} from "./index.ts";

const valuesOf = (t: Tensor): number[] => [...interpret([t])[0]];

describe("derivatives of techniques", () => {
  it.each<[string, (...inputs: Tensor[]) => Tensor, number[][]]>([
    [
      "minibatchDiscrimination",
      (x, t) => minibatchDiscrimination(x, t),
      [
        [3, 2],
        [2, 2, 2],
      ],
    ],
    ["minibatchStandardDeviation", (x) => minibatchStandardDeviation(x, { groupSize: 2 }), [[4, 2, 2, 1]]],
    [
      "virtualBatchNorm",
      (x, r, g, b) => virtualBatchNorm(x, r, g, b).output,
      [[2, 3, 2], [3, 3, 2], [3], [3]],
    ],
    ["pack", (x) => pack(x, 2), [[4, 2, 2, 1]]],
  ])("of %s agree with finite differences", (_, f, shapes) => {
    const { first, second } = gradientErrors(
      f,
      shapes.map((shape, i) => randomPoint(shape, i + 1)),
    );
    expect(first).toBeLessThan(1e-6);
    expect(second).toBeLessThan(1e-6);
  });
});

describe("minibatchDiscrimination", () => {
  it("counts the examples that are the same", () => {
    const tensor = constant([1, 2, 3, 4], [2, 2, 1]);
    const twins = constant([1, 0, 1, 0, 50, 50], [3, 2]);
    const [a, b, c] = [0, 2, 4].map((at) => valuesOf(minibatchDiscrimination(twins, tensor))[at]);
    expect([a, b, c]).toEqual([2, 2, 1].map((count) => expect.closeTo(count, 10)));
    expect(valuesOf(minibatchDiscrimination(twins, tensor, { includeSelf: false }))[4]).toBeCloseTo(0, 10);
  });
});

describe("minibatchStandardDeviation", () => {
  it("appends one channel with the mean deviation of each group", () => {
    const x = constant([0, 4, 0, 8], [4, 1, 1, 1]);
    const y = minibatchStandardDeviation(x, { groupSize: 2 });
    expect(y.shape).toEqual([4, 2, 1, 1]);
    expect(valuesOf(y)).toEqual([0, 2, 4, 2, 0, 4, 8, 4].map((v) => expect.closeTo(v, 4)));
  });

  it("refuses a batch that does not divide", () => {
    expect(() => minibatchStandardDeviation(input("x", [5, 1, 2, 2]), { groupSize: 2 })).toThrow(
      "minibatch standard deviation: the batch must divide into groups of 2; got [5,1,2,2]",
    );
  });
});

describe("virtualBatchNorm", () => {
  const reference = constant([1, 2, 3, 5, 8, 13], [3, 2]);
  const [gamma, beta] = [constant([1, 2], [2]), constant([0, 1], [2])];

  it("gives an example the same result whatever stands beside it", () => {
    const alone = valuesOf(virtualBatchNorm(constant([4, 6], [1, 2]), reference, gamma, beta).output);
    const among = valuesOf(virtualBatchNorm(constant([4, 6, -9, 99], [2, 2]), reference, gamma, beta).output);
    expect(among.slice(0, 2)).toEqual(alone);
  });

  it("normalises the reference as batch norm does", () => {
    const { reference: normal } = virtualBatchNorm(reference, reference, gamma, beta, 1e-3);
    expect(valuesOf(normal)).toEqual(valuesOf(batchNorm(reference, gamma, beta, 1e-3)));
  });
});

describe("instanceNoiseSigma", () => {
  it("falls in a line to 0 and stays there", () => {
    expect([0, 50, 100, 150].map((step) => instanceNoiseSigma(step, 0.5, 100))).toEqual([0.5, 0.25, 0, 0]);
  });
});

describe("pack", () => {
  it("puts neighbours side by side along the channels", () => {
    const packed = pack(constant([1, 2, 3, 4], [4, 1]), 2);
    expect(packed.shape).toEqual([2, 2]);
    expect(valuesOf(packed)).toEqual([1, 2, 3, 4]);
    expect(() => pack(input("x", [3, 1]), 2)).toThrow("pack: the batch must be a multiple of 2; got [3,1]");
  });
});

import { expect, it } from "vitest";
import { axisOf } from "./parallel-axes.ts";

it("places numbers by size, far ones by their logarithm, words in order, and nothing where there is none", () => {
  const places = (values: readonly (number | string | undefined)[]) =>
    axisOf({ name: "a", values, isFigure: false }).places;
  expect(places([1, 2, 3])).toEqual([0, 0.5, 1]);
  expect(places([1, 10, 100])).toEqual([0, expect.closeTo(0.5, 9), 1]);
  expect(places(["hinge", undefined, "wasserstein"])).toEqual([1, undefined, 0]);
  expect(places([5, 5])).toEqual([0.5, 0.5]);
  expect(axisOf({ name: "a", values: [1, 3, "x"], isFigure: true }).ticks.map(({ text }) => text)).toEqual([
    "1",
    "3",
    "x",
  ]);
});

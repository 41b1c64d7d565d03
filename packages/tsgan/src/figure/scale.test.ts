import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { aroundBounds, axisDomain, createScale, extent } from "./scale.ts";

describe("scales", () => {
  it("map the ends of the domain to the ends of the range", () => {
    const linear = createScale("linear", [-2, 6], [100, 0]);
    expect([linear(-2), linear(2), linear(6)]).toEqual([100, 50, 0]);
    const log = createScale("log", [0.01, 100], [0, 200]);
    expect([log(0.01), log(1), log(100)].map((pixel) => Math.round(pixel * 1e9) / 1e9)).toEqual([
      0, 100, 200,
    ]);
  });

  it("cannot place what is not finite, nor zero on a log axis", () => {
    expect(createScale("linear", [0, 1], [0, 1])(Number.POSITIVE_INFINITY)).toBeNaN();
    expect(createScale("linear", [0, 1], [0, 1])(Number.NaN)).toBeNaN();
    expect(createScale("log", [1, 10], [0, 1])(-1)).toBeNaN();
  });
});

describe("domains", () => {
  it("ignore values that cannot be placed", () => {
    expect(extent([Number.NaN, -1, 3, Number.POSITIVE_INFINITY], "linear")).toEqual([-1, 3]);
    expect(extent([0, -1, 3, 5], "log")).toEqual([3, 5]);
    expect(extent([], "linear")).toBeUndefined();
  });

  it("have air around the values, but none beyond zero", () => {
    expect(axisDomain({}, [0, 10], 0.05, "y")).toEqual([0, 10.5]);
    expect(axisDomain({}, [-10, 10], 0.05, "y")).toEqual([-11, 11]);
  });

  it("have a length even for a single value, or none", () => {
    expect(axisDomain({}, [4], 0, "y")).toEqual([2, 6]);
    expect(axisDomain({}, [0], 0, "y")).toEqual([-1, 1]);
    expect(axisDomain({ scale: "log" }, [4], 0, "y")).toEqual([2, 8]);
    expect(axisDomain({}, [], 0, "y")).toEqual([0, 1]);
  });

  it("are refused when empty, not finite or not positive on a log axis", () => {
    expect(() => axisDomain({ domain: [1, 1] }, [], 0, "x")).toThrow(UsageError);
    expect(() => axisDomain({ domain: [0, Number.NaN] }, [], 0, "x")).toThrow(UsageError);
    expect(() => axisDomain({ domain: [0, 1], scale: "log" }, [], 0, "y")).toThrow(
      "figure: the domain of the y axis needs finite positive bounds, the lower first; got [0, 1]",
    );
  });
});

it("has room around a single value of any size", () => {
  for (const value of [0, 3, 1e17, -1e30, 1e307, 5e-324]) {
    const [low, high] = aroundBounds(value, value);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  expect(aroundBounds(1, 2)).toEqual([1, 2]);
});

import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import {
  constantInit,
  dcganInit,
  fanInInit,
  glorotInit,
  heInit,
  type Initializer,
  normalInit,
  orthogonalInit,
  uniformInit,
} from "./index.ts";

const draw = (
  init: Initializer,
  shape: readonly number[],
  fanIn = shape[1],
  fanOut = shape[0],
): Float32Array => init({ shape, fanIn, fanOut, random: randomStream(7, "init") });

const deviation = (values: Float32Array): number => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

const largest = (values: Float32Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

describe("initialisers", () => {
  it.each([
    ["dcgan", dcganInit, 0.02],
    ["normal", normalInit(0.5), 0.5],
    ["He: √2 / √fan-in", heInit(), Math.SQRT2 / Math.sqrt(200)],
    ["He with gain 1", heInit(1), 1 / Math.sqrt(200)],
    ["Glorot: √(2 / (fan-in + fan-out))", glorotInit(), Math.sqrt(2 / 300)],
    ["fan-in: 1 / √(3 fan-in)", fanInInit, 1 / Math.sqrt(600)],
  ])("%s has its standard deviation", (_, init, want) => {
    expect(deviation(draw(init, [100, 200])) / want).toBeCloseTo(1, 1);
  });

  it("uniform ones stay within their limit", () => {
    expect(largest(draw(uniformInit(0.1), [50, 50]))).toBeLessThanOrEqual(Math.fround(0.1));
    expect(largest(draw(glorotInit(), [100, 200]))).toBeLessThanOrEqual(Math.fround(Math.sqrt(6 / 300)));
  });

  it("constant is constant", () => {
    expect(new Set(draw(constantInit(3), [4, 2]))).toEqual(new Set([3]));
  });

  it.each([
    [[8, 20], 1],
    [[20, 8], 2],
    [[6, 3, 2, 2], 0.5],
  ])("orthogonal %j has orthogonal rows or columns of length %d", (shape, gain) => {
    const rows = shape[0];
    const columns = shape.slice(1).reduce((a, b) => a * b, 1);
    const w = draw(orthogonalInit(gain), shape);
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const at = (vector: number, i: number): number =>
      rows <= columns ? w[vector * columns + i] : w[i * columns + vector];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
        expect(dot).toBeCloseTo(a === b ? gain * gain : 0, 5);
      }
    }
  });
});

import { describe, expect, it } from "vitest";
import { compile } from "../runtime/index.ts";
import { randomPoint } from "../testing/check-gradient.ts";
import { batchLast, constant, conv2d, grad, input, interpret, mul, print, sum, transpose } from "./index.ts";
import { wholeMap, wholeMapFilterGradient, wholeMapInputGradient } from "./whole-map.ts";

const geometry = { stride: 2, padding: 1 } as const;
const indices = (_: string, make: () => Int32Array) => {
  const data = make();
  return constant(data, [data.length]);
};

/** The largest difference, relative to the largest value that is expected. */
const difference = (got: ArrayLike<number>, expected: ArrayLike<number>): number => {
  const values = Array.from(expected);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(got).toHaveLength(values.length);
  return values.reduce((worst, value, i) => Math.max(worst, Math.abs(got[i] - value) / scale), 0);
};

/** A convolution to maps of h × h, with what its derivatives are taken of. */
const convolution = (batch: number, channels: number, filters: number, side: number) => {
  const x = input("x", [batch, channels, 2 * side, 2 * side]);
  const w = input("w", [filters, channels, 4, 4]);
  const g = input("g", [batch, filters, side, side]);
  const feeds = Object.fromEntries(
    [x, w, g].map(({ shape, attributes }, i) => [
      String(attributes.name),
      Float32Array.from(randomPoint(shape, i + 1, -1, 1).values),
    ]),
  );
  const y = conv2d(x, w, geometry);
  const [dx, dw] = grad(sum(mul(y, g)), [x, w]);
  return { x, w, g, feeds, outputs: { y, dx, dw } };
};

describe("a convolution whose map is one tile", () => {
  it.each([7, 8])("is the convolution, and so are its gradients, at %i rows", (side) => {
    const { x, w, g, feeds, outputs } = convolution(2, 3, 4, side);
    const [y, dx, dw] = interpret(Object.values(outputs), feeds);
    const [last, mapLast] = [x, g].map((t) => transpose(t, [1, 2, 3, 0]));
    const plain = [wholeMap(last, w, indices), wholeMapInputGradient(mapLast, w, indices)].map((t) =>
      transpose(t, [3, 0, 1, 2]),
    );
    const made = interpret([...plain, wholeMapFilterGradient(last, mapLast, indices)], feeds);
    // In float64, but for the constants of the transforms, which are float32.
    for (const [i, expected] of [y, dx, dw].entries())
      expect(difference(made[i], expected)).toBeLessThan(2e-6);
  });

  it("is chosen for 64 examples, and differs by less than 1e-5 of the largest value in float32", async () => {
    const runs = async (feeds: Readonly<Record<string, Float32Array>>, batch: number) => {
      const { outputs } = convolution(batch, 64, 64, 7);
      const program = await compile(outputs, { device: "cpu", threads: 1 });
      const got = await program.run(feeds);
      await program.dispose();
      return got;
    };
    const { feeds, outputs } = convolution(64, 64, 64, 7);
    expect(print(batchLast(Object.values(outputs)))).not.toMatch(/= conv\w* /);
    const got = await runs(feeds, 64);
    // In halves it is the plain convolution.
    const half = (name: string, which: 0 | 1): Float32Array => {
      const all = feeds[name];
      return all.subarray((which * all.length) / 2, ((which + 1) * all.length) / 2);
    };
    const [one, two] = [
      await runs({ x: half("x", 0), w: feeds.w, g: half("g", 0) }, 32),
      await runs({ x: half("x", 1), w: feeds.w, g: half("g", 1) }, 32),
    ];
    expect(difference(got.y, [...one.y, ...two.y])).toBeLessThan(1e-5);
    expect(difference(got.dx, [...one.dx, ...two.dx])).toBeLessThan(1e-5);
    const dw = Array.from(one.dw, (value, i) => value + two.dw[i]);
    expect(difference(got.dw, dw)).toBeLessThan(1e-5);
  });
});

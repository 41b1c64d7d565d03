import { describe, expect, it } from "vitest";
import { compile } from "../runtime/index.ts";
import { randomPoint } from "../testing/check-gradient.ts";
import {
  batchLast,
  type Conv2dOptions,
  constant,
  conv2d,
  grad,
  input,
  interpret,
  mul,
  print,
  sum,
  transpose,
} from "./index.ts";
import { winograd, winogradFilterGradient, winogradForm, winogradInputGradient } from "./winograd.ts";

/** The largest difference, relative to the largest value that is expected. */
const difference = (got: ArrayLike<number>, expected: ArrayLike<number>): number => {
  const values = Array.from(expected);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(got).toHaveLength(values.length);
  return values.reduce((worst, value, i) => Math.max(worst, Math.abs(got[i] - value) / scale), 0);
};

interface Case {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  /** Rows and columns of the image. */
  readonly image: readonly [number, number];
  readonly kernel: number;
  readonly options: Conv2dOptions;
}

const strided = { stride: 2, padding: 1 } as const;
const dense = { stride: 1, padding: 1 } as const;

/** A convolution and its derivatives, and numbers that it is fed. */
const convolution = ({ batch, channels, filters, image, kernel, options }: Case) => {
  const x = input("x", [batch, channels, ...image]);
  const w = input("w", [filters, channels, kernel, kernel]);
  const y = conv2d(x, w, options);
  const g = input("g", y.shape);
  const [dx, dw] = grad(sum(mul(y, g)), [x, w]);
  const feeds = Object.fromEntries(
    [x, w, g].map(({ shape, attributes }, i) => [
      String(attributes.name),
      Float32Array.from(randomPoint(shape, i + 1, -1, 1).values),
    ]),
  );
  return { x, w, g, feeds, outputs: { y, dx, dw } };
};

const cases: readonly Case[] = [
  // One tile of 4 × 4, four of them, sixteen, one of 7 × 7.
  { batch: 32, channels: 33, filters: 64, image: [8, 8], kernel: 4, options: strided },
  { batch: 9, channels: 32, filters: 66, image: [16, 16], kernel: 4, options: strided },
  { batch: 8, channels: 32, filters: 64, image: [32, 32], kernel: 4, options: strided },
  { batch: 12, channels: 64, filters: 32, image: [14, 14], kernel: 4, options: strided },
  // More columns than rows, a row that is left over, and tiles that reach beyond the map.
  { batch: 16, channels: 32, filters: 64, image: [8, 16], kernel: 4, options: strided },
  { batch: 11, channels: 32, filters: 64, image: [9, 25], kernel: 4, options: strided },
  { batch: 8, channels: 48, filters: 48, image: [22, 22], kernel: 4, options: strided },
  { batch: 8, channels: 16, filters: 17, image: [8, 12], kernel: 3, options: dense },
  { batch: 9, channels: 18, filters: 16, image: [6, 7], kernel: 3, options: dense },
];

describe("a convolution with fewer multiplications", () => {
  it.each(cases)(
    "is the convolution, and so are its gradients: $kernel × $kernel of $image",
    async (given) => {
      const { feeds, outputs } = convolution(given);
      expect(print(batchLast(Object.values(outputs)))).not.toMatch(/= conv\w* /);
      const program = await compile(outputs, { device: "cpu", threads: 1 });
      const got = await program.run(feeds);
      await program.dispose();
      const expected = interpret(Object.values(outputs), feeds);
      for (const [i, name] of (["y", "dx", "dw"] as const).entries())
        expect(difference(got[name], expected[i])).toBeLessThan(1e-5);
    },
  );

  it.each([
    [4, 4],
    [4, 7],
    [4, 8],
    [4, 12],
    [3, 6],
    [3, 8],
  ])(
    "is so in float64, but for the constants of its transforms: filters of %i, to %i rows",
    (kernel, side) => {
      const stride = kernel === 4 ? 2 : 1;
      const image = [stride * side, stride * side] as const;
      const options: Conv2dOptions = { stride, padding: 1 };
      const { x, w, g, feeds, outputs } = convolution({
        batch: 2,
        channels: 3,
        filters: 4,
        image,
        kernel,
        options,
      });
      const pair = [stride, stride] as const;
      const geometry = { stride: pair, dilation: [1, 1], padding: [1, 1] } as const;
      const map = [4, side, side];
      const form = winogradForm([64, 64, kernel, kernel], map, 64, geometry);
      if (form === undefined) throw new Error("there is a form");
      const indices = (_: string, make: () => Int32Array) => {
        const data = make();
        return constant(data, [data.length]);
      };
      const [last, mapLast] = [x, g].map((t) => transpose(t, [1, 2, 3, 0]));
      const made = [
        winograd(last, w, map, form, indices),
        winogradInputGradient(mapLast, w, [3, ...image], form, indices),
      ].map((t) => transpose(t, [3, 0, 1, 2]));
      const got = interpret([...made, winogradFilterGradient(last, mapLast, form, indices)], feeds);
      const { y, dx, dw } = outputs;
      for (const [i, expected] of interpret([y, dx, dw], feeds).entries())
        expect(difference(got[i], expected)).toBeLessThan(2e-6);
    },
  );

  it("is not chosen where it would multiply nearly as often, or where transforms would cost what it saves", () => {
    const left: readonly Case[] = [
      // Maps of 5 × 5 and 6 × 6 in four tiles of 4 × 4; few channels, few examples; another padding.
      { batch: 64, channels: 32, filters: 64, image: [10, 10], kernel: 4, options: strided },
      { batch: 64, channels: 32, filters: 64, image: [12, 12], kernel: 4, options: strided },
      { batch: 32, channels: 3, filters: 64, image: [16, 16], kernel: 4, options: strided },
      { batch: 16, channels: 32, filters: 64, image: [8, 8], kernel: 4, options: strided },
      {
        batch: 32,
        channels: 32,
        filters: 64,
        image: [16, 16],
        kernel: 4,
        options: { stride: 2, padding: 2 },
      },
      { batch: 32, channels: 16, filters: 16, image: [2, 2], kernel: 3, options: dense },
    ];
    for (const each of left) {
      const { y } = convolution(each).outputs;
      expect(print(batchLast([y]))).toMatch(/= conv_batch_last/);
    }
    // Of many tiles the gradient to the image costs more to add up.
    const large: Case = { batch: 8, channels: 32, filters: 64, image: [64, 64], kernel: 4, options: strided };
    const { y, dw, dx } = convolution(large).outputs;
    expect(print(batchLast([y, dw]))).not.toMatch(/= conv\w* /);
    expect(print(batchLast([dx]))).toMatch(/= conv_batch_last/);
  });
});

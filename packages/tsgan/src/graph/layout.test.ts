import { describe, expect, it } from "vitest";
import { randomFeeds } from "../testing/check-gradient.ts";
import {
  add,
  batchLast,
  type Conv2dOptions,
  conv2d,
  convTranspose2d,
  grad,
  input,
  interpret,
  mul,
  print,
  simplify,
  square,
  sum,
  type Tensor,
  tanh,
  topologicalOrder,
} from "./index.ts";

/** The largest difference of the graph in batch-last storage from the graph as it was built, in float64. */
const difference = (y: Tensor, inputs: readonly Tensor[]): number => {
  const first = grad(sum(square(y)), inputs);
  const second = grad(first.map((g) => sum(square(g))).reduce(add), inputs);
  const outputs = [y, ...first, ...second];
  const lowered = batchLast(outputs);
  expect(print(lowered)).toContain("= conv_batch_last ");
  const feeds = randomFeeds(inputs, -1, 1);
  const [expected, found] = [interpret(outputs, feeds), interpret(lowered, feeds)];
  let worst = 0;
  expected.forEach((values, i) => {
    expect(lowered[i].shape).toEqual(outputs[i].shape);
    const scale = values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
    values.forEach((value, j) => {
      worst = Math.max(worst, Math.abs(found[i][j] - value) / scale);
    });
  });
  return worst;
};

describe("batch-last storage", () => {
  it.each<[string, Conv2dOptions, number, number]>([
    ["stride 1", { padding: 1 }, 3, 5],
    ["stride 2", { stride: 2, padding: 1 }, 4, 6],
    ["uneven strides", { stride: [1, 2], padding: [0, 1] }, 3, 6],
    ["dilation", { dilation: 2, padding: 2 }, 3, 6],
  ])("leaves values and derivatives of both orders as they are: %s", (_, options, kernel, size) => {
    const x = input("x", [8, 5, size, size]);
    const w = input("w", [6, 5, kernel, kernel]);
    const bias = input("bias", [6]);
    const y = tanh(mul(conv2d(x, w, { ...options, bias }), 0.2));
    expect(difference(y, [x, w, bias])).toBeLessThan(1e-12);
  });

  it("leaves those of a transposed convolution as they are", () => {
    const x = input("x", [8, 6, 3, 3]);
    const w = input("w", [6, 5, 4, 4]);
    const y = tanh(mul(convTranspose2d(x, w, { stride: 2, padding: 1 }), 0.2));
    expect(difference(y, [x, w])).toBeLessThan(1e-12);
  });

  it.each<[string, number, number, Conv2dOptions, number, number]>([
    ["columns of the output for few filters", 12, 3, { padding: 1 }, 3, 3 * 9 * 36],
    ["columns of the input for more", 3, 12, { padding: 1 }, 3, 3 * 9 * 36],
    ["none for filters of one tap", 12, 3, {}, 1, 0],
  ])("gathers for a filter's gradient %s", (_, channels, filters, options, kernel, rows) => {
    const x = input("x", [8, channels, 6, 6]);
    const w = input("w", [filters, channels, kernel, kernel]);
    const y = conv2d(x, w, options);
    const lowered = topologicalOrder(batchLast(grad(sum(square(y)), [w])));
    const gathered = lowered.filter(({ op }) => op.name === "gather").map(({ inputs }) => inputs[1].shape[0]);
    expect(gathered).toEqual(rows === 0 ? [] : [rows]);
    expect(difference(tanh(mul(y, 0.2)), [x, w])).toBeLessThan(1e-12);
  });

  it("leaves small batches and graphs without convolutions alone", () => {
    const small = [conv2d(input("x", [7, 3, 5, 5]), input("w", [4, 3, 3, 3]))];
    expect(batchLast(small)).toEqual(small);
    const plain = simplify([tanh(input("x", [16, 3, 5, 5]))]);
    expect(batchLast(plain)).toEqual(plain);
  });
});

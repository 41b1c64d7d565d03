import { describe, expect, it } from "vitest";
import {
  add,
  avgPool2d,
  broadcastTo,
  clip,
  concat,
  constant,
  conv2d,
  convTranspose2d,
  dense,
  GraphError,
  gather,
  grad,
  input,
  interpret,
  leakyRelu,
  matmul,
  maxPool2d,
  mul,
  oneHot,
  pad,
  reflectPad2d,
  reshape,
  slice,
  sum,
  sumPool2d,
  type Tensor,
  transpose,
  upsampleBilinear,
  upsampleNearest,
  where,
} from "./index.ts";

const f = (...shape: number[]): Tensor => input("x", shape);
const i = (...shape: number[]): Tensor => input("i", shape, "int32");

describe("a graph that does not fit", () => {
  it.each<[string, () => unknown]>([
    ["add: shapes must broadcast; got [2,3] and [2]", () => add(f(2, 3), f(2))],
    ["multiply: both inputs must be float32; got [2] and [2] int32; use cast", () => mul(f(2), i(2))],
    [
      "where: the condition must be bool; got [2] and [2] and [2]; compare first",
      () => where(f(2), f(2), f(2)),
    ],
    ["reshape: the new shape [4] must hold as many elements; got [2,3]", () => reshape(f(2, 3), [4])],
    ["transpose: the order [0,0] must name each axis once; got [2,3]", () => transpose(f(2, 3), [0, 0])],
    ["transpose: at least two axes are needed; got [2]", () => transpose(f(2))],
    ["broadcast_to: the shape must broadcast to [3]; got [2]", () => broadcastTo(f(2), [3])],
    ["slice: the range [0] … [4] must lie inside; got [3]", () => slice(f(3), [0], [4])],
    ["pad: one non-negative width is needed for each side of each axis; got [3]", () => pad(f(3), [-1], [0])],
    ["concat: shapes must agree but along axis 1; got [2,3] and [3,3]", () => concat([f(2, 3), f(3, 3)], 1)],
    ["concat: shapes must agree but along axis 1; got [2,3] and [2]", () => concat([f(2, 3), f(2)], 1)],
    [
      "reflect_pad: the padding 3 must be below the side; got [1,1,3,3]",
      () => reflectPad2d(f(1, 1, 3, 3), 3),
    ],
    ["gather: indices must be int32; got [4,2] and [3]", () => gather(f(4, 2), f(3))],
    ["one_hot: labels must be int32; got [3]", () => oneHot(f(3), 2)],
    ["sum: axis 2 must lie in -2 … 1; got [2,3]", () => sum(f(2, 3), 2)],
    ["sum: axes [0,0] must differ; got [2,3]", () => sum(f(2, 3), [0, -2])],
    ["matmul: matrices must have at least two axes; got [3] and [3,2]", () => matmul(f(3), f(3, 2))],
    ["matmul: inner axes must agree (3 and 4); got [2,3] and [4,2]", () => matmul(f(2, 3), f(4, 2))],
    [
      "dense: x [N, in] and weight [out, in] must agree in `in`; got [2,3] and [5,4]; flatten images first",
      () => dense(f(2, 3), f(5, 4), f(5)),
    ],
    [
      "conv2d: x must be [N,C,H,W] and the filter [M,C/groups,kh,kw]; got [2,3] and [1,1,3,3]",
      () => conv2d(f(2, 3), f(1, 1, 3, 3)),
    ],
    [
      "conv2d: the filter must have 4 / 2 = 2 input channels; got [1,4,8,8] and [2,4,3,3]",
      () => conv2d(f(1, 4, 8, 8), f(2, 4, 3, 3), { groups: 2 }),
    ],
    [
      "conv2d: the kernel must fit into the padded image; got [1,1,2,2] and [1,1,3,3]",
      () => conv2d(f(1, 1, 2, 2), f(1, 1, 3, 3)),
    ],
    [
      "conv2d: the bias must be [2]; got [1,1,4,4] and [2,1,3,3] and [3]",
      () => conv2d(f(1, 1, 4, 4), f(2, 1, 3, 3), { bias: f(3) }),
    ],
    [
      'conv2d: stride, dilation and groups must be integers of at least 1, padding of at least 0; got {"stride":[0,0],"padding":[0,0],"dilation":[1,1],"groups":1}',
      () => conv2d(f(1, 1, 4, 4), f(1, 1, 3, 3), { stride: 0 }),
    ],
    [
      "conv_transpose2d: outputPadding must be below the stride or the dilation; got [2,2]",
      () => convTranspose2d(f(1, 1, 4, 4), f(1, 1, 3, 3), { stride: 2, outputPadding: 2 }),
    ],
    ["upsample_bilinear: x must be [N,C,H,W]; got [2,3]", () => upsampleBilinear(f(2, 3))],
    ["upsample_nearest: x must be [N,C,H,W]; got [2,3]", () => upsampleNearest(f(2, 3))],
    ["sum_pool2d: sides must be multiples of 2; got [1,1,3,4]", () => sumPool2d(f(1, 1, 3, 4), 2)],
    ["avg_pool2d: x must be [N,C,H,W]; got [2,3]", () => avgPool2d(f(2, 3), 2)],
    ["max_pool2d: x must be [N,C,H,W]; got [2,3]", () => maxPool2d(f(2, 3), 2)],
    ["leaky_relu: slope must lie in [0, 1]; got 2", () => leakyRelu(f(2), 2)],
    ["clip: low must not exceed high; got 1 and 0", () => clip(f(2), 1, 0)],
    ["input: every axis of [0,3] must be at least 1; got ", () => f(0, 3)],
    ["constant: shape [2,2] needs 4 values; got 3", () => constant([1, 2, 3], [2, 2])],
    [
      "grad: the differentiated tensor must be a scalar; got [2]; take its sum or mean, or give an upstream",
      () => grad(f(2), []),
    ],
    [
      "grad: the upstream must be [2], like the differentiated tensor; got [1]",
      () => grad(f(2), [], input("dy", [1])),
    ],
    ["sum: inputs must be float32; got [2] int32; use cast", () => sum(i(2))],
    ["interpret: input x needs 2 values; got none", () => interpret([f(2)])],
    ["interpret: input x needs 2 values; got 3", () => interpret([f(2)], { x: [1, 2, 3] })],
  ])("is refused: %s", (message, build) => {
    expect(build).toThrow(GraphError);
    expect(build).toThrow(new GraphError(message));
  });
});

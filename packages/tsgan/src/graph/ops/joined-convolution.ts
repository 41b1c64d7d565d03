/**
 * Convolutions with the change of size before or after them: where both are linear and one of them repeats or averages, they
 * are one convolution with fewer multiplications. Derivatives of any order follow, since this is how the graph is built.
 */
import { sizeOf } from "../shapes.ts";
import { isMadeBy, type Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { reshape } from "./broadcast.ts";
import { type Conv2dOptions, convOp, convTranspose2d, conv2d as plainConv2d } from "./convolution.ts";
import { constant } from "./leaves.ts";
import { matmul } from "./linear.ts";
import { transpose } from "./movement.ts";
import { avgPool2d as plainAvgPool2d, upsampleNearest, upsampleOp } from "./resample.ts";

/** How three taps become four, [4, 3]: taps that meet one pixel of the smaller image are added. */
const ENLARGING = [
  [0, 0, 1],
  [0, 1, 1],
  [1, 1, 0],
  [1, 0, 0],
] as const;
/** Each output of the smaller image is the mean of two. */
const SHRINKING = [
  [0.5, 0, 0],
  [0.5, 0.5, 0],
  [0, 0.5, 0.5],
  [0, 0, 0.5],
] as const;

type Taps = typeof ENLARGING | typeof SHRINKING;

/** Filters [A, B, 3, 3] as [A, B, 4, 4]. */
const widened = (w: Tensor, taps: Taps): Tensor => {
  const [a, b] = w.shape;
  const both = taps.flatMap((row) => taps.flatMap((column) => row.flatMap((v) => column.map((u) => v * u))));
  const shares = constant(Float32Array.from(both), [16, 9]);
  return reshape(matmul(reshape(w, [a * b, 9]), shares, { transposeB: true }), [a, b, 4, 4]);
};

const isSquare = (w: Tensor, side: number): boolean => w.shape[2] === side && w.shape[3] === side;

const isAll = (
  value: number | readonly [number, number] | undefined,
  wanted: number,
  usual: number,
): boolean => [value ?? usual].flat().every((each) => each === wanted);

/**
 * Two-dimensional cross-correlation: x [N, C, H, W], weight [M, C/groups, kh, kw] → [N, M, H', W'] with
 * y[n, m, i, j] = bias[m] + Σ_{c, a, b} x[n, c, i·stride − padding + a·dilation, j·stride − padding + b·dilation] · weight[m, c, a, b],
 * H' = ⌊(H + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1, and W' likewise.
 *
 * Of an image that `upsampleNearest` doubled it is made of the smaller one: a 1 × 1 filter goes first, and a 3 × 3 filter
 * with padding 1 becomes a transposed one of 4 × 4.
 *
 * @throws GraphError where channels and groups do not agree, the kernel does not fit into the padded image, or an option
 *   is no integer or too small
 * @example
 * ```ts
 * import { conv2d, input, leakyRelu } from "tsgan/graph";
 *
 * const image = input("image", [64, 1, 28, 28]);
 * const weight = input("weight", [32, 1, 4, 4]);
 * const halved = leakyRelu(conv2d(image, weight, { stride: 2, padding: 1 })); // [64, 32, 14, 14]
 * ```
 */
export const conv2d = (x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor => {
  const { stride, padding, dilation, groups = 1, bias } = options;
  const isPlain = groups === 1 && isAll(stride, 1, 1) && isAll(dilation, 1, 1);
  const fits = weight.shape.length === 4 && weight.shape[1] === x.shape[1];
  if (isPlain && fits && isMadeBy(x, upsampleOp)) {
    const { scale } = x.attributes;
    const [small] = x.inputs;
    if (isSquare(weight, 1) && isAll(padding, 0, 0)) {
      return upsampleNearest(plainConv2d(small, weight, options), scale);
    }
    if (isSquare(weight, 3) && isAll(padding, 1, 0) && scale === 2) {
      const turned = widened(transpose(weight, [1, 0, 2, 3]), ENLARGING);
      const y = convTranspose2d(small, turned, { stride: 2, padding: 1 });
      return bias === undefined ? y : add(y, reshape(bias, [1, sizeOf(bias.shape), 1, 1]));
    }
  }
  return plainConv2d(x, weight, options);
};

/**
 * Mean of kernel × kernel windows, `stride` apart (by default side by side); incomplete windows are dropped:
 * [N, C, H, W] → [N, C, H', W'] with H' = ⌊(H − kernel) / stride⌋ + 1.
 *
 * Of a convolution it is made before it where the filter is 1 × 1, and with it, as one of 4 × 4 with stride 2, where the
 * filter is 3 × 3 with padding 1 and the kernel 2.
 *
 * @throws GraphError where x is no image
 */
export const avgPool2d = (x: Tensor, kernel: number, stride = kernel): Tensor => {
  if (kernel > 1 && stride === kernel && isMadeBy(x, convOp)) {
    const { stride: step, dilation, padding, groups } = x.attributes;
    const [image, weight, bias] = x.inputs;
    const isPlain = groups === 1 && isAll(step, 1, 1) && isAll(dilation, 1, 1);
    if (isPlain && isSquare(weight, 1) && isAll(padding, 0, 0)) {
      return plainConv2d(plainAvgPool2d(image, kernel), weight, { bias });
    }
    if (isPlain && isSquare(weight, 3) && isAll(padding, 1, 0) && kernel === 2) {
      return plainConv2d(image, widened(weight, SHRINKING), { stride: 2, padding: 1, bias });
    }
  }
  return plainAvgPool2d(x, kernel, stride);
};

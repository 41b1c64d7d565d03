/** Pooling and up-sampling. Repeating pixels and summing blocks of pixels are each other's derivative. */
import { sizeOf } from "../shapes.ts";
import { apply, defineOp, fail, type Op, requireFloat, type Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { reshape } from "./broadcast.ts";
import { conv2d } from "./convolution.ts";
import { constant } from "./leaves.ts";
import { matmul } from "./linear.ts";
import { slice } from "./movement.ts";
import { max } from "./reductions.ts";

type Scale = { readonly scale: number };

/** Visits (large, small) flat offsets of an image and its version `scale` times smaller. */
const visitBlocks = (
  large: readonly number[],
  scale: number,
  visit: (large: number, small: number) => void,
): void => {
  const [n, c, height, width] = large;
  let at = 0;
  for (let image = 0; image < n * c; image++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const row = image * (height / scale) + Math.floor(i / scale);
        visit(at++, row * (width / scale) + Math.floor(j / scale));
      }
    }
  }
};

export const upsampleOp: Op<Scale> = defineOp({
  name: "upsample_nearest",
  shape: (inputs, { scale }) => {
    const [x] = inputs;
    requireFloat("upsample_nearest", inputs);
    if (x.shape.length !== 4) fail("upsample_nearest", "x must be [N,C,H,W]", inputs);
    const [n, c, height, width] = x.shape;
    return { shape: [n, c, height * scale, width * scale] };
  },
  derivative: (_, dy, { scale }) => [sumPool2d(dy, scale)],
  value: (y, [x], { scale }) => {
    const out = new Float64Array(sizeOf(y.shape));
    visitBlocks(y.shape, scale, (large, small) => {
      out[large] = x[small];
    });
    return out;
  },
  onnx: (_, [x], emitter, { scale }) => {
    const scales = emitter.constant(Float32Array.of(1, 1, scale, scale), [4], "float32");
    return emitter.node("Resize", [x, "", scales], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
  },
});

/**
 * Each pixel repeated scale × scale times: [N, C, H, W] → [N, C, scale·H, scale·W].
 *
 * @throws GraphError where x is no image
 */
export const upsampleNearest = (x: Tensor, scale = 2): Tensor =>
  scale === 1 ? x : apply(upsampleOp, [x], { scale });

/** How much each of `side` pixels adds to each of scale · side: linear between the centres of pixels, [scale · side, side]. */
const linearShares = (side: number, scale: number): Tensor => {
  const data = new Float32Array(scale * side * side);
  for (let row = 0; row < scale * side; row++) {
    const at = Math.min(side - 1, Math.max(0, (row + 0.5) / scale - 0.5));
    const low = Math.floor(at);
    data[row * side + low] = 1 - (at - low);
    if (at > low) data[row * side + low + 1] = at - low;
  }
  return constant(data, [scale * side, side]);
};

/**
 * Bilinear enlargement, between the centres of pixels, with the outer pixels beyond the outer centres:
 * [N, C, H, W] → [N, C, scale·H, scale·W].
 *
 * @throws GraphError where x is no image
 */
export const upsampleBilinear = (x: Tensor, scale = 2): Tensor => {
  if (x.shape.length !== 4) fail("upsample_bilinear", "x must be [N,C,H,W]", [x]);
  if (scale === 1) return x;
  const [, , height, width] = x.shape;
  const wide = matmul(x, linearShares(width, scale), { transposeB: true });
  return matmul(linearShares(height, scale), wide);
};

export const sumPoolOp: Op<Scale> = defineOp({
  name: "sum_pool2d",
  shape: (inputs, { scale }) => {
    const [x] = inputs;
    requireFloat("sum_pool2d", inputs);
    if (x.shape.length !== 4) fail("sum_pool2d", "x must be [N,C,H,W]", inputs);
    const [n, c, height, width] = x.shape;
    if (height % scale !== 0 || width % scale !== 0)
      fail("sum_pool2d", `sides must be multiples of ${scale}`, inputs);
    return { shape: [n, c, height / scale, width / scale] };
  },
  derivative: (_, dy, { scale }) => [upsampleNearest(dy, scale)],
  value: (y, [x], { scale }) => {
    const out = new Float64Array(sizeOf(y.shape));
    visitBlocks(y.inputs[0].shape, scale, (large, small) => {
      out[small] += x[large];
    });
    return out;
  },
  onnx: (_, [x], emitter, { scale }) => {
    const average = emitter.node("AveragePool", [x], {
      kernel_shape: [scale, scale],
      strides: [scale, scale],
    });
    return emitter.node("Mul", [average, emitter.scalar(scale * scale)]);
  },
});

/**
 * Sums of scale × scale blocks: [N, C, H, W] → [N, C, H/scale, W/scale].
 *
 * @param x [N, C, H, W]
 * @throws GraphError where a side is no multiple of the scale
 */
export const sumPool2d = (x: Tensor, scale: number): Tensor =>
  scale === 1 ? x : apply(sumPoolOp, [x], { scale });

/** x without the rows and columns that no complete window reaches. */
const cropToWindows = (x: Tensor, kernel: number): Tensor => {
  const [n, c, height, width] = x.shape;
  const end = [n, c, height - (height % kernel), width - (width % kernel)];
  return end[2] === height && end[3] === width ? x : slice(x, [0, 0, 0, 0], end);
};

/** Filters that pick each element of a kernel × kernel window, for every channel: [C·k², 1, k, k]. */
const windowFilters = (channels: number, kernel: number): Tensor => {
  const taps = kernel * kernel;
  const data = new Float32Array(channels * taps * taps);
  for (let row = 0; row < channels * taps; row++) data[row * taps + (row % taps)] = 1;
  return constant(data, [channels * taps, 1, kernel, kernel]);
};

/** Means of windows as they are; `joined-convolution.ts` looks for shorter ways first. */
export const avgPool2d = (x: Tensor, kernel: number, stride = kernel): Tensor => {
  if (x.shape.length !== 4) fail("avg_pool2d", "x must be [N,C,H,W]", [x]);
  if (stride === kernel) return mul(sumPool2d(cropToWindows(x, kernel), kernel), 1 / (kernel * kernel));
  const channels = x.shape[1];
  const weight = new Float32Array(channels * kernel * kernel).fill(1 / (kernel * kernel));
  return conv2d(x, constant(weight, [channels, 1, kernel, kernel]), { stride, groups: channels });
};

/**
 * Largest element of kernel × kernel windows, `stride` apart (by default side by side), in the shape of `avgPool2d`;
 * incomplete windows are dropped. Equal largest elements share the derivative.
 *
 * @throws GraphError where x is no image
 */
export const maxPool2d = (x: Tensor, kernel: number, stride = kernel): Tensor => {
  if (x.shape.length !== 4) fail("max_pool2d", "x must be [N,C,H,W]", [x]);
  const [n, c] = x.shape;
  if (stride === kernel) {
    const cropped = cropToWindows(x, kernel);
    const [height, width] = [cropped.shape[2] / kernel, cropped.shape[3] / kernel];
    return max(reshape(cropped, [n, c, height, kernel, width, kernel]), [3, 5]);
  }
  const windows = conv2d(x, windowFilters(c, kernel), { stride, groups: c });
  const [, , height, width] = windows.shape;
  return max(reshape(windows, [n, c, kernel * kernel, height, width]), 2);
};

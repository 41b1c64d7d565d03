/**
 * Convolution as three ops that are closed under differentiation. With T(x, w, g) = Σ g · conv(x, w), which is linear
 * in each of its arguments:
 *   conv2d(x, w)      = ∂T/∂g   the forward convolution
 *   convInput(g, w)   = ∂T/∂x   its gradient to the input: a transposed convolution
 *   convFilter(x, g)  = ∂T/∂w   its gradient to the filter
 * and the derivative of each is made of the other two.
 */
import { formatShape, type Shape, sizeOf } from "../shapes.ts";
import {
  apply,
  defineOp,
  type Emitter,
  fail,
  GraphError,
  type Op,
  requireFloat,
  type Tensor,
} from "../tensor.ts";
import { sum } from "./broadcast.ts";

export type Pair = readonly [number, number];

/** Geometry of a convolution. x [N, C, H, W], w [M, C/groups, kh, kw], y [N, M, H', W']. */
export type Geometry = {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
};

export type ConvInputAttributes = Geometry & { readonly inputShape: Shape };
export type ConvFilterAttributes = Geometry & { readonly filterShape: Shape };

/** ⌊(in + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1 for both spatial axes. */
const outputSize = (x: Shape, w: Shape, { stride, padding, dilation }: Geometry): Pair => {
  const size = (i: 0 | 1): number =>
    Math.floor((x[2 + i] + 2 * padding[i] - dilation[i] * (w[2 + i] - 1) - 1) / stride[i]) + 1;
  return [size(0), size(1)];
};

const outputShape = (
  op: string,
  x: Shape,
  w: Shape,
  geometry: Geometry,
  inputs: readonly Tensor[],
): number[] => {
  const { groups } = geometry;
  requireFloat(op, inputs);
  if (x.length !== 4 || w.length !== 4)
    fail(op, "x must be [N,C,H,W] and the filter [M,C/groups,kh,kw]", inputs);
  if (x[1] !== w[1] * groups) {
    fail(op, `the filter must have ${x[1]} / ${groups} = ${x[1] / groups} input channels`, inputs);
  }
  if (w[0] % groups !== 0) fail(op, `the filter's ${w[0]} outputs must divide into ${groups} groups`, inputs);
  const [height, width] = outputSize(x, w, geometry);
  if (height < 1 || width < 1) fail(op, "the kernel must fit into the padded image", inputs);
  return [x[0], w[0], height, width];
};

/** Visits every (output, input, filter) triple of flat offsets that meet in the convolution. */
const visitTaps = (
  x: Shape,
  w: Shape,
  y: Shape,
  { stride, padding, dilation, groups }: Geometry,
  visit: (yAt: number, xAt: number, wAt: number) => void,
): void => {
  const [batch, , height, width] = x;
  const [filters, channels, kh, kw] = w;
  const perGroup = filters / groups;
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < filters; m++) {
      const firstChannel = Math.floor(m / perGroup) * channels;
      for (let i = 0; i < y[2]; i++) {
        for (let j = 0; j < y[3]; j++) {
          const yAt = ((n * filters + m) * y[2] + i) * y[3] + j;
          for (let c = 0; c < channels; c++) {
            for (let a = 0; a < kh; a++) {
              const row = i * stride[0] - padding[0] + a * dilation[0];
              if (row < 0 || row >= height) continue;
              for (let b = 0; b < kw; b++) {
                const column = j * stride[1] - padding[1] + b * dilation[1];
                if (column < 0 || column >= width) continue;
                visit(
                  yAt,
                  ((n * x[1] + firstChannel + c) * height + row) * width + column,
                  ((m * channels + c) * kh + a) * kw + b,
                );
              }
            }
          }
        }
      }
    }
  }
};

const geometryOf = ({ stride, padding, dilation, groups }: Geometry): Geometry => ({
  stride,
  padding,
  dilation,
  groups,
});

const onnxGeometry = ({ stride, padding, dilation, groups }: Geometry) => ({
  strides: stride,
  pads: [...padding, ...padding],
  dilations: dilation,
  group: groups,
});

export const convOp: Op<Geometry> = defineOp({
  name: "conv2d",
  shape: (inputs, geometry) => {
    const [x, w, bias] = inputs;
    const shape = outputShape("conv2d", x.shape, w.shape, geometry, inputs);
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== shape[1])) {
      fail("conv2d", `the bias must be [${shape[1]}]`, inputs);
    }
    return { shape };
  },
  derivative: (y, dy, geometry) => {
    const [x, w, bias] = y.inputs;
    const derivatives = [convInput(dy, w, x.shape, geometry), convFilter(x, dy, w.shape, geometry)];
    return bias === undefined ? derivatives : [...derivatives, sum(dy, [0, 2, 3])];
  },
  value: (y, [x, w, bias], geometry) => {
    const out = new Float64Array(sizeOf(y.shape));
    visitTaps(y.inputs[0].shape, y.inputs[1].shape, y.shape, geometry, (yAt, xAt, wAt) => {
      out[yAt] += x[xAt] * w[wAt];
    });
    const plane = y.shape[2] * y.shape[3];
    if (bias !== undefined)
      out.forEach((v, i) => {
        out[i] = v + bias[Math.floor(i / plane) % y.shape[1]];
      });
    return out;
  },
  onnx: (_, inputs, emitter, geometry) => emitter.product("Conv", inputs, onnxGeometry(geometry)),
});

export const convInputOp: Op<ConvInputAttributes> = defineOp({
  name: "conv_input",
  shape: (inputs, attributes) => {
    const [g, w] = inputs;
    const expected = outputShape("conv_input", attributes.inputShape, w.shape, attributes, inputs);
    if (formatShape(expected) !== formatShape(g.shape)) {
      fail("conv_input", `the output gradient must be ${formatShape(expected)}`, inputs);
    }
    return { shape: attributes.inputShape };
  },
  derivative: (y, dx, attributes) => {
    const [g, w] = y.inputs;
    const geometry = geometryOf(attributes);
    return [conv(dx, w, geometry), convFilter(dx, g, w.shape, geometry)];
  },
  value: (y, [g, w], attributes) => {
    const out = new Float64Array(sizeOf(y.shape));
    visitTaps(y.shape, y.inputs[1].shape, y.inputs[0].shape, attributes, (yAt, xAt, wAt) => {
      out[xAt] += g[yAt] * w[wAt];
    });
    return out;
  },
  onnx: (y, [g, w], emitter, attributes) => {
    const [tg, tw] = y.inputs;
    const { stride, padding, dilation } = attributes;
    // The rows that the strided convolution never reached.
    const outputPadding = [0, 1].map(
      (i) =>
        y.shape[2 + i] -
        ((tg.shape[2 + i] - 1) * stride[i] - 2 * padding[i] + dilation[i] * (tw.shape[2 + i] - 1) + 1),
    );
    return emitter.product("ConvTranspose", [g, w], {
      ...onnxGeometry(attributes),
      output_padding: outputPadding,
    });
  },
});

export const convFilterOp: Op<ConvFilterAttributes> = defineOp({
  name: "conv_filter",
  shape: (inputs, attributes) => {
    const [x, g] = inputs;
    const expected = outputShape("conv_filter", x.shape, attributes.filterShape, attributes, inputs);
    if (formatShape(expected) !== formatShape(g.shape)) {
      fail("conv_filter", `the output gradient must be ${formatShape(expected)}`, inputs);
    }
    return { shape: attributes.filterShape };
  },
  derivative: (y, dw, attributes) => {
    const [x, g] = y.inputs;
    const geometry = geometryOf(attributes);
    return [convInput(g, dw, x.shape, geometry), conv(x, dw, geometry)];
  },
  value: (y, [x, g], attributes) => {
    const out = new Float64Array(sizeOf(y.shape));
    visitTaps(y.inputs[0].shape, y.shape, y.inputs[1].shape, attributes, (yAt, xAt, wAt) => {
      out[wAt] += x[xAt] * g[yAt];
    });
    return out;
  },
  // A convolution of the transposed input with the transposed output gradient, its stride as dilation.
  onnx: (y, [x, g], emitter, attributes) => {
    const { stride, padding, dilation, groups } = attributes;
    const [n, c, height, width] = y.inputs[0].shape;
    const [, , kh, kw] = y.shape;
    const images =
      groups === 1
        ? emitter.node("Transpose", [x], { perm: [1, 0, 2, 3] })
        : groupedImages(x, [n, c, height, width], groups, emitter);
    const filters = emitter.node("Transpose", [g], { perm: [1, 0, 2, 3] });
    const product = emitter.product("Conv", [images, filters], {
      strides: dilation,
      pads: [...padding, ...padding],
      dilations: stride,
      group: groups,
    });
    // A stride that leaves rows over makes the product larger than the kernel.
    const size = [0, 1].map(
      (i) =>
        Math.floor(
          ([height, width][i] + 2 * padding[i] - stride[i] * (y.inputs[1].shape[2 + i] - 1) - 1) /
            dilation[i],
        ) + 1,
    );
    const cropped =
      size[0] === kh && size[1] === kw
        ? product
        : emitter.node("Slice", [
            product,
            emitter.integers([0, 0]),
            emitter.integers([kh, kw]),
            emitter.integers([2, 3]),
          ]);
    return emitter.node("Transpose", [cropped], { perm: [1, 0, 2, 3] });
  },
});

/** [N, groups·c, H, W] → [c, groups·N, H, W], so that one grouped convolution pairs each group with its own filters. */
const groupedImages = (x: string, shape: Shape, groups: number, emitter: Emitter): string => {
  const [n, c, height, width] = shape;
  const split = emitter.node("Reshape", [x, emitter.integers([n, groups, c / groups, height, width])]);
  const turned = emitter.node("Transpose", [split], { perm: [2, 1, 0, 3, 4] });
  return emitter.node("Reshape", [turned, emitter.integers([c / groups, groups * n, height, width])]);
};

const conv = (x: Tensor, w: Tensor, geometry: Geometry, bias?: Tensor): Tensor =>
  apply(convOp, bias === undefined ? [x, w] : [x, w, bias], geometry);

const convInput = (g: Tensor, w: Tensor, inputShape: Shape, geometry: Geometry): Tensor =>
  apply(convInputOp, [g, w], { ...geometryOf(geometry), inputShape });

const convFilter = (x: Tensor, g: Tensor, filterShape: Shape, geometry: Geometry): Tensor =>
  apply(convFilterOp, [x, g], { ...geometryOf(geometry), filterShape });

/** Geometry and bias of a convolution. */
export interface Conv2dOptions {
  /** Rows and columns from one window to the next; by default 1. A pair is [height, width], as below. */
  readonly stride?: number | Pair;
  /** Rows and columns of zeros on each side; by default 0. */
  readonly padding?: number | Pair;
  /** Distance of the pixels that a window looks at; by default 1, side by side. */
  readonly dilation?: number | Pair;
  /** Channels are cut into this many groups, each with filters of its own; by default 1. */
  readonly groups?: number;
  /** One value for each output channel, [M]. */
  readonly bias?: Tensor | undefined;
}

const pair = (value: number | Pair): Pair =>
  typeof value === "number" ? [value, value] : [value[0], value[1]];

const resolve = (op: string, options: Conv2dOptions): Geometry => {
  const geometry: Geometry = {
    stride: pair(options.stride ?? 1),
    padding: pair(options.padding ?? 0),
    dilation: pair(options.dilation ?? 1),
    groups: options.groups ?? 1,
  };
  const whole = (values: readonly number[], least: number): boolean =>
    values.every((n) => Number.isInteger(n) && n >= least);
  if (!whole([...geometry.stride, ...geometry.dilation, geometry.groups], 1) || !whole(geometry.padding, 0)) {
    throw new GraphError(
      `${op}: stride, dilation and groups must be integers of at least 1, padding of at least 0; got ${JSON.stringify(geometry)}`,
    );
  }
  return geometry;
};

/** The convolution as it is; what users of the graph call looks for shorter ways first (`joined-convolution.ts`). */
export const conv2d = (x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor =>
  conv(x, weight, resolve("conv2d", options), options.bias);

/** Geometry of a transposed convolution: that of the convolution whose derivative it is. */
export interface ConvTranspose2dOptions extends Omit<Conv2dOptions, "bias"> {
  /** Rows and columns added at the end, where several input sizes would give the same output size. */
  readonly outputPadding?: number | Pair;
}

/**
 * Transposed convolution, the derivative of `conv2d` by its image: x [N, C, H, W], weight [C, M/groups, kh, kw] →
 * [N, M, H', W'] with H' = (H − 1)·stride − 2·padding + dilation·(kh − 1) + outputPadding + 1, and W' likewise. With a
 * 4 × 4 kernel, stride 2 and padding 1 it doubles the sides.
 *
 * @throws GraphError where x and the filter do not agree, or outputPadding reaches the stride
 */
export const convTranspose2d = (x: Tensor, weight: Tensor, options: ConvTranspose2dOptions = {}): Tensor => {
  const geometry = resolve("conv_transpose2d", options);
  const { stride, padding, dilation, groups } = geometry;
  if (x.shape.length !== 4 || weight.shape.length !== 4 || x.shape[1] !== weight.shape[0]) {
    fail("conv_transpose2d", "x must be [N,C,H,W] and the filter [C,M/groups,kh,kw]", [x, weight]);
  }
  const extra = pair(options.outputPadding ?? 0);
  if (extra.some((n, i) => n < 0 || n >= Math.max(stride[i], dilation[i]))) {
    throw new GraphError(
      `conv_transpose2d: outputPadding must be below the stride or the dilation; got ${formatShape(extra)}`,
    );
  }
  const size = (i: 0 | 1): number =>
    (x.shape[2 + i] - 1) * stride[i] -
    2 * padding[i] +
    dilation[i] * (weight.shape[2 + i] - 1) +
    extra[i] +
    1;
  return convInput(x, weight, [x.shape[0], weight.shape[1] * groups, size(0), size(1)], geometry);
};

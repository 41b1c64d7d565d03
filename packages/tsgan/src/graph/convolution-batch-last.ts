/**
 * The three convolution ops on activations stored as [C, H, W, N]: one large matrix product each, instead of one small
 * one an image. Which formulation wins for which shape was measured; `docs/performance.md` has the figures.
 */
import { type BatchLastForm, form, type Operands, rotated, withZeroRow } from "./batch-last.ts";
import { add } from "./ops/arithmetic.ts";
import { reshape, sum } from "./ops/broadcast.ts";
import {
  type ConvFilterAttributes,
  type ConvInputAttributes,
  conv2d,
  convFilterOp,
  convInputOp,
  convOp,
  type Geometry,
} from "./ops/convolution.ts";
import { gather } from "./ops/gather.ts";
import { matmul } from "./ops/linear.ts";
import { flip, pad, transpose } from "./ops/movement.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import { apply, defineOp, fail, type Op, type Tensor } from "./tensor.ts";
import {
  backwards,
  winograd,
  winogradFilterGradient,
  winogradForm,
  winogradInputGradient,
} from "./winograd.ts";

/** Below this batch size the rows of N floats are too short to pay. */
const SMALLEST_BATCH = 8;

const worthwhile = (batch: number, { groups }: Geometry): boolean => groups === 1 && batch >= SMALLEST_BATCH;

type LastAttributes = {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Rows and columns of zeros: top, left, bottom, right. */
  readonly pads: readonly number[];
  /** Of a leaky ReLU that is part of it. */
  readonly slope?: number;
};

/** Convolution of x [C, H, W, N] with w [M, C, kh, kw] to [M, H', W', N]. Only this pass makes it. */
export const convLastOp: Op<LastAttributes> = defineOp({
  name: "conv_batch_last",
  shape: ([x, w], { stride, dilation, pads }) => {
    const size = (i: 0 | 1): number =>
      Math.floor(
        (x.shape[1 + i] + pads[i] + pads[2 + i] - dilation[i] * (w.shape[2 + i] - 1) - 1) / stride[i],
      ) + 1;
    return { shape: [w.shape[0], size(0), size(1), x.shape[3]] };
  },
  derivative: (y) => fail("conv_batch_last", "derivatives come before a layout", [y]),
  // By the ops that it stands for.
  value: (y, values, { stride, dilation, pads, slope = 1 }) => {
    const [x, w, bias] = y.inputs;
    const [top, left, bottom, right] = pads;
    const image = pad(transpose(x, [3, 0, 1, 2]), [0, 0, top, left], [0, 0, bottom, right]);
    const maps = conv2d(image, w, {
      stride: [stride[0], stride[1]],
      dilation: [dilation[0], dilation[1]],
      bias,
    });
    const evaluate = (t: Tensor): Float64Array => {
      const given = y.inputs.indexOf(t);
      return given < 0 ? t.op.value(t, t.inputs.map(evaluate), t.attributes) : values[given];
    };
    return evaluate(transpose(maps, [1, 2, 3, 0])).map((v) => (v > 0 ? v : slope * v));
  },
  onnx: (y, [x, w, bias], emitter, { stride, dilation, pads, slope }) => {
    const [tx, tw] = y.inputs;
    const image = emitter.node("Reshape", [x, emitter.integers([1, ...tx.shape])]);
    const filter = emitter.node("Reshape", [w, emitter.integers([...tw.shape, 1])]);
    const inputs = bias === undefined ? [image, filter] : [image, filter, bias];
    const window = {
      strides: [...stride, 1],
      dilations: [...dilation, 1],
      pads: [pads[0], pads[1], 0, pads[2], pads[3], 0],
      kernel_shape: [...tw.shape.slice(2), 1],
    };
    const convolution = (): string => emitter.node("Conv", inputs, window);
    const activation = slope === 0 ? "Relu" : "LeakyRelu";
    const active =
      slope === undefined
        ? convolution()
        : emitter.forOnnxRuntime
          ? emitter.node("FusedConv", inputs, {
              ...window,
              activation,
              ...(slope > 0 && { activation_params: { floats: [slope] } }),
            })
          : emitter.node(activation, [convolution()], slope > 0 ? { alpha: { float: slope } } : {});
    return emitter.node("Reshape", [active, emitter.integers(y.shape)]);
  },
});

const convLast = (x: Tensor, w: Tensor, attributes: LastAttributes, bias?: Tensor): Tensor =>
  apply(convLastOp, bias === undefined ? [x, w] : [x, w, bias], attributes);

type Window = Pick<Geometry, "stride" | "padding">;

/** For each way to reach a pixel: the row of the products [C·kh·kw, H'·W'] that adds to it, or the zero row behind the last. */
const reachingIndices = (
  [channels, height, width]: Shape,
  [kh, kw]: Shape,
  [outHeight, outWidth]: Shape,
  { stride, padding }: Window,
): Int32Array => {
  const perAxis = [Math.ceil(kh / stride[0]), Math.ceil(kw / stride[1])];
  const indices = new Int32Array(perAxis[0] * perAxis[1] * channels * height * width);
  const zeroRow = channels * kh * kw * outHeight * outWidth;
  let at = 0;
  for (let ta = 0; ta < perAxis[0]; ta++) {
    for (let tb = 0; tb < perAxis[1]; tb++) {
      for (let c = 0; c < channels; c++) {
        for (let h = 0; h < height; h++) {
          const a = ((h + padding[0]) % stride[0]) + ta * stride[0];
          const i = (h + padding[0] - a) / stride[0];
          for (let v = 0; v < width; v++) {
            const b = ((v + padding[1]) % stride[1]) + tb * stride[1];
            const j = (v + padding[1] - b) / stride[1];
            const inside = a < kh && b < kw && i >= 0 && i < outHeight && j >= 0 && j < outWidth;
            indices[at++] = inside ? (((c * kh + a) * kw + b) * outHeight + i) * outWidth + j : zeroRow;
          }
        }
      }
    }
  }
  return indices;
};

/**
 * The image [C, H, W] of which g [M, h, w, N] is the gradient of a convolution with w [M, C, kh, kw]. Of few channels, or few pixels: one
 * product gives every tap's contribution; each pixel gathers and adds those that reach it.
 */
const gatheredColumns = (
  g: Tensor,
  w: Tensor,
  image: Shape,
  { stride, padding }: Window,
  indices: Operands["indices"],
): Tensor => {
  const [filters, channels, ...kernel] = w.shape;
  const sides = g.shape.slice(1, 3);
  const n = g.shape[3];
  const taps = channels * sizeOf(kernel);
  // A product with the transposed filter is a third slower than one with a filter that has been transposed before.
  const filter = reshape(transpose(w, [1, 2, 3, 0]), [taps, filters]);
  const columns = matmul(filter, reshape(g, [filters, sizeOf(sides) * n]));
  const key = JSON.stringify(["reaching", image, kernel, sides, stride, padding]);
  const reaching = indices(key, () => reachingIndices(image, kernel, sides, { stride, padding }));
  const rows = withZeroRow(reshape(columns, [taps * sizeOf(sides), n]));
  const pixels = sizeOf(image);
  const reached = reshape(gather(rows, reaching), [sizeOf(reaching.shape) / pixels, pixels * n]);
  return reshape(sum(reached, 0), [...image, n]);
};

/** Whether every pixel is met, and side by side. */
const isDense = ({ stride, dilation }: Pick<Geometry, "stride" | "dilation">): boolean =>
  Math.max(...stride, ...dilation) === 1;

/** Up to so many filters a product of a matrix with so few rows is slow, and that of all their taps is not. */
const FEW_FILTERS = 4;

const isOfFewFilters = ([filters, channels]: Shape, geometry: Geometry): boolean =>
  filters <= FEW_FILTERS && channels >= 16 && isDense(geometry);

/** With stride 1 it is a gradient to an image, with the flipped filter. */
const ofFewFilters = (
  x: Tensor,
  w: Tensor,
  map: Shape,
  padding: readonly number[],
  indices: Operands["indices"],
): Tensor => {
  const around = [w.shape[2] - 1 - padding[0], w.shape[3] - 1 - padding[1]] as const;
  return gatheredColumns(x, backwards(w), map, { stride: [1, 1], padding: around }, indices);
};

const convolutionForm: BatchLastForm<Geometry> = {
  when: "always",
  layout: (y, geometry) => (worthwhile(y.shape[0], geometry) ? "last" : undefined),
  lower: (y, operands, geometry) => {
    const { stride, dilation, padding } = geometry;
    const [x, w] = [operands.last(0), operands.plain(1)];
    const bias = y.inputs.length > 2 ? operands.plain(2) : undefined;
    const map = y.shape.slice(1);
    const fewer = winogradForm(w.shape, map, y.shape[0], geometry);
    const product =
      fewer !== undefined
        ? winograd(x, w, map, fewer, operands.indices)
        : isOfFewFilters(w.shape, geometry)
          ? ofFewFilters(x, w, map, padding, operands.indices)
          : undefined;
    if (product !== undefined) {
      return bias === undefined ? product : add(product, reshape(bias, [w.shape[0], 1, 1, 1]));
    }
    return convLast(x, w, { stride, dilation, pads: [...padding, ...padding] }, bias);
  },
};

/** For each tap (c, a, b) and output (i, j): the row c·H·W + h·W + w of the input, or the zero row behind the last. */
const columnIndices = (
  x: Shape,
  w: Shape,
  y: Shape,
  { stride, dilation, padding }: Readonly<Record<"stride" | "dilation" | "padding", readonly number[]>>,
): Int32Array => {
  const [, channels, height, width] = x;
  const [, , kh, kw] = w;
  const indices = new Int32Array(channels * kh * kw * y[2] * y[3]);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let a = 0; a < kh; a++) {
      for (let b = 0; b < kw; b++) {
        for (let i = 0; i < y[2]; i++) {
          const row = i * stride[0] - padding[0] + a * dilation[0];
          for (let j = 0; j < y[3]; j++) {
            const column = j * stride[1] - padding[1] + b * dilation[1];
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            indices[at++] = inside ? (c * height + row) * width + column : channels * height * width;
          }
        }
      }
    }
  }
  return indices;
};

const filterGradientForm: BatchLastForm<ConvFilterAttributes> = {
  when: "always",
  layout: (y, geometry) => (worthwhile(y.inputs[0].shape[0], geometry) ? "plain" : undefined),
  lower: (y, operands, geometry) => {
    const [filters, channels, kh, kw] = y.shape;
    const [tx, tg] = y.inputs;
    const { stride, padding } = geometry;
    const fewer = winogradForm(y.shape, tg.shape.slice(1), tx.shape[0], geometry);
    if (fewer !== undefined) {
      return winogradFilterGradient(operands.last(0), operands.last(1), fewer, operands.indices);
    }
    // Of a filter of one tap the pixels are the columns. Of few filters those of the output's gradient are fewer than the image's.
    const isPointwise = isDense(geometry) && kh * kw === 1 && !padding.some(Boolean);
    const isOfFew = isDense(geometry) && filters < channels;
    const [seen, other] = isOfFew ? [tg, tx] : [tx, tg];
    const window = isOfFew ? { stride, dilation: [-1, -1], padding: padding.map((each) => -each) } : geometry;
    const n = tx.shape[0];
    const rows = reshape(operands.last(isOfFew ? 1 : 0), [sizeOf(seen.shape) / n, n]);
    // The batch is no part of them.
    const key = JSON.stringify(["columns", seen.shape.slice(1), kh, kw, other.shape.slice(2), window]);
    const indices = () =>
      operands.indices(key, () => columnIndices(seen.shape, y.shape, other.shape, window));
    const taps = seen.shape[1] * kh * kw;
    const columns = reshape(isPointwise ? rows : gather(withZeroRow(rows), indices()), [taps, -1]);
    const upstream = reshape(operands.last(isOfFew ? 0 : 1), [other.shape[1], -1]);
    // The larger side goes first: the other orientation of the product is up to a third slower.
    if (taps < filters && !isOfFew) return reshape(matmul(upstream, columns, { transposeB: true }), y.shape);
    const product = matmul(columns, upstream, { transposeB: true });
    // Without a reshape between them ONNX Runtime would fuse product and transposition into the slower orientation.
    const split = reshape(product, [seen.shape[1], kh, kw, other.shape[1]]);
    return transpose(split, isOfFew ? [0, 3, 1, 2] : [3, 0, 1, 2]);
  },
};

/** Stride 1: a convolution of the output gradient with the flipped filter. */
const flipped = (y: Tensor, operands: Operands, { padding }: ConvInputAttributes): Tensor => {
  const [g, w] = [operands.last(0), operands.plain(1)];
  const [kh, kw] = w.shape.slice(2);
  const filter = backwards(w);
  const before = [kh - 1 - padding[0], kw - 1 - padding[1]];
  const after = [0, 1].map((i) => y.shape[2 + i] - (g.shape[1 + i] + before[i] - w.shape[2 + i] + 1));
  return convLast(g, filter, { stride: [1, 1], dilation: [1, 1], pads: [...before, ...after] });
};

/** Where each pixel (c, h, w) is among the phases [C·s², height, width]. */
const pixelIndices = (
  [channels, height, width]: Shape,
  [phaseHeight, phaseWidth]: Shape,
  s: number,
  p: number,
): Int32Array => {
  const indices = new Int32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const phase = (c * s + ((i + p) % s)) * s + ((j + p) % s);
        indices[at++] =
          (phase * phaseHeight + Math.floor((i + p) / s)) * phaseWidth + Math.floor((j + p) / s);
      }
    }
  }
  return indices;
};

/**
 * Stride s with k divisible by s: one stride-1 convolution computes all s² interleaved images (Shi et al. 2016,
 * sub-pixel convolution); a gather of rows puts them in place and crops the padding.
 * Output (h, w) of channel c is phase ((h+p) mod s, (w+p) mod s) at (⌊(h+p)/s⌋, ⌊(w+p)/s⌋).
 */
const subPixel = (y: Tensor, operands: Operands, { stride, padding }: ConvInputAttributes): Tensor => {
  const [g, w] = [operands.last(0), operands.plain(1)];
  const [, channels, height, width] = y.shape;
  const [filters, , k] = w.shape;
  const s = stride[0];
  const p = padding[0];
  const reach = k / s;
  const n = g.shape[3];
  // The filter that computes all s² phases.
  const split = transpose(reshape(w, [filters, channels, reach, s, reach, s]), [1, 3, 5, 0, 2, 4]);
  const filter = reshape(flip(split, [4, 5]), [channels * s * s, filters, reach, reach]);
  const phaseSize = (side: number): number => Math.floor((side - 1 + p) / s) + 1;
  const trailing = (side: number, rows: number): number => Math.max(reach - 1, phaseSize(side) - rows);
  const pads = [reach - 1, reach - 1, trailing(height, g.shape[1]), trailing(width, g.shape[2])];
  const phases = convLast(g, filter, { stride: [1, 1], dilation: [1, 1], pads });
  const sides = phases.shape.slice(1, 3);
  const image = [channels, height, width];
  const pixels = operands.indices(`pixels ${image} ${sides} ${s} ${p}`, () =>
    pixelIndices(image, sides, s, p),
  );
  const rows = reshape(phases, [channels * s * s * sizeOf(sides), n]);
  return reshape(gather(rows, pixels), rotated(y.shape));
};

/** What makes the gradient to an image batch-last, if there is such a form of it. */
const inputForm = (
  y: Tensor,
  geometry: ConvInputAttributes,
): ((y: Tensor, operands: Operands, geometry: ConvInputAttributes) => Tensor) | undefined => {
  const { stride, dilation, padding } = geometry;
  const [g, w] = y.inputs;
  const [, channels, kh, kw] = w.shape;
  if (!worthwhile(g.shape[0], geometry) || Math.max(...dilation) > 1) return undefined;
  const [image, map] = [y.shape.slice(1), g.shape.slice(1)];
  const fewer = winogradForm(w.shape, map, g.shape[0], geometry, true);
  if (fewer !== undefined) {
    return (_, { last, plain, indices }) => winogradInputGradient(last(0), plain(1), image, fewer, indices);
  }
  // Phases are one row and one column larger than g, which of few pixels is half as many products again.
  const isSmall = !isDense(geometry) && Math.max(...map.slice(1)) <= 4;
  if (channels <= 4 || isSmall) {
    return (_, { last, plain, indices }) => gatheredColumns(last(0), plain(1), image, geometry, indices);
  }
  if (isDense(geometry)) {
    return padding[0] < kh && padding[1] < kw ? flipped : undefined;
  }
  const square = kh === kw && stride[0] === stride[1] && padding[0] === padding[1];
  return square && kh % stride[0] === 0 ? subPixel : undefined;
};

const inputGradientForm: BatchLastForm<ConvInputAttributes> = {
  when: "always",
  layout: (y, geometry) => (inputForm(y, geometry) === undefined ? undefined : "last"),
  lower: (y, operands, geometry) =>
    inputForm(y, geometry)?.(y, operands, geometry) ?? fail(y.op.name, "no form", [y]),
};

/** The forms of the convolutions. */
export const convolutionForms: readonly (readonly [Op, BatchLastForm])[] = [
  form(convOp, convolutionForm),
  form(convInputOp, inputGradientForm),
  form(convFilterOp, filterGradientForm),
];

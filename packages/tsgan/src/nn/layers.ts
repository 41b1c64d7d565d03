/** Layers: functions of a tensor and a scope. Options are bound first, so that networks read as lists of layers. */
import {
  add,
  avgPool2d,
  cast,
  concat,
  conv2d as convolve,
  convTranspose2d as convolveTransposed,
  dense as denseProduct,
  elu as eluOf,
  fill,
  flatten as flattenOf,
  GraphError,
  gather,
  greater,
  leakyRelu as leakyReluOf,
  maxPool2d,
  mul,
  relu as reluOf,
  reshape as reshapeTo,
  type Shape,
  sigmoid as sigmoidOf,
  sliceAxis,
  stopGradient,
  type Tensor,
  tanh as tanhOf,
  upsampleNearest,
} from "../graph/index.ts";
import { describeValue } from "../options.ts";
import { constantInit, fanInInit, type Initializer, normalInit } from "./initializers.ts";
import {
  batchNormalize,
  batchStatistics,
  groupNorm as groupNormOf,
  instanceNorm as instanceNormOf,
  layerNorm as layerNormOf,
  perChannel,
  spectralNormalize,
} from "./normalization.ts";
import type { Scope } from "./scope.ts";
import {
  minibatchStandardDeviation as deviationOfMinibatch,
  minibatchDiscrimination as discriminateMinibatch,
  virtualBatchNorm as normalizeVirtually,
} from "./techniques.ts";

export type Layer = (x: Tensor, scope: Scope) => Tensor;

/** The second axis of what a layer is given. */
const channelsOf = (x: Tensor): number => {
  if (Array.isArray(x?.shape)) return x.shape[1];
  throw new GraphError(
    `layer: expected a tensor; got ${describeValue(x)}; networks of models are given tensors by name: ({ z }, scope) => …`,
  );
};

/**
 * Layers one after the other; their variables are named by position: `0.weight`, `3.gamma`.
 *
 * @param layers each is given what the one before gives
 */
export const sequential =
  (...layers: readonly Layer[]): Layer =>
  (x, scope) =>
    layers.reduce((h, layer, i) => layer(h, scope.child(String(i))), x);

/** A layer with weights, which tells the scope who asks for them. */
const weighted = (apply: (x: Tensor, scope: Scope, owner: { readonly layer: unknown }) => Tensor): Layer => {
  const owner = { layer: apply };
  return (x, scope) => apply(x, scope, owner);
};

export interface WeightOptions {
  readonly bias?: boolean;
  readonly init?: Initializer;
  readonly biasInit?: Initializer;
  /** Divide the weight by its largest singular value (Miyato et al. 2018). */
  readonly spectralNorm?: boolean;
}

/** The layer's weight, spectrally normalised where asked. One power iteration a step, its vector kept. */
const weightOf = (
  scope: Scope,
  shape: Shape,
  { init = fanInInit, spectralNorm = false }: WeightOptions,
  owner: { readonly layer: unknown },
): Tensor => {
  const weight = scope.parameter("weight", shape, init, owner);
  if (!spectralNorm) return weight;
  return scope.once("normalized", () => {
    const u = scope.buffer("u", [shape[0]], (request) => unitVector(normalInit(1)(request)));
    const result = spectralNormalize(weight, u);
    scope.update("u", stopGradient(result.u));
    return result.normalized;
  });
};

const unitVector = (values: Float32Array): Float32Array => {
  const norm = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
  return values.map((v) => v / norm);
};

const biasOf = (scope: Scope, units: number, fanIn: number, options: WeightOptions): Tensor | undefined =>
  options.bias === false
    ? undefined
    : scope.parameter("bias", [units], options.biasInit ?? constantInit(0), { fanIn, fanOut: units });

/**
 * x Wᵀ + b: [N, in] → [N, units].
 *
 * @param options whether there is a `bias`, what both begin with, and spectral normalisation
 */
export const dense = (units: number, options: WeightOptions = {}): Layer =>
  weighted((x, scope, owner) => {
    const weight = weightOf(scope, [units, channelsOf(x)], options, owner);
    return denseProduct(x, weight, biasOf(scope, units, x.shape[1], options));
  });

export interface ConvOptions extends WeightOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

/**
 * Convolution with `filters` outputs: [N, C, H, W] → [N, filters, H', W'].
 *
 * @param options the `kernel`'s side, the `stride`, the `padding`, and what `dense` takes
 */
export const conv2d = (filters: number, options: ConvOptions): Layer =>
  weighted((x, scope, owner) => {
    const { kernel, stride = 1, padding = 0, groups = 1 } = options;
    const channels = channelsOf(x) / groups;
    const weight = weightOf(scope, [filters, channels, kernel, kernel], options, owner);
    const bias = biasOf(scope, filters, channels * kernel * kernel, options);
    return convolve(x, weight, { stride, padding, groups, bias });
  });

export interface ConvTransposeOptions extends ConvOptions {
  readonly outputPadding?: number;
}

/**
 * Transposed convolution with `filters` outputs: [N, C, H, W] → [N, filters, H', W'].
 *
 * @param options the `kernel`'s side, the `stride`, the `padding`, the `outputPadding`, and what `dense` takes
 */
export const convTranspose2d = (filters: number, options: ConvTransposeOptions): Layer =>
  weighted((x, scope, owner) => {
    const { kernel, stride = 1, padding = 0, groups = 1, outputPadding = 0 } = options;
    const weight = weightOf(scope, [channelsOf(x), filters / groups, kernel, kernel], options, owner);
    const bias = biasOf(scope, filters, (filters / groups) * kernel * kernel, options);
    const y = convolveTransposed(x, weight, { stride, padding, groups, outputPadding });
    return bias === undefined ? y : add(y, perChannel(bias, y));
  });

export interface BatchNormOptions {
  readonly epsilon?: number;
  /** Share of the new batch in the running statistics. */
  readonly momentum?: number;
  readonly gammaInit?: Initializer;
}

/**
 * Batch norm over the channels of [N, C, …]. Training uses the statistics of the very batch it is given, so real and
 * generated batches, given one after the other, stay apart; inference uses running statistics. `momentum` is the weight
 * of the newest batch in the running statistics, `epsilon` is added to the variance, `gammaInit` is what the scale
 * begins with.
 */
export const batchNorm = ({
  epsilon = 1e-5,
  momentum = 0.1,
  gammaInit = constantInit(1),
}: BatchNormOptions = {}): Layer =>
  weighted((x, scope, owner) => {
    const channels = channelsOf(x);
    const gamma = scope.parameter("gamma", [channels], gammaInit, owner);
    const beta = scope.parameter("beta", [channels], constantInit(0));
    const runningMean = scope.buffer("mean", [channels], constantInit(0));
    const runningVariance = scope.buffer("variance", [channels], constantInit(1));
    if (scope.mode === "inference") {
      const running = { mean: perChannel(runningMean, x), variance: perChannel(runningVariance, x) };
      return batchNormalize(x, running, gamma, beta, epsilon);
    }
    scope.mixesExamples();
    const statistics = batchStatistics(x);
    const blend = (running: Tensor, fresh: Tensor): Tensor =>
      add(mul(running, 1 - momentum), mul(stopGradient(reshapeTo(fresh, [channels])), momentum));
    scope.update("mean", blend(runningMean, statistics.mean));
    scope.update("variance", blend(runningVariance, statistics.variance));
    return batchNormalize(x, statistics, gamma, beta, epsilon);
  });

/**
 * Layer norm over all axes but the batch's.
 *
 * @param epsilon added to the variance
 */
export const layerNorm = (epsilon = 1e-5): Layer =>
  weighted((x, scope, owner) => {
    const shape = x.shape.slice(1);
    const gamma = scope.parameter("gamma", shape, constantInit(1), owner);
    const beta = scope.parameter("beta", shape, constantInit(0));
    return layerNormOf(x, gamma, beta, undefined, epsilon);
  });

/** Instance norm; `affine: false` leaves γ and β out, as CycleGAN does. `epsilon` is added to the variance. */
export const instanceNorm = ({
  affine = true,
  epsilon = 1e-5,
}: {
  readonly affine?: boolean;
  readonly epsilon?: number;
} = {}): Layer =>
  weighted((x, scope, owner) => {
    const channels = channelsOf(x);
    const fixed = (value: number): Tensor => fill([channels], value);
    const gamma = affine ? scope.parameter("gamma", [channels], constantInit(1), owner) : fixed(1);
    const beta = affine ? scope.parameter("beta", [channels], constantInit(0)) : fixed(0);
    return instanceNormOf(x, gamma, beta, epsilon);
  });

/**
 * Group norm with the given number of groups.
 *
 * @param epsilon added to the variance
 */
export const groupNorm = (groups: number, epsilon = 1e-5): Layer =>
  weighted((x, scope, owner) => {
    const gamma = scope.parameter("gamma", [channelsOf(x)], constantInit(1), owner);
    const beta = scope.parameter("beta", [x.shape[1]], constantInit(0));
    return groupNormOf(x, gamma, beta, groups, epsilon);
  });

/**
 * Virtual batch norm of a batch whose first `count` examples are the reference batch: they are normalised among
 * themselves, the others by the reference and their own statistics. The next layer finds the reference in its place.
 * `epsilon` is added to the variance, `gammaInit` is what the scale begins with.
 */
export const virtualBatchNorm = (
  count: number,
  {
    epsilon = 1e-3,
    gammaInit = constantInit(1),
  }: { readonly epsilon?: number; readonly gammaInit?: Initializer } = {},
): Layer =>
  weighted((x, scope, owner) => {
    const gamma = scope.parameter("gamma", [channelsOf(x)], gammaInit, owner);
    const beta = scope.parameter("beta", [x.shape[1]], constantInit(0));
    const fixed = sliceAxis(x, 0, 0, count);
    const { output, reference } = normalizeVirtually(
      sliceAxis(x, 0, count, x.shape[0]),
      fixed,
      gamma,
      beta,
      epsilon,
    );
    return concat([reference, output], 0);
  });

/**
 * Appends to features [N, F] how close each example is to the others, in `kernels` ways: [N, F + kernels].
 *
 * @param dimensions numbers that an example is turned into for each kernel
 */
export const minibatchDiscrimination = (kernels = 50, dimensions = 5): Layer =>
  weighted((x, scope, owner) => {
    scope.mixesExamples();
    const tensor = scope.parameter("tensor", [x.shape[1], kernels, dimensions], normalInit(0.02), owner);
    return concat([x, discriminateMinibatch(x, tensor)], 1);
  });

/** Appends a channel that says how much the examples of the batch differ: [N, C, …] → [N, C + 1, …]. */
export const minibatchStandardDeviation: () => Layer = () => (x, scope) => {
  scope.mixesExamples();
  return deviationOfMinibatch(x);
};

/**
 * Rows of a table by int32 label: [N] → [N, size].
 *
 * @param classes rows of the table
 * @param init what they begin with
 */
export const embedding = (classes: number, size: number, init: Initializer = normalInit(1)): Layer =>
  weighted((labels, scope, owner) => gather(scope.parameter("weight", [classes, size], init, owner), labels));

/** Zeroes a share `rate` of the elements in training and scales the rest by 1/(1 − rate). Seeded by the run. */
export const dropout =
  (rate: number): Layer =>
  (x, scope) => {
    if (!(rate >= 0 && rate < 1)) throw new GraphError(`dropout: rate must lie in [0, 1); got ${rate}`);
    if (scope.mode === "inference" || rate === 0) return x;
    const kept = cast(greater(scope.noise("uniform", x.shape), rate), "float32");
    return mul(x, mul(kept, 1 / (1 - rate)));
  };

/** body(x) + shortcut(x); by default the shortcut is x itself. */
export const residual =
  (body: Layer, shortcut: Layer = (x) => x): Layer =>
  (x, scope) =>
    add(body(x, scope.child("body")), shortcut(x, scope.child("shortcut")));

/** Repeats each pixel scale × scale times (nearest neighbour): [N, C, H, W] → [N, C, scale · H, scale · W]. */
export const upsample =
  (scale = 2): Layer =>
  (x) =>
    upsampleNearest(x, scale);
/** Means of kernel × kernel windows, `stride` apart: [N, C, H, W] → [N, C, H', W'], H' = ⌊(H − kernel) / stride⌋ + 1. */
export const averagePool =
  (kernel: number, stride = kernel): Layer =>
  (x) =>
    avgPool2d(x, kernel, stride);
/**
 * Largest elements of kernel × kernel windows, `stride` apart: [N, C, H, W] → [N, C, H', W'], H' = ⌊(H − kernel) /
 * stride⌋ + 1.
 */
export const maxPool =
  (kernel: number, stride = kernel): Layer =>
  (x) =>
    maxPool2d(x, kernel, stride);
/** All axes but the batch's in one: [N, …] → [N, K]. */
export const flatten: () => Layer = () => (x) => flattenOf(x);
/** The shape of one example, without the batch axis. */
export const reshape =
  (shape: Shape): Layer =>
  (x) =>
    reshapeTo(x, [x.shape[0], ...shape]);
/** max(x, 0), with derivative 0 at x = 0. */
export const relu: () => Layer = () => (x) => reluOf(x);
/** x where x > 0, else `slope` · x. */
export const leakyRelu =
  (slope = 0.2): Layer =>
  (x) =>
    leakyReluOf(x, slope);
/** x where x > 0, else eˣ − 1 (Clevert et al. 2016). */
export const elu: () => Layer = () => (x) => eluOf(x);
/** tanh x, in (−1, 1): the last layer of generators of images. */
export const tanh: () => Layer = () => (x) => tanhOf(x);
/** σ(x) = 1 / (1 + e⁻ˣ), in (0, 1). */
export const sigmoid: () => Layer = () => (x) => sigmoidOf(x);

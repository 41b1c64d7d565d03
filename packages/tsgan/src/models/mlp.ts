/** Fully connected networks for points and small images. */
import { UsageError } from "../errors.ts";
import { flatten, mean, mul, reshape, type Shape, sigmoid, sizeOf, square, sub } from "../graph/index.ts";
import type { ScoreKind } from "../losses/loss.ts";
import { fanInInit, heInit, type Layer, layers } from "../nn/index.ts";
import { checkChoice, checkInteger } from "../options.ts";
import type { DiscriminatorOutput, LatentDistribution, Model } from "./model.ts";

const activations = {
  relu: layers.relu(),
  "leaky-relu": layers.leakyRelu(0.2),
  tanh: layers.tanh(),
  elu: layers.elu(),
} as const;

export type Activation = keyof typeof activations;
export const activationNames = Object.keys(activations) as readonly Activation[];

/**
 * What the discriminator gives for each example: one raw score, or its sigmoid, [N, 1]; the mean squared error of an auto-encoder, [N];
 * or a vector, [N, code].
 */
const scoreKinds = {
  score: "logit",
  probability: "probability",
  reconstruction: "energy",
  embedding: "embedding",
} as const satisfies Record<string, ScoreKind>;

export type MlpDiscriminatorOutput = keyof typeof scoreKinds;
export const mlpDiscriminatorOutputs = Object.keys(scoreKinds) as readonly MlpDiscriminatorOutput[];

export interface MlpOptions {
  /** Shape of one example: [2] for points, [C, H, W] for images. */
  readonly shape: Shape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Widths of the hidden layers. */
  readonly hidden?: readonly number[];
  /** Those of the discriminator, where they are others. */
  readonly discriminatorHidden?: readonly number[];
  readonly activation?: Activation;
  readonly discriminatorActivation?: Activation;
  readonly spectralNorm?: boolean;
  readonly discriminatorOutput?: MlpDiscriminatorOutput;
  /** Length of the auto-encoder's code, and of the embedding. */
  readonly code?: number;
  /** Size of the data: the discriminator sees x / scale, and points come out multiplied by it. For images it is 1. */
  readonly scale?: number;
}

/** Biases that are not zero: or else the kinks of the first layer all go through the origin, and distant modes blur. */
const hiddenLayers = (widths: readonly number[], activation: Layer, spectralNorm: boolean): Layer[] =>
  widths.flatMap((width) => [
    layers.dense(width, { init: heInit(), biasInit: fanInInit, spectralNorm }),
    activation,
  ]);

/** Two multilayer perceptrons. Images come out of a tanh, points out of a linear layer. */
export const mlp = (options: MlpOptions): Model => {
  const resolved = {
    shape: [...options.shape],
    latent: options.latent ?? 16,
    latentDistribution: options.latentDistribution ?? "normal",
    hidden: [...(options.hidden ?? [128, 128])],
    discriminatorHidden: [...(options.discriminatorHidden ?? options.hidden ?? [128, 128])],
    activation: options.activation ?? "relu",
    discriminatorActivation: options.discriminatorActivation ?? options.activation ?? "relu",
    spectralNorm: options.spectralNorm ?? false,
    discriminatorOutput: options.discriminatorOutput ?? "score",
    code: options.code ?? 16,
    scale: options.scale ?? 1,
  } as const;
  const { shape, hidden, discriminatorHidden, spectralNorm, discriminatorOutput, code, scale } = resolved;
  checkChoice("mlp", "discriminatorOutput", discriminatorOutput, mlpDiscriminatorOutputs);
  checkInteger("mlp", "code", code, 1);
  const isImage = shape.length === 3;
  if (!(Number.isFinite(scale) && scale > 0) || (isImage && scale !== 1)) {
    const wanted = isImage ? "1 for images, which end in a tanh" : "a positive number";
    throw new UsageError(`mlp: scale must be ${wanted}; got ${scale}`);
  }
  const hasCode = discriminatorOutput === "reconstruction" || discriminatorOutput === "embedding";
  const size = sizeOf(shape);
  const generator = layers.sequential(
    ...hiddenLayers(hidden, activations[resolved.activation], false),
    layers.dense(size),
    ...(isImage ? [layers.tanh()] : []),
  );
  const activation = activations[resolved.discriminatorActivation];
  const body = layers.sequential(...hiddenLayers(discriminatorHidden, activation, spectralNorm));
  const head = layers.dense(hasCode ? code : 1, { spectralNorm });
  const decoder = layers.sequential(
    ...hiddenLayers([...discriminatorHidden].reverse(), activation, spectralNorm),
    layers.dense(size, { spectralNorm }),
  );
  return {
    name: "mlp",
    options: resolved,
    shape,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: scoreKinds[discriminatorOutput],
    generator: ({ z }, scope) => reshape(mul(generator(z, scope), scale), [z.shape[0], ...shape]),
    discriminator: ({ x }, scope): DiscriminatorOutput => {
      const flat = mul(flatten(x), 1 / scale);
      const features = body(flat, scope.child("body"));
      const output = head(features, scope.child("head"));
      if (discriminatorOutput === "probability") return { scores: sigmoid(output), features };
      if (discriminatorOutput !== "reconstruction") return { scores: output, features };
      const error = sub(decoder(output, scope.child("decoder")), flat);
      return { scores: mean(square(error), 1), features: output };
    },
  };
};

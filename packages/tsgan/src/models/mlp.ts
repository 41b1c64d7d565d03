/** Fully connected networks for points and small images. */
import { flatten, reshape, type Shape, sizeOf } from "../graph/index.ts";
import { heInit, type Layer, layers } from "../nn/index.ts";
import type { LatentDistribution, Model } from "./model.ts";

const activations = {
  relu: layers.relu(),
  "leaky-relu": layers.leakyRelu(0.2),
  tanh: layers.tanh(),
  elu: layers.elu(),
} as const;

export type Activation = keyof typeof activations;
export const activationNames = Object.keys(activations) as readonly Activation[];

export interface MlpOptions {
  /** Shape of one example: [2] for points, [C, H, W] for images. */
  readonly shape: Shape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Widths of the hidden layers of both networks. */
  readonly hidden?: readonly number[];
  readonly activation?: Activation;
  readonly discriminatorActivation?: Activation;
  readonly spectralNorm?: boolean;
}

const hiddenLayers = (widths: readonly number[], activation: Layer, spectralNorm: boolean): Layer[] =>
  widths.flatMap((width) => [layers.dense(width, { init: heInit(), spectralNorm }), activation]);

/** Two multilayer perceptrons. Images come out of a tanh, points out of a linear layer. */
export const mlp = (options: MlpOptions): Model => {
  const resolved = {
    shape: [...options.shape],
    latent: options.latent ?? 16,
    latentDistribution: options.latentDistribution ?? "normal",
    hidden: [...(options.hidden ?? [128, 128])],
    activation: options.activation ?? "relu",
    discriminatorActivation: options.discriminatorActivation ?? options.activation ?? "relu",
    spectralNorm: options.spectralNorm ?? false,
  } as const;
  const { shape, hidden, spectralNorm } = resolved;
  const isImage = shape.length === 3;
  const generator = layers.sequential(
    ...hiddenLayers(hidden, activations[resolved.activation], false),
    layers.dense(sizeOf(shape)),
    ...(isImage ? [layers.tanh()] : []),
  );
  const body = layers.sequential(
    ...hiddenLayers(hidden, activations[resolved.discriminatorActivation], spectralNorm),
  );
  const head = layers.dense(1, { spectralNorm });
  return {
    name: "mlp",
    options: resolved,
    shape,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    generator: ({ z }, scope) => reshape(generator(z, scope), [z.shape[0], ...shape]),
    discriminator: ({ x }, scope) => {
      const features = body(flatten(x), scope.child("body"));
      return { scores: head(features, scope.child("head")), features };
    },
  };
};

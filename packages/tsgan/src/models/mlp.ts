/** Fully connected networks for points and small images. */
import { auto, choice, flag, integer, number, numbers } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { flatten, mean, mul, reshape, sigmoid, sizeOf, square, sub } from "../graph/index.ts";
import type { ScoreKind } from "../losses/loss.ts";
import { fanInInit, heInit, type Layer, layers } from "../nn/index.ts";
import { MOST_LAYERS } from "./any-data.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { type DiscriminatorOutput, defineModel } from "./model.ts";

const activations = {
  relu: layers.relu(),
  "leaky-relu": layers.leakyRelu(0.2),
  tanh: layers.tanh(),
  elu: layers.elu(),
} as const;
const activationNames = Object.keys(activations) as readonly (keyof typeof activations)[];

/**
 * What the discriminator gives for each example: one raw score, or its sigmoid, [N, 1]; the mean squared error of an auto-encoder,
 * [N]; or a vector, [N, code].
 */
const scoreKinds = {
  score: "logit",
  probability: "probability",
  reconstruction: "energy",
  embedding: "embedding",
} as const satisfies Record<string, ScoreKind>;
const outputs = Object.keys(scoreKinds) as readonly (keyof typeof scoreKinds)[];

const widths = { default: [128, 128], least: 1, integer: true, length: { most: MOST_LAYERS } } as const;

/** Biases that are not zero: or else the kinks of the first layer all go through the origin, and distant modes blur. */
const hiddenLayers = (sizes: readonly number[], activation: Layer, spectralNorm: boolean): Layer[] =>
  sizes.flatMap((size) => [
    layers.dense(size, { init: heInit(), biasInit: fanInInit, spectralNorm }),
    activation,
  ]);

/**
 * Two multilayer perceptrons for data of any shape. Images come out of a tanh, points out of a linear layer. He's weights, biases
 * U(±1/√fan-in).
 */
export const mlp = defineModel({
  name: "mlp",
  title: "multilayer perceptrons, for points and small images",
  data: "any",
  options: {
    ...latentOptions(16),
    hidden: numbers({ ...widths, means: "widths of the hidden layers" }),
    discriminatorHidden: auto(
      numbers({ ...widths, means: "widths of the discriminator's hidden layers" }),
      "those of hidden",
    ),
    activation: choice(activationNames, { default: "relu", means: "what follows a hidden layer" }),
    discriminatorActivation: auto(
      choice(activationNames, { default: "relu", means: "what follows a hidden layer of the discriminator" }),
      "that of activation",
    ),
    spectralNorm: flag({
      default: false,
      means: "whether the discriminator's weights are divided by their largest singular value",
    }),
    discriminatorOutput: choice(outputs, {
      default: "score",
      means:
        "what the discriminator gives for each example: a raw score, its sigmoid, the error of an auto-encoder, or a vector",
    }),
    code: integer({
      default: 16,
      least: 1,
      means: "length of the auto-encoder's code, and of the embedding",
    }),
    scale: number({
      default: 1,
      above: 0,
      means: "size of the data: the discriminator sees x / scale, and points come out multiplied by it",
    }),
  },
  create: (options, { shape }) => {
    const { hidden, activation, spectralNorm, discriminatorOutput, code, scale } = options;
    const { discriminatorHidden = hidden, discriminatorActivation = activation } = options;
    const isImage = shape.length === 3;
    if (isImage && scale !== 1) {
      throw new UsageError(`mlp: scale must be 1 for images, which end in a tanh; got ${scale}`);
    }
    const hasCode = discriminatorOutput === "reconstruction" || discriminatorOutput === "embedding";
    const size = sizeOf(shape);
    const generator = layers.sequential(
      ...hiddenLayers(hidden, activations[activation], false),
      layers.dense(size),
      ...(isImage ? [layers.tanh()] : []),
    );
    const bend = activations[discriminatorActivation];
    const body = layers.sequential(...hiddenLayers(discriminatorHidden, bend, spectralNorm));
    const head = layers.dense(hasCode ? code : 1, { spectralNorm });
    const decoder = layers.sequential(
      ...hiddenLayers([...discriminatorHidden].reverse(), bend, spectralNorm),
      layers.dense(size, { spectralNorm }),
    );
    return {
      options: { discriminatorHidden, discriminatorActivation },
      latent: latentOf(options),
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
  },
});

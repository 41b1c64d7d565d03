/** The GANs of `training.json`: networks whose layers are numbered as the file's parameters are, losses, optimisers. */
import type { Gan } from "tsgan/gan";
import { reshape } from "tsgan/graph";
import { defineModel, type Model } from "tsgan/models";
import { adam, type Layer, layers, type Optimizer, rmsProp, type Scope, sgd } from "tsgan/nn";
import { weightClipping } from "tsgan/penalties";
import { ema, type Technique } from "tsgan/techniques";
import { type JsonRecord, list, number, record, tensor, UnknownKind } from "./case.ts";
import { lossOf } from "./losses.ts";
import { penaltyOf } from "./penalties.ts";

const LATENT = 4;

/** A model whose layers are numbered as the golden's parameters are: `0.weight`, `1.gamma` … */
const model = (
  shape: readonly number[],
  generator: (
    at: (i: number) => Scope,
    z: Parameters<Model["generator"]>[0]["z"],
  ) => ReturnType<Model["generator"]>,
  discriminator: (
    at: (i: number) => Scope,
    x: ReturnType<Model["generator"]>,
  ) => ReturnType<Model["generator"]>,
): Model => {
  const numbered = (scope: Scope) => (i: number) => scope.child(String(i));
  const golden = defineModel({
    name: "golden",
    title: "the networks of training.json",
    data: "any",
    options: {},
    create: () => ({
      latent: { size: LATENT, distribution: "normal" },
      scores: "logit",
      generator: ({ z }, scope) => generator(numbered(scope), z),
      discriminator: ({ x }, scope) => ({ scores: discriminator(numbered(scope), x) }),
    }),
  });
  return golden().for({ shape });
};

const half = { kernel: 4, stride: 2, padding: 1 } as const;

const convolutional = (batchNorm: boolean): Model =>
  model(
    [1, 16, 16],
    (at, z) => {
      const normalized = (i: number): Layer => (batchNorm ? (x) => layers.batchNorm()(x, at(i)) : (x) => x);
      const bias = !batchNorm;
      const start = reshape(layers.dense(128, { bias })(z, at(0)), [z.shape[0], 8, 4, 4]);
      const low = layers.relu()(normalized(0)(start, at(0)), at(0));
      const middle = layers.convTranspose2d(4, { ...half, bias })(low, at(1));
      const high = layers.relu()(normalized(1)(middle, at(1)), at(1));
      return layers.tanh()(layers.convTranspose2d(1, half)(high, at(2)), at(2));
    },
    (at, x) => {
      const slope = layers.leakyRelu(0.2);
      const fine = slope(layers.conv2d(4, half)(x, at(0)), at(0));
      const coarse = slope(layers.conv2d(8, half)(fine, at(1)), at(1));
      return layers.dense(1)(layers.flatten()(coarse, at(1)), at(2));
    },
  );

const networks: Readonly<Record<string, () => Model>> = {
  mlp: () =>
    model(
      [2],
      (at, z) => {
        const hidden = [0, 1].reduce((h, i) => layers.relu()(layers.dense(16)(h, at(i)), at(i)), z);
        return layers.dense(2)(hidden, at(2));
      },
      (at, x) => {
        const hidden = [0, 1].reduce((h, i) => layers.leakyRelu(0.2)(layers.dense(16)(h, at(i)), at(i)), x);
        return layers.dense(1)(hidden, at(2));
      },
    ),
  conv: () => convolutional(false),
  "conv-batch-norm": () => convolutional(true),
};

const optimizerOf = (golden: JsonRecord): Optimizer => {
  const learningRate = number(golden.learningRate);
  switch (golden.kind) {
    case "adam":
      return adam({
        learningRate,
        beta1: number(golden.beta1),
        beta2: number(golden.beta2),
        epsilon: number(golden.epsilon),
      });
    case "rmsprop":
      return rmsProp({ learningRate, alpha: number(golden.alpha), epsilon: number(golden.epsilon) });
    case "sgd":
      return sgd({ learningRate });
    default:
      throw new UnknownKind(`no optimizer "${String(golden.kind)}"`);
  }
};

/** The golden averages keep the same share from the first step on: ours do after a long run. */
const steadyEma = (decay: number): Technique => {
  const technique = ema({ decay });
  const t = Number.MAX_SAFE_INTEGER;
  return {
    ...technique,
    after: (at) =>
      technique.after?.({
        ...at,
        scalar: (name, value) => at.scalar(name, (moment) => value({ ...moment, t })),
      }),
  };
};

/** The GAN of a golden run. */
export const ganOf = (golden: JsonRecord): Gan => {
  const network = String(golden.network);
  if (!Object.hasOwn(networks, network)) throw new UnknownKind(`no network "${network}"`);
  const optimizer = optimizerOf(record(golden.optimizer));
  const penalties = list(golden.penalties).map((item) => {
    const { penalty, options } = record(item);
    return penaltyOf(String(penalty), record(options));
  });
  const [first] = list(golden.iterations);
  const [step] = list(record(first).discriminator);
  const batch = tensor(record(step).real).shape[0];
  return {
    model: networks[network](),
    loss: lossOf(String(golden.loss), record(golden.lossOptions)),
    penalties:
      golden.clip === null ? penalties : [...penalties, weightClipping({ limit: number(golden.clip) })],
    terms: [],
    adversarialWeight: 1,
    techniques: golden.emaDecay === null ? [] : [steadyEma(number(golden.emaDecay))],
    optimizer: { generator: optimizer, discriminator: optimizer },
    criticSteps: number(golden.criticSteps),
    generatorSteps: 1,
    batch,
    generatorBatch: batch,
  };
};

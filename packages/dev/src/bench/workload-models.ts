/** Models of workloads that the library has no architecture for. */
import { add, flatten, matmul, mul, reshape, softmax, type Tensor, transpose } from "tsgan/graph";
import { defineModel } from "tsgan/models";
import { constantInit, type Layer, layers, type Scope } from "tsgan/nn";

/**
 * Self-attention over the positions of a map (Zhang et al. 2019, arXiv:1805.08318): x + γ o, with an eighth of the channels
 * for queries and keys, and half of them for values.
 */
const selfAttention: Layer = (x: Tensor, scope: Scope) => {
  const [n, channels, ...sides] = x.shape;
  const positions = sides[0] * sides[1];
  const flat = (name: string, filters: number): Tensor =>
    reshape(layers.conv2d(filters, { kernel: 1 })(x, scope.child(name)), [n, filters, positions]);
  const query = flat("query", channels / 8);
  const key = flat("key", channels / 8);
  const value = flat("value", channels / 2);
  const weights = softmax(matmul(transpose(query, [0, 2, 1]), key));
  const seen = reshape(matmul(value, transpose(weights, [0, 2, 1])), [n, channels / 2, ...sides]);
  const out = layers.conv2d(channels, { kernel: 1 })(seen, scope.child("out"));
  const gamma = scope.parameter("gamma", [1], constantInit(0.1));
  return add(x, mul(out, reshape(gamma, [1, 1, 1, 1])));
};

/** 32 px: a DCGAN of base 64 with self-attention at 16 × 16 in both networks, and no norm in the discriminator. */
export const attention = defineModel({
  name: "attention",
  title: "DCGAN with self-attention at 16 × 16",
  data: "images",
  options: {},
  create: () => {
    const half = { kernel: 4, stride: 2, padding: 1 } as const;
    const generator = layers.sequential(
      layers.dense(256 * 16),
      layers.reshape([256, 4, 4]),
      layers.batchNorm(),
      layers.relu(),
      layers.convTranspose2d(128, { ...half, bias: false }),
      layers.batchNorm(),
      layers.relu(),
      layers.convTranspose2d(64, { ...half, bias: false }),
      layers.batchNorm(),
      layers.relu(),
      selfAttention,
      layers.convTranspose2d(3, half),
      layers.tanh(),
    );
    const body = layers.sequential(
      layers.conv2d(64, half),
      layers.leakyRelu(0.2),
      selfAttention,
      layers.conv2d(128, half),
      layers.leakyRelu(0.2),
      layers.conv2d(256, half),
      layers.leakyRelu(0.2),
    );
    const head = layers.dense(1);
    return {
      latent: { size: 128, distribution: "normal" },
      scores: "logit",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const features = flatten(body(x, scope.child("body")));
        return { scores: head(features, scope.child("head")), features };
      },
    };
  },
});

/**
 * A table as CTGAN encodes it: six numbers, each with ten modes, and eight choices of eight, which can be asked for. Uniform
 * numbers stand for rows; their condition is a 1 in its first place.
 */
export const tableLayout = {
  numbers: 6,
  choices: [...new Array<number>(6).fill(10), ...new Array<number>(8).fill(8)],
  conditions: 8,
};

/** Length of its row: 6 numbers, 124 for the choices, and a condition of 64. */
export const TABLE_ROW = 194;

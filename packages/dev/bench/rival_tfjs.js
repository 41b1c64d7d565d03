/**
 * The workloads in TensorFlow.js, for `bench/browser.ts --peer tfjs`: the networks, batches, optimiser and order of steps of
 * `bench/workloads.ts`. A convolution is a matrix product of gathered patches: TensorFlow.js' WebAssembly has no gradient of its own
 * to a filter, and those it has on WebGL are not differentiable twice.
 */
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgl";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";

/** 4 × 4, stride 2, padding 1: [N, H, W, C] → [N, H/2, W/2, 16 C], by pieces of 2 × 2 pixels. */
const patches = (x) => {
  const [n, height, width, channels] = x.shape;
  const [h, w] = [height / 2 + 1, width / 2 + 1];
  const padded = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const halves = tf.reshape(padded, [n * h, 2, w, 2 * channels]);
  const pieces = tf.reshape(tf.transpose(halves, [0, 2, 1, 3]), [n, h, w, 4 * channels]);
  const cut = (i, j) => tf.slice(pieces, [0, i, j, 0], [n, h - 1, w - 1, 4 * channels]);
  return tf.concat([cut(0, 0), cut(0, 1), cut(1, 0), cut(1, 1)], 3);
};

/** The adjoint of `patches`: [N, H, W, 16 C] → [N, 2 H, 2 W, C]. */
const scattered = (x, channels) => {
  const [n, h, w] = x.shape;
  const parts = tf.split(x, 4, 3).map((part, k) => {
    const [i, j] = [k >> 1, k & 1];
    return tf.pad(part, [
      [0, 0],
      [i, 1 - i],
      [j, 1 - j],
      [0, 0],
    ]);
  });
  const pieces = tf.reshape(tf.addN(parts), [n * (h + 1), w + 1, 2, 2 * channels]);
  const whole = tf.reshape(tf.transpose(pieces, [0, 2, 1, 3]), [n, 2 * h + 2, 2 * w + 2, channels]);
  return tf.slice(whole, [0, 1, 1, 0], [n, 2 * h, 2 * w, channels]);
};

/** [out, in, 4, 4] → rows in the order of `patches`: piece, pixel of the piece, channel. */
const patchFilter = ({ data, shape }) => {
  const [out, channels] = shape;
  const pieces = tf.tensor(data, [out * channels, 2, 2, 2, 2]);
  const rows = tf.transpose(pieces, [0, 1, 3, 2, 4]);
  return tf.reshape(tf.transpose(tf.reshape(rows, [out, channels, 16]), [2, 1, 0]), [16 * channels, out]);
};

const plain = ({ data, shape }) => tf.tensor(data, shape);

const convolution = (x, filter, out) => {
  const gathered = patches(x);
  const [n, h, w, size] = gathered.shape;
  return tf.reshape(tf.matMul(tf.reshape(gathered, [n * h * w, size]), filter), [n, h, w, out]);
};

/** `filter` as `patchFilter` gives it, of what it undoes. */
const transposed = (x, filter, channels) => {
  const [n, h, w, size] = x.shape;
  const made = tf.matMul(tf.reshape(x, [n * h * w, size]), filter, false, true);
  return scattered(tf.reshape(made, [n, h, w, 16 * channels]), channels);
};

const dense = (x, weight, bias) => tf.add(tf.matMul(x, weight, false, true), bias);
// With slopes that can be differentiated again.
const leaky = (x) => tf.add(tf.mul(x, 0.2), tf.mul(tf.relu(x), 0.8));

const batchNorm = (x, gamma, beta) => {
  const [n, h, w, channels] = x.shape;
  const flat = tf.reshape(x, [n * h * w, channels]);
  const centred = tf.sub(flat, tf.mean(flat, 0, true));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), 0, true), 1e-5));
  return tf.reshape(tf.add(tf.mul(tf.div(centred, deviation), gamma), beta), [n, h, w, channels]);
};

/** Each network: how its weights are stored, and what it computes of them. */
const mlp = (prefix, last) => ({
  store: plain,
  apply: (v, x) => {
    const layer = (h, name) => dense(h, v[`${name}.weight`], v[`${name}.bias`]);
    return layer(tf.relu(layer(tf.relu(layer(x, `${prefix}0`)), `${prefix}2`)), last);
  },
});

/** Images are [N, H, W, C] here; rows and columns of what is flat stay in the order of [C, H, W]. */
const filtered = (weight, name) => (weight.shape.length === 4 ? patchFilter(weight) : plain(weight, name));

const dcganGenerator = {
  store: filtered,
  apply: (v, z) => {
    const start = tf.reshape(dense(z, v["0.weight"], v["0.bias"]), [z.shape[0], 128, 7, 7]);
    const h = tf.relu(batchNorm(tf.transpose(start, [0, 2, 3, 1]), v["2.gamma"], v["2.beta"]));
    const g = tf.relu(batchNorm(transposed(h, v["4.weight"], 64), v["5.gamma"], v["5.beta"]));
    return tf.tanh(tf.add(transposed(g, v["7.weight"], 1), v["7.bias"]));
  },
};

const dcganDiscriminator = {
  store: filtered,
  apply: (v, x) => {
    const h = leaky(tf.add(convolution(x, v["body.0.weight"], 64), v["body.0.bias"]));
    const deep = convolution(h, v["body.2.weight"], 128);
    const scaled =
      v["body.2.bias"] === undefined
        ? batchNorm(deep, v["body.3.gamma"], v["body.3.beta"])
        : tf.add(deep, v["body.2.bias"]);
    const flat = tf.reshape(tf.transpose(leaky(scaled), [0, 3, 1, 2]), [x.shape[0], 128 * 49]);
    return dense(flat, v["head.0.weight"], v["head.0.bias"]);
  },
};

/** Trains the workload: `weights` and `feeds` are ours; a call is an iteration, and gives its losses. */
export const start = async ({ way, images, criticSteps, penalty, betas, batch, shape, weights, feeds }) => {
  setWasmPaths("/files/");
  setThreadsCount(navigator.hardwareConcurrency);
  if (!(await tf.setBackend(way))) throw new Error(`TensorFlow.js has no backend ${way} here`);
  await tf.ready();
  const generator = images ? dcganGenerator : mlp("", "4");
  const discriminator = images ? dcganDiscriminator : mlp("body.", "head");
  const variables = ({ store }, from) =>
    Object.fromEntries(
      Object.entries(from)
        .filter(([name]) => !/mean|variance/.test(name))
        .map(([name, weight]) => [name, tf.variable(store(weight))]),
    );
  const g = variables(generator, weights.generator);
  const d = variables(discriminator, weights.discriminator);
  const [adamG, adamD] = [tf.train.adam(1e-4, ...betas, 1e-8), tf.train.adam(1e-4, ...betas, 1e-8)];
  const judge = (x) => discriminator.apply(d, x);

  const criticLoss = ({ real, z, mix }) => {
    const fake = generator.apply(g, z);
    if (!penalty) return tf.add(tf.mean(tf.softplus(tf.neg(judge(real)))), tf.mean(tf.softplus(judge(fake))));
    const points = tf.add(tf.mul(real, mix), tf.mul(fake, tf.sub(1, mix)));
    const slopes = tf.reshape(tf.grad((x) => tf.sum(judge(x)))(points), [batch, -1]);
    const excess = tf.sub(tf.sqrt(tf.add(tf.sum(tf.square(slopes), 1), 1e-12)), 1);
    const distance = tf.sub(tf.mean(judge(fake)), tf.mean(judge(real)));
    return tf.add(distance, tf.mul(tf.mean(tf.square(excess)), 10));
  };
  const generatorLoss = ({ z }) => {
    const scores = judge(generator.apply(g, z));
    return tf.mean(penalty ? tf.neg(scores) : tf.softplus(tf.neg(scores)));
  };
  const move = (optimizer, loss, trained) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, Object.values(trained));
      optimizer.applyGradients(grads);
      return value;
    });
  const tensors = ({ real, z, mix }) => ({
    // One channel: [N, 1, H, W] is [N, H, W, 1].
    real: real && tf.tensor(real, images ? [batch, ...shape.slice(1), 1] : [batch, ...shape]),
    z: tf.tensor(z, [batch, z.length / batch]),
    mix: mix && tf.tensor(mix, images ? [batch, 1, 1, 1] : [batch, 1]),
  });
  const taking = async (optimizer, loss, trained, given) => {
    const fed = tensors(given);
    const value = move(optimizer, () => loss(fed), trained);
    const [read] = await value.data();
    tf.dispose([value, fed.real, fed.z, fed.mix].filter((t) => t !== undefined && t !== null));
    return read;
  };
  let [critics, generators] = [0, 0];
  return async () => {
    let discriminatorLoss = 0;
    for (let i = 0; i < criticSteps; i++) {
      discriminatorLoss = await taking(adamD, criticLoss, d, feeds("d", critics++));
    }
    return {
      discriminatorLoss,
      generatorLoss: await taking(adamG, generatorLoss, g, feeds("g", generators++)),
    };
  };
};

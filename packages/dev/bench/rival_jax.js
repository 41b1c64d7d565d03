/**
 * The workloads of perceptrons in jax-js, for `bench/browser.ts --peer jax-js`: the networks, batches, optimiser and order of steps of
 * `bench/workloads.ts`, a step of each network compiled by `jit`. What a function is given is used up: `.ref` where it is needed again.
 */
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";

const LAYERS = {
  generator: ["0", "2", "4"],
  discriminator: ["body.0", "body.2", "head"],
};

/** [w, b, w, b, w, b], weights as [in, out]. */
const apply = (p, x) => {
  const layer = (h, i) => np.matmul(h, p[i].ref).add(p[i + 1].ref);
  return layer(nn.relu(layer(nn.relu(layer(x, 0)), 2)), 4);
};

/**
 * Gradient of the scores to `x`, by hand: ones that `grad` makes, differentiated once more, are other than they should be after the
 * first step (0.1.25).
 */
const inputGradient = (p, x) => {
  const layer = (h, i) => np.matmul(h, p[i].ref).add(p[i + 1].ref);
  const slope = (h) => lax.stopGradient(np.where(np.greater(h, 0), 1, 0));
  const back = (g, i) => np.matmul(g, p[i].ref.transpose());
  const first = layer(x, 0);
  const second = layer(nn.relu(first.ref), 2);
  const last = slope(second).mul(p[4].ref.transpose());
  return back(back(last, 2).mul(slope(first)), 0);
};

const release = (p) => {
  for (const each of p) each.dispose();
};

/** Adam: what is trained, its gradient, both moments, and 1 / (1 − βᵗ) of both β. */
const adam = ([beta1, beta2]) =>
  jit((p, g, m, v, first, second) => {
    const nextM = m.map((each, i) => each.mul(beta1).add(g[i].ref.mul(1 - beta1)));
    const nextV = v.map((each, i) => each.mul(beta2).add(np.square(g[i]).mul(1 - beta2)));
    const next = p.map((each, i) => {
      const size = np.sqrt(nextV[i].ref.mul(second.ref)).add(1e-8);
      return each.sub(nextM[i].ref.mul(first.ref).div(size).mul(1e-4));
    });
    first.dispose();
    second.dispose();
    return { p: next, m: nextM, v: nextV };
  });

/** Trains the workload: `weights` and `feeds` are ours; a call is an iteration, and gives its losses. */
export const start = async ({ way, criticSteps, penalty, betas, batch, shape, weights, feeds }) => {
  await init(way);
  defaultDevice(way);
  const network = (name) => {
    const p = LAYERS[name].flatMap((layer) => {
      const weight = weights[name][`${layer}.weight`];
      const bias = weights[name][`${layer}.bias`];
      return [np.array(weight.data).reshape(weight.shape).transpose(), np.array(bias.data)];
    });
    const zeros = () => p.map((each) => np.zeros(each.shape));
    return { p, m: zeros(), v: zeros(), t: 0 };
  };
  let [g, d] = [network("generator"), network("discriminator")];

  const criticLoss = (dp, gp, real, z, mix) => {
    const fake = apply(gp, z);
    release(gp);
    let loss;
    if (penalty) {
      const points = real.ref.mul(mix.ref).add(fake.ref.mul(np.subtract(1, mix)));
      const slopes = inputGradient(dp, points);
      const excess = np.sqrt(np.sum(np.square(slopes), 1).add(1e-12)).sub(1);
      const distance = np.mean(apply(dp, fake)).sub(np.mean(apply(dp, real)));
      loss = distance.add(np.mean(np.square(excess)).mul(10));
    } else {
      mix.dispose();
      loss = np.mean(nn.softplus(apply(dp, real).neg())).add(np.mean(nn.softplus(apply(dp, fake))));
    }
    release(dp);
    return loss;
  };
  const generatorLoss = (gp, dp, z) => {
    const scores = apply(dp, apply(gp, z));
    release(gp);
    release(dp);
    return np.mean(penalty ? scores.neg() : nn.softplus(scores.neg()));
  };
  const criticGradient = jit(valueAndGrad(criticLoss));
  const generatorGradient = jit(valueAndGrad(generatorLoss));
  const step = adam(betas);
  const lent = (p) => p.map((each) => each.ref);
  const moved = ({ p, m, v, t }, gradient) => {
    const [first, second] = betas.map((beta) => np.array([1 / (1 - beta ** (t + 1))]));
    return { ...step(p, gradient, m, v, first, second), t: t + 1 };
  };
  const array = (values, dims) => np.array(values).reshape(dims);

  let [critics, generators] = [0, 0];
  return async () => {
    let loss;
    for (let i = 0; i < criticSteps; i++) {
      const { real, z, mix } = feeds("d", critics++);
      const [value, gradient] = criticGradient(
        lent(d.p),
        lent(g.p),
        array(real, [batch, ...shape]),
        array(z, [batch, z.length / batch]),
        array(mix ?? new Float32Array(batch), [batch, 1]),
      );
      d = moved(d, gradient);
      loss?.dispose();
      loss = value;
    }
    const { z } = feeds("g", generators++);
    const [value, gradient] = generatorGradient(lent(g.p), lent(d.p), array(z, [batch, z.length / batch]));
    g = moved(g, gradient);
    const [[discriminatorLoss], [generatorLoss]] = [await loss.data(), await value.data()];
    return { discriminatorLoss, generatorLoss };
  };
};

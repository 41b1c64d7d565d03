/** The step of Adam, with weight decay in the gradient (Adam) or on the weights themselves (AdamW). */
import { number } from "../../define/index.ts";
import { add, div, mul, sqrt, square, sub } from "../../graph/index.ts";
import { movingAverage } from "../moving-average.ts";
import type { LinkBody } from "../optimizer.ts";
import { type Schedule, scheduled, scheduleOption } from "../scheduled.ts";
import { learningRate } from "./learning-rate.ts";

const beta = (usual: number, symbol: string, of: string) =>
  scheduleOption({
    default: usual,
    least: 0,
    below: 1,
    means: `share of the mean of ${of} that stays; may change over the run`,
    symbol,
  });

export const adamOptions = (weightDecay: number, how: string) => ({
  learningRate,
  beta1: beta(0.9, "β₁", "gradients"),
  beta2: beta(0.999, "β₂", "squared gradients"),
  epsilon: number({ default: 1e-8, least: 0, means: "floor of the divisor", symbol: "ε" }),
  weightDecay: number({ default: weightDecay, least: 0, means: how }),
});

interface AdamOptions {
  readonly learningRate: Schedule;
  readonly beta1: Schedule;
  readonly beta2: Schedule;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * With betas that change, the state holds m and v, and the betas are scalars; the bias is corrected as if they had always been
 * what they are now: η · m̂ / (√v̂ + ε) = [η C / (1 − β₁ᵗ)] · m / (√v + ε C), C = √(1 − β₂ᵗ).
 */
const changing = (options: AdamOptions, decoupled: boolean): LinkBody => {
  const { learningRate: rate, beta1, beta2, epsilon, weightDecay } = options;
  return {
    slots: [{ name: "m" }, { name: "v" }],
    scalars: (t, { step, steps }) => {
      const eta = scheduled(rate, step, steps);
      const [b1, b2] = [scheduled(beta1, step, steps), scheduled(beta2, step, steps)];
      const correction = Math.sqrt(1 - b2 ** t);
      const scaled = (eta * correction) / (1 - b1 ** t);
      return [scaled, epsilon * correction, b1, b2, ...(decoupled ? [1 - eta * weightDecay] : [])];
    },
    descend: (gradient, { parameters, slots: [m, v], scalars: [scaled, floor, b1, b2, keep] }) => {
      const g = decoupled || weightDecay === 0 ? gradient : add(gradient, mul(parameters, weightDecay));
      const nextM = movingAverage(m, g, b1);
      const nextV = movingAverage(v, square(g), b2);
      const change = mul(div(nextM, add(sqrt(nextV), floor)), scaled);
      const start = decoupled ? mul(parameters, keep) : parameters;
      return { value: sub(start, change), slots: [nextM, nextV] };
    },
  };
};

/**
 * The state holds m/(1 − β₁) and v/(1 − β₂): each is then one product and one sum, and the factors move into two
 * scalars. With B = √((1 − β₂)/(1 − β₂ᵗ)):
 * η · m̂ / (√v̂ + ε) = [η (1 − β₁) / ((1 − β₁ᵗ) B)] · m̃ / (√ṽ + ε/B).
 */
export const adamStep = (options: AdamOptions, decoupled: boolean): LinkBody => {
  const { learningRate: rate, beta1, beta2, epsilon, weightDecay } = options;
  if (typeof beta1 !== "number" || typeof beta2 !== "number") return changing(options, decoupled);
  return {
    slots: beta1 === 0 ? [{ name: "v" }] : [{ name: "m" }, { name: "v" }],
    scalars: (t, { step, steps }) => {
      const eta = scheduled(rate, step, steps);
      const scale = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
      const scaled = (eta * (1 - beta1)) / ((1 - beta1 ** t) * scale);
      return [scaled, epsilon / scale, ...(decoupled ? [1 - eta * weightDecay] : [])];
    },
    descend: (gradient, { parameters, slots, scalars: [scaled, floor, keep] }) => {
      const g = decoupled || weightDecay === 0 ? gradient : add(gradient, mul(parameters, weightDecay));
      const v = slots[slots.length - 1];
      const nextV = add(mul(v, beta2), square(g));
      const nextM = beta1 === 0 ? g : add(mul(slots[0], beta1), g);
      const change = mul(div(nextM, add(sqrt(nextV), floor)), scaled);
      const start = decoupled ? mul(parameters, keep) : parameters;
      return { value: sub(start, change), slots: beta1 === 0 ? [nextV] : [nextM, nextV] };
    },
  };
};

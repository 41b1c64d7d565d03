/** The optimal discriminator between two known laws, and the value of the game: computed, and reached by training. */
import { mixture } from "tsgan/data";
import { integer, type ResolvedOptions } from "tsgan/define";
import { gaussianJensenShannon1d } from "tsgan/distances";
import { formatFixed, type Panel } from "tsgan/figure";
import { nonSaturating } from "tsgan/losses";
import { type Model, mlp } from "tsgan/models";
import { adam, constantInit, layers } from "tsgan/nn";
import { count, deviation, gridPoints, mean, rate, seed } from "./common-options.ts";
import { defineExperiment, type RunContext } from "./experiment.ts";
import { gameOf } from "./networks.ts";
import { gridOver, integral, logDensity, type Normal, softplus } from "./normal.ts";
import { generativeAdversarialNets } from "./papers.ts";

const options = {
  meanReal: mean(0, "the real law"),
  deviationReal: deviation(1, "the real law"),
  meanGenerated: mean(2, "the generated law"),
  deviationGenerated: deviation(0.7, "the generated law"),
  points: gridPoints,
  steps: integer({
    default: 1600,
    least: 0,
    means: "steps of the discriminator that is trained on samples of both laws; 0 to train none",
  }),
  batch: count(1024, "samples of each law a step"),
  width: count(32, "units of each of its two hidden layers"),
  learningRate: rate(0.003, "its learning rate"),
  seed,
};
type Options = ResolvedOptions<typeof options>;

export interface OptimalDiscriminatorData {
  x: number[];
  real: number[];
  generated: number[];
  /** D*(x) = p_r(x) / (p_r(x) + p_g(x)) */
  discriminator: number[];
  /** V(D*) in nats, integrated over the grid. */
  value: number;
  /** 2 JS(p_r‖p_g) − 2 log 2, what theorem 1 says it is. */
  expected: number;
  /** V(D) of D = σ(a log(p_r/p_g)): timid discriminators for a < 1, overconfident ones for a > 1. */
  confidence: { scale: number[]; value: number[] };
  /** V(D*) as the generated law moves onto the real one: its mean and deviation at `share` of the way. */
  approach: { share: number[]; value: number[] };
  /** A discriminator that knows samples only: its V(D) after so many steps, and in the end its D on the grid `x`. */
  trained: { step: number[]; value: number[]; discriminator: number[] };
}

const name = "optimal-discriminator";
const title = "The optimal discriminator and the value −2 log 2";

/** V(D) = E_real log D + E_generated log(1 − D) for D = σ(logit(x)). */
const attainedBy = (
  x: readonly number[],
  real: Normal,
  generated: Normal,
  logit: (x: number, i: number) => number,
): number =>
  integral(
    x,
    x.map((at, i) => {
      const score = logit(at, i);
      return (
        -Math.exp(logDensity(at, real)) * softplus(-score) -
        Math.exp(logDensity(at, generated)) * softplus(score)
      );
    }),
  );

/** V(D) for D = σ(scale · log(p_r/p_g)), the optimal one at scale 1. */
const attained = (x: readonly number[], real: Normal, generated: Normal, scale: number): number =>
  attainedBy(x, real, generated, (at) => scale * (logDensity(at, real) - logDensity(at, generated)));

const STEPS = 40;

/** Times at which a training is looked at, the first step and the last included. */
const LOOKS = 40;

/** Steps that run as one. */
const CHAIN = 8;

const train = async (
  x: readonly number[],
  real: Normal,
  generated: Normal,
  { steps, batch, width, learningRate, seed }: Options,
  { progress }: RunContext,
): Promise<OptimalDiscriminatorData["trained"]> => {
  const trained: OptimalDiscriminatorData["trained"] = { step: [], value: [], discriminator: [] };
  if (steps === 0) return trained;
  const perceptrons = mlp({ latent: 1, hidden: [width, width], activation: "tanh" }).for({ shape: [1] });
  const model: Model = {
    ...perceptrons,
    // μ + σz, which never takes a step.
    generator: ({ z }, scope) =>
      layers.dense(1, { init: constantInit(generated.deviation), biasInit: constantInit(generated.mean) })(
        z,
        scope,
      ),
  };
  const game = gameOf({
    model,
    dataset: mixture([[real.mean]], real.deviation),
    loss: nonSaturating(),
    optimizer: (rate) => adam({ learningRate: rate }),
    learningRate,
    batch,
    seed,
    discriminatorSteps: Math.min(CHAIN, steps),
    generatorSteps: 0,
  });
  try {
    const grid = Float32Array.from(x);
    const look = async (): Promise<void> => {
      const scores = await game.scores(grid);
      trained.step.push(game.progress.moves.discriminator);
      trained.value.push(attainedBy(x, real, generated, (_, i) => scores[i]));
      trained.discriminator = Array.from(scores, (score) => 1 / (1 + Math.exp(-score)));
    };
    await look();
    for (let next = 1; next <= LOOKS; next++) {
      while (game.progress.moves.discriminator < (next * steps) / LOOKS) await game.iterate();
      if (game.progress.moves.discriminator > trained.step[trained.step.length - 1]) await look();
      progress?.(next / LOOKS, "training a discriminator");
    }
  } finally {
    await game.dispose();
  }
  return trained;
};

const run = async (options: Options, context: RunContext): Promise<OptimalDiscriminatorData> => {
  const real = { mean: options.meanReal, deviation: options.deviationReal };
  const generated = { mean: options.meanGenerated, deviation: options.deviationGenerated };
  const x = gridOver(name, real, generated, options.points);
  const scale = Array.from({ length: 61 }, (_, i) => i / 20);
  const share = Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS);
  const between = (from: number, to: number, t: number) => (1 - t) * from + t * to;
  return {
    x,
    real: x.map((value) => Math.exp(logDensity(value, real))),
    generated: x.map((value) => Math.exp(logDensity(value, generated))),
    // σ of the log ratio: p_r / (p_r + p_g) where both underflow.
    discriminator: x.map(
      (value) => 1 / (1 + Math.exp(logDensity(value, generated) - logDensity(value, real))),
    ),
    value: attained(x, real, generated, 1),
    expected:
      2 * gaussianJensenShannon1d(real.mean, real.deviation, generated.mean, generated.deviation) -
      2 * Math.LN2,
    confidence: { scale, value: scale.map((a) => attained(x, real, generated, a)) },
    approach: {
      share,
      value: share.map((t) => {
        const law = {
          mean: between(generated.mean, real.mean, t),
          deviation: between(generated.deviation, real.deviation, t),
        };
        return attained(x, real, law, 1);
      }),
    },
    trained: await train(x, real, generated, options, context),
  };
};

const COLOR = { real: 0, generated: 1, discriminator: 2, trained: 3 } as const;

/**
 * D* = p_r/(p_r + p_g) of two known laws, and V(D*) falling to −2 log 2 as they become one (Goodfellow et al. 2014,
 * proposition 1).
 */
export const optimalDiscriminator = defineExperiment({
  name,
  title,
  description: "D* = p_r/(p_r + p_g) of two known laws, and V(D*) falling to −2 log 2 as they become one",
  papers: [{ ...generativeAdversarialNets, where: "proposition 1 (eq. 2) and theorem 1 (eq. 4–6)" }],
  explanation:
    "For a fixed generator the best discriminator has a closed form: D*(x) = p_{r}(x) / (p_{r}(x) + p_{g}(x)). It crosses ½ " +
    "where the two densities cross. Any other discriminator, more timid or more confident, attains a lower value " +
    "V(D) = E_{real} log D + E_{generated} log(1 − D). With D* the value is " +
    "2 JS(p_{r}‖p_{g}) − 2 log 2, so a generator that minimises it minimises the Jensen–Shannon divergence. A small network " +
    "that sees nothing but samples comes within a few thousandths of that value in some hundred steps. Once the laws are " +
    "equal, D* is ½ everywhere and the value is −2 log 2 ≈ −1.386: a discriminator's loss near 1.386 can mean a perfect " +
    "generator, or a discriminator that has learnt nothing.",
  options,
  minutes: 0.02,
  run,
  claims: ({ value, trained }) => [
    {
      text: "nats short of V(D*) after training",
      value: value - trained.value.at(-1)!,
      atLeast: 0,
      atMost: 0.005,
    },
  ],
  figure: (data) => {
    const { x, confidence, approach, trained } = data;
    const peak = [...data.real, ...data.generated].reduce((a, b) => Math.max(a, b));
    const bulk = x.filter((_, i) => Math.max(data.real[i], data.generated[i]) > peak / 2000);
    const xAxis = { label: "x", domain: [bulk[0], bulk.at(-1)!] as const };
    return {
      title,
      panels: [
        {
          wide: true,
          aspect: 0.38,
          title: "D* crosses ½ where the densities cross",
          x: xAxis,
          y: { label: "density; probability of being real" },
          marks: [
            { type: "area", x, y: data.real, color: COLOR.real },
            { type: "area", x, y: data.generated, color: COLOR.generated },
            { type: "line", x, y: data.real, label: "real p_{r}", color: COLOR.real },
            { type: "line", x, y: data.generated, label: "generated p_{g}", color: COLOR.generated },
            {
              type: "line",
              x,
              y: data.discriminator,
              label: "D* = p_{r} / (p_{r} + p_{g})",
              color: COLOR.discriminator,
            },
            {
              type: "line",
              x: x.slice(0, trained.discriminator.length),
              y: trained.discriminator,
              label: "D trained on samples",
              color: COLOR.trained,
              dash: "dashed",
            },
            { type: "rule", y: 0.5, label: "½" },
          ],
        },
        {
          title: `No other discriminator attains ${formatFixed(data.value, 4)}`,
          x: { label: "a, for D = σ(a log p_{r}/p_{g})" },
          y: { label: "V(D)", unit: "nats" },
          marks: [
            { type: "line", x: confidence.scale, y: confidence.value, color: COLOR.discriminator },
            { type: "scatter", x: [1], y: [data.value], radius: 5, color: COLOR.discriminator },
          ],
        },
        {
          title: "As p_{g} moves onto p_{r}, V(D*) falls to −2 log 2",
          x: { label: "share of the way" },
          y: { label: "V(D*) = 2 JS − 2 log 2", unit: "nats" },
          marks: [
            { type: "line", x: approach.share, y: approach.value, color: COLOR.generated },
            { type: "rule", y: -2 * Math.LN2, label: "−2 log 2", anchor: "start" },
          ],
        },
        ...(trained.step.length === 0
          ? []
          : [
              {
                wide: true,
                aspect: 0.3,
                title: "A discriminator trained on samples comes near the optimum",
                x: { label: "step" },
                y: { label: "V(D*) − V(D)", unit: "nats", scale: "log" },
                marks: [
                  {
                    type: "line",
                    x: trained.step,
                    y: trained.value.map((value) => data.value - value),
                    color: COLOR.trained,
                  },
                ],
              } satisfies Panel,
            ]),
      ],
    };
  },
});

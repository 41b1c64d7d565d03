/** A discriminator between laws that live on lines and surfaces in space. */
import { type Dataset, fromExamples } from "tsgan/data";
import { number, type ResolvedOptions } from "tsgan/define";
import type { Mark, Panel } from "tsgan/figure";
import {
  add,
  concat,
  cos,
  exp,
  grad,
  input,
  mean,
  mul,
  neg,
  reshape,
  sin,
  sliceAxis,
  softplus as softplusOf,
  sqrt,
  sum,
  sumSquares,
  type Tensor,
  tanh,
} from "tsgan/graph";
import { nonSaturating } from "tsgan/losses";
import { type Model, mlp } from "tsgan/models";
import { constantInit } from "tsgan/nn";
import { randomStream } from "tsgan/random";
import { count, rate, seed } from "./common-options.ts";
import { type Claim, defineExperiment, type RunContext } from "./experiment.ts";
import { gameOf } from "./networks.ts";
import { softplus } from "./normal.ts";
import { principledMethods } from "./papers.ts";

const options = {
  distance: number({
    default: 0.3,
    above: 0,
    means: "how far apart the two lines, and the two surfaces, are",
  }),
  noise: number({
    default: 0.2,
    least: 0,
    means: "standard deviation of the noise that gives both surfaces a thickness, in the third case",
  }),
  steps: count(2000, "steps of each discriminator"),
  batch: count(256, "points of each kind a step"),
  width: count(64, "units of each of the discriminator's three hidden layers"),
  learningRate: rate(0.001, "learning rate of the discriminator"),
  seed,
};
type Options = ResolvedOptions<typeof options>;

export interface SupportsCase {
  /** Points for a drawing, [x, y, z] each. */
  real: number[][];
  generated: number[][];
  step: number[];
  /** Share of unseen points that the discriminator tells right, of both kinds. */
  accuracy: number[];
  /** Mean length of ∇ₓ D(x) at unseen generated points: what a generator could learn from. */
  slope: number[];
  /** Its estimate of JS in nats, log 2 + V(D)/2, from unseen points. */
  jensenShannon: number[];
}

export interface LowDimensionalSupportsData {
  lines: SupportsCase;
  surfaces: SupportsCase;
  /** The surfaces with noise in all three directions. */
  thick: SupportsCase;
}

const title = "Lines and surfaces in space: the perfect discriminator";

/** Two numbers in (−1, 1) and three normal ones. */
const LATENT = 5;

type Kind = "lines" | "surfaces";
type Axes = readonly [x: number, y: number, z: number];

/** The surface that both are copies of, one shifted up and one down. */
const HEIGHT = 0.2;
const WAVES = 2;

/** Slope of the two lines against the x axis, one to the left and one to the right. */
const SKEW = 0.6;

const pointAt = (kind: Kind, side: 1 | -1, shift: number, u: number, v: number): Axes =>
  kind === "lines"
    ? [u, side * SKEW * u, side * shift]
    : [u, v, HEIGHT * Math.sin(WAVES * u) * Math.cos(WAVES * v) + side * shift];

/** The same for a column of u and one of v. */
const pointsAt = (kind: Kind, side: 1 | -1, shift: Tensor, u: Tensor, v: Tensor): Tensor =>
  kind === "lines"
    ? concat([u, mul(u, side * SKEW), add(mul(u, 0), mul(shift, side))], 1)
    : concat([u, v, add(mul(mul(sin(mul(u, WAVES)), cos(mul(v, WAVES))), HEIGHT), mul(shift, side))], 1);

const REAL = 1;
const GENERATED = -1;

/** Points of the real law. */
const realPoints = (
  kind: Kind,
  shift: number,
  noise: number,
  count: number,
  seed: number,
  purpose: string,
): Float32Array => {
  const random = randomStream(seed, purpose);
  const out = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const at = pointAt(kind, REAL, shift, Math.tanh(random.normal()), Math.tanh(random.normal()));
    for (let k = 0; k < 3; k++) out[3 * i + k] = at[k] + noise * random.normal();
  }
  return out;
};

/** Real points to train on, unseen points to judge with, and points to draw. */
const TRAINING = 16_384;
const UNSEEN = 2048;
const DRAWN = 400;

/** Times at which a training is looked at, before the first step and after the last included. */
const LOOKS = 40;

/** Steps that run as one. */
const CHAIN = 5;

const play = async (
  kind: Kind,
  noise: number,
  { distance, steps, batch, width, learningRate, seed }: Options,
  progress: (share: number) => void,
): Promise<SupportsCase> => {
  const shift = distance / 2;
  const perceptrons = mlp({ latent: LATENT, hidden: [width, width, width] }).for({ shape: [3] });
  const model: Model = {
    ...perceptrons,
    generator: ({ z }, scope) => {
      const height = scope.parameter("shift", [1], constantInit(shift));
      const thickness = scope.parameter("noise", [1], constantInit(noise));
      const [u, v] = [tanh(sliceAxis(z, 1, 0, 1)), tanh(sliceAxis(z, 1, 1, 2))];
      return add(pointsAt(kind, GENERATED, height, u, v), mul(sliceAxis(z, 1, 2, LATENT), thickness));
    },
  };
  const dataset: Dataset = fromExamples({
    name: kind,
    shape: [3],
    examples: realPoints(kind, shift, noise, TRAINING, seed, "theory/real"),
  });
  const game = gameOf({
    model,
    dataset,
    loss: nonSaturating(),
    learningRate,
    batch,
    seed,
    discriminatorSteps: Math.min(CHAIN, steps),
    generatorSteps: 0,
  });
  const probe = await game.probe(({ discriminate }) => {
    const x = input("x", [UNSEEN, 3]);
    const { scores } = discriminate({ x });
    // σ′(s) = σ(s) σ(−s), which is exact where σ(s) itself is 0 or 1 to the last bit.
    const steepness = exp(neg(add(softplusOf(scores), softplusOf(neg(scores)))));
    const slopes = mul(reshape(steepness, [UNSEEN]), sqrt(sumSquares(grad(sum(scores), [x])[0])));
    return { slope: mean(slopes) };
  });
  try {
    const real = realPoints(kind, shift, noise, UNSEEN, seed, "theory/unseen");
    const generated = await game.sample(UNSEEN, { seed });
    const triples = (points: Float32Array): number[][] =>
      Array.from({ length: DRAWN }, (_, i) => [...points.subarray(3 * i, 3 * i + 3)]);
    const found: SupportsCase = {
      real: triples(real),
      generated: triples(generated),
      step: [],
      accuracy: [],
      slope: [],
      jensenShannon: [],
    };
    const look = async (): Promise<void> => {
      const [onReal, onGenerated] = [await game.scores(real), await game.scores(generated)];
      const right =
        onReal.filter((score) => score > 0).length + onGenerated.filter((score) => score < 0).length;
      const loss =
        onReal.reduce((total, score) => total + softplus(-score), 0) +
        onGenerated.reduce((total, score) => total + softplus(score), 0);
      const { slope } = await probe.run({ x: generated });
      found.step.push(game.progress.moves.discriminator);
      found.accuracy.push(right / (2 * UNSEEN));
      found.slope.push(slope[0]);
      found.jensenShannon.push(Math.LN2 - loss / (2 * UNSEEN));
    };
    await look();
    for (let next = 1; next <= LOOKS; next++) {
      while (game.progress.moves.discriminator < (next * steps) / LOOKS) await game.iterate();
      if (game.progress.moves.discriminator > found.step[found.step.length - 1]) await look();
      progress(next / LOOKS);
    }
    return found;
  } finally {
    await probe.dispose();
    await game.dispose();
  }
};

const run = async (options: Options, { progress }: RunContext): Promise<LowDimensionalSupportsData> => {
  const part = (index: number, message: string) => (share: number) =>
    progress?.((index + share) / 3, message);
  return {
    lines: await play("lines", 0, options, part(0, "lines")),
    surfaces: await play("surfaces", 0, options, part(1, "surfaces")),
    thick: await play("surfaces", options.noise, options, part(2, "surfaces with noise")),
  };
};

const COLOR = { real: 0, generated: 1, lines: 3, surfaces: 4, thick: 5 } as const;

/** Seen from a little above, turned about the vertical axis. */
const TURN = Math.PI / 6;
const TILT = 0.2;
const across = ([x, y]: readonly number[]): number => x * Math.cos(TURN) - y * Math.sin(TURN);
const upwards = ([x, y, z]: readonly number[]): number =>
  z + TILT * (x * Math.sin(TURN) + y * Math.cos(TURN));

/**
 * Two lines or surfaces in 3-D: a discriminator reaches 100 % and its slope dies away (Arjovsky & Bottou 2017, theorems
 * 2.1 and 2.2).
 */
export const lowDimensionalSupports = defineExperiment({
  name: "low-dimensional-supports",
  title,
  description: "Two lines or surfaces in 3-D: a discriminator reaches 100 % and its slope dies away",
  papers: [{ ...principledMethods, where: "lemma 1, theorems 2.1, 2.2 and 3.1" }],
  explanation:
    "A generator that turns a few random numbers into a point of a larger space fills no volume: its samples lie on a line, a " +
    "surface, a manifold of low dimension, and so, it seems, do natural images. Two such manifolds hardly ever coincide, and a " +
    "discriminator can tell them apart without a single error. It does so here within a few hundred steps, for two lines and " +
    "for two surfaces. From then on the Jensen–Shannon divergence stands at log 2, whatever the distance between " +
    "them, and the discriminator's slope at the generated points falls towards zero: a generator that follows it gets no " +
    "direction. Noise gives the surfaces a thickness (instance noise). Their laws then overlap, no discriminator is perfect, " +
    "and the slope stays.",
  options,
  minutes: 0.1,
  run,
  claims: ({ lines, surfaces, thick }) => [
    ...Object.entries({ lines, surfaces }).flatMap(([kind, { accuracy, slope, jensenShannon }]): Claim[] => [
      { text: `${kind}: accuracy on unseen points`, value: accuracy.at(-1)!, atLeast: 1 },
      { text: `${kind}: JS short of log 2, nats`, value: Math.LN2 - jensenShannon.at(-1)!, atMost: 0.001 },
      {
        text: `${kind}: last slope over the largest`,
        value: slope.at(-1)! / Math.max(...slope),
        atMost: 1e-3,
      },
    ]),
    { text: "with noise: best accuracy", value: Math.max(...thick.accuracy), atMost: 0.95 },
    {
      text: "with noise: last slope over the largest",
      value: thick.slope.at(-1)! / Math.max(...thick.slope),
      atLeast: 0.1,
    },
  ],
  figure: (data) => {
    const drawn = (title: string, { real, generated }: SupportsCase): Panel => ({
      title,
      aspect: 0.8,
      x: { label: "across, seen from a side" },
      y: { label: "up" },
      marks: [
        {
          type: "scatter",
          x: real.map(across),
          y: real.map(upwards),
          label: "real",
          color: COLOR.real,
          radius: 1.8,
        },
        {
          type: "scatter",
          x: generated.map(across),
          y: generated.map(upwards),
          label: "generated",
          color: COLOR.generated,
          radius: 1.8,
        },
      ],
    });
    const cases = [
      { label: "lines", found: data.lines, color: COLOR.lines },
      { label: "surfaces", found: data.surfaces, color: COLOR.surfaces },
      { label: "surfaces with noise", found: data.thick, color: COLOR.thick },
    ];
    const curves = (pick: (found: SupportsCase) => number[]): Mark[] =>
      cases.map(({ label, found, color }) => ({ type: "line", x: found.step, y: pick(found), label, color }));
    return {
      title,
      columns: 3,
      panels: [
        drawn("Two lines", data.lines),
        drawn("Two surfaces", data.surfaces),
        drawn("The surfaces, with noise", data.thick),
        {
          title: "Told right",
          x: { label: "step" },
          y: { label: "accuracy", unit: "%" },
          marks: curves(({ accuracy }) => accuracy.map((share) => 100 * share)),
        },
        {
          title: "JS, as it estimates it",
          x: { label: "step" },
          y: {
            label: "JS",
            unit: "nats",
            // Room for the label above log 2.
            domain: [Math.min(0, ...cases.flatMap(({ found }) => found.jensenShannon)), 0.8],
          },
          marks: [
            ...curves(({ jensenShannon }) => jensenShannon),
            { type: "rule", y: Math.LN2, label: "log 2" },
          ],
        },
        {
          title: "Slope at generated points",
          x: { label: "step" },
          y: { label: "mean |∇_{x} D(x)|", scale: "log" },
          marks: curves(({ slope }) => slope),
        },
      ],
    };
  },
});

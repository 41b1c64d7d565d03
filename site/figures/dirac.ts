/**
 * The Dirac-GAN (Mescheder et al. 2018, arXiv:1801.04406): all data lie at 0, the generator makes one point θ, the
 * discriminator is D(x) = ψx. Two numbers are the whole game, so that its path can be drawn.
 */
import { fromExamples } from "tsgan/data";
import type { FigureSpec } from "tsgan/figure";
import { gameOf, type Technique } from "tsgan/game";
import { add, mul, type Tensor } from "tsgan/graph";
import { nonSaturating, wasserstein } from "tsgan/losses";
import { constantInit, type Scope, sgd } from "tsgan/nn";
import { type Penalty, r1 } from "tsgan/penalties";
import { type Drawn, plot, short } from "./kit.ts";
import { play } from "./play.ts";

export const LAST_STEP = 150;
const BATCH = 2;
const START = { theta: 1.5, psi: 0 } as const;

export interface Rules {
  /** Non-saturating without; with Wasserstein's loss the players go round for good. */
  readonly loss?: "wasserstein";
  readonly techniques?: readonly Technique[];
  readonly penalties?: readonly Penalty[];
  /** Learning rates; 0.2 without. */
  readonly generatorRate?: number;
  readonly discriminatorRate?: number;
}

export interface Path {
  readonly theta: readonly number[];
  readonly psi: readonly number[];
  /** The generator's average, where the game keeps one. */
  readonly average: readonly number[];
}

/** The two numbers before the first and after each iteration. */
export const pathOf = async ({
  loss: name,
  techniques = [],
  penalties = [],
  generatorRate = 0.2,
  discriminatorRate = 0.2,
}: Rules): Promise<Path> => {
  const loss = name === "wasserstein" ? wasserstein() : nonSaturating();
  const game = gameOf({
    data: { real: fromExamples({ name: "zero", shape: [1], examples: new Float32Array(BATCH) }) },
    latents: { z: { size: 1, distribution: "normal" } },
    networks: {
      generator: (z: Tensor, scope: Scope) =>
        add(mul(z, 0), scope.parameter("theta", [1], constantInit(START.theta))),
      discriminator: (x: Tensor, scope: Scope) =>
        mul(x, scope.parameter("psi", [1], constantInit(START.psi))),
    },
    players: {
      discriminator: {
        loss: ({ real, z, generator, discriminator, random, parameters }) => {
          const fake = generator(z);
          const inputs = { real, fake, realScores: discriminator(real), fakeScores: discriminator(fake) };
          const more = { critic: discriminator, weights: parameters("discriminator"), random };
          return penalties.reduce(
            (total, { penalty }) =>
              penalty === undefined ? total : add(total, penalty({ ...inputs, ...more })),
            loss.discriminator(inputs.realScores, inputs.fakeScores),
          );
        },
        optimizer: sgd({ learningRate: discriminatorRate }),
      },
      generator: {
        follows: "discriminator",
        loss: ({ real, z, generator, discriminator }) =>
          loss.generator(discriminator(real), discriminator(generator(z))),
        optimizer: sgd({ learningRate: generatorRate }),
      },
    },
    techniques,
    batch: BATCH,
  });
  const moments = await play(game, LAST_STEP);
  const column = (name: string) =>
    moments.flatMap(({ state }) => (state[name] === undefined ? [] : [state[name][0]]));
  return { theta: column("generator"), psi: column("discriminator"), average: column("ema.generator") };
};

/** R1 of weight γ. */
export const r1Of = (weight: number): Penalty => r1({ weight });

const upTo = (values: readonly number[], step: number): readonly number[] => values.slice(0, step + 1);
const distance = ({ theta, psi }: Path, step: number): number => Math.hypot(theta[step], psi[step]);
const at = {
  marks: [
    { type: "rule" as const, x: 0 },
    { type: "rule" as const, y: 0 },
  ],
};

/** The path of a game in the plane of its two numbers and over time, beside that of a game without. */
export const drawPaths = (
  [own, plain]: readonly [Path, Path],
  { step, names: [name, other] }: { readonly step: number; readonly names: readonly [string, string] },
): Drawn => {
  const look = { 0: { color: 3 as const }, 1: { color: "muted" as const, dash: "dashed" as const } };
  const both = [own, plain].map((path, i) => ({
    path,
    label: i === 0 ? name : other,
    look: look[i as 0 | 1],
  }));
  const spec: FigureSpec = {
    panels: [
      {
        title: "Generator and discriminator",
        x: { label: "θ, what the generator makes", domain: [-2, 2] },
        y: { label: "ψ, slope of the discriminator", domain: [-2, 2] },
        marks: [
          ...at.marks,
          ...both.map(({ path, label, look }) => ({
            type: "line" as const,
            x: upTo(path.theta, step),
            y: upTo(path.psi, step),
            label,
            ...look,
          })),
          { type: "scatter", x: [own.theta[step]], y: [own.psi[step]], color: 4, radius: 5, label: "now" },
        ],
      },
      {
        title: "Distance from the data",
        x: { label: "step", domain: [0, LAST_STEP] },
        y: { label: "|θ|", domain: [0, 2] },
        marks: both.map(({ path, label, look }) => ({
          type: "line" as const,
          x: upTo(path.theta, step).map((_, i) => i),
          y: upTo(path.theta, step).map(Math.abs),
          label,
          ...look,
        })),
      },
    ],
  };
  return plot(
    `Step ${step}: ${short(distance(own, step))} from the equilibrium at (0, 0) with ${name}; ${short(distance(plain, step))} with ${other}.`,
    spec,
  );
};

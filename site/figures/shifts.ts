/** A critic of pictures, trained on faces against noise: what a consistency penalty makes of its scores of shifted faces. */
import { fromExamples } from "tsgan/data";
import { gameOf } from "tsgan/game";
import { add, input, interpret, type Tensor } from "tsgan/graph";
import { nonSaturating } from "tsgan/losses";
import { adam, bindScope, layers } from "tsgan/nn";
import type { Penalty } from "tsgan/penalties";
import { randomStream } from "tsgan/random";
import { face, SIDE } from "./face.ts";
import { type Drawn, plot, short } from "./kit.ts";
import { play } from "./play.ts";

export const LAST_STEP = 40;
const COUNT = 8;
const REACH = 4;
const shifts = Array.from({ length: 2 * REACH + 1 }, (_, i) => i - REACH);

const noise = (purpose: string, deviation: number): Float32Array => {
  const values = new Float32Array(COUNT * face.length);
  randomStream(1, purpose).fillNormal(values, 0, deviation);
  return values;
};
const real = noise("real", 0.1).map((value, i) => value + face[i % face.length]);
const fake = noise("fake", 0.5);

/** The face, moved to the right; what is left behind is 0, as in the augmentation. */
const shifted = shifts.flatMap((shift) =>
  Array.from(face, (_, i) => {
    const x = (i % SIDE) - shift;
    return x < 0 || x >= SIDE ? 0 : face[i - shift];
  }),
);

/** Scores of the shifted faces after each step. */
export const trainOnFaces = async (penalty?: Penalty) => {
  const loss = nonSaturating();
  const images = (name: string, examples: Float32Array) =>
    fromExamples({ name, shape: [1, SIDE, SIDE], examples });
  const game = gameOf({
    data: { real: images("real", real), fake: images("fake", fake) },
    networks: {
      critic: layers.sequential(layers.flatten(), layers.dense(12), layers.tanh(), layers.dense(1)),
    },
    players: {
      critic: {
        loss: (view) => {
          const critic = (x: Tensor): Tensor => view.critic(x);
          const [realScores, fakeScores] = [critic(view.real), critic(view.fake)];
          const plain = loss.discriminator(realScores, fakeScores);
          if (penalty?.penalty === undefined) return plain;
          const inputs = { real: view.real, fake: view.fake, realScores, fakeScores, critic };
          const random: typeof view.random = (kind, shape) => view.random(kind, shape);
          return add(plain, penalty.penalty({ ...inputs, weights: view.parameters("critic"), random }));
        },
      },
    },
    optimizer: adam({ learningRate: 0.01, beta1: 0.5 }),
    batch: COUNT,
  });
  const moments = await play(game, LAST_STEP);
  const { scope } = bindScope({
    variables: game.variables.critic,
    parameters: input("critic", [game.variables.critic.parameterCount]),
    mode: "inference",
  });
  const scores = game.networks.critic.apply(input("x", [shifts.length, 1, SIDE, SIDE]), scope) as Tensor;
  return (step: number): number[] => [
    ...interpret([scores], { critic: moments[step].state.critic, x: shifted })[0],
  ];
};

/** The most that a shift of up to two pixels, as the augmentation makes, changes. */
const change = (scores: readonly number[]): number =>
  Math.max(...[-2, -1, 1, 2].map((shift) => Math.abs(scores[REACH + shift] - scores[REACH])));

export const drawShifts = (
  [own, plain]: readonly (readonly number[])[],
  { step, what }: { readonly step: number; readonly what: string },
): Drawn =>
  plot(
    `Step ${step}: a shift of up to two pixels changes the score of a face by ${short(change(own))}; without, by ${short(change(plain))}.`,
    {
      panels: [
        {
          aspect: 0.5,
          x: { label: "pixels by which the face is shifted" },
          y: { label: "score D(x)", domain: [-2, 8] },
          marks: [
            { type: "line", x: shifts, y: own, label: what, color: 2 },
            { type: "line", x: shifts, y: plain, label: "without", color: "muted", dash: "dashed" },
          ],
        },
      ],
    },
  );

/** A critic of one number, trained on two clouds of points: what a penalty makes of its scores and of their slope. */
import { fromExamples } from "tsgan/data";
import { type Game, gameOf } from "tsgan/game";
import { add, grad, input, interpret, sum, type Tensor } from "tsgan/graph";
import { nonSaturating, wasserstein } from "tsgan/losses";
import { adam, bindScope, layers } from "tsgan/nn";
import type { Penalty } from "tsgan/penalties";
import { randomStream } from "tsgan/random";
import { type Drawn, plot, short, steps } from "./kit.ts";
import { type Moment, play } from "./play.ts";

export const LAST_STEP = 100;
const COUNT = 24;
const [REAL, FAKE] = [-1, 1];
const grid = steps(-3, 3, 61);
/** Of axes that stay as they are while handles move: scores and slopes that are larger leave the picture. */
const reach = { "non-saturating": { scores: 9, slopes: 36 }, wasserstein: { scores: 4, slopes: 3 } } as const;
/** Of initial weights with which the critic begins on neither side. */
const SEED = 3;

const cloud = (name: string, centre: number): Float32Array => {
  const points = new Float32Array(COUNT);
  randomStream(1, name).fillNormal(points, centre, 0.3);
  return points;
};
const clouds = { real: cloud("real", REAL), fake: cloud("fake", FAKE) };
const dataOf = (name: keyof typeof clouds) => fromExamples({ name, shape: [1], examples: clouds[name] });

export interface Training {
  readonly loss: "non-saturating" | "wasserstein";
  readonly penalty?: Penalty;
  readonly spectralNorm?: boolean;
}

const gameOfCritic = ({ loss: name, penalty, spectralNorm = false }: Training): Game => {
  const loss = name === "wasserstein" ? wasserstein() : nonSaturating();
  const { penalty: added, constraint, every = 1 } = penalty ?? {};
  const dense = (units: number) => layers.dense(units, { spectralNorm });
  return gameOf({
    data: { real: dataOf("real"), fake: dataOf("fake") },
    networks: { critic: layers.sequential(dense(16), layers.tanh(), dense(16), layers.tanh(), dense(1)) },
    players: {
      critic: {
        loss: (view) => {
          const { real, fake } = view;
          const critic = (x: Tensor): Tensor => view.critic(x);
          const [realScores, fakeScores] = [critic(real), critic(fake)];
          const plain = loss.discriminator(realScores, fakeScores);
          if (added === undefined || !view.every(every)) return plain;
          const weights = view.parameters("critic").filter(({ shape }) => shape.length > 1);
          const random: typeof view.random = (kind, shape) => view.random(kind, shape);
          return add(plain, added({ real, fake, realScores, fakeScores, critic, weights, random }));
        },
        ...(constraint && { constraint }),
      },
    },
    optimizer: adam({ learningRate: 0.02, beta1: 0.5 }),
    batch: COUNT,
  });
};

interface Surface {
  readonly scores: readonly number[];
  readonly slopes: readonly number[];
}

/** Scores and slopes on the grid, by the state of the game. */
const surfaceOf = (game: Game): ((state: Moment["state"]) => Surface) => {
  const { parameterCount, bufferCount } = game.variables.critic;
  const { scope } = bindScope({
    variables: game.variables.critic,
    parameters: input("critic", [parameterCount]),
    buffers: bufferCount > 0 ? input("critic.buffers", [bufferCount]) : undefined,
    mode: "inference",
  });
  const x = input("x", [grid.length, 1]);
  const scores = game.networks.critic.apply(x, scope) as Tensor;
  const [slopes] = grad(sum(scores), [x]);
  return (state) => {
    const feeds = Object.fromEntries(
      Object.entries(state).filter(([name]) => /^critic(\.buffers)?$/.test(name)),
    );
    const [values, gradients] = interpret([scores, slopes], { ...feeds, x: grid });
    return { scores: [...values], slopes: Array.from(gradients, Math.abs) };
  };
};

/** Trains a critic. Gives how its scores and slopes look after each step. */
export const trainCritic = async (training: Training) => {
  const game = gameOfCritic(training);
  const moments = await play(game, LAST_STEP, SEED);
  const surface = surfaceOf(game);
  return (step: number) => surface(moments[step].state);
};

/** Mean slope at the points of a cloud, by the nearest places of the grid. */
const slopeAt = ({ slopes }: Surface, points: Float32Array): number =>
  points.reduce((total, x) => total + slopes[Math.round(((x + 3) / 6) * (grid.length - 1))], 0) / COUNT;

const slopesText = (surface: Surface): string => {
  const most = Math.max(...surface.slopes.filter((_, i) => Math.abs(grid[i]) <= 1));
  return `${short(slopeAt(surface, clouds.real))} at real points, ${short(slopeAt(surface, clouds.fake))} at generated ones, at most ${short(most)} between them`;
};

/** Scores and slopes over the line, beside those of a critic without the penalty. */
export const drawCritic = (
  [own, plain]: readonly Surface[],
  { step, what, loss }: { readonly step: number; readonly what: string; readonly loss: Training["loss"] },
): Drawn => {
  const names = [what, "without"];
  const lines = (kind: "scores" | "slopes") =>
    [own, plain].map((each, i) => ({
      type: "line" as const,
      x: grid,
      y: each[kind],
      label: names[i],
      ...(i === 1 ? { color: "muted" as const, dash: "dashed" as const } : { color: 2 }),
    }));
  const { scores: most, slopes: steepest } = reach[loss];
  const points = Object.entries(clouds).map(([label, x], i) => ({
    type: "scatter" as const,
    x,
    y: new Array<number>(COUNT).fill(-0.96 * most),
    label: label === "fake" ? "generated" : label,
    color: i === 0 ? 0 : 1,
    opacity: 0.7,
  }));
  return plot(`Step ${step}. The slope is ${slopesText(own)}; without, ${slopesText(plain)}.`, {
    panels: [
      {
        title: "Scores D(x)",
        x: { label: "x" },
        y: { domain: [-most, most] },
        marks: [...lines("scores"), ...points],
      },
      { title: "Slope |D′(x)|", x: { label: "x" }, y: { domain: [0, steepest] }, marks: lines("slopes") },
    ],
  });
};

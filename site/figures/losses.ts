/** Pictures of losses: what each player makes small, by the score of a generated sample or by how far two Gaussians are apart. */
import { constant, interpret, type Tensor } from "tsgan/graph";
import {
  catalogue,
  type DiagonalGaussian,
  gaussianJensenShannon,
  gaussianKl,
  gaussianReverseKl,
  gaussianTotalVariation,
  gaussianW1,
  gaussianW2,
  type LossFactory,
  normalGrid,
} from "tsgan/losses";
import { clipByNorm } from "tsgan/nn";
import { type Figure, plot, range, remembered, short, steps } from "./kit.ts";

/** Energies are no less than 0; other scores are any numbers. */
const leastOf = ({ definition: { scores } }: LossFactory): number => (scores === "energy" ? 0 : -4);

type Player = "discriminator" | "generator";
const players: readonly Player[] = ["generator", "discriminator"];

/** The state of BEGAN, k: between 0, where it begins, and 1. */
const BALANCE = 0.5;

/** What a loss makes of one generated score, beside a real one. */
const lossAt = (
  loss: ReturnType<LossFactory["create"]>,
  player: Player,
  real: number,
  fake: number,
): number =>
  interpret([loss[player](constant([real], [1]), constant([fake], [1]), constant([BALANCE], [1]))])[0][0];

/** Of losses that compare whole batches, or that read something else than a score, there is no such curve. */
const hasCurve = (factory: LossFactory): boolean => {
  try {
    for (const player of players) lossAt(factory.create({}), player, 0, 0);
    return true;
  } catch {
    return false;
  }
};

const curveFigure = (name: string, factory: LossFactory): Figure => ({
  alt: `Losses of generator and discriminator of ${name}, by the score of a generated sample.`,
  controls: [
    range("real", "score of a real sample", [leastOf(factory), 4, 0.25], 0),
    range("fake", "score of a generated one", [leastOf(factory), 4, 0.25], 1),
  ],
  drag: { x: "fake" },
  draw: ({ real: given, fake: at }) => {
    const [real, fake] = [Number(given), Number(at)];
    const loss = factory.create({});
    const scores = steps(leastOf(factory), 4, 81);
    const values = players.map((player) => lossAt(loss, player, real, fake));
    const slope = (player: Player): number =>
      (lossAt(loss, player, real, fake + 1e-3) - lossAt(loss, player, real, fake - 1e-3)) / 2e-3;
    return plot(
      `Real ${short(real)}, generated ${short(fake)}: the generator's loss is ${short(values[0])} and its slope ${short(Number(slope("generator").toFixed(4)))}; the discriminator's is ${short(values[1])}.`,
      {
        panels: [
          {
            aspect: 0.5,
            x: { label: "score of a generated sample" },
            marks: [
              { type: "rule", x: fake },
              ...players.map((player) => ({
                type: "line" as const,
                x: scores,
                y: scores.map((s) => lossAt(loss, player, real, s)),
                label: player,
              })),
              ...values.map((value, player) => ({
                type: "scatter" as const,
                x: [fake],
                y: [value],
                radius: 4,
                color: player + 1,
              })),
            ],
          },
        ],
      },
    );
  },
});

type Compare = (p: DiagonalGaussian, q: DiagonalGaussian) => Tensor;

const gaussian = (mean: number, deviation: number): DiagonalGaussian => ({
  mean: constant([mean], [1]),
  std: constant([deviation], [1]),
});
const rule = remembered(normalGrid);
const divergences: Readonly<Record<string, Readonly<Record<string, Compare>>>> = {
  "jensen-shannon": { "JS(p, q)": (p, q) => gaussianJensenShannon(p, q, rule()) },
  kl: { "KL(p ‖ q)": gaussianKl },
  "reverse-kl": { "KL(q ‖ p)": gaussianReverseKl },
  "total-variation": { "TV(p, q)": (p, q) => gaussianTotalVariation(p, q, rule()) },
  "gaussian-wasserstein": { "W₂": gaussianW2, "W₁": (p, q) => gaussianW1(p, q) },
};

const places = steps(0, 5, 41);
const line = steps(-5, 8, 131);
const density = (mean: number, deviation: number): number[] =>
  line.map((x) => Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI)));

const divergenceFigure = (name: string, of: Readonly<Record<string, Compare>>): Figure => {
  const curves = remembered((deviation: number) =>
    Object.values(of).map((compare) =>
      places.map((mean) => interpret([compare(gaussian(0, 1), gaussian(mean, deviation))])[0][0]),
    ),
  );
  return {
    alt: `Left, the densities of two Gaussians, p at 0 and q beside it; right, ${name} by how far their means are apart.`,
    controls: [
      range("mean", "mean of q", [0, 5, 0.25], 2),
      range("deviation", "deviation of q", [0.25, 3, 0.25], 1.5),
    ],
    drag: { x: "mean" },
    draw: ({ mean: given, deviation: wide }) => {
      const [mean, deviation] = [Number(given), Number(wide)];
      const names = Object.keys(of);
      const now = Object.values(of).map(
        (compare) => interpret([compare(gaussian(0, 1), gaussian(mean, deviation))])[0][0],
      );
      return plot(
        `p = N(0, 1), q = N(${short(mean)}, ${short(deviation)}²): ${names.map((each, i) => `${each} = ${short(now[i])}`).join(", ")}.`,
        {
          legend: "panels",
          panels: [
            {
              title: "Two Gaussians",
              x: { label: "x" },
              y: { domain: [0, 0.9] },
              marks: [
                { type: "area", x: line, y: density(0, 1), label: "p", color: 0, opacity: 0.5 },
                { type: "area", x: line, y: density(mean, deviation), label: "q", color: 1, opacity: 0.5 },
              ],
            },
            {
              title: "How far they are apart",
              x: { label: "mean of q" },
              marks: [
                { type: "rule", x: mean },
                ...curves(deviation).map((y, i) => ({
                  type: "line" as const,
                  x: places,
                  y,
                  label: names[i],
                })),
              ],
            },
          ],
        },
      );
    },
  };
};

/** Gradient-norm clipping, of a gradient of two parameters. */
const clipFigure: Figure = {
  alt: "A gradient of two parameters as an arrow, and the same arrow shortened to the limit, within a circle of that radius.",
  controls: [
    range("limit", "c", [0.25, 5, 0.25], 1),
    range("x", "gradient, first parameter", [-4, 4, 0.5], 3),
    range("y", "second parameter", [-4, 4, 0.5], 2),
  ],
  drag: { x: "x", y: "y" },
  draw: ({ limit: given, x: first, y: second }) => {
    const [limit, x, y] = [Number(given), Number(first), Number(second)];
    const [[cx, cy]] = [interpret([clipByNorm(constant([x, y], [2]), limit)])[0]];
    const circle = steps(0, 2 * Math.PI, 61);
    return plot(
      `‖g‖ = ${short(Math.hypot(x, y))}, c = ${short(limit)}: the step is taken with a gradient of length ${short(Math.hypot(cx, cy))}, in the same direction.`,
      {
        panels: [
          {
            aspect: "equal",
            x: { label: "first parameter", domain: [-6, 6] },
            y: { label: "second parameter", domain: [-4.5, 4.5] },
            marks: [
              {
                type: "line",
                x: circle.map((angle) => limit * Math.cos(angle)),
                y: circle.map((angle) => limit * Math.sin(angle)),
                label: `length ${short(limit)}`,
                color: "muted",
                dash: "dashed",
              },
              { type: "arrows", x: [0], y: [0], toX: [x], toY: [y], label: "gradient", color: 3 },
              { type: "arrows", x: [0], y: [0], toX: [cx], toY: [cy], label: "clipped", color: 4, width: 3 },
            ],
          },
        ],
      },
    );
  },
};

export const figures: Readonly<Record<string, Figure>> = {
  ...Object.fromEntries(
    catalogue.all
      .filter(hasCurve)
      .map((factory) => [factory.definition.name, curveFigure(factory.definition.name, factory)]),
  ),
  ...Object.fromEntries(Object.entries(divergences).map(([name, of]) => [name, divergenceFigure(name, of)])),
  clip: clipFigure,
};
export { valuesOf } from "./kit.ts";

import type { LowDimensionalSupportsData, SupportsCase } from "@tsgan/theory";
import { integer, number } from "tsgan/define";
import type { Mark, Panel } from "tsgan/figure";
import { slider, titled } from "../ui/fields.ts";
import { exhibitOf, ORIGIN } from "./exhibit.ts";
import { defineLesson, nearestIndex } from "./lesson.ts";

const load = exhibitOf<LowDimensionalSupportsData>(
  () => import("./exhibits/low-dimensional-supports.json?raw"),
);

const CASES = { lines: "two lines", surfaces: "two surfaces", thick: "surfaces with noise" } as const;
type Case = keyof typeof CASES;
const NAMES = Object.keys(CASES) as Case[];

const COLOR = { real: 0, generated: 1, lines: 3, surfaces: 4, thick: 5 } as const;

const REACH = 1.5;

/** Points of space as seen from a direction: turned about the vertical axis, then tilted towards the eye. */
const seen = (points: readonly number[][], turn: number, tilt: number) => {
  const [a, b] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180];
  return {
    x: points.map(([x, y]) => x * Math.cos(a) - y * Math.sin(a)),
    y: points.map(([x, y, z]) => z * Math.cos(b) + (x * Math.sin(a) + y * Math.cos(a)) * Math.sin(b)),
  };
};

const degrees = (value: number): string => `${value}°`;

export const lesson = defineLesson({
  fields: {
    case: titled(CASES, { default: "surfaces", means: "data and samples", control: "radio" }),
    turn: slider(number({ default: 30, means: "turn" }), { from: -180, to: 180, step: 5, describe: degrees }),
    tilt: slider(number({ default: 20, means: "tilt" }), { from: 0, to: 90, step: 5, describe: degrees }),
    step: slider(integer({ default: 400, least: 0, most: 2000, means: "step of the discriminator" }), {
      step: 50,
      play: 50,
    }),
  },
  look: [
    "A generator that turns a few random numbers into a point of a larger space fills no volume: its samples lie on a line, a " +
      "surface, a manifold of low dimension; and so, it seems, do natural images. Turn the space around: the two surfaces never " +
      "touch. Then let the discriminator learn, step by step.",
  ],
  tries: [
    {
      text: "Look from the side: between the surfaces there is a gap, and a discriminator finds it.",
      state: { tilt: 0, turn: 0 },
    },
    {
      text: "At the end of the training: no errors, JS at log 2, and no slope left.",
      state: { case: "surfaces", step: 2000 },
    },
    { text: "Two lines: the same, and sooner.", state: { case: "lines", step: 300 } },
    {
      text: "Add noise: the laws overlap, the discriminator errs, and its slope stays.",
      state: { case: "thick", step: 2000 },
    },
  ],
  question: {
    text: "Is the discriminator perfect because the samples are bad, or because both laws are thin?",
    state: { case: "thick", step: 2000 },
    answer:
      "Because they are thin: with noise that fills the space the same discriminator errs, and its slope stays.",
  },
  means: [
    "Once the discriminator is perfect, its output is flat around every sample: a generator that follows its slope gets no " +
      "direction, however near the surfaces are. That is why training the discriminator to the end is a bad idea for a standard GAN.",
    "Noise on both sides (instance noise) gives the manifolds a thickness, so that no discriminator is perfect. A distance " +
      "that does not need overlap, such as Wasserstein's, is the other way out.",
  ],
  papers: [
    {
      text:
        "Arjovsky and Bottou 2017, “Towards principled methods for training generative adversarial networks”, lemma 1, " +
        "theorems 2.1, 2.2 and 3.1",
      arxiv: "1701.04862",
    },
    {
      text: "Sønderby et al. 2017, “Amortised MAP inference for image super-resolution”: instance noise",
      arxiv: "1610.04490",
    },
  ],
  playground: [
    {
      text: "Two squares that do not touch, and a discriminator that is too good",
      query: "data=disjoint&loss=minimax&k=10",
    },
    {
      text: "Data on a line: without a penalty, and with R1, which keeps the discriminator gentle",
      query: "data=line&noise=0.005&gans=2&b.pen=r1*weight*1",
    },
  ],
  origin: ORIGIN,
  picture: [0, 0],
  async show({ case: name, turn, tilt, step }, handle) {
    const { data } = await load();
    const found: SupportsCase = data[name];
    const i = nearestIndex(found.step, step);
    const color = COLOR[name];
    const curves = (pick: (found: SupportsCase) => readonly number[]): Mark[] =>
      NAMES.map((kind) => ({
        type: "line",
        x: data[kind].step,
        y: pick(data[kind]),
        label: CASES[kind],
        color: COLOR[kind],
        width: kind === name ? 2.5 : 1.4,
        opacity: kind === name ? 1 : 0.65,
      }));
    const now: Mark = { type: "rule", x: found.step[i] };
    const panel = (
      title: string,
      y: Panel["y"],
      pick: (found: SupportsCase) => readonly number[],
    ): Panel => ({
      title,
      x: { label: "step of the discriminator", domain: [0, 2000] },
      y,
      marks: [
        now,
        ...curves(pick),
        { type: "scatter", x: [found.step[i]], y: [pick(found)[i]], radius: 5, color },
      ],
    });
    return {
      figures: [
        {
          title: "Thin manifolds in space",
          panels: [
            {
              title: "The space: drag to turn",
              aspect: "equal",
              x: { label: "across", domain: [-REACH, REACH] },
              y: { label: "up", domain: [-REACH * 0.85, REACH * 0.85] },
              marks: (["real", "generated"] as const).map((side) => ({
                type: "scatter",
                ...seen(found[side], turn, tilt),
                label: side,
                color: COLOR[side],
                radius: 1.8,
              })),
            },
            panel("Slope at the samples", { label: "mean |∇_{x} D(x)|", scale: "log" }, ({ slope }) => slope),
            panel("Told right", { label: "accuracy", unit: "%", domain: [45, 101] }, ({ accuracy }) =>
              accuracy.map((share) => 100 * share),
            ),
            {
              ...panel(
                "JS, as the discriminator estimates it",
                { label: "JS", unit: "nats", domain: [-0.05, 0.8] },
                (kind) => kind.jensenShannon,
              ),
            },
          ],
        },
      ],
      readouts: [
        { label: "Step", value: found.step[i], decimals: 0 },
        { label: "Accuracy on unseen points", value: 100 * found.accuracy[i], unit: "%", decimals: 2 },
        { label: "JS estimate", value: found.jensenShannon[i], unit: "nats", note: "at most log 2 ≈ 0.6931" },
        {
          label: "Mean slope at samples",
          value: found.slope[i],
          decimals: 6,
          note: "what a generator could follow",
        },
      ],
      handles: [
        handle({
          label: "view",
          panel: 0,
          x: (turn / 180) * REACH * 0.95,
          y: ((tilt - 45) / 45) * REACH * 0.8,
          color: 7,
          along: "turn",
          up: "tilt",
          place: (at) => ({ turn: (at.x / (REACH * 0.95)) * 180, tilt: 45 + (at.y / (REACH * 0.8)) * 45 }),
        }),
        handle({
          label: "step of the discriminator",
          panel: 1,
          x: found.step[i],
          y: found.slope[i],
          color,
          along: "step",
        }),
      ],
    };
  },
});

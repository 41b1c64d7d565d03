/** Pictures of metrics: sets that the reader moves apart, and what the metrics say of them. */
import { ring } from "tsgan/data";
import { randomDirections, slicedWasserstein } from "tsgan/distances";
import { histogram } from "tsgan/figure";
import {
  countModes,
  fid,
  inceptionScore,
  kid,
  nearestInSet,
  nearestOther,
  precisionRecall,
} from "tsgan/metrics";
import { randomStream } from "tsgan/random";
import { type Figure, plot, range, remembered, short, steps } from "./kit.ts";

type Points = readonly (readonly [number, number])[];

const COUNT = 150;

/** Points of N(0, I). */
const normalPoints = (purpose: string, count = COUNT): Points => {
  const numbers = new Float64Array(2 * count);
  randomStream(1, purpose).fillNormal(numbers);
  return Array.from({ length: count }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]] as const);
};
const real = normalPoints("real");
const drawn = normalPoints("generated");
const moved = (x: number, y: number, spread: number): Points =>
  drawn.map(([a, b]) => [x + spread * a, y + spread * b] as const);

const column = (points: Points, axis: 0 | 1): number[] => points.map((point) => point[axis]);
const scatter = (points: Points, label: string, color: number) => ({
  type: "scatter" as const,
  x: column(points, 0),
  y: column(points, 1),
  label,
  color,
  radius: 2.5,
  opacity: 0.7,
});

const rows = (points: Points): number[][] => points.map((point) => [...point]);
const directions = randomDirections(randomStream(1, "directions"), 64, 2);
const judge = (fake: Points) => ({
  fid: fid(rows(real), rows(fake)).value,
  kid: kid(rows(real), rows(fake)).mean,
  sliced: slicedWasserstein(rows(real), rows(fake), directions).distance,
  ...precisionRecall(rows(real), rows(fake)),
});

const away = steps(0, 5, 11);
const along = remembered((spread: number) => away.map((x) => judge(moved(x, 0, spread))));

const points: Figure = {
  alt: "Left, two sets of points: real ones, and generated ones that are moved away and made wider or narrower; right, precision and recall by how far they are apart.",
  controls: [
    range("x", "to the right", [0, 5, 0.25], 1.5),
    range("y", "up", [-3, 3, 0.25], 0),
    range("spread", "spread", [0.1, 2.5, 0.1], 1),
  ],
  drag: { x: "x", y: "y" },
  draw: ({ x, y, spread }) => {
    const fake = moved(Number(x), Number(y), Number(spread));
    const now = judge(fake);
    const curves = along(Number(spread));
    return plot(
      `FID ${short(now.fid)}, KID ${short(now.kid)}, precision ${short(now.precision)}, recall ${short(now.recall)}, density ${short(now.density)}, coverage ${short(now.coverage)}, sliced W₂ ${short(now.sliced)}.`,
      {
        legend: "panels",
        panels: [
          {
            title: "Drag the generated points",
            aspect: 1,
            x: { domain: [-4, 8] },
            y: { domain: [-6, 6] },
            marks: [scatter(real, "real", 0), scatter(fake, "generated", 1)],
          },
          {
            title: "As they move to the right",
            aspect: 1,
            x: { label: "distance of the means" },
            y: { domain: [0, 1] },
            marks: [
              { type: "rule", x: Number(x) },
              {
                type: "line",
                x: away,
                y: curves.map(({ precision }) => precision),
                label: "precision",
                color: 3,
              },
              { type: "line", x: away, y: curves.map(({ recall }) => recall), label: "recall", color: 4 },
              {
                type: "line",
                x: away,
                y: curves.map(({ coverage }) => coverage),
                label: "coverage",
                color: 5,
                dash: "dashed",
              },
            ],
          },
        ],
      },
    );
  },
};

const modes: Figure = {
  alt: "A ring of eight Gaussians, and points of a generator that makes some of them, more or less blurred.",
  controls: [
    range("made", "modes that it makes", [1, 8, 1], 6),
    range("blur", "deviation of its points", [0.01, 0.4, 0.01], 0.05),
  ],
  draw: ({ made, blur }) => {
    const { centres, deviation } = ring();
    const fake: Points = drawn.map(([a, b], i) => {
      const [x, y] = centres[i % Number(made)];
      return [x + Number(blur) * a, y + Number(blur) * b] as const;
    });
    const { modesCovered, highQualityFraction, klToUniform, counts } = countModes(
      rows(fake),
      centres,
      deviation,
    );
    const circle = steps(0, 2 * Math.PI, 25);
    return plot(
      `${modesCovered} of 8 modes covered, ${short(100 * highQualityFraction)} % of high quality, KL to uniform ${klToUniform === null ? "none: no sample is near a mode" : short(klToUniform)}.`,
      {
        legend: "panels",
        panels: [
          {
            title: "Ring and generated points",
            aspect: "equal",
            x: { domain: [-3, 3] },
            y: { domain: [-3, 3] },
            marks: [
              ...centres.map(([x, y]) => ({
                type: "line" as const,
                x: circle.map((angle) => x + 3 * deviation * Math.cos(angle)),
                y: circle.map((angle) => y + 3 * deviation * Math.sin(angle)),
                label: "three deviations of a mode",
                color: 0,
              })),
              scatter(fake, "generated", 1),
            ],
          },
          {
            title: "Samples of high quality",
            x: { label: "mode", ticks: centres.map((_, i) => ({ value: i + 1, label: String(i + 1) })) },
            y: { label: "samples", domain: [0, COUNT / 4] },
            marks: [{ type: "bars", x: centres.map((_, i) => i + 1), y: counts, color: 1 }],
          },
        ],
      },
    );
  },
};

const CLASSES = 10;
const score: Figure = {
  alt: "Probabilities of ten classes that a classifier gives to ten samples, as shades of a table.",
  controls: [
    range("sure", "how sure the classifier is", [0, 8, 0.5], 4),
    range("kinds", "kinds of samples", [1, CLASSES, 1], 7),
  ],
  draw: ({ sure, kinds }) => {
    const probabilities = Array.from({ length: CLASSES }, (_, sample) => {
      const weights = Array.from({ length: CLASSES }, (_, label) =>
        label === sample % Number(kinds) ? Math.exp(Number(sure)) : 1,
      );
      const all = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / all);
    });
    const { mean, bound } = inceptionScore(probabilities, 1);
    const whole = probabilities[0].map((_, label) =>
      probabilities.reduce((a, row) => a + row[label] / CLASSES, 0),
    );
    return plot(`Inception score ${short(mean)}, of at most ${bound}.`, {
      panels: [
        {
          title: "Each sample",
          aspect: "equal",
          x: { label: "class" },
          y: { label: "sample" },
          marks: [
            {
              type: "heatmap",
              x: [0, CLASSES],
              y: [0, CLASSES],
              values: probabilities,
              domain: [0, 1],
              label: "p(y|x)",
            },
          ],
        },
        {
          title: "All samples together",
          x: { label: "class" },
          y: { label: "p(y)", domain: [0, 1] },
          marks: [{ type: "bars", x: whole.map((_, label) => label + 0.5), y: whole }],
        },
      ],
    });
  },
};

const training = normalPoints("training", 100);
const copied: Figure = {
  alt: "Points to learn from, and generated ones of which some are copies: the distance of each to the nearest it could have copied, as a histogram.",
  controls: [range("share", "share of copies, %", [0, 100, 5], 30)],
  draw: ({ share }) => {
    const count = Math.round((Number(share) / 100) * training.length);
    const fake: Points = training.map((point, i) => {
      const [x, y] = i < count ? point : drawn[i];
      return [x + 0.01 * drawn[i][1], y + 0.01 * drawn[i][0]] as const;
    });
    const nearest = Array.from(nearestInSet(rows(fake), rows(training)).squaredDistances, Math.sqrt);
    const among = Array.from(nearestOther(rows(training)), Math.sqrt);
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const bins = { bins: 24, range: [0, 1.2] as const };
    return plot(
      `${short(Number(share))} % copies: generated points are ${short(mean(nearest))} from the nearest training point on the average, training points ${short(mean(among))} from each other; the ratio is ${short(mean(nearest) / mean(among))}.`,
      {
        legend: "panels",
        panels: [
          {
            title: "Training and generated points",
            aspect: 0.8,
            x: { domain: [-3.5, 3.5] },
            y: { domain: [-3.5, 3.5] },
            marks: [scatter(training, "training", 0), scatter(fake, "generated", 1)],
          },
          {
            title: "Distance to the nearest",
            aspect: 0.8,
            x: { label: "distance" },
            y: { label: "points" },
            marks: [
              {
                type: "histogram",
                ...histogram(among, bins),
                label: "training to training",
                color: 0,
                opacity: 0.6,
              },
              {
                type: "histogram",
                ...histogram(nearest, bins),
                label: "generated to training",
                color: 1,
                opacity: 0.6,
              },
            ],
          },
        ],
      },
    );
  },
};

export const figures: Readonly<Record<string, Figure>> = {
  points,
  modes,
  "inception-score": score,
  nearest: copied,
};
export { valuesOf } from "./kit.ts";

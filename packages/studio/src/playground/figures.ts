/** How far generated points are from real ones: exact where that can be had, and always of the same samples. */
import type { MixtureDataset } from "tsgan/data";
import { exactTransport, jensenShannon, kl, matrix } from "tsgan/distances";
import { countModes, precisionRecall } from "tsgan/metrics";
import { VIEW } from "./drawn-points.ts";

export const figureKeys = [
  "wasserstein",
  "js",
  "kl",
  "precision",
  "recall",
  "slope",
  "modes",
  "quality",
] as const;
export type FigureKey = (typeof figureKeys)[number];
export type Figures = Readonly<Partial<Record<FigureKey, number>>>;

/** Points of each side for W₁, whose time grows as their cube, and for precision and recall. */
const TRANSPORTED = 256;
/** Cells along a side of the histograms. */
const CELLS = 20;

const points = (values: Float32Array, count: number) => matrix(count, 2, values.subarray(0, 2 * count));

/**
 * Shares of the cells of the view, and of all that lies outside. Each gets half a point more, so that none is empty and
 * KL is finite.
 */
export const histogram = (values: Float32Array): Float64Array => {
  const counts = new Float64Array(CELLS * CELLS + 1).fill(0.5);
  const cell = (value: number): number => Math.floor(((value + VIEW) / (2 * VIEW)) * CELLS);
  for (let i = 0; i < values.length; i += 2) {
    const [x, y] = [cell(values[i]), cell(values[i + 1])];
    const inside = x >= 0 && x < CELLS && y >= 0 && y < CELLS;
    counts[inside ? y * CELLS + x : CELLS * CELLS]++;
  }
  const total = values.length / 2 + counts.length / 2;
  return counts.map((count) => count / total);
};

export interface Reference {
  /** At least as many as are sampled. */
  readonly real: Float32Array;
  readonly histogram: Float64Array;
  readonly mixture: MixtureDataset | undefined;
}

/** @param real as many points as will be compared with it */
export const referenceOf = (real: Float32Array, mixture: MixtureDataset | undefined): Reference => ({
  real,
  histogram: histogram(real),
  mixture,
});

/** Everything but the slope, which needs the discriminator. */
export const figuresOf = ({ real, histogram: p, mixture }: Reference, samples: Float32Array): Figures => {
  const x = points(real, TRANSPORTED);
  const y = points(samples, TRANSPORTED);
  const weights = new Float64Array(TRANSPORTED).fill(1 / TRANSPORTED);
  const q = histogram(samples);
  const { precision, recall } = precisionRecall(x, y);
  const modes = mixture === undefined ? undefined : modesOf(mixture, samples);
  return {
    wasserstein: exactTransport(weights, weights, { x, y, cost: "euclidean" }).cost,
    js: jensenShannon(p, q),
    kl: kl(p, q),
    precision,
    recall,
    ...modes,
  };
};

/**
 * A mode counts as covered when it has a tenth of its share of the samples within 3 σ: the papers' rule of a single sample
 * is met by chance.
 */
const modesOf = (
  { centres, deviation }: MixtureDataset,
  samples: Float32Array,
): { readonly modes: number; readonly quality: number } => {
  const count = samples.length / 2;
  const { counts, highQualityFraction } = countModes(
    points(samples, count),
    matrix(centres.length, 2, centres.flat()),
    deviation,
  );
  const least = count / centres.length / 10;
  return { modes: counts.filter((one) => one >= least).length, quality: highQualityFraction };
};

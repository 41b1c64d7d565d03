/** Generated examples as a picture. */
import { type FigureSpec, figure, histogram, type Mark } from "../figure/index.ts";
import type { Model } from "../models/index.ts";
import { imageGridPng } from "./png.ts";
import { loadSharp } from "./sharp.ts";
import { svgPng } from "./svg-png.ts";

/** Small images are enlarged to about this side. */
const READABLE = 64;
/** Side of a scatter plot in pixels. */
const SCATTER = 480;
/** Wider grids are not readable: their samples are laid out as those of a model without classes. */
const MOST_COLUMNS = 20;
/** Space around the real points, as a share of their extent. */
const AIR = 0.25;

const column = (points: Float32Array, size: number, coordinate: number): Float32Array =>
  points.filter((_, i) => i % size === coordinate);

/** The interval of the values, a little wider. */
const domainOf = (values: Float32Array): readonly [number, number] => {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const air = AIR * (high - low || Math.max(1, Math.abs(low) / 2 ** 10));
  return [low - air, high + air];
};

/** Points in the plane of their first two coordinates, or the densities of numbers: real blue, generated orange, as everywhere. */
const pointsFigure = (generated: Float32Array, size: number, real: Float32Array | undefined): FigureSpec => {
  const sets = real === undefined ? [generated] : [real, generated];
  const color = (set: Float32Array) => (set === real ? 0 : 1);
  // The axes follow the real points, so that they stay where they are from sample to sample.
  const axis = (coordinate: number) => ({
    domain: domainOf(column(sets[0], size, coordinate)),
    // No text: a machine without fonts would draw boxes.
    ticks: [],
  });
  if (size === 1) {
    const x = axis(0);
    const marks = sets.map((set): Mark => {
      const { edges, heights } = histogram(set, { bins: 60, range: x.domain, density: true });
      return { type: "histogram", edges, heights, color: color(set), opacity: 0.6 };
    });
    return { panels: [{ x, y: { ticks: [] }, marks, aspect: 1 }] };
  }
  const marks = sets.map(
    (set): Mark => ({
      type: "scatter",
      x: column(set, size, 0),
      y: column(set, size, 1),
      // Real points are spots that generated ones can be seen to hit or miss.
      radius: set === real ? 5 : 2,
      opacity: set === real ? 0.2 : 0.7,
      color: color(set),
    }),
  );
  return { panels: [{ x: axis(0), y: axis(1), marks, aspect: "equal" }] };
};

/** Columns of a grid of samples. */
export interface SampleColumns {
  readonly count: number;
  /** Names of the classes that stand in them. */
  readonly titles?: readonly string[];
}

/**
 * Columns where each class, or category of the latent code, has one of its own.
 *
 * @param names of the classes
 */
export const sampleColumns = (
  { classes, latent }: Pick<Model, "classes" | "latent">,
  names?: readonly string[],
): SampleColumns | undefined => {
  const count = classes ?? latent.parts?.find(({ distribution }) => distribution === "one-hot")?.size;
  if (count === undefined || count > MOST_COLUMNS) return undefined;
  return { count, ...(classes !== undefined && names?.length === classes && { titles: names }) };
};

const PURPOSE = "drawing points";

/** Why samples of this shape cannot be drawn on this machine, if they cannot: a plot needs the package sharp. */
export const drawingProblem = async (shape: readonly number[]): Promise<string | undefined> => {
  if (shape.length === 3) return undefined;
  return loadSharp(PURPOSE).then(
    () => undefined,
    (error: Error) => `samples are not drawn: ${error.message}`,
  );
};

/**
 * A PNG file: a grid of images, or a plot of points with the real ones in blue, the generated ones in orange.
 *
 * @param examples [n, …shape], images in [−1, 1]
 * @param shape of one example
 * @param real some real points, for comparison
 * @param columns of the grid, with the names of classes above them; as many as rows by default
 */
export const samplePng = async (
  examples: Float32Array,
  shape: readonly number[],
  real?: Float32Array,
  columns?: SampleColumns,
): Promise<Uint8Array> => {
  if (shape.length === 3) {
    const scale = Math.max(1, Math.round(READABLE / shape[1]));
    const { count, titles } = columns ?? {};
    return imageGridPng(examples, shape, {
      scale,
      ...(count !== undefined && { columns: count }),
      ...(titles !== undefined && { titles }),
    });
  }
  const svg = figure(pointsFigure(examples, shape[0], real), { width: SCATTER, theme: "light" });
  return svgPng(svg, { purpose: PURPOSE });
};

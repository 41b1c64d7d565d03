/** Columns of a table as a picture: the distributions of real and of generated rows. */
import { aroundBounds, type FigureSpec, figure, histogram, type Mark, type Panel } from "../figure/index.ts";
import { randomStream } from "../random/index.ts";
import {
  type FrameColumn,
  frameOfRows,
  rowReader,
  type TableDataset,
  type TablePlan,
} from "../tables/index.ts";
import { svgPng } from "./svg-png.ts";

/** Panels of a picture: the first columns. */
const MOST_PANELS = 16;
/** Pixels of a panel's side, with what is around it: fewer, and a figure would put fewer in a row. */
const SIDE = 325;
const BINS = 24;
/** Categories that have a bar of their own. */
const MOST_BARS = 12;
const [REAL, GENERATED] = [0, 1];

const framed = (plan: TablePlan, examples: Float32Array): readonly FrameColumn[] => {
  const reader = rowReader(plan);
  return frameOfRows(reader.read(examples, 0, 0), reader.names, plan).columns;
};

/** Counts of a column's values, numbers in bins and categories in the order of the plan, for both kinds of rows. */
const marksOf = (real: FrameColumn, made: FrameColumn): Mark[] => {
  const mark = (edges: ArrayLike<number>, heights: ArrayLike<number>, color: number): Mark => ({
    type: "histogram",
    edges,
    heights,
    color,
    opacity: 0.6,
  });
  if (real.kind === "number" && made.kind === "number") {
    const numbers = [real.values, made.values].map((values) => values.filter((x) => !Number.isNaN(x)));
    const all = numbers[0].length > 0 ? numbers[0] : numbers[1];
    const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (all.length === 0) return [];
    const range = aroundBounds(low, high);
    return numbers.map((values, i) => {
      const { edges, heights } = histogram(values, { bins: BINS, range, density: true });
      return mark(edges, heights, i === 0 ? REAL : GENERATED);
    });
  }
  const words = [real.values, made.values] as readonly (readonly (string | undefined)[])[];
  const counts = new Map<string | undefined, [number, number]>();
  words.forEach((values, i) => {
    for (const word of values) {
      const own = counts.get(word) ?? [0, 0];
      own[i] += 1 / values.length;
      counts.set(word, own);
    }
  });
  const shown = [...counts.values()].sort((a, b) => b[0] - a[0]).slice(0, MOST_BARS);
  const edges = Array.from({ length: shown.length + 1 }, (_, i) => i);
  return [0, 1].map((i) =>
    mark(
      edges,
      shown.map((own) => own[i]),
      i === 0 ? REAL : GENERATED,
    ),
  );
};

/** Some rows of a table as they are, not as training draws them. */
export const someRows = async (dataset: TableDataset, seed: number, count: number): Promise<Float32Array> => {
  const rows = randomStream(seed, "table/shown").permutation(dataset.size).slice(0, count);
  return (await dataset.read!(rows)).examples;
};

/** A PNG file: a panel for each column that is learnt, in the order of the table; real blue, generated orange. */
export const tablePng = async (
  plan: TablePlan,
  examples: Float32Array,
  real: Float32Array,
): Promise<Uint8Array> => {
  const [truth, made] = [framed(plan, real), framed(plan, examples)];
  const axis = { ticks: [] };
  const shown = truth.slice(0, MOST_PANELS);
  const columns = Math.ceil(Math.sqrt(shown.length));
  // Those of the last row share its width, and are as high as the others.
  const left = shown.length % columns;
  const aspectOf = (i: number): number => (i < shown.length - left ? 1 : left / columns);
  const panels = shown.map(
    (column, i): Panel => ({ x: axis, y: axis, marks: marksOf(column, made[i]), aspect: aspectOf(i) }),
  );
  const spec: FigureSpec = { panels, columns };
  return svgPng(figure(spec, { width: columns * SIDE, theme: "light" }), { purpose: "drawing a table" });
};

/** What the report of a table's run shows: each column real beside synthetic, how columns go together, the scores, a verdict. */
import {
  type Axis,
  aroundBounds,
  escapeText,
  figure,
  histogram,
  type Mark,
  type Panel,
  type Tick,
} from "../figure/index.ts";
import {
  associations,
  evaluate,
  type FeatureExtractor,
  type Figure,
  type Judgement,
  metricOf,
  noReference,
  type Sharing,
  sharingOf,
} from "../metrics/index.ts";
import { randomStream } from "../random/index.ts";
import {
  type CategoryColumn,
  type ColumnPlan,
  type Frame,
  type FrameColumn,
  formatDate,
  frameOfRows,
  type NumberPlan,
  rowReader,
  type TableDataset,
  type TablePlan,
} from "../tables/index.ts";

export interface TableReport {
  readonly plan: TablePlan;
  /** Rows that are drawn. */
  readonly real: Frame;
  readonly synthetic: Frame;
  /** Undefined where the rows of the table are not kept. */
  readonly judgement: (Judgement & { readonly sharing: Sharing }) | undefined;
}

/** Rows of either kind that are drawn and judged. */
const ROWS = 2000;
const METRICS = ["table-quality", "table-detection", "table-usefulness", "table-privacy"];

/**
 * Judges samples of a table, and gathers what the report draws of them.
 *
 * @param dataset the table; judged by its rows, where they are kept
 * @param extractor what `evaluate` takes; tables have their values themselves
 * @param sample makes so many encoded rows
 * @param options the `seed` of all that is drawn by chance, and the `guarantee` of differential privacy, in words, where there is one
 * @returns undefined where samples are not finite
 */
export const tableReport = async (
  dataset: TableDataset,
  extractor: FeatureExtractor,
  sample: (count: number) => Promise<Float32Array>,
  { seed, guarantee }: { readonly seed: number; readonly guarantee?: string | undefined },
): Promise<TableReport | undefined> => {
  const { table: plan, rows } = dataset;
  const samples = await sample(ROWS);
  if (!samples.every(Number.isFinite)) return undefined;
  const reader = rowReader(plan);
  const framed = (examples: Float32Array): Frame =>
    frameOfRows(reader.read(examples, 0, seed), reader.names, plan);
  const some = randomStream(seed, "table/shown").permutation(dataset.size).slice(0, ROWS);
  const frames = {
    plan,
    real: framed((await dataset.read!(some)).examples),
    synthetic: framed(samples),
  };
  if (rows === undefined) return { ...frames, judgement: undefined };
  const reference = noReference(dataset.size);
  const metrics = METRICS.filter((name) => metricOf(name).unfit?.({ dataset, extractor }) === undefined);
  const judgement = await evaluate({ samples, dataset, extractor, reference, seed }, { metrics });
  const facts = { heldOut: rows.heldOut?.().rows ?? 0, samples: ROWS, guarantee };
  return { ...frames, judgement: { ...judgement, sharing: sharingOf(judgement.figures, facts) } };
};

/** Columns that are drawn, and those of a matrix, at most. */
const MOST_COLUMNS = 60;
const MOST_CORRELATED = 24;
/** Columns up to which the numbers of a matrix are written into it. */
const ANNOTATED = 6;
const BINS = 24;
/** Values that have bars of their own. */
const MOST_BARS = 12;
const LONGEST_NAME = 12;
const WIDTH = 380;
const [REAL, SYNTHETIC] = [0, 1];

const short = (name: string, length = LONGEST_NAME): string =>
  name.length <= length ? name : `${name.slice(0, length - 1)}…`;

const percent = (share: number): string => `${Number((100 * share).toFixed(share < 0.1 ? 1 : 0))} %`;

const both = (real: FrameColumn, made: FrameColumn) =>
  [
    { column: real, label: "real", color: REAL },
    { column: made, label: "synthetic", color: SYNTHETIC },
  ] as const;

/** Shares of rows that have each of a few values. */
const barPanel = (
  name: string,
  bars: readonly string[],
  counted: readonly {
    readonly shares: ReadonlyMap<string, number>;
    readonly label: string;
    readonly color: number;
  }[],
): Panel => ({
  x: { label: name, ticks: bars.map((word, value) => ({ value, label: short(word) })) },
  y: { label: "share of rows" },
  marks: counted.map(
    ({ shares, label, color }, i): Mark => ({
      type: "bars",
      x: bars.map((_, at) => at + (i === 0 ? -0.2 : 0.2)),
      y: bars.map((word) => shares.get(word) ?? 0),
      width: 0.38,
      label,
      color,
    }),
  ),
});

/** Shares of rows that have each of few numbers. */
const fewNumbersPanel = (
  { name, values, format }: NumberPlan,
  real: FrameColumn,
  made: FrameColumn,
): Panel => {
  const textOf = (value: number): string =>
    format === undefined ? String(value) : formatDate(value, format);
  const bars = [...values].sort((a, b) => a - b).map(textOf);
  const counted = both(real, made).map(({ column, label, color }) => {
    const shares = new Map<string, number>();
    for (const value of column.values as Float64Array) {
      const word = textOf(value);
      shares.set(word, (shares.get(word) ?? 0) + 1 / column.values.length);
    }
    return { shares, label, color };
  });
  return barPanel(name, bars, counted);
};

/** Shares of rows in bins of equal width; what lies beyond the range counts at its ends. */
const numberPanel = (plan: NumberPlan, real: FrameColumn, made: FrameColumn): Omit<Panel, "title"> => {
  const { low, high, format } = plan;
  const range = aroundBounds(low, high);
  const marks = both(real, made).map(({ column, label, color }): Mark => {
    const inside = (column.values as Float64Array)
      .filter((value) => !Number.isNaN(value))
      .map((value) => Math.min(range[1], Math.max(range[0], value)));
    const { edges, heights } = histogram(inside, { bins: BINS, range });
    const shares = heights.map((count) => count / Math.max(1, inside.length));
    return { type: "histogram", edges, heights: shares, label, color, opacity: 0.55 };
  });
  const at = (share: number): Tick => {
    const value = range[0] + share * (range[1] - range[0]);
    return { value, label: formatDate(value, format!) };
  };
  const x: Axis = format === undefined ? {} : { ticks: [at(0), at(0.5), at(1)] };
  return { x: { label: plan.name, ...x }, y: { label: "share of rows" }, marks };
};

/** Shares of the values that rows may be written with; what is rarer in the table is not named. */
const categoryPanel = (
  name: string,
  values: readonly string[],
  real: FrameColumn,
  made: FrameColumn,
): Panel => {
  const named = values.slice(0, MOST_BARS);
  const rest = "others";
  const counted = both(real, made).map(({ column, label, color }) => {
    const { values: words } = column as CategoryColumn;
    const shares = new Map<string, number>();
    for (const word of words) {
      if (word === undefined) continue;
      const own = named.includes(word) ? word : rest;
      shares.set(own, (shares.get(own) ?? 0) + 1 / words.length);
    }
    return { shares, label, color };
  });
  const bars = counted.some(({ shares }) => shares.has(rest)) ? [...named, rest] : named;
  return barPanel(name, bars, counted);
};

const panelOf = (plan: ColumnPlan, real: FrameColumn, made: FrameColumn): Panel => {
  if (plan.kind !== "number")
    return categoryPanel(real.name, plan.kind === "category" ? plan.values : [], real, made);
  const isFew = plan.normals.length === 0 && plan.values.length <= MOST_BARS;
  return isFew ? fewNumbersPanel(plan, real, made) : numberPanel(plan, real, made);
};

const missing = ({ kind, values }: FrameColumn): number => {
  let count = 0;
  for (const value of values) if (kind === "number" ? Number.isNaN(value) : value === undefined) count++;
  return count / Math.max(1, values.length);
};

const missingText = (real: FrameColumn, made: FrameColumn): string => {
  const [own, other] = [missing(real), missing(made)];
  return own === 0 && other === 0
    ? ""
    : `missing in ${percent(own)} of the real rows, ${percent(other)} of the synthetic ones`;
};

/** Of each column, by name, its score. */
const scoresOf = (figures: readonly Figure[] | undefined): ReadonlyMap<string, string> =>
  new Map(
    (figures?.find(({ key }) => key === "columnShapes")?.details ?? []).map(({ name, value }) => {
      const [, column, metric] = /^(.*) \((\w+)\)$/.exec(name)!;
      return [column, `${metric} ${value.toFixed(3)}`];
    }),
  );

const columnFigures = ({ plan, real, synthetic, judgement }: TableReport): string => {
  const scores = scoresOf(judgement?.figures);
  return real.columns
    .slice(0, MOST_COLUMNS)
    .map((column, i) => {
      const made = synthetic.columns[i];
      const own = plan.columns.find(({ name }) => name === column.name)!;
      const panel = panelOf(own, column, made);
      const words = [scores.get(column.name) ?? "", missingText(column, made)].filter((part) => part !== "");
      return `<figure>${figure({ title: "", panels: [{ ...panel, aspect: 0.55 }] }, { width: WIDTH })}<figcaption>${escapeText(words.join("; "))}</figcaption></figure>`;
    })
    .join("");
};

const matrixFigure = (
  title: string,
  names: readonly string[],
  values: readonly ArrayLike<number>[],
  domain: readonly [number, number],
  label: string,
): string => {
  const count = names.length;
  const numbers = names.map((_, i) => ({ value: i + 0.5, label: String(i + 1) }));
  const rows = names.map((name, i) => ({ value: count - i - 0.5, label: `${short(name, 16)} ${i + 1}` }));
  const rounded = values.map((row) => Array.from(row, (value) => Math.round(100 * value) / 100));
  const panel: Panel = {
    title,
    x: { ticks: numbers, domain: [0, count] },
    // Rows run from above, as a matrix is written.
    y: { ticks: rows, domain: [0, count] },
    marks: [
      {
        type: "heatmap",
        x: [0, count],
        y: [0, count],
        values: rounded.reverse(),
        domain,
        label,
        annotate: count <= ANNOTATED,
      },
    ],
    aspect: 1,
  };
  return `<figure>${figure({ title: "", panels: [panel] }, { width: count <= ANNOTATED ? 460 : 520 })}</figure>`;
};

const matrices = ({ real, synthetic }: TableReport): string => {
  if (real.columns.length < 2) return "";
  const first = ({ rows, columns }: Frame): Frame => ({ rows, columns: columns.slice(0, MOST_CORRELATED) });
  const [own, made] = [real, synthetic].map(first);
  const names = own.columns.map(({ name }) => name);
  const [a, b] = [associations(own), associations(made)];
  const apart = a.map((row, i) => row.map((value, j) => Math.abs(value - b[i][j])));
  const isCut = real.columns.length > MOST_CORRELATED;
  return `<h3>How columns go together</h3>
<p class="note">Correlation of two numbers, from −1 to 1; of others Cramér’s V, from 0 to 1, numbers in ten bins. Empty where a column has one value.${isCut ? ` The first ${MOST_CORRELATED} of ${real.columns.length} columns.` : ""}</p>
<div class="matrices">${matrixFigure("real", names, a, [-1, 1], "correlation")}${matrixFigure("synthetic", names, b, [-1, 1], "correlation")}${matrixFigure("difference", names, apart, [0, 1], "how far they are apart")}</div>`;
};

const ARROWS = { lower: " (less is better)", higher: " (more is better)", neither: "" } as const;

const scores = ({ figures }: Judgement): string =>
  `<details><summary>All figures</summary><table>${figures
    .map(
      ({ label, value, note, unreliable, better }) =>
        `<tr><th scope="row">${escapeText(label)}</th><td class="figure">${Number(value.toPrecision(3))}</td><td>${escapeText(note)}${ARROWS[better]}${unreliable === undefined ? "" : `<br><strong>unreliable: ${escapeText(unreliable)}</strong>`}</td></tr>`,
    )
    .join("")}</table></details>`;

/** The figures that say most, each with what it is out of. */
const TILES: readonly (readonly [key: string, name: string])[] = [
  ["columnShapes", "columns are alike"],
  ["pairTrends", "pairs of columns are alike"],
  ["detection", "a classifier cannot tell"],
  ["usefulness", "as useful as real rows"],
];

const tiles = ({ figures }: Judgement): string =>
  `<dl class="tiles">${TILES.flatMap(([key, name]) => {
    const found = figures.find((each) => each.key === key);
    return found === undefined ? [] : `<div><dt>${name}</dt><dd>${found.value.toFixed(2)}</dd></div>`;
  }).join("")}</dl>`;

const verdict = (sharing: Sharing): string => {
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join("")}</ul>`;
  return `<div class="sharing ${sharing.level}"><p><strong>${escapeText(sharing.sentence)}</strong></p>
${list(sharing.reasons)}
<p class="note">What this does not say:</p>
${list(sharing.limits)}</div>`;
};

export const TABLE_STYLE = `
h3{font-size:1rem;margin:28px 0 8px}
figcaption{color:var(--muted);font-size:.85rem;margin:2px 0 0 8px;min-height:1.3em}
.matrices{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:16px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:16px 0}
.tiles div{border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.tiles dt{color:var(--muted);font-size:.85rem}
.tiles dd{margin:2px 0 0;font-size:1.5rem;font-variant-numeric:tabular-nums}
.sharing{border-left:4px solid var(--muted);padding:2px 16px;margin:12px 0}
.sharing.no{border-color:var(--bad)}
.sharing.look{border-color:#d06502}
.sharing ul{margin:4px 0;padding-left:1.2em}
td.figure{font-variant-numeric:tabular-nums;white-space:nowrap}`;

/** The section of the report. */
export const tableSection = (report: TableReport): string => {
  const { judgement, real, synthetic } = report;
  const judged =
    judgement === undefined
      ? `<p class="note">Whether these rows may be shared has not been judged: the rows of so large a table are not kept while it trains. <code>tsgan evaluate</code> with the folder of this run judges them.</p>`
      : `${verdict(judgement.sharing)}
<p class="note">Each from 0 to 1, where 1 is best.</p>
${tiles(judgement)}
${scores(judgement)}`;
  const isCut = real.columns.length > MOST_COLUMNS;
  return `<section aria-labelledby="table"><h2 id="table">Rows</h2>
${judged}
<h3>Columns, real beside synthetic</h3>
<p class="note">${real.rows.toLocaleString("en-US")} real rows and ${synthetic.rows.toLocaleString("en-US")} synthetic ones.${isCut ? ` The first ${MOST_COLUMNS} of ${real.columns.length} columns.` : ""}</p>
<div class="charts">${columnFigures(report)}</div>
${matrices(report)}
</section>`;
};

/** The figures of a study's report. */
import type { FigureSpec, LineMark, Mark, Panel, Tick } from "tsgan/figure";
import type { ParameterValue } from "./definition.ts";
import type { FigureKind } from "./figures.ts";
import type { DataSummary, ModelSummary, StudySummary } from "./study-summary.ts";

/** A model has one colour in all figures of a report. Beyond the palette's seven, dashes tell them apart. */
export type Look = (model: string) => { readonly color: number; readonly dash?: "dashed" | "dotted" };

const COLORS = 7;

export const looksOf = (models: readonly string[]): Look => {
  const place = new Map(models.map((model, i) => [model, i]));
  return (model) => {
    const i = place.get(model) ?? 0;
    const dash = ([undefined, "dashed", "dotted"] as const)[Math.floor(i / COLORS) % 3];
    return { color: i % COLORS, ...(dash && { dash }) };
  };
};

/** Values that span more than this factor are shown on a log axis. */
const WIDE_SPAN = 20;

const scaleOf = (values: readonly number[]): "linear" | "log" => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high / low > WIDE_SPAN ? "log" : "linear";
};

const axisLabel = ({ label, better }: FigureKind): string => `${label} (${better} is better)`;

/** 1 … n, every second, fifth … where there are many. */
const countTicks = (n: number): Tick[] => {
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => n / each <= 10) ?? Math.ceil(n / 10);
  return Array.from({ length: n }, (_, i) => i + 1)
    .filter((k) => k === 1 || k % step === 0)
    .map((value) => ({ value, label: String(value) }));
};

/** What one result costs. */
const costOf = ({ unit, seeds, budget, stepUnit }: StudySummary): string => {
  const length = "steps" in budget ? `${budget.steps} ${stepUnit} steps` : `${budget.seconds} s`;
  const runs = unit === "draw" && seeds.length > 1 ? `${seeds.length} seeds of ${length}` : length;
  return unit === "draw" ? `draws of hyper-parameters, ${runs} each` : `runs of ${runs} each`;
};

/** For two columns: the last of an odd number has a row to itself, and the height of the others. */
const inPairs = (panels: readonly Panel[]): Panel[] =>
  panels.map((panel, i) => {
    const alone = panels.length % 2 === 1 && i === panels.length - 1;
    return alone && typeof panel.aspect === "number" ? { ...panel, aspect: panel.aspect / 2 } : panel;
  });

/** Up to so many bands can be told apart in one panel. */
const MOST_BANDS = 3;

const curve = ({ bestOfK }: ModelSummary, look: Partial<LineMark>): Mark => ({
  type: "line",
  x: bestOfK.map(({ k }) => k),
  y: bestOfK.map(({ expected }) => expected),
  ...look,
});

const band = ({ bestOfK }: ModelSummary, color: number): Mark => ({
  type: "area",
  x: bestOfK.map(({ k }) => k),
  y: bestOfK.map(({ high }) => high),
  base: bestOfK.map(({ low }) => low),
  color,
  opacity: 0.2,
});

/**
 * Expected best of k against k. Where the bands of all models would cover each other, each model has a panel for its own, before
 * the others' curves.
 */
export const bestOfKFigure = (
  summary: StudySummary,
  { metric, models }: DataSummary,
  look: Look,
  narrow: boolean,
): FigureSpec | undefined => {
  const most = Math.max(...models.map(({ bestOfK }) => bestOfK.length));
  if (metric === null || most < 2) return undefined;
  const shown = models.filter(({ bestOfK }) => bestOfK.length > 0);
  const few = shown.length <= MOST_BANDS;
  const axes = (values: readonly number[], label: string): Pick<Panel, "x" | "y"> => ({
    x: { label, domain: [1, most], ticks: countTicks(most) },
    y: { label: `best of k: ${axisLabel(metric)}`, scale: scaleOf(values) },
  });
  const ends = shown.flatMap(({ bestOfK }) => bestOfK.flatMap(({ low, high }) => [low, high]));
  const all: Panel = {
    ...axes(ends, `k: ${costOf(summary)}`),
    wide: true,
    aspect: narrow ? 0.9 : 0.5,
    marks: [
      ...(few ? shown.map((entry) => band(entry, look(entry.model).color)) : []),
      ...shown.map((entry) => curve(entry, { ...look(entry.model), label: entry.model })),
    ],
  };
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const own = (model: ModelSummary): Panel => {
    const { x, y } = axes(ends, "k");
    return {
      title: model.model,
      x,
      y: { scale: y?.scale ?? "linear", ...(low < high && { domain: [low, high] as const }) },
      aspect: 0.5,
      marks: [
        ...shown
          .filter((other) => other !== model)
          .map((other) => curve(other, { color: "muted", opacity: 0.35, width: 1 })),
        band(model, look(model.model).color),
        curve(model, look(model.model)),
      ],
    };
  };
  const each = few ? [] : shown.map(own);
  return narrow
    ? { legend: "top", columns: 1, panels: [all, ...each] }
    : { legend: "direct", columns: 2, panels: [all, ...inPairs(each)] };
};

/** Height of a model's row and of what is above and below the rows, in pixels. */
const ROW = 34;
const FRAME = 24;

/** Offset in (−1/4, 1/4) of point i of n. */
const apart = (i: number, n: number): number => ((i + 0.5) / n - 0.5) / 2;

/** All trials of all models: dots, the box between their quartiles, their median; failed ones as crosses at the worst. */
export const trialsFigure = (
  { metric, models, worst }: DataSummary,
  look: Look,
  width: number,
): FigureSpec | undefined => {
  const shown = models.filter(({ results }) => results.length > 0);
  if (metric === null || worst === null || shown.length === 0) return undefined;
  const marks = shown.flatMap(({ model, draws, figures }, row): Mark[] => {
    const y = shown.length - 1 - row;
    const { color } = look(model);
    const trials = draws.flatMap((draw) => draw.trials);
    const points = trials.map(({ value }, i) => ({ value, y: y + apart(i, trials.length) }));
    const found = points.filter(({ value }) => value !== null);
    const lost = points.filter(({ value }) => value === null);
    const spread = figures.find(({ key }) => key === metric.key);
    const box: Mark[] =
      spread === undefined
        ? []
        : [
            {
              type: "area",
              x: [spread.lower, spread.upper],
              y: [y + 0.35, y + 0.35],
              base: [y - 0.35, y - 0.35],
              color,
              opacity: 0.18,
            },
            { type: "line", x: [spread.median, spread.median], y: [y - 0.35, y + 0.35], color, width: 2.5 },
          ];
    return [
      ...box,
      {
        type: "scatter",
        x: found.map(({ value }) => value),
        y: found.map((point) => point.y),
        color,
        radius: 3.5,
      },
      ...(lost.length === 0
        ? []
        : [
            {
              type: "scatter",
              symbol: "cross",
              x: lost.map(() => worst),
              y: lost.map((point) => point.y),
              label: "no figure: counted as the worst",
              color: "ink",
              radius: 4,
            } as const,
          ]),
    ];
  });
  const values = shown.flatMap(({ draws }) =>
    draws.flatMap((draw) => draw.trials.flatMap(({ value }) => value ?? worst)),
  );
  return {
    columns: 1,
    panels: [
      {
        x: { label: axisLabel(metric), scale: scaleOf(values) },
        y: {
          domain: [-0.6, shown.length - 0.4],
          ticks: shown.map(({ model }, row) => ({ value: shown.length - 1 - row, label: model })),
        },
        aspect: (FRAME + ROW * shown.length) / width,
        marks,
      },
    ],
  };
};

interface Point {
  readonly model: string;
  readonly at: ParameterValue;
  readonly value: number;
}

/** Up to so many values that come again and again stand side by side, as choices do. */
const MOST_CHOICES = 5;

/** The values to stand side by side; undefined where the parameter has an axis. */
const choicesOf = (points: readonly Point[]): ParameterValue[] | undefined => {
  const values = [...new Set(points.map(({ at }) => at))];
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < values.length) return values.sort();
  const few = numbers.length <= MOST_CHOICES && points.length > 2 * numbers.length;
  return few ? numbers.sort((a, b) => a - b) : undefined;
};

const sensitivityPanel = (
  parameter: string,
  points: readonly Point[],
  { models, logParameters }: StudySummary,
  metric: FigureKind,
  look: Look,
): Panel => {
  const choices = choicesOf(points);
  const x = ({ model, at }: Point): number =>
    choices === undefined ? Number(at) : choices.indexOf(at) + apart(models.indexOf(model), models.length);
  return {
    title: parameter,
    x:
      choices === undefined
        ? { scale: logParameters.includes(parameter) ? "log" : "linear" }
        : {
            domain: [-0.5, choices.length - 0.5],
            ticks: choices.map((choice, value) => ({ value, label: String(choice) })),
          },
    y: { label: axisLabel(metric), scale: scaleOf(points.map(({ value }) => value)) },
    aspect: 0.7,
    marks: models.flatMap((model): Mark[] => {
      const own = points.filter((point) => point.model === model);
      if (own.length === 0) return [];
      const { color } = look(model);
      return [
        {
          type: "scatter",
          x: own.map(x),
          y: own.map(({ value }) => value),
          label: model,
          color,
          radius: 3.5,
        },
      ];
    }),
  };
};

/** Results of the draws against each hyper-parameter that varies. */
export const sensitivityFigure = (
  summary: StudySummary,
  { metric, models }: DataSummary,
  look: Look,
  narrow: boolean,
): FigureSpec | undefined => {
  if (metric === null) return undefined;
  const draws = models.flatMap(({ model, draws: own }) => own.map((draw) => ({ ...draw, model })));
  const names = [...new Set(draws.flatMap(({ parameters }) => Object.keys(parameters)))];
  const panels = names.flatMap((parameter): Panel[] => {
    const points = draws.flatMap(({ model, parameters, value }): Point[] =>
      parameters[parameter] === undefined ? [] : [{ model, at: parameters[parameter], value }],
    );
    if (new Set(points.map(({ at }) => at)).size < 2) return [];
    return [sensitivityPanel(parameter, points, summary, metric, look)];
  });
  if (panels.length === 0) return undefined;
  return narrow ? { panels, columns: 1 } : { panels: inPairs(panels), columns: 2 };
};

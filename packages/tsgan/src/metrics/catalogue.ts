/** Metrics by name, and the figures that all of them may give. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import type { MetricChart } from "./charts.ts";
import { builtIn } from "./definitions/built-in.ts";
import type { FigureFacts, Metric, MetricFactory } from "./metric.ts";

/**
 * All metrics, built in and registered.
 *
 * @example
 * ```ts
 * import { catalogue } from "tsgan/metrics";
 *
 * for (const { definition } of catalogue.all) console.log(definition.name, definition.title);
 * ```
 */
export const catalogue: Catalogue<MetricFactory> = catalogueOf("metric", builtIn);

/** A metric as people ask for it: by its name, with options beside it, or the thing itself. */
export type MetricChoice =
  | string
  | Metric
  | { readonly name: string; readonly definition?: undefined; readonly [option: string]: unknown };

/**
 * The metric that a name, or a name with options, stands for.
 *
 * @param choice "fid", or { name: "kid", subsets: 10 }
 * @throws UsageError for a metric or an option that does not exist, with the nearest name
 */
export const metricOf = (choice: MetricChoice): Metric => {
  if (typeof choice === "string") return catalogue.get(choice).create();
  if (choice.definition !== undefined) return choice as Metric;
  const { name, definition: _, ...options } = choice;
  return catalogue.get(name).create(options);
};

/** A figure of some metric. */
export interface KnownFigure extends FigureFacts {
  /** Name in metrics.jsonl: "fid". */
  readonly key: string;
  /** Name of the metric that gives it. */
  readonly metric: string;
}

const listed = (factories: readonly MetricFactory[]): readonly KnownFigure[] => {
  const figures = factories.flatMap(({ definition }) =>
    Object.entries(definition.figures).map(
      ([key, facts]): KnownFigure => ({ key, metric: definition.name, ...facts }),
    ),
  );
  for (const [i, { key, metric }] of figures.entries()) {
    const other = figures.findIndex((figure) => figure.key === key);
    if (other === i) continue;
    throw new UsageError(
      `metric ${metric}: there is a figure "${key}" already, of ${figures[other].metric}; choose another name for your own`,
    );
  }
  const last = Number.POSITIVE_INFINITY;
  return figures.sort((a, b) => {
    const [left, right] = [a.rank ?? last, b.rank ?? last];
    return left < right ? -1 : left > right ? 1 : 0;
  });
};

let known: { readonly of: readonly MetricFactory[]; readonly figures: readonly KnownFigure[] } | undefined;

/** All figures that metrics may give, the most telling first. @throws UsageError where two metrics give figures of one name */
export const knownFigures = (): readonly KnownFigure[] => {
  const { all } = catalogue;
  // Asked for with each record of a run: thousands of times.
  if (known?.of.length !== all.length || all.some((factory, i) => factory !== known?.of[i])) {
    known = { of: all, figures: listed(all) };
  }
  return known.figures;
};

/** The charts of all metrics, built in and registered: which figures stand in one, and how it is headed. */
export const metricCharts = (): readonly MetricChart[] =>
  catalogue.all.flatMap(({ definition: { charts = [], figures } }) => {
    const drawn = charts.flatMap(({ series }) => Object.keys(series));
    const others = Object.entries(figures).filter(
      ([key, { from }]) => from === undefined && !drawn.includes(key),
    );
    return [
      ...charts,
      ...others.map(([key, { label }]): MetricChart => ({ title: label, label, series: { [key]: label } })),
    ];
  });

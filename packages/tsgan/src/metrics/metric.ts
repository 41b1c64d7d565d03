/** What a metric is: what it may look at, the figures that it gives, and how one is defined. */
import type { Dataset } from "../data/index.ts";
import {
  type Creator,
  checkFunctions,
  type Definition,
  type Factory,
  factoryOf,
  type Made,
  type OptionTable,
  type ResolvedOptions,
} from "../define/index.ts";
import type { Matrix } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { isTable } from "../tables/index.ts";
import type { MetricChart } from "./charts.ts";
import type { FeatureExtractor, Features } from "./extractor.ts";
import type { Multiply, Reference } from "./reference.ts";

/** Which way is better; "neither" where the figure is to be compared with that of the data. */
export type Better = "lower" | "higher" | "neither";

/** What is known of a figure before it is computed. */
export interface FigureFacts {
  /** What readers call it: "FID", "modes covered". */
  readonly label: string;
  readonly better: Better;
  /**
   * Its place among all figures, the most telling first: checkpoints and the models of a study are ranked by the figure of least
   * rank that they have. Figures without one come last.
   */
  readonly rank?: number;
  /** How it follows from other figures of the same evaluation, where it is not computed itself. Studies add it to those. */
  from?(figures: Readonly<Record<string, number>>): number | undefined;
}

/** What is judged, and what with. */
export interface Subject {
  /** Generated examples [n, …shape]. */
  readonly samples: Float32Array;
  readonly dataset: Dataset;
  readonly extractor: FeatureExtractor;
  readonly reference: Reference;
  /** Chooses subsets, pairs and directions. */
  readonly seed: number;
  /** The product for features of hundreds of columns; plain code without. */
  readonly multiply?: Multiply | undefined;
  /** Squared distance of each image to the nearest output of the generator, for the recall of polygons. */
  readonly invert?: ((images: Float32Array) => Promise<Float64Array>) | undefined;
}

/** What decides whether a metric can be computed. Before there are samples, their number is not known. */
export interface MetricTerms extends Pick<Subject, "dataset" | "extractor"> {
  readonly invert?: unknown;
  /** Number of samples. */
  readonly count?: number;
  readonly reference?: Pick<Reference, "features">;
}

/** A subject with what several metrics need, made once. */
export interface MetricContext extends Subject {
  /** Number of samples. */
  readonly count: number;
  /** The samples themselves, [n, numbers of one]. */
  readonly rows: Matrix;
  /** Features of the samples. */
  features(): Promise<Features>;
}

/** One figure as a metric computes it; its label and direction are in the definition. */
export interface ComputedFigure {
  readonly key: string;
  readonly value: number;
  /** What to know before believing it. */
  readonly note: string;
  /** Why it is not to be relied on: more features than samples, say. */
  readonly unreliable?: string | undefined;
  /** What it is the mean or the sum of, by name. */
  readonly details?: readonly FigureDetail[] | undefined;
}

/** A part of a figure. */
export interface FigureDetail {
  readonly name: string;
  readonly value: number;
}

/** What is written down about a metric. */
export interface MetricDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "metric";
  /** The figures that it may give by the names that they have in metrics.jsonl and in JSON: "fid", "modesCovered". */
  readonly figures: Readonly<Record<string, FigureFacts>>;
  /** Which of them are drawn together; each has a chart of its own without. */
  readonly charts?: readonly MetricChart[];
  /** Whether it is fast enough, and telling enough, to be taken while training. */
  readonly inTraining?: boolean;
  /** Whether it says something of the examples of one class by themselves, so that it is taken of each class, too. */
  readonly byClass?: boolean;
  /** Whether it looks at the rows of a table alone, and at no features. */
  readonly ofRows?: boolean;
  /** Which data it is for, in words: "images; points when asked for". */
  readonly suits: string;
  /** Whether it is computed where nobody has asked for any metric in particular. Without, wherever it can be. */
  unasked?(terms: Pick<MetricTerms, "dataset" | "extractor">): boolean;
}

/** The functions of a metric. */
export interface MetricFunctions {
  /** Why it cannot be computed; undefined where it can. It always can without this function. */
  unfit?(terms: MetricTerms): string | undefined;
  /** The figures of the samples: those of its definition, or some of them. */
  compute(context: MetricContext): readonly ComputedFigure[] | Promise<readonly ComputedFigure[]>;
}

/** A metric with its options. */
export interface Metric extends Made<MetricDefinition>, MetricFunctions {}

/** What makes a metric from options. */
export type MetricFactory = Creator<Metric, [], MetricDefinition>;

/** What `defineMetric` takes. */
export interface MetricInput<Table extends OptionTable> extends Omit<MetricDefinition<Table>, "kind"> {
  /** The functions, from every option with its value. */
  create(options: ResolvedOptions<Table>): MetricFunctions;
}

const KEY = /^[a-z][A-Za-z0-9]*$/;

/**
 * Defines a metric: its functions, options, figures and facts in one object. Once registered under its name, it is
 * computed, ranked by, drawn and listed as built-in ones are: by `tsgan evaluate`, while training, and in studies.
 *
 * @throws UsageError for a name of a figure that metrics.jsonl cannot have
 *
 * @example
 * ```ts
 * import { number, register } from "tsgan/define";
 * import { defineMetric } from "tsgan/metrics";
 *
 * export const outside = defineMetric({
 *   name: "outside",
 *   title: "share of samples far from the origin",
 *   suits: "points",
 *   figures: { outside: { label: "outside", better: "lower", rank: 200 } },
 *   options: { radius: number({ default: 3, above: 0, means: "what counts as far" }) },
 *   create: ({ radius }) => ({
 *     unfit: ({ dataset }) => (dataset.shape.length === 1 ? undefined : "it is for points; the data are images"),
 *     compute: ({ rows: { rows, columns, data } }) => {
 *       let far = 0;
 *       for (let i = 0; i < rows; i++) {
 *         if (Math.hypot(...data.subarray(i * columns, (i + 1) * columns)) > radius) far++;
 *       }
 *       return [{ key: "outside", value: far / rows, note: `beyond ${radius} from the origin` }];
 *     },
 *   }),
 * });
 * register(outside);
 * ```
 */
export const defineMetric = <Table extends OptionTable>({
  create,
  ...facts
}: MetricInput<Table>): Factory<Table, Metric, [], MetricDefinition> => {
  const keys = Object.keys(facts.figures);
  const wrong = keys.find((key) => !KEY.test(key) || key === "step");
  if (wrong !== undefined || keys.length === 0) {
    throw new UsageError(
      `metric ${facts.name}: figures must have names of letters and digits, such as {"fid": {…}}, and not "step"; ` +
        `got ${wrong === undefined ? "no figures" : JSON.stringify(wrong)}`,
    );
  }
  const definition: MetricDefinition<Table> = { kind: "metric", ...facts };
  return factoryOf(definition, (options) => checkFunctions(definition, create(options), ["compute"]));
};

/** Why a metric of tables cannot judge other data. Undefined where `dataset` is a table whose rows are kept. */
export const unlessTable = ({ dataset }: Pick<MetricTerms, "dataset">): string | undefined =>
  !isTable(dataset)
    ? "it is for tables of mixed columns"
    : dataset.rows === undefined
      ? "the rows of the table are not kept"
      : undefined;

/** Whether the data are images: whether an example of `dataset` has three axes, [C, H, W]. */
export const isImages = ({ dataset }: Pick<MetricTerms, "dataset">): boolean => dataset.shape.length === 3;

/**
 * Why a metric of images cannot judge points.
 *
 * @param terms what a metric knows before it is computed: the data
 */
export const unlessImages = (terms: MetricTerms): string | undefined =>
  isImages(terms) ? undefined : "it is for images; the data are points";

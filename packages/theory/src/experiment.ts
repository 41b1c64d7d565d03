/** What an experiment is, and how one is defined. */
import type { Dataset } from "tsgan/data";
import {
  type Creator,
  type Definition,
  type Factory,
  factoryOf,
  type Made,
  type OptionTable,
  type Paper,
  type ResolvedOptions,
} from "tsgan/define";
import type { FigureSpec } from "tsgan/figure";

/** Called by long experiments: the share done, 0 … 1, and what is being done. */
export type Progress = (share: number, message: string) => void;

/** What an experiment is given beside its options. */
export interface RunContext {
  progress?: Progress;
  /** Opens the data set of that name. Experiments whose options name one need it. */
  openDataset?: (name: string) => Dataset | Promise<Dataset>;
}

/** A statement as a figure of the data, with the bounds within which it is true. */
export interface Claim {
  text: string;
  value: number;
  atLeast?: number;
  atMost?: number;
}

/**
 * Whether the figure is within its bounds, which one that is not a number is not. The `value` lies in [`atLeast`,
 * `atMost`]; either bound may be absent.
 */
export const holds = ({
  value,
  atLeast = Number.NEGATIVE_INFINITY,
  atMost = Number.POSITIVE_INFINITY,
}: Claim): boolean => value >= atLeast && value <= atMost;

/** What is written down about an experiment. */
export interface ExperimentDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "experiment";
  /** One line for lists; default: the title. */
  readonly description?: string;
  /** A paragraph on what to see. `_{…}` and `^{…}` are subscript and superscript. */
  readonly explanation?: string;
  /** About how long the defaults take on one core, where something is trained; the rest is a matter of milliseconds. */
  readonly minutes?: number;
}

/** What an experiment does. */
interface ExperimentFunctions<Data> {
  /** A figure of data as `run` gives them, or as they come back from JSON. */
  figure(data: Data): FigureSpec;
  /** What the source reports, measured. Experiments that train have it; the others agree with closed forms. */
  claims?(data: Data): Claim[];
}

/** One experiment that explains something about GANs, reproduced by computation, with its options. */
export interface Experiment<Data = unknown> extends Made<ExperimentDefinition>, ExperimentFunctions<Data> {
  /** The same options give the same data, which survive a trip through JSON unchanged (an infinite value is null). */
  run(context?: RunContext): Promise<Data>;
}

/** What makes an experiment from options. */
export type ExperimentFactory = Creator<Experiment, [], ExperimentDefinition>;

/** What `defineExperiment` takes. */
export interface ExperimentInput<Table extends OptionTable, Data>
  extends Omit<ExperimentDefinition<Table>, "kind">,
    ExperimentFunctions<Data> {
  /** The data, from every option with its value. @throws UsageError for values that do not go together */
  run(options: ResolvedOptions<Table>, context: RunContext): Data | Promise<Data>;
}

/**
 * Defines an experiment: its functions, options and facts in one object. What it gives makes the experiment from options, and
 * can be registered under its name.
 *
 * @example
 * ```ts
 * import { defineExperiment } from "@tsgan/theory";
 * import { integer, register } from "tsgan/define";
 *
 * export const halving = defineExperiment({
 *   name: "halving",
 *   title: "A half, again and again",
 *   options: { steps: integer({ default: 8, least: 1, means: "halvings" }) },
 *   run: ({ steps }) => Array.from({ length: steps + 1 }, (_, i) => 0.5 ** i),
 *   figure: (sizes) => ({
 *     panels: [{ marks: [{ type: "line", x: sizes.map((_, i) => i), y: sizes }] }],
 *   }),
 * });
 * register(halving); // tsgan theory --use FILE halving --set steps=4
 * ```
 */
export const defineExperiment = <Table extends OptionTable, Data>({
  run,
  figure,
  claims,
  ...facts
}: ExperimentInput<Table, Data>): Factory<Table, Experiment<Data>, [], ExperimentDefinition<Table>> => {
  const definition: ExperimentDefinition<Table> = { kind: "experiment", ...facts };
  return factoryOf(definition, (options) => ({
    run: async (context: RunContext = {}) => run(options, context),
    figure,
    ...(claims !== undefined && { claims }),
  }));
};

const cite = ({ authors, year, title, where }: Paper): string =>
  [`${authors} ${year}, “${title}”`, where].filter((part) => part !== undefined).join(", ");

/** The papers that an experiment follows, with figure, equation or section. */
export const sourceOf = ({ papers = [] }: Pick<ExperimentDefinition, "papers">): string =>
  papers.map(cite).join("; ");

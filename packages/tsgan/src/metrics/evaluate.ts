/** All that can be said about a sample of a generator, as figures with an honest word beside each. */
import { matrix } from "../distances/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { sizeOf } from "../graph/index.ts";
import { checkKeys, describeValue, isRecord } from "../options.ts";
import { catalogue, type MetricChoice, metricOf } from "./catalogue.ts";
import type { Features } from "./extractor.ts";
import type { Better, ComputedFigure, FigureDetail, Metric, MetricContext, Subject } from "./metric.ts";

export interface Figure {
  /** Name in metrics.jsonl and in JSON: "fid", "modesCovered". */
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly better: Better;
  /** What to know before believing it. */
  readonly note: string;
  /** Why it is not to be relied on: more features than samples, say. Absent where nothing speaks against it. */
  readonly unreliable?: string;
  /** What it is the mean or the sum of, by name. */
  readonly details?: readonly FigureDetail[];
}

/** A metric that was not computed. */
export interface LeftOut {
  readonly metric: string;
  readonly reason: string;
}

export interface Judgement {
  readonly figures: readonly Figure[];
  /** What was asked for, or applies by its kind, and could not be computed. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Refuses metrics that cannot judge a generator of such data.
 *
 * @param subject the data and, where it is known, what their features are
 * @param choices metrics by name or with options
 * @throws UsageError
 */
export const checkMetrics = (
  subject: Pick<Subject, "dataset" | "extractor">,
  choices: readonly MetricChoice[],
): void => {
  for (const choice of choices) {
    const metric = metricOf(choice);
    const reason = metric.unfit?.({ ...subject, invert: true });
    if (reason !== undefined) throw new UsageError(`metric ${metric.name}: ${reason}`);
  }
};

/** The metrics that were asked for; without, those that suit data and features by their kind. */
const chosen = (
  { dataset, extractor, invert }: MetricContext,
  choices: readonly MetricChoice[] | undefined,
  training: boolean,
): readonly Metric[] => {
  if (choices !== undefined) return choices.map(metricOf);
  return catalogue.all
    .filter(
      ({ definition: { unasked, inTraining } }) =>
        (unasked?.({ dataset, extractor }) ?? true) && (!training || inTraining === true),
    )
    .map((factory) => factory.create())
    .filter((metric) => metric.unfit?.({ dataset, extractor, invert }) === undefined);
};

/**
 * Whether any of the metrics that would be computed looks at features: those of tables look at rows.
 *
 * @param subject what is judged
 * @param choices the metrics that are asked for; without, all that apply
 */
export const needsFeatures = (
  { dataset, extractor }: Pick<Subject, "dataset" | "extractor">,
  choices?: readonly MetricChoice[],
): boolean =>
  chosen({ dataset, extractor } as MetricContext, choices, false).some(
    ({ definition }) => definition.ofRows !== true,
  );

/**
 * What a metric may end in that is no fault of the program or of the disk: data or a model that it cannot take, or too
 * little memory for them.
 */
const isRefusal = (error: unknown): error is Error =>
  error instanceof UsageError ||
  error instanceof RangeError ||
  (error instanceof RunError && !(error.cause instanceof Error && "code" in error.cause));

/** @throws UsageError for what is no list of figures, whatever the compiler was told of a metric of one's own */
const checkFigures = (name: string, computed: unknown): void => {
  const isFigure = (each: unknown): boolean =>
    isRecord(each) &&
    typeof each.key === "string" &&
    typeof each.value === "number" &&
    typeof each.note === "string";
  if (Array.isArray(computed) && computed.every(isFigure)) return;
  const got = Array.isArray(computed)
    ? JSON.stringify(computed.find((each) => !isFigure(each)))
    : describeValue(computed);
  throw new UsageError(
    `metric ${name}: compute must give a list of figures such as {"key": "fid", "value": 3, "note": "…"}; got ${got}`,
  );
};

/** The figures of a metric, or why there are none. @throws UsageError for figures that its definition does not name */
const compute = async (metric: Metric, context: MetricContext): Promise<readonly Figure[] | LeftOut> => {
  const { name, definition } = metric;
  const leftOut = (reason: string): LeftOut => ({ metric: name, reason });
  const reason = metric.unfit?.(context);
  if (reason !== undefined) return leftOut(reason);
  let computed: readonly ComputedFigure[];
  try {
    computed = await metric.compute(context);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Without the name of the function, which means nothing to who has called none.
    return leftOut(error.message.split("\n")[0].replace(/^[a-z]\w*: /i, ""));
  }
  checkFigures(name, computed);
  const figures = computed.map(({ key, value, note, unreliable, details }): Figure => {
    const facts = Object.hasOwn(definition.figures, key) ? definition.figures[key] : undefined;
    if (facts === undefined) {
      throw new UsageError(
        `metric ${name}: it gave the figure "${key}", which its definition does not name; it names ${Object.keys(definition.figures).join(", ")}`,
      );
    }
    const { label, better } = facts;
    return {
      key,
      label,
      value,
      note,
      ...(unreliable !== undefined && { unreliable }),
      ...(details !== undefined && { details }),
      better,
    };
  });
  const broken = figures.find(({ value }) => !Number.isFinite(value));
  return broken === undefined ? figures : leftOut(`${broken.label} comes out as ${broken.value}`);
};

export interface EvaluateOptions {
  /** Metrics by name, with options, or themselves; without, all that apply. */
  readonly metrics?: readonly MetricChoice[] | undefined;
  /** Without `metrics`: only those that are fast enough to be taken while training. */
  readonly training?: boolean | undefined;
}

/**
 * Judges samples. A metric that cannot be computed, of such data, features or so few samples, is left out with its reason.
 *
 * @param subject the samples, the data that they are judged by, and what gives features of both
 * @throws UsageError for a metric that does not exist, or fewer than two samples
 * @throws RunError for samples that are not finite
 */
export const evaluate = async (subject: Subject, options: EvaluateOptions = {}): Promise<Judgement> => {
  checkKeys("evaluate", options, ["metrics", "training"]);
  const { metrics, training = false } = options;
  const { samples, dataset, extractor } = subject;
  const size = sizeOf(dataset.shape);
  const count = samples.length / size;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new UsageError(
      `evaluate: needs at least 2 samples of [${dataset.shape.join(",")}]; got ${samples.length} values; draw more`,
    );
  }
  const broken = samples.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    throw new RunError(
      `evaluate: sample ${Math.floor(broken / size)} holds ${samples[broken]}; the run has diverged; take an earlier checkpoint`,
    );
  }
  let features: Promise<Features> | undefined;
  const context: MetricContext = {
    ...subject,
    count,
    rows: matrix(count, size, samples),
    features: () => {
      features ??= extractor.features(samples);
      return features;
    },
  };
  const figures: Figure[] = [];
  const leftOut: LeftOut[] = [];
  for (const metric of chosen(context, metrics, training)) {
    const result = await compute(metric, context);
    if ("reason" in result) leftOut.push(result);
    else figures.push(...result);
  }
  return { figures, leftOut };
};

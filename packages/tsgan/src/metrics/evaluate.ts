/**
 * All that can be said about a sample of a generator, as figures with an honest word beside each. A metric is one entry of
 * a table: whether it applies, and what it computes.
 */
import { type Dataset, type MixtureDataset, polygons } from "../data/index.ts";
import {
  frechetTermsAsync,
  type Matrix,
  matrix,
  randomDirections,
  slicedWasserstein,
} from "../distances/index.ts";
import { RunError, UsageError, unknownName } from "../errors.ts";
import { sizeOf } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import { median } from "../statistics/index.ts";
import { mostProbable } from "./classifier.ts";
import type { FeatureExtractor, Features } from "./features.ts";
import { inceptionScore } from "./inception-score.ts";
import { kid, kidSubsets } from "./kid.ts";
import { countLabelModes, countModes } from "./modes.ts";
import { nearestInSet, nearestOther } from "./nearest.ts";
import { distancesToPolygons } from "./polygon-fit.ts";
import { precisionRecallF1 } from "./polygons.ts";
import { precisionRecall, squaredRadii } from "./precision-recall.ts";
import { type Multiply, momentsOf, productFor, type Reference } from "./reference.ts";
import { type ImageShape, pairwiseMsSsim } from "./ssim.ts";

/** Which way is better; "neither" where the figure is to be compared with that of the data. */
export type Better = "lower" | "higher" | "neither";

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

/** What decides whether a metric applies. */
interface Terms extends Pick<Subject, "dataset" | "extractor"> {
  readonly invert?: unknown;
  /** Numbers of samples and of training examples, once they are known. */
  readonly count?: number;
  readonly reference?: Pick<Reference, "features">;
}

/** What several metrics need, made once. */
interface Context extends Subject {
  readonly count: number;
  readonly rows: Matrix;
  features(): Promise<Features>;
}

type Computed = Omit<Figure, "better">;

interface Metric {
  readonly name: string;
  readonly title: string;
  /** Whether it is fast enough, and telling enough, to be taken while training. */
  readonly inTraining: boolean;
  /** The figures that it may give, by their keys. */
  readonly figures: Readonly<Record<string, Better>>;
  /** Why it cannot be computed; undefined where it can. */
  unfit(terms: Terms): string | undefined;
  compute(context: Context): Promise<readonly Computed[]>;
}

const PRECISION_COUNT = 5000;
const NEIGHBOURS = 5;
/** Of the training data, which are the same at each evaluation of a run; most of the work. */
const radii = new WeakMap<Reference, Float64Array>();
const KID_SUBSETS = { count: 20, size: 1000 };
const SLICES = 128;
const SLICED_COUNT = 5000;
const SSIM_PAIRS = 100;
const NEIGHBOUR_QUERIES = 500;
const POLYGON_IMAGES = 256;
/** The published side of polygons, and the squared distance up to which images of it are near, with values in [0, 1]. */
const POLYGON_SIDE = 28;
const POLYGON_DELTA = 0.75;

const isImage = ({ dataset }: Terms): boolean => dataset.shape.length === 3;
const imagesOnly = (terms: Terms): string | undefined =>
  isImage(terms) ? undefined : "it is for images; the data are points";

const first = ({ columns, data, rows }: Matrix, count: number): Matrix =>
  rows <= count ? matrix(rows, columns, data) : matrix(count, columns, data.subarray(0, count * columns));

const mixtureOf = ({ dataset }: Terms): MixtureDataset | undefined =>
  "centres" in dataset ? (dataset as MixtureDataset) : undefined;

const table: readonly Metric[] = [
  {
    name: "fid",
    title: "Fréchet distance of features (Heusel et al. 2017)",
    inTraining: true,
    figures: { fid: "lower" },
    unfit: () => undefined,
    compute: async (context) => {
      const { extractor, reference } = context;
      const { features } = await context.features();
      const multiply = productFor(features.columns, context.multiply);
      const moments = await momentsOf(features, multiply);
      const { value } = await frechetTermsAsync(reference.moments, moments, multiply);
      const unreliable = tooFewFor(features.columns, features.rows, reference.count);
      return [
        {
          key: "fid",
          label: "FID",
          value,
          note: `${features.rows} samples against ${reference.count}, features: ${extractor.name}; compare only at the same count and features`,
          ...(unreliable !== undefined && { unreliable }),
        },
      ];
    },
  },
  {
    name: "kid",
    title: "kernel distance of features (Bińkowski et al. 2018)",
    inTraining: false,
    figures: { kid: "lower" },
    unfit: () => undefined,
    compute: async (context) => {
      const { extractor, reference, seed } = context;
      const { features } = await context.features();
      const size = Math.min(KID_SUBSETS.size, features.rows, reference.features.rows);
      const subsets = kidSubsets(randomStream(seed, "kid"), reference.features.rows, features.rows, {
        ...KID_SUBSETS,
        size,
      });
      const { mean, std } = kid(reference.features, features, { subsets });
      return [
        {
          key: "kid",
          label: "KID",
          value: mean,
          note: `± ${std.toPrecision(2)} over ${subsets.length} subsets of ${size}, features: ${extractor.name}; unbiased, so it may be below 0`,
        },
      ];
    },
  },
  {
    name: "is",
    title: "Inception score (Salimans et al. 2016)",
    inTraining: false,
    figures: { inceptionScore: "higher" },
    unfit: ({ extractor }) =>
      extractor.classes !== undefined
        ? undefined
        : `it needs a classifier; the features are ${extractor.name}`,
    compute: async (context) => {
      const probabilities = (await context.features()).probabilities as Matrix;
      const classes = probabilities.columns;
      const { mean, std, scores, bound } = inceptionScore(probabilities);
      const { length: splits } = scores;
      const spread = splits === 1 ? "1 split" : `± ${std.toPrecision(2)} over ${splits} splits`;
      return [
        {
          key: "inceptionScore",
          label: "Inception score",
          value: mean,
          note: `${spread}, at most ${bound}, classes by ${context.extractor.name}; blind to copies within a class`,
          ...(bound < classes && {
            unreliable: `${bound} samples a split cannot show ${classes} classes: it is at most ${bound}`,
          }),
        },
      ];
    },
  },
  {
    name: "precision-recall",
    title: "precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020)",
    inTraining: true,
    figures: { precision: "higher", recall: "higher", density: "higher", coverage: "higher" },
    unfit: ({ count = Number.POSITIVE_INFINITY, reference }) => {
      const examples = reference?.features.rows ?? Number.POSITIVE_INFINITY;
      return Math.min(count, examples) > NEIGHBOURS
        ? undefined
        : `its ${NEIGHBOURS} nearest neighbours need ${NEIGHBOURS + 1} samples and ${NEIGHBOURS + 1} training examples; got ${count} and ${examples}`;
    },
    compute: async (context) => {
      const { extractor, reference } = context;
      const real = first(reference.features, PRECISION_COUNT);
      const fake = first((await context.features()).features, PRECISION_COUNT);
      const realRadii = radii.get(reference) ?? squaredRadii(real, NEIGHBOURS);
      radii.set(reference, realRadii);
      const figures = precisionRecall(real, fake, { k: NEIGHBOURS, realRadii });
      const about = `k = ${NEIGHBOURS}, ${fake.rows} samples against ${real.rows}, features: ${extractor.name}`;
      const row = (key: keyof typeof figures, note: string): Computed => ({
        key,
        label: key,
        value: figures[key],
        note,
      });
      return [
        row("precision", `share of samples among the data; ${about}`),
        row("recall", "share of the data among the samples; one outlier can raise it"),
        row("density", "1 for the data themselves, may be above"),
        row("coverage", "share of the data with a sample nearby; falls with fewer samples"),
      ];
    },
  },
  {
    name: "swd",
    title: "sliced Wasserstein distance (Rabin et al. 2011)",
    inTraining: true,
    figures: { slicedWasserstein: "lower" },
    unfit: () => undefined,
    compute: async (context) => {
      const { dataset, seed, rows } = context;
      const fake = first(rows, SLICED_COUNT);
      const { examples } = await dataset.draw(seed, 0, Math.min(SLICED_COUNT, fake.rows));
      const real = matrix(examples.length / fake.columns, fake.columns, examples);
      const directions = randomDirections(randomStream(seed, "slices"), SLICES, fake.columns);
      const { distance } = slicedWasserstein(real, fake, directions);
      return [
        {
          key: "slicedWasserstein",
          label: "sliced Wasserstein",
          value: distance,
          note: `W₂ along ${SLICES} directions of ${isImage(context) ? "raw pixels" : "the coordinates"}, ${fake.rows} samples against ${real.rows}`,
        },
      ];
    },
  },
  {
    name: "ms-ssim",
    title: "MS-SSIM of pairs (Odena et al. 2017)",
    inTraining: false,
    figures: { msSsim: "neither" },
    unfit: imagesOnly,
    compute: async ({ samples, dataset, seed, count }) => {
      const shape = dataset.shape as ImageShape;
      const similarity = (images: Float32Array, number: number) => {
        const random = randomStream(seed, "ms-ssim");
        const pairs = Array.from({ length: SSIM_PAIRS }, () => {
          const i = random.integer(number);
          return [i, (i + 1 + random.integer(number - 1)) % number] as const;
        });
        return pairwiseMsSsim(images, shape, { dataRange: 2 }, pairs).mean;
      };
      // No more than there are, so that an example is not compared with itself.
      const examples = Math.min(count, dataset.size);
      const ofData = similarity((await dataset.draw(seed, 0, examples)).examples, examples);
      return [
        {
          key: "msSsim",
          label: "MS-SSIM of pairs",
          value: similarity(samples, count),
          note: `${SSIM_PAIRS} pairs; ${ofData.toPrecision(3)} for the data; far above it, samples resemble each other too much`,
        },
      ];
    },
  },
  {
    name: "modes",
    title: "modes covered (Srivastava et al. 2017; Metz et al. 2017)",
    inTraining: true,
    figures: { modesCovered: "higher", highQuality: "higher", klToUniform: "lower" },
    unfit: (context) =>
      mixtureOf(context) !== undefined || context.extractor.classes !== undefined
        ? undefined
        : "it needs known modes: ring, grid, or a data set with a classifier",
    compute: async (context) => {
      const mixture = mixtureOf(context);
      if (mixture !== undefined) {
        const { centres, deviation } = mixture;
        const found = countModes(
          context.rows,
          matrix(centres.length, context.rows.columns, centres.flat()),
          deviation,
        );
        return [
          modes(found.modesCovered, centres.length, "with at least one sample within 3 σ", context.rows.rows),
          {
            key: "highQuality",
            label: "high quality",
            value: found.highQualityFraction,
            note: "share of samples within 3 σ of a centre; 0.989 for the data",
          },
          ...divergence(found.klToUniform),
        ];
      }
      const probabilities = (await context.features()).probabilities as Matrix;
      const found = countLabelModes(
        mostProbable(probabilities.data, probabilities.columns),
        probabilities.columns,
      );
      return [
        modes(
          found.modesCovered,
          probabilities.columns,
          `classes by ${context.extractor.name}`,
          probabilities.rows,
        ),
        ...divergence(found.klToUniform),
      ];
    },
  },
  {
    name: "nearest",
    title: "nearest training neighbours (memorisation)",
    inTraining: false,
    figures: { nearestRatio: "neither", copies: "lower" },
    unfit: ({ dataset }) =>
      Number.isFinite(dataset.size) ? undefined : "the data are drawn afresh: there is nothing to memorise",
    compute: async (context) => {
      const { reference, extractor, dataset } = context;
      const { ratio, copies } = neighbours((await context.features()).features, reference.features);
      const whole = reference.features.rows === dataset.size ? "all" : `${reference.features.rows} of`;
      return [
        {
          key: "nearestRatio",
          label: "nearest neighbour",
          value: ratio,
          note: `median distance of samples to ${whole} ${dataset.size} training examples, in units of the data's own (features: ${extractor.name}); far below 1 they are copies`,
        },
        {
          key: "copies",
          label: "copies",
          value: copies,
          note: "share of samples nearer to a training example than a tenth of the data's own distance",
        },
      ];
    },
  },
  {
    name: "polygons",
    title: "precision, recall and F1 of convex polygons (Lucic et al. 2018)",
    inTraining: false,
    figures: { polygonPrecision: "higher", polygonRecall: "higher", polygonF1: "higher" },
    unfit: ({ dataset, invert }) => {
      if (dataset.name !== "polygons") return "it is for the data set polygons";
      return invert === undefined ? "it needs the generator itself, not only samples" : undefined;
    },
    compute: async ({ samples, dataset, seed, invert }) => {
      const [, side] = dataset.shape;
      const generated = distancesToPolygons(samples.subarray(0, POLYGON_IMAGES * side * side), side);
      const { examples } = await polygons({ split: "test", size: side }).draw(seed, 0, POLYGON_IMAGES);
      const inverted = await (invert as NonNullable<Subject["invert"]>)(examples);
      // The threshold is for images in [0, 1]; ours span 2.
      const test = inverted.map((distance) => distance / 4);
      // A squared distance is a sum over pixels: smaller images have smaller ones.
      const delta = POLYGON_DELTA * (side / POLYGON_SIDE) ** 2;
      const { precision, recall, f1 } = precisionRecallF1(generated, test, delta);
      const row = (key: string, label: string, value: number, note: string): Computed => ({
        key,
        label,
        value,
        note,
      });
      return [
        row(
          "polygonPrecision",
          "polygon precision",
          precision,
          `share of ${generated.length} samples within ${delta} of a triangle, fitted to each`,
        ),
        row(
          "polygonRecall",
          "polygon recall",
          recall,
          `share of ${test.length} test images that the generator comes within ${delta} of, by descent on z: a lower bound`,
        ),
        row("polygonF1", "polygon F1", f1, "harmonic mean of both"),
      ];
    },
  },
];

/** Why figures of normal laws fitted to so few samples are not to be relied on. */
const tooFewFor = (features: number, samples: number, examples: number): string | undefined => {
  const [few, what] = samples <= examples ? [samples, "samples"] : [examples, "training examples"];
  return few > features
    ? undefined
    : `${features} features of only ${few} ${what}: a covariance of so few is singular, and the figure far too high`;
};

const modes = (covered: number, of: number, how: string, samples: number): Computed => ({
  key: "modesCovered",
  label: "modes covered",
  value: covered,
  note: `of ${of}, ${how}; one lucky sample covers a mode, so look at the KL, too`,
  ...(samples < of && { unreliable: `${samples} samples cannot cover ${of} modes` }),
});

const divergence = (value: number | null): Computed[] =>
  value === null
    ? []
    : [
        {
          key: "klToUniform",
          label: "KL to even modes",
          value,
          note: "nats; of the samples' shares from equal ones",
        },
      ];

/**
 * Distances of samples to their nearest training example, in units of the data's own distance between neighbours that
 * are not copies of each other. Where all training examples are equal there is no such unit, and the ratio is NaN.
 */
export const neighbours = (
  samples: Matrix,
  training: Matrix,
): { readonly ratio: number; readonly copies: number } => {
  const queries = first(samples, NEIGHBOUR_QUERIES);
  const own = nearestOther(training, Math.min(NEIGHBOUR_QUERIES, training.rows)).filter((d) => d > 0);
  const distances = nearestInSet(queries, training).squaredDistances.map(Math.sqrt);
  const unit = own.length === 0 ? 0 : Math.sqrt(median(own));
  return {
    ratio: unit === 0 ? Number.NaN : median(distances) / unit,
    copies: distances.filter((distance) => distance === 0 || distance < unit / 10).length / distances.length,
  };
};

/** The metrics by name, with what they measure. */
export const metricTitles: Readonly<Record<string, string>> = Object.fromEntries(
  table.map(({ name, title }) => [name, title]),
);

/** The figures that each metric may give, by their keys, and which way they are better. */
export const metricFigures: Readonly<Record<string, Metric["figures"]>> = Object.fromEntries(
  table.map(({ name, figures }) => [name, figures]),
);

const metricNamed = (name: string): Metric => {
  const metric = table.find((entry) => entry.name === name);
  if (metric === undefined) throw unknownName("metric", name, Object.keys(metricTitles));
  return metric;
};

/** Refuses metrics that cannot judge a generator of such data. @throws UsageError */
export const checkMetrics = (
  subject: Pick<Subject, "dataset" | "extractor">,
  names: readonly string[],
): void => {
  for (const name of names) {
    const reason = metricNamed(name).unfit({ ...subject, invert: true });
    if (reason !== undefined) throw new UsageError(`metric ${name}: ${reason}`);
  }
};

/** The metrics of the given names; without, those that suit data and features by their kind. */
const chosen = (
  context: Context,
  names: readonly string[] | undefined,
  training: boolean,
): readonly Metric[] => {
  if (names !== undefined) return names.map(metricNamed);
  const { dataset, extractor, invert } = context;
  return table.filter(
    (metric) =>
      metric.unfit({ dataset, extractor, invert }) === undefined &&
      (!training || metric.inTraining) &&
      fits(metric, context),
  );
};

/** Of points, two moments say little: their Fréchet and kernel distances are computed when asked for only. */
const fits = ({ name }: Metric, context: Context): boolean =>
  isImage(context) ? name !== "swd" || context.extractor.name === "pixels" : name !== "fid" && name !== "kid";

/**
 * What a metric may end in that is no fault of the program or of the disk: data or a model that it cannot take, or too
 * little memory for them.
 */
const isRefusal = (error: unknown): error is Error =>
  error instanceof UsageError ||
  error instanceof RangeError ||
  (error instanceof RunError && !(error.cause instanceof Error && "code" in error.cause));

/** The figures of a metric, or why there are none. */
const compute = async (metric: Metric, context: Context): Promise<readonly Figure[] | LeftOut> => {
  const leftOut = (reason: string): LeftOut => ({ metric: metric.name, reason });
  const reason = metric.unfit(context);
  if (reason !== undefined) return leftOut(reason);
  let computed: readonly Computed[];
  try {
    computed = await metric.compute(context);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Without the name of the function, which means nothing to who has called none.
    return leftOut(error.message.split("\n")[0].replace(/^[a-z]\w*: /i, ""));
  }
  const broken = computed.find(({ value }) => !Number.isFinite(value));
  if (broken !== undefined) return leftOut(`${broken.label} comes out as ${broken.value}`);
  return computed.map((figure) => ({ ...figure, better: metric.figures[figure.key] }));
};

export interface EvaluateOptions {
  /** Names of `metricTitles`; without, all that apply. */
  readonly metrics?: readonly string[] | undefined;
  /** Without `metrics`: only those that are fast enough to be taken while training. */
  readonly training?: boolean | undefined;
}

/**
 * Judges samples. A metric that cannot be computed, of such data, features or so few samples, is left out with its reason.
 *
 * @throws UsageError for a metric that does not exist, or fewer than two samples
 * @throws RunError for samples that are not finite
 */
export const evaluate = async (
  subject: Subject,
  { metrics, training = false }: EvaluateOptions = {},
): Promise<Judgement> => {
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
  const context: Context = {
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

/** Figures by which checkpoints are compared, the most telling first, with the sign that makes lower better. */
const RANKING = { fid: 1, coverage: -1 } as const;

/**
 * How checkpoints are compared, lower is better: FID of images, coverage of points with its sign turned. Undefined where
 * there is neither.
 */
export const rankOf = (
  figures: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly cost: number } | undefined => {
  for (const [key, sign] of Object.entries(RANKING)) {
    const value = figures[key];
    if (typeof value === "number") return { key, cost: sign * value };
  }
  return undefined;
};

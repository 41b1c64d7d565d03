/** What can be told about a data set before the first step, so that a hopeless run is not started in silence. */
import { randomStream } from "../random/index.ts";
import { type Batch, checkBatch, type Dataset } from "./dataset.ts";
import { usedRange } from "./used-range.ts";

export interface Finding {
  /** An error means that training cannot work; a warning that the result may disappoint. */
  readonly severity: "warning" | "error";
  readonly message: string;
  /** Set where it is about the range of the values. */
  readonly about?: "range";
}

export interface CheckOptions {
  /** Examples a training batch. */
  readonly batch: number;
  readonly seed: number;
}

/** At most so many examples, and so many values, are looked at. */
const MOST_EXAMPLES = 2000;
const MOST_VALUES = 2 ** 26;
/** Examples held in memory at a time. */
const STRETCH = 64;
/** Slack on the range [−1, 1], for resampling that overshoots. */
const SLACK = 0.01;
const DUPLICATE_SHARE = 0.01;
/** Points further out than this are far from anything that a freshly initialised generator emits. */
const FAR = 100;
/** Points that all lie within so little are one point to a freshly initialised discriminator. */
const NARROW = 0.05;

/** What was seen in the examples looked at. Indices name examples of the data set where it is finite. */
interface Survey {
  examined: number;
  low: number;
  high: number;
  /** Of the values in [−1, 1]. */
  histogram: Float64Array;
  notFinite: number[];
  constant: number[];
  distinct: number;
  strayLabel?: number;
}

/**
 * Looks at a sample of the data set and says what looks wrong: an empty list is good news.
 *
 * @param dataset images in [−1, 1] or points; at most 2,000 examples of it are read
 * @param options `batch`: examples of a training batch; `seed`: which examples are looked at
 * @returns what looks wrong, in sentences; nothing of it is thrown
 */
export const checkDataset = async (dataset: Dataset, options: CheckOptions): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const say: Say = (severity, message, about) =>
    findings.push({ severity, message, ...(about === undefined ? {} : { about }) });
  const { name, shape, size } = dataset;

  if (size < 2) {
    say("error", `data set ${name}: needs at least 2 examples; got ${size}`);
  } else if (size < options.batch && dataset.layout === undefined) {
    say(
      "warning",
      `data set ${name}: ${size} examples are fewer than a batch of ${options.batch}, which holds some of them several times; a batch of ${size} holds each once`,
    );
  }
  checkShape(dataset, say);
  if (findings.some(({ severity }) => severity === "error")) return findings;

  const survey = await examine(dataset, options.seed);
  const { examined, notFinite, constant, distinct } = survey;
  const share = (count: number) => `${count} of ${examined} examples looked at`;
  const isImage = shape.length === 3;

  if (notFinite.length > 0) {
    say("error", `data set ${name}: ${share(notFinite.length)} hold NaN or infinity (${listed(notFinite)})`);
  }
  if (survey.strayLabel !== undefined) {
    say(
      "error",
      `data set ${name}: labels must be whole numbers in 0 … ${(dataset.classes?.length ?? 0) - 1}; got ${survey.strayLabel}`,
    );
  }
  if (isImage) {
    checkRange(name, survey, say);
    if (constant.length < examined) checkUse(name, survey, say);
  } else if (Math.max(-survey.low, survey.high) > FAR) {
    say(
      "warning",
      `data set ${name}: coordinates reach from ${tidy(survey.low)} to ${tidy(survey.high)}; a generator starts near 0, so scale them to about [−2, 2]`,
      "range",
    );
  } else if (survey.low < survey.high && survey.high - survey.low < NARROW) {
    say(
      "warning",
      `data set ${name}: coordinates reach from ${tidy(survey.low)} to ${tidy(survey.high)} only, which a discriminator hardly tells apart; scale them to about [−2, 2]`,
      "range",
    );
  }
  if (examined > 1 && distinct === 1) {
    say("error", `data set ${name}: all ${examined} examples looked at are identical`);
  } else {
    if (isImage && constant.length > 0) {
      const severity = constant.length === examined ? "error" : "warning";
      say(
        severity,
        `data set ${name}: ${share(constant.length)} are of a single value (${listed(constant)})`,
      );
    }
    // Repetitions in a distribution that is sampled afresh are its own.
    if (Number.isFinite(size) && examined - distinct > DUPLICATE_SHARE * examined) {
      say("warning", `data set ${name}: ${share(examined - distinct)} repeat another one`);
    }
  }
  return findings;
};

type Say = (severity: Finding["severity"], message: string, about?: Finding["about"]) => void;

const checkShape = ({ name, shape, pairs }: Dataset, say: Say): void => {
  const text = `[${shape.join(",")}]`;
  if (
    (shape.length !== 1 && shape.length !== 3) ||
    !shape.every((side) => Number.isInteger(side) && side > 0)
  ) {
    say("error", `data set ${name}: an example must be [d] or [channels,height,width]; got ${text}`);
    return;
  }
  if (shape.length === 1) return;
  const [planes, , width] = shape;
  const channels = pairs === undefined ? planes : planes / 2;
  if (channels !== 1 && channels !== 3) {
    say(
      "warning",
      `data set ${name}: images usually have 1 or 3 channels; got ${text}${width <= 4 ? "; is the order channels, height, width?" : ""}`,
    );
  }
};

/** Share of the range that pixels should use. */
const USED = 0.25;
const BINS = 256;

/** Values from here on are light, not the dark ones of [0, 1]. */
const LIGHT = 0.5;

const binOf = (value: number): number =>
  Math.min(BINS - 1, Math.max(0, Math.floor(((value + 1) / 2) * BINS)));

/** Says where pixels use little of [−1, 1]: scans of 16 bits that were never stretched, pictures that are nearly black. */
const checkUse = (name: string, { histogram, low, high }: Survey, say: Say): void => {
  // What is out of range has been said already.
  if (low < -1 - SLACK || high > 1 + SLACK) return;
  const [darkest, brightest] = usedRange(histogram);
  const share = (brightest - darkest + 1) / BINS;
  if (share >= USED) return;
  const where =
    brightest < BINS / 4 ? "nearly black" : darkest > (3 * BINS) / 4 ? "nearly white" : "of little contrast";
  say(
    "warning",
    `data set ${name}: pixels use ${Math.max(1, Math.round(100 * share))} % of the range from black to white, and are ${where}; stretch them (for a folder: ImageMagick's -normalize)`,
    "range",
  );
};

const checkRange = (name: string, { low, high }: Survey, say: Say): void => {
  const range = `[${tidy(low)}, ${tidy(high)}]`;
  if (low >= 0 && high > 2) {
    say(
      "error",
      `data set ${name}: pixels must lie in [−1, 1]; got ${range}, which looks like [0, 255]; use x / 127.5 − 1`,
      "range",
    );
  } else if (low < -1 - SLACK || high > 1 + SLACK) {
    say(
      "warning",
      `data set ${name}: pixels should lie in [−1, 1]; got ${range}; a tanh generator cannot reach them`,
      "range",
    );
  } else if (low >= 0 && low < LIGHT && high > low) {
    say(
      "warning",
      `data set ${name}: pixels should lie in [−1, 1]; got ${range}, which looks like [0, 1]; use 2x − 1, or a generator that ends in a sigmoid`,
      "range",
    );
  }
};

/** Reads a sample, a few examples at a time. */
const examine = async (dataset: Dataset, seed: number): Promise<Survey> => {
  const stride = dataset.shape.reduce((product, side) => product * side, 1);
  const count = Math.min(MOST_EXAMPLES, dataset.size, Math.max(2, Math.floor(MOST_VALUES / stride)));
  // By index where that is possible: sequential reads, and an example that can be named.
  const indices =
    dataset.read !== undefined && Number.isFinite(dataset.size)
      ? randomStream(seed, "check").permutation(dataset.size).subarray(0, count).sort()
      : undefined;
  const survey: Survey = {
    examined: count,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    histogram: new Float64Array(BINS),
    notFinite: [],
    constant: [],
    distinct: 0,
  };
  const hashes = new Set<string>();
  for (let start = 0; start < count; start += STRETCH) {
    const some = Math.min(STRETCH, count - start);
    const batch: Batch =
      indices !== undefined && dataset.read !== undefined
        ? await dataset.read(indices.slice(start, start + some))
        : await dataset.draw(seed, start, some);
    checkBatch(dataset, batch, some);
    for (let i = 0; i < some; i++) {
      const example = batch.examples.subarray(i * stride, (i + 1) * stride);
      const index = indices?.[start + i] ?? start + i;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      let finite = true;
      for (const value of example) {
        finite &&= Number.isFinite(value);
        if (value < low) low = value;
        if (value > high) high = value;
        survey.histogram[binOf(value)]++;
      }
      if (!finite) survey.notFinite.push(index);
      else {
        if (low === high) survey.constant.push(index);
        survey.low = Math.min(survey.low, low);
        survey.high = Math.max(survey.high, high);
      }
      hashes.add(hash(example));
    }
    const stray = batch.labels?.find((label) => !(label >= 0 && label < (dataset.classes?.length ?? 0)));
    survey.strayLabel ??= stray;
  }
  survey.distinct = hashes.size;
  return survey;
};

/**
 * Two MurmurHash3 states (Appleby, public domain) over the bits of the values, from different seeds: 2,000 examples do not
 * collide by chance. Its rotations matter, since floats of few digits differ in their highest bits alone.
 */
const hash = (example: Float32Array): string => {
  let a = 0x9747b28c;
  let b = 0x3c6ef372;
  for (const word of new Uint32Array(example.buffer, example.byteOffset, example.length)) {
    const mixed = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    a = Math.imul(rotate(a ^ mixed, 13), 5) + 0xe6546b64;
    b = Math.imul(rotate(b ^ mixed, 17), 9) + 0x85ebca6b;
  }
  return `${a | 0}:${b | 0}`;
};

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const listed = (indices: number[]): string =>
  `number ${indices.slice(0, 3).join(", ")}${indices.length > 3 ? ", …" : ""}`;

const tidy = (value: number): string => String(Number(value.toPrecision(3)));

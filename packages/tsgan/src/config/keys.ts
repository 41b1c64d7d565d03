/** The keys of a configuration that are plain values: each with its type, bounds and meaning. */
import type { ImageSize } from "../data/index.ts";
import { auto, choice, integer, number, type Option, type Settings, text, value } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import type { CriticSteps } from "../gan/index.ts";
import { checkNumber } from "../options.ts";
import type { Named, RunConfig } from "./config.ts";

const whole = (means: string, usual = 1, least = 1): Option<number> =>
  integer({ default: usual, least, most: Number.MAX_SAFE_INTEGER, means });

const criticSteps: Option<CriticSteps> = value<CriticSteps>({
  default: 1,
  means: "discriminator steps for each generator step, or {steps, burst, first, every}",
  check: (where, name, given) => {
    if (typeof given !== "object" || given === null) {
      checkNumber(where, name, given, { least: 1, integer: true });
      return given as number;
    }
    for (const key of Object.keys(given)) {
      if (["steps", "burst", "first", "every"].includes(key)) continue;
      throw new UsageError(
        `${where}: ${name} must be a whole number, or {"steps", "burst", "first", "every"}; got the key "${key}"`,
      );
    }
    const { steps, burst, first, every } = given as Readonly<Record<string, unknown>>;
    for (const [key, each] of Object.entries({ steps, burst, every })) {
      checkNumber(where, `${name}.${key}`, each, { least: 1, integer: true });
    }
    checkNumber(where, `${name}.first`, first, { least: 0, integer: true });
    return given as CriticSteps;
  },
});

/** The largest side of images: more is a slip of the keyboard, and asks for memory that no machine has. */
const LARGEST_SIDE = 16_384;

const imageSize: Option<ImageSize | undefined> = value<ImageSize | undefined>({
  default: undefined,
  means: 'side to which images are resized, or "64x96" as width x height',
  otherwise: "the data set's own",
  check: (where, name, given) => {
    const sides = typeof given === "string" ? (/^(\d+)x(\d+)$/.exec(given)?.slice(1) ?? []) : [given];
    const fits = (side: unknown): boolean =>
      (typeof side === "number" || typeof side === "string") &&
      Number.isInteger(Number(side)) &&
      Number(side) >= 1 &&
      Number(side) <= LARGEST_SIDE;
    if (sides.length > 0 && sides.every(fits)) return given as ImageSize;
    throw new UsageError(
      `${where}: ${name} must be a side of 1 to ${LARGEST_SIDE}, or "64x96" as width x height; got ${JSON.stringify(given)}`,
    );
  },
});

const names = (means: string, otherwise: string): Option<readonly string[] | undefined> =>
  value<readonly string[] | undefined>({
    default: undefined,
    means,
    otherwise,
    check: (where, name, given) => {
      if (Array.isArray(given) && given.every((each) => typeof each === "string")) return given;
      throw new UsageError(`${where}: ${name} must be a list of names; got ${JSON.stringify(given)}`);
    },
  });

/** Which metrics there are is known where they are computed. */
const evaluateMetrics = value<readonly (string | Named)[] | undefined>({
  default: undefined,
  means: "metrics of an evaluation, by name or as {name, options}",
  otherwise: "those that are fast enough to be taken while training",
  check: (where, name, given) => {
    const fits = (each: unknown): boolean =>
      typeof each === "string" || typeof (each as Partial<Named> | null)?.name === "string";
    if (Array.isArray(given) && given.every(fits)) return given;
    throw new UsageError(
      `${where}: ${name} must be a list of names, or of objects with a name; got ${JSON.stringify(given)}`,
    );
  },
});

const channels: Option<1 | 3 | undefined> = value<1 | 3 | undefined>({
  default: undefined,
  means: "1 (grey) or 3 (colour)",
  otherwise: "the data set's own",
  check: (where, name, given) => {
    if (given === 1 || given === 3) return given;
    throw new UsageError(`${where}: ${name} must be 1 or 3; got ${JSON.stringify(given)}`);
  },
});

type Plain = Exclude<
  keyof RunConfig,
  "data" | "model" | "loss" | "penalties" | "terms" | "techniques" | "optimizer"
>;

/** In the order in which they are written. */
export const configKeys = {
  dataOptions: value<Settings | undefined>({
    default: undefined,
    means: 'options of a data set that has a name, such as {"modes": 16}',
    otherwise: "their defaults",
    check: (where, name, given) => {
      if (typeof given === "object" && given !== null && !Array.isArray(given)) return given as Settings;
      throw new UsageError(`${where}: ${name} must be an object of options; got ${JSON.stringify(given)}`);
    },
  }),
  imageSize,
  channels,
  fit: auto(
    choice(["cover", "contain", "stretch"], {
      default: "cover",
      means: "how an image of another shape fits: cut to the middle, whole with margins, or stretched",
    }),
    "cover",
  ),
  labels: auto(
    text({
      default: "folders",
      means: 'where classes come from: "folders", "clusters", "none", or a table by its path',
    }),
    "folders, where they are classes",
  ),
  as: auto(
    choice(["points", "rows"], {
      default: "points",
      means: "what a table's rows are taken as: points, whose columns are numbers, or rows of mixed columns",
    }),
    "points",
  ),
  schema: auto(
    text({ default: "schema.json", means: "file that says what a table's columns are" }),
    "they are recognised",
  ),
  holdOut: auto(
    number({
      default: 0.1,
      least: 0,
      most: 0.9,
      means: "share of a table's rows that is kept from training, to judge by",
    }),
    "none",
  ),
  columns: names("columns of a table, by name or number", "all"),
  adversarialWeight: number({
    default: 1,
    least: 0,
    means: "weight of the adversarial loss in the generator's; 0 leaves the terms alone",
  }),
  criticSteps,
  generatorSteps: whole("generator steps of an iteration"),
  batch: integer({ default: 64, least: 1, most: 1_000_000, means: "examples of a step" }),
  generatorBatch: auto(
    integer({ default: 64, least: 1, most: 1_000_000, means: "examples of a generator step" }),
    "as batch",
  ),
  labelsPerClass: auto(whole("examples of each class whose labels are seen", 100), "all"),
  precision: auto(
    choice(["full", "mixed"], { default: "full", means: "mixed: products of steps in float16, on a GPU" }),
    "full",
  ),
  steps: whole("iterations", 2000),
  seed: whole("seed of all random numbers", 1, 0),
  sampleEvery: whole("iterations from one grid of samples to the next", 200),
  checkpointEvery: whole("iterations from one checkpoint to the next", 500),
  keepCheckpoints: whole("newest checkpoints to keep", 3),
  logEvery: whole("iterations from one line of metrics to the next"),
  evaluateEvery: auto(whole("iterations from one evaluation to the next", 500), "samples are not judged"),
  evaluateSamples: whole("samples of an evaluation", 2000, 2),
  evaluateMetrics,
} as const satisfies Readonly<Record<Plain, Option<unknown>>>;

/** Configuration files: every key and type is checked, and what is wrong is named by its path. */
import { type ConfigInput, nearest, type RunConfig, UsageError } from "tsgan";
import { type Conditions, readJson } from "tsgan/node";
import * as z from "zod";

const whole = z.int().min(1);
const option = z.union([z.number(), z.string(), z.boolean(), z.array(z.number())], {
  error: "expected a number, string, boolean or list of numbers",
});
const namedObject = z.object({ name: z.string() }).catchall(option);
/** A name alone stands for the thing with its defaults. */
const named = z.union([z.string(), namedObject], { error: "expected a name, or an object with a name" });

const span = { from: z.number(), to: z.number(), start: z.number().optional(), end: z.number().optional() };
const schedule = z.union(
  [
    z.number(),
    z.strictObject({ kind: z.enum(["linear", "cosine"]), ...span }),
    z.strictObject({
      kind: z.literal("exponential"),
      from: z.number(),
      factor: z.number(),
      every: z.number(),
      floor: z.number().optional(),
    }),
  ],
  {
    error:
      'expected a number, or a schedule {"kind": "linear" or "cosine", "from", "to"} or {"kind": "exponential", "from", "factor", "every"}',
  },
);
const optimizer = z
  .object({ name: z.string(), learningRate: schedule, gradientNorm: z.number().positive().optional() })
  .catchall(z.union([schedule, z.boolean()], { error: "expected a number, boolean or schedule" }));

/** One schema a key, for every key that a run has. */
const keys = {
  data: z.string(),
  imageSize: z.union([whole, z.templateLiteral([whole, "x", whole])], {
    error: 'expected a side, or "64x96" as width x height',
  }),
  channels: z.union([z.literal(1), z.literal(3)], { error: "expected 1 or 3" }),
  fit: z.enum(["cover", "contain", "stretch"]),
  labels: z.string(),
  columns: z.array(z.string()),
  model: named,
  loss: named,
  penalties: z.array(namedObject),
  terms: z.array(namedObject),
  adversarialWeight: z.number().min(0),
  optimizer: z.strictObject({ generator: optimizer, discriminator: optimizer }),
  criticSteps: z.union(
    [whole, z.strictObject({ steps: whole, burst: whole, first: z.int(), every: whole })],
    {
      error: 'expected a whole number, or {"steps", "burst", "first", "every"}',
    },
  ),
  generatorSteps: whole,
  batch: whole,
  generatorBatch: whole,
  steps: whole,
  seed: z.int().min(0),
  emaDecay: z.number(),
  sampleEvery: whole,
  checkpointEvery: whole,
  keepCheckpoints: whole,
  logEvery: whole,
  evaluateEvery: whole,
  evaluateSamples: z.int().min(2),
  evaluateMetrics: z.array(z.string()),
  labelsPerClass: whole,
  packing: z.int().min(2),
  augment: z.strictObject({
    policy: z.string(),
    adaptive: z.strictObject({ target: z.number(), images: z.number().positive() }).optional(),
  }),
  instanceNoise: z.strictObject({ sigma: z.number().min(0), steps: whole }),
  historicalAveraging: z.number().min(0),
  consensus: z.number().min(0),
  unrolled: whole,
  imagePool: whole,
} satisfies Record<keyof RunConfig, z.ZodType>;

/** What stands for other keys. */
const short = { recipe: z.string() };

/** What a run's own config.json holds beside its configuration. */
const written = {
  version: z.string(),
  onnxruntime: z.string(),
  device: z.string(),
  threads: z.number(),
  processor: z.string(),
  dataset: z.unknown(),
} satisfies Record<keyof Conditions | "dataset", z.ZodType>;

const schema = z.strictObject({ ...keys, ...short, ...written }).partial();

/** What is wrong, a line each: `optimizer.generator.learningRate: expected …`; for unknown keys, the nearest of the file's `known`. */
export const issueLines = ({ issues }: z.ZodError, known: readonly string[]): string[] =>
  issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      const path = issue.path.join(".");
      return [`${path === "" ? "" : `${path}: `}${issue.message.replace(/^Invalid input: /, "")}`];
    }
    return issue.keys.map((key) => {
      const meant = issue.path.length === 0 ? nearest(key, known) : undefined;
      const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
      return `${[...issue.path, key].join(".")}: there is no such key${hint}`;
    });
  });

/** A configuration from a value of unknown shape. @throws UsageError with a line for each thing that is wrong */
export const parseConfig = (value: unknown, file: string): ConfigInput => {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new UsageError(
      issueLines(result.error, Object.keys({ ...short, ...keys }))
        .map((text) => `${file}: ${text}`)
        .join("\n"),
    );
  }
  const config = Object.entries(result.data).filter(([key]) => !Object.hasOwn(written, key));
  return Object.fromEntries(config) as ConfigInput;
};

export const readConfigFile = (file: string): ConfigInput => parseConfig(readJson(file), file);

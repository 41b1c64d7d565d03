/** What `tsgan train` is asked for, as a configuration and a folder. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "tsgan";
import {
  kindOf,
  overrideConfig,
  type PartialConfig,
  type PlainInput,
  parseConfig,
  type RunConfig,
  resolveConfig,
} from "tsgan/config";
import { catalogue as datasets } from "tsgan/data";
import { type Effort, effortSettings } from "tsgan/effort";
import {
  dataOptions,
  holdsRun,
  noRunIn,
  openDataset,
  type RunEvent,
  readJson,
  recognisedAs,
  storedConfig,
} from "tsgan/node";
import type { TrainFlags } from "./train-flags.ts";

/** `config` with the value at a path such as ["model", "base"]; what is no object on the way is replaced by one. */
const withSetting = (config: unknown, [key, ...rest]: readonly string[], value: unknown): unknown => {
  if (key === undefined) return value;
  const held = typeof config === "object" && config !== null ? config : {};
  // Another thing, which has other options.
  if (key === "name" && rest.length === 0 && "name" in held && held.name !== value) return { name: value };
  if (Array.isArray(held))
    return held.map((item, i) => (String(i) === key ? withSetting(item, rest, value) : item));
  return { ...held, [key]: withSetting((held as Record<string, unknown>)[key], rest, value) };
};

/** The configuration with single values by their paths, checked as if it had been written to a file. */
export const withSettings = (
  config: RunConfig,
  settings: NonNullable<TrainFlags["set"]>,
  where: string,
): RunConfig => {
  if (settings.length === 0) return config;
  const changed = settings.reduce<unknown>(
    (value, [path, x]) => withSetting(value, path.split("."), x),
    config,
  );
  return overrideConfig(config, parseConfig(changed, where));
};

/** What a table's rows are to be taken as, where it is said. */
const rowsAs = ({ table = false, points = false }: TrainFlags): PlainInput["as"] => {
  if (table && points) throw new UsageError("train: --table and --points exclude each other; leave one out");
  if (table) return "rows";
  return points ? "points" : undefined;
};

/** The configuration as the flags alone say it. */
const flagInput = (data: string | undefined, flags: TrainFlags): PlainInput => ({
  data,
  recipe: flags.recipe,
  loss: flags.loss,
  model: flags.model,
  steps: flags.steps,
  batch: flags.batch,
  seed: flags.seed,
  criticSteps: flags.criticSteps,
  imageSize: flags.imageSize,
  fit: flags.fit,
  labels: flags.labels,
  columns: flags.columns,
  as: rowsAs(flags),
  schema: flags.schema,
  sampleEvery: flags.sampleEvery,
  checkpointEvery: flags.checkpointEvery,
  evaluateEvery: flags.evaluateEvery,
});

const withLearningRate = (config: RunConfig, learningRate: number | undefined): RunConfig => {
  if (learningRate === undefined) return config;
  const { generator, discriminator } = config.optimizer;
  return {
    ...config,
    optimizer: {
      generator: { ...generator, learningRate },
      discriminator: { ...discriminator, learningRate },
    },
  };
};

/** Seeds that nobody guesses: 52 bits. */
const secretSeed = (): number => {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 12) * 2 ** 32 + low + 2 ** 32;
};

/** With differential privacy: rows one by one, and a seed that is a secret where none was given. */
const withPrivacy = (config: RunConfig, { private: terms, seed }: TrainFlags): RunConfig => {
  if (terms === undefined) return config;
  if (config.as !== "rows") {
    throw new UsageError("train: --private is for rows of a table; add --table, or leave it out");
  }
  const name = "differential-privacy";
  return overrideConfig(config, {
    techniques: [...config.techniques.filter((technique) => technique.name !== name), { name, ...terms }],
    model: { ...config.model, packing: 1 },
    ...(seed === undefined && config.seed < 2 ** 32 && { seed: secretSeed() }),
  });
};

/** What people get for pictures of their own who name neither settings nor an effort. */
const USUAL: Effort = "good";

/** The effort that is asked for, or meant: where a run is resumed, or settings are named, there is none. */
const effortOf = (config: RunConfig, flags: TrainFlags): Effort | undefined => {
  const { effort, resume, out, recipe, loss, model, config: file } = flags;
  if (resume && out !== undefined && holdsRun(out)) {
    if (effort === undefined) return undefined;
    throw new UsageError("--effort is for runs that begin; this one has its settings; leave it out");
  }
  if (effort !== undefined && recipe !== undefined) {
    throw new UsageError("--effort and --recipe both bring all settings; leave one out");
  }
  const isPlain = [recipe, loss, model, file].every((given) => given === undefined);
  const isOwn = kindOf(config) === "images" && !datasets.has(config.data);
  return effort ?? (isPlain && isOwn ? USUAL : undefined);
};

/** The settings of the effort that is asked for or meant, for which the data are looked at. */
export const effortInput = async (
  data: string | undefined,
  flags: TrainFlags,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<PartialConfig | undefined> => {
  const config = configOf(data, flags);
  const effort = effortOf(config, flags);
  if (effort === undefined) return undefined;
  const { shape, classes, size, pairs } = await openDataset(config.data, {
    ...dataOptions(config),
    onProgress: (done, total) => onEvent({ type: "reading", done, total }),
  });
  return effortSettings(effort, {
    kind: kindOf(config),
    shape,
    classes: classes?.length,
    examples: Number.isFinite(size) ? size : undefined,
    mayGroup: config.labels === undefined && pairs === undefined,
  });
};

/**
 * The whole configuration: defaults or, on resume, the run's own; then what an effort brings, then the file, then the flags, then
 * --set.
 */
export const configOf = (data: string | undefined, flags: TrainFlags, effort?: PartialConfig): RunConfig => {
  const { out, resume } = flags;
  if (resume && out === undefined)
    throw new UsageError("--resume needs --out, the folder of the run to continue");
  const inputs = [flagInput(data, flags)];
  if (flags.config !== undefined) {
    if (!existsSync(flags.config)) throw new UsageError(`--config ${flags.config}: there is no such file`);
    inputs.unshift(parseConfig(readJson(flags.config), flags.config));
  }
  const goesOn = resume && out !== undefined && holdsRun(out);
  // With data, a run that was killed before it wrote anything begins.
  if (resume && out !== undefined && !goesOn && inputs.every((input) => input.data === undefined)) {
    throw noRunIn(out);
  }
  const config = goesOn
    ? overrideConfig(storedConfig(out), ...inputs)
    : resolveConfig(recognisedAs(...inputs), ...(effort === undefined ? [] : [effort]), ...inputs);
  const settled = withPrivacy(withLearningRate(config, flags.learningRate), flags);
  return withSettings(settled, flags.set ?? [], "--set");
};

/** runs/mnist-hinge-1, or the next number that is free. */
export const freeFolder = (data: string, loss: string, runs = "runs"): string => {
  const name =
    basename(data)
      .normalize("NFC")
      .replace(/\.(?:csv|tsv|tab|dat|txt|zip|npz|npy)$/i, "")
      .replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-") || "data";
  for (let n = 1; ; n++) {
    const folder = join(runs, `${name}-${loss}-${n}`);
    if (!existsSync(folder)) return folder;
  }
};

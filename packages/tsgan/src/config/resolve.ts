/** From what people write to a whole configuration: defaults for the kind of data, presets, recipes, then their own keys. */
import { catalogue as datasets } from "../data/index.ts";
import { type Made, resolveOptions, type Settings } from "../define/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import { catalogue as losses, lossNames, presets, terms } from "../losses/index.ts";
import { catalogue as models } from "../models/index.ts";
import { createOptimizer, type Optimizer, type OptimizerConfig, optimizerConfig } from "../nn/index.ts";
import { describeValue, isRecord } from "../options.ts";
import { catalogue as penalties } from "../penalties/index.ts";
import { catalogue as techniques } from "../techniques/index.ts";
import {
  type ConfigInput,
  isThing,
  type LiveConfig,
  type Named,
  type PartialConfig,
  type RunConfig,
} from "./config.ts";
import { type DataKind, defaults } from "./defaults.ts";
import { configKeys } from "./keys.ts";
import { oldKeys, withOldClip, withOldPolicy, withOldTechniques } from "./old.ts";
import { recipeOf } from "./recipes.ts";

/** Keys that a run writes down beside its configuration: facts, not settings. */
export const factKeys = [
  "version",
  "onnxruntime",
  "dataset",
  "threads",
  "device",
  "processor",
  "uses",
] as const;

const thingKeys = ["data", "model", "loss", "penalties", "terms", "techniques", "optimizer"] as const;
export const knownKeys: readonly string[] = ["recipe", ...thingKeys, ...Object.keys(configKeys), ...oldKeys];

/** Whether data are points, or rows of a table; everything else consists of images. */
export const kindOf = ({ data, as }: Pick<LiveConfig, "data" | "as">): DataKind => {
  if (typeof data !== "string") {
    if (data.layout !== undefined) return "rows";
    return data.shape.length === 1 ? "points" : "images";
  }
  if (as !== undefined) return as;
  const isPoints = datasets.has(data)
    ? datasets.get(data).definition.holds === "points"
    : /\.(?:csv|tsv|tab|dat|txt)$/i.test(data);
  return isPoints ? "points" : "images";
};

const defined = <T extends object>(part: T): Partial<T> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Partial<T>;

/** A thing as plain data: its name and every option with its value. */
export const written = ({ name, options }: Pick<Made, "name" | "options">): Named => ({
  name,
  ...defined(options),
});

const checkKeys = (input: ConfigInput): void => {
  for (const key of Object.keys(input)) {
    if (knownKeys.includes(key) || (factKeys as readonly string[]).includes(key)) continue;
    const { version } = input as { readonly version?: unknown };
    const { message } = unknownName("key of the configuration", key, knownKeys);
    throw new UsageError(
      typeof version === "string" ? `${message}; the configuration was written by tsgan ${version}` : message,
    );
  }
};

/** Refuses what neither is nor names a thing, whatever the compiler was told: above all functions that were not called. */
const checkParts = (input: ConfigInput): void => {
  const check = (
    key: string,
    value: unknown,
    fits: boolean,
    wanted = "a name, an object with a name",
  ): void => {
    if (value === undefined || fits) return;
    const remedy = typeof value === "function" ? "; call it, with () or with options" : "";
    throw new UsageError(
      `config: ${key} must be ${wanted}, or what a function such as ${key === "optimizer" ? "adam" : "losses.hinge"}() makes; ` +
        `got ${describeValue(value)}${remedy}`,
    );
  };
  const isPart = (value: unknown): boolean =>
    typeof value === "string" || (isRecord(value) && typeof value.name === "string");
  const { model, loss, optimizer } = input;
  check("model", model, isPart(model));
  check("loss", loss, isPart(loss));
  check("optimizer", optimizer, isRecord(optimizer), "an object with a name");
  for (const key of ["penalties", "terms", "techniques"] as const) {
    const values: unknown = input[key];
    if (values === undefined) continue;
    if (!Array.isArray(values)) {
      throw new UsageError(
        `config: ${key} must be a list; got ${describeValue(values)}; put it into brackets`,
      );
    }
    values.forEach((each, i) => {
      check(`${key}.${i}`, each ?? null, isPart(each));
    });
  }
};

type Part<T> = Named | T;

/** `value`, or what it names: the thing as it is where it has that name already, or else with its defaults. */
const named = <T>(value: Part<T> | string | undefined, current: Part<T>): Part<T> => {
  if (typeof value !== "string") return value ?? current;
  return value === (current as Named).name ? current : { name: value };
};

const list = <T>(values: readonly (Part<T> | string)[]): readonly Part<T>[] =>
  values.map((value) => (typeof value === "string" ? { name: value } : value));

const isOptimizer = (value: object): value is Optimizer => "links" in value && "update" in value;

/** One optimiser for both players, or one for each. */
const players = (
  given: NonNullable<ConfigInput["optimizer"]>,
  base: LiveConfig["optimizer"],
): LiveConfig["optimizer"] => {
  if (isOptimizer(given) || "name" in given) {
    const one = given as Optimizer | OptimizerConfig;
    return { generator: one, discriminator: one };
  }
  const unknown = Object.keys(given).find((key) => key !== "generator" && key !== "discriminator");
  if (unknown !== undefined)
    throw unknownName("player of optimizer", unknown, ["generator", "discriminator"]);
  return { ...base, ...defined(given as LiveConfig["optimizer"]) };
};

/** The preset of that name for this kind of data, where there is one. */
const presetOf = (name: string, kind: DataKind): PartialConfig | undefined => {
  const preset = presets().find((each) => each.name === name);
  const given = kind === "images" ? preset?.images : (preset?.points ?? preset?.images);
  if (kind !== "rows" || given === undefined) return given as PartialConfig | undefined;
  // The loss and what limits its critic: networks and optimisers of tables are their own.
  const { loss, penalties: limits } = given as PartialConfig;
  return { loss, ...(limits && { penalties: limits }) };
};

/** What a run takes where nothing is said: with that model, where it is another than before, and with these techniques. */
const settingsOf = (
  { model, techniques: used = [] }: ConfigInput,
  { model: before }: LiveConfig,
): PartialConfig => {
  const name = typeof model === "string" ? model : model?.name;
  const isOther = name !== undefined && name !== (before as Named).name;
  const ofModel = isOther && (isThing(model) ? model : models.get(name)).definition.settings;
  const ofTechniques = used.flatMap((each) => {
    const { definition } = isThing(each) ? each : techniques.get(typeof each === "string" ? each : each.name);
    return definition.settings ?? [];
  });
  return Object.assign({}, ofModel, ...ofTechniques);
};

const override = (base: LiveConfig, input: ConfigInput): LiveConfig => {
  checkKeys(input);
  checkParts(input);
  const { recipe, loss, model, optimizer, penalties: own, terms: added, techniques: used, ...rest } = input;
  const below = recipe === undefined ? base : override(base, recipeOf(recipe).config);
  if (typeof loss === "string" && !lossNames().includes(loss)) throw unknownName("loss", loss, lossNames());
  const preset =
    typeof loss === "string"
      ? presetOf(loss, kindOf({ data: rest.data ?? below.data, as: rest.as ?? below.as }))
      : undefined;
  const plain = Object.fromEntries(
    Object.entries(rest).filter(([key]) => key === "data" || Object.hasOwn(configKeys, key)),
  );
  const config: LiveConfig = {
    ...below,
    ...settingsOf(input, below),
    // Options are those of the data that they were given with.
    ...(rest.data !== undefined && rest.data !== below.data && { dataOptions: undefined }),
    ...(preset ??
      (loss !== undefined && { loss: named(loss as LiveConfig["loss"] | string | undefined, below.loss) })),
    model: named(model as LiveConfig["model"] | string | undefined, preset?.model ?? below.model),
    ...(own !== undefined && { penalties: list(own) }),
    ...(added !== undefined && { terms: list(added) }),
    ...(used !== undefined && { techniques: list(used) }),
    ...defined(plain),
  };
  return {
    ...config,
    ...(optimizer !== undefined && { optimizer: players(optimizer, config.optimizer) }),
    techniques: withOldTechniques(config.techniques, rest) as LiveConfig["techniques"],
    penalties: withOldPolicy(config.penalties as readonly (Named | Made)[], rest) as LiveConfig["penalties"],
  };
};

/** Every option of a named thing with its value; things themselves stay. @throws UsageError */
const complete = <T extends Made>(part: Part<T>, make: (name: string, options: object) => T): Part<T> => {
  if (isThing(part)) return part as T;
  const { name, ...options } = part as Named;
  return written(make(name, options));
};

const completeOptimizer = (part: OptimizerConfig | Optimizer): OptimizerConfig | Optimizer =>
  isOptimizer(part) ? part : optimizerConfig(createOptimizer(withOldClip(part) as OptimizerConfig));

/** Every option of the data set with its value, where it has any. */
const dataOptionsOf = ({ data, dataOptions: given }: LiveConfig): { readonly dataOptions?: Settings } => {
  const all = (options: Settings) => (Object.keys(options).length === 0 ? {} : { dataOptions: options });
  if (typeof data !== "string" && isThing(data)) return all(defined(data.options));
  if (typeof data === "string" && datasets.has(data)) {
    return all(resolveOptions(`data set ${data}`, datasets.get(data).definition.options, given));
  }
  if (given === undefined || Object.keys(given).length === 0) return {};
  const name = typeof data === "string" ? data : data.name;
  throw new UsageError(
    `config: dataOptions are for data sets that have a name; ${name} is none; leave them out`,
  );
};

const withOptions = (config: LiveConfig): LiveConfig => {
  const plain = Object.fromEntries(
    Object.entries(configKeys).flatMap(([key, option]) => {
      const value = config[key as keyof typeof configKeys] ?? option.default;
      return value === undefined ? [] : [[key, option.check("config", key, value)]];
    }),
  );
  const { generator, discriminator } = config.optimizer;
  const { dataOptions: _, ...rest } = plain;
  return {
    data: config.data,
    ...dataOptionsOf(config),
    ...rest,
    model: complete(config.model, (name, options) => models.get(name).create({ ...options })),
    loss: complete(config.loss, (name, options) => losses.get(name).create({ ...options })),
    penalties: config.penalties.map((each) =>
      complete(each, (name, options) => penalties.get(name).create({ ...options })),
    ),
    terms: config.terms.map((each) =>
      complete(each, (name, options) => terms.get(name).create({ ...options })),
    ),
    techniques: config.techniques.map((each) =>
      complete(each, (name, options) => techniques.get(name).create({ ...options })),
    ),
    optimizer: {
      generator: completeOptimizer(generator),
      discriminator: completeOptimizer(discriminator),
    },
  } as unknown as LiveConfig;
};

/**
 * The configuration as plain data, from which the same run can be made again where its things have names.
 *
 * @param config a configuration in which things may be objects
 */
export const plainConfig = (config: LiveConfig): RunConfig => {
  const plain = (part: Named | Made): Named => (isThing(part) ? written(part) : (part as Named));
  const optimizer = (part: OptimizerConfig | Optimizer): OptimizerConfig =>
    isOptimizer(part) ? optimizerConfig(part) : part;
  return {
    ...config,
    data: typeof config.data === "string" ? config.data : config.data.name,
    model: plain(config.model as Named | Made),
    loss: plain(config.loss as Named | Made),
    penalties: config.penalties.map((each) => plain(each as Named | Made)),
    terms: config.terms.map((each) => plain(each as Named | Made)),
    techniques: config.techniques.map((each) => plain(each as Named | Made)),
    optimizer: {
      generator: optimizer(config.optimizer.generator),
      discriminator: optimizer(config.optimizer.discriminator),
    },
  };
};

/**
 * As `resolveConfig`; things that stand for themselves stay what they are.
 *
 * @param inputs parts of a configuration, the last of which has the last word; one of them names the `data`
 * @throws UsageError where no input names the data, or for a thing that does not exist
 */
export const resolveLive = (...inputs: readonly ConfigInput[]): LiveConfig => {
  const last = <K extends "data" | "as">(key: K): ConfigInput[K] =>
    inputs.findLast((input) => input[key] !== undefined)?.[key];
  const data = last("data");
  if (data === undefined) {
    throw new UsageError(
      "config: data is missing; name a built-in data set, a folder of images or a .csv file",
    );
  }
  const as = last("as");
  return overrideLive({ data, ...defaults[kindOf({ data, ...(as && { as }) })] }, ...inputs);
};

/**
 * As `overrideConfig`, with things.
 *
 * @param base what the inputs go over
 * @param inputs parts of a configuration, the last of which has the last word
 */
export const overrideLive = (base: LiveConfig, ...inputs: readonly ConfigInput[]): LiveConfig =>
  withOptions(inputs.reduce(override, base));

/**
 * The whole configuration: defaults for the kind of data, then the inputs in order. Every option of every thing has its value,
 * but for those that a model works out from the data; `completeConfig` adds them.
 *
 * @throws UsageError for a key, name or option that does not exist (with the nearest), or a value that it does not take
 * @example
 * ```ts
 * import { resolveConfig } from "tsgan/config";
 *
 * const config = resolveConfig({ data: "ring", loss: "wgan-gp", steps: 500 });
 * console.log(config.criticSteps, config.penalties); // 5 and the gradient penalty: what the preset says
 * ```
 */
export const resolveConfig = (...inputs: readonly ConfigInput[]): RunConfig =>
  plainConfig(resolveLive(...inputs));

/** `base` with the keys of the inputs in place of its own; later inputs win, and a preset ranks as its input. */
export const overrideConfig = (base: RunConfig, ...inputs: readonly ConfigInput[]): RunConfig =>
  plainConfig(overrideLive(base, ...inputs));

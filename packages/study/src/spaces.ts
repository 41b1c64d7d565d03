/** Where hyper-parameters are drawn from: as a study says it, or as the schema of the option has it. */
import { UsageError } from "tsgan";
import { optionsAt, type RunConfig, thingsOf } from "tsgan/config";
import type { Option } from "tsgan/define";
import type { ParameterValue, Range, SearchInput, Space, SpaceInput } from "./definition.ts";
import { fail } from "./fail.ts";
import { valuesAt } from "./trial-config.ts";

/** What stands for the paths of both players. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["learningRate", "optimizer.*.learningRate"],
  ["beta1", "optimizer.*.beta1"],
  ["beta2", "optimizer.*.beta2"],
]);

/** Things whose options `search: auto` draws: what a model is made of stays, and so does how long it trains. */
const SEARCHED = ["loss", "penalties", "terms", "techniques"];

const KINDS = ["uniform", "logUniform", "choice", "fixed"] as const;

/**
 * The range that an option has by its schema: the one where a study is to look for good values, all that it can be chosen from,
 * or all between its bounds.
 */
export const rangeOf = ({ type, search, choices, bounds }: Option<unknown>): Range | undefined => {
  if (search !== undefined) {
    const { low, high, log = false } = search;
    return log ? { logUniform: [low, high] } : { uniform: [low, high] };
  }
  if (choices !== undefined) return { choice: choices };
  if (type === "flag") return { choice: [false, true] };
  const { least, most, below } = bounds ?? {};
  const high = most ?? (type === "integer" ? undefined : below);
  return least === undefined || high === undefined || !Number.isFinite(high)
    ? undefined
    : { uniform: [least, high] };
};

const checkBounds = (path: string, [low, high]: readonly number[], least: number): void => {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    fail(path, "two numbers, the lower one first", [low, high], "a single value is fixed: X");
  }
  if (low <= least) fail(path, "above 0", [low, high], "use uniform for ranges that hold 0");
};

/** A range as a study writes it; undefined where it leaves that to the schema. */
const givenRange = (path: string, input: Readonly<Record<string, unknown>>): Range | undefined => {
  const kinds = KINDS.filter((kind) => input[kind] !== undefined);
  if (kinds.length === 0) return undefined;
  if (kinds.length > 1) fail(path, `exactly one of ${KINDS.join(", ")}`, input);
  const [kind] = kinds;
  const range = { [kind]: input[kind] } as Range;
  if ("uniform" in range) checkBounds(`${path}.uniform`, range.uniform, Number.NEGATIVE_INFINITY);
  if ("logUniform" in range) checkBounds(`${path}.logUniform`, range.logUniform, 0);
  if ("choice" in range && range.choice.length === 0) {
    fail(`${path}.choice`, "at least one value", range.choice, "the space is empty: nothing can be drawn");
  }
  return range;
};

const describe = ({ means, symbol }: Option<unknown>): string =>
  symbol === undefined ? means : `${means} (${symbol})`;

/** The range of the schema, which must be the same on all data sets. */
const schemaRange = (path: string, at: string, options: readonly Option<unknown>[]): Range => {
  const ranges = options.map(rangeOf);
  const [first] = ranges;
  const remedy = "give uniform, logUniform, choice or fixed";
  if (options.length === 0) {
    return fail(path, "a range", undefined, `the schema says nothing of ${at}; ${remedy}`);
  }
  if (first === undefined) {
    return fail(path, "a range", undefined, `${describe(options[0])} has none of its own; ${remedy}`);
  }
  if (ranges.some((range) => JSON.stringify(range) !== JSON.stringify(first))) {
    return fail(path, "a range", undefined, `the ranges of what ${at} leads to differ; ${remedy}`);
  }
  return first;
};

/** Refuses what the option does not take: a word that is not among its choices, a number out of its bounds. */
const checkValues = (
  path: string,
  range: Range,
  usual: unknown,
  options: readonly Option<unknown>[],
): void => {
  const check = (where: string, value: unknown): void => {
    for (const option of options) option.check("study", where, value);
  };
  if ("fixed" in range) check(`${path}.fixed`, range.fixed);
  if ("choice" in range) {
    range.choice.forEach((value, i) => {
      check(`${path}.choice[${i}]`, value);
    });
  }
  if (usual !== undefined) check(`${path}.default`, usual);
};

const isParameter = (value: unknown): value is ParameterValue =>
  typeof value === "number" || typeof value === "string" || typeof value === "boolean";

/** What a model has on all data sets at a path; undefined where it differs. */
const usualAt = (configs: readonly RunConfig[], at: string): ParameterValue | undefined => {
  const values = new Set(configs.flatMap((config) => valuesAt(config, at)));
  const [value] = values;
  return values.size === 1 && isParameter(value) ? value : undefined;
};

/** @param configs what the model trains with on each data set */
const resolveSpace = (
  path: string,
  name: string,
  input: SpaceInput | "auto",
  configs: readonly RunConfig[],
): Space => {
  const given = input === "auto" ? {} : input;
  if (given.at !== undefined && typeof given.at !== "string") fail(`${path}.at`, "a path as text", given.at);
  const at = given.at ?? SHORT.get(name) ?? name;
  const options = (() => {
    try {
      return [...new Set(configs.flatMap((config) => optionsAt(config, at)))];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`study: ${path}: ${error.message}`, { cause: error });
    }
  })();
  const own = givenRange(path, given as Readonly<Record<string, unknown>>);
  const range = own ?? schemaRange(path, at, options);
  const usual = given.default ?? (own === undefined ? usualAt(configs, at) : undefined);
  const isDrawn = "uniform" in range || "logUniform" in range;
  // It may lie outside: the authors' settings need not be where one looks for better ones.
  if (isDrawn && usual !== undefined && !Number.isFinite(usual)) {
    fail(`${path}.default`, "a finite number", usual);
  }
  checkValues(path, range, usual, options);
  const isWhole = isDrawn && options.length > 0 && options.every(({ type }) => type === "integer");
  return {
    ...range,
    at,
    ...(isWhole && { integer: true }),
    ...(usual === undefined ? {} : { default: usual }),
  };
};

/** Everything that the definitions of a model's parts say where to search, and the learning rate of both players. */
const searchedByItself = ([config]: readonly RunConfig[]): Readonly<Record<string, "auto">> =>
  Object.fromEntries([
    ["learningRate", "auto"],
    ...thingsOf(config)
      .filter(({ path }) => SEARCHED.includes(path.split(".")[0]))
      .flatMap(({ path, options }) =>
        Object.entries(options).flatMap(([option, { search }]) =>
          search === undefined ? [] : [[`${path}.${option}`, "auto"] as const],
        ),
      ),
  ]);

/**
 * The search spaces of a model with nothing left open.
 *
 * @param configs what the model trains with on each data set
 * @throws UsageError for an empty space, a value that the option does not take, or an option without a range of its own
 */
export const resolveSearch = (
  path: string,
  search: SearchInput,
  configs: readonly RunConfig[],
): Readonly<Record<string, Space>> =>
  Object.fromEntries(
    Object.entries(search === "auto" ? searchedByItself(configs) : search).map(([key, space]) => [
      key,
      resolveSpace(`${path}.${key}`, key, space, configs),
    ]),
  );

/** The value of a parameter, from one uniform number in [0, 1). */
export const valueAt = (space: Space, u: number): ParameterValue => {
  if ("fixed" in space) return space.fixed;
  if ("choice" in space) return space.choice[Math.floor(u * space.choice.length)];
  const { integer = false } = space;
  if ("uniform" in space) {
    const [low, high] = space.uniform;
    // Of whole numbers, both ends count, and each is as likely as another.
    return integer
      ? Math.ceil(low) + Math.floor(u * (Math.floor(high) - Math.ceil(low) + 1))
      : low + (high - low) * u;
  }
  const [low, high] = space.logUniform;
  const value = low * (high / low) ** u;
  return integer ? Math.min(Math.floor(high), Math.max(Math.ceil(low), Math.round(value))) : value;
};

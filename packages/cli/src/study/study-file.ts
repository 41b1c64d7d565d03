/** Study files: YAML, or TypeScript or JavaScript with a default export. Every key and type is checked. */
import { extname, resolve } from "node:path";
import { resolveStudy, type Study, type StudyDefinition } from "@tsgan/study";
import { nearest, UsageError } from "tsgan";
import { parseConfig } from "tsgan/config";
import { readJson, readText } from "tsgan/node";
import * as z from "zod";
import { whyNotLoaded } from "../use.ts";

const value = z.union([z.number(), z.string(), z.boolean()], {
  error: "expected a number, a name, true or false",
});
const bounds = z.tuple([z.number(), z.number()], { error: "expected two numbers, [low, high]" });
const space = z.strictObject({
  uniform: bounds.optional(),
  logUniform: bounds.optional(),
  choice: z.array(value).optional(),
  fixed: value.optional(),
  at: z.string().optional(),
  default: value.optional(),
});
const metrics = z.array(z.string());
const config = z.record(z.string(), z.unknown(), {
  error: "expected a configuration, such as {loss: wgan-gp}",
});
const set = z.record(z.string(), z.unknown());
const data = z
  .strictObject({ config: config.optional(), set: set.optional(), metrics: metrics.optional() })
  .partial();
const model = z.strictObject({
  config,
  set: set.optional(),
  search: z
    .union([z.literal("auto"), z.record(z.string(), z.union([z.literal("auto"), space]))], {
      error: "expected hyper-parameters by name, or auto",
    })
    .optional(),
});

const keys = {
  name: z.string(),
  seed: z.int().min(0).optional(),
  data: z.record(z.string(), data.nullable()),
  models: z.record(z.string(), model),
  samples: z.int().optional(),
  defaultsFirst: z.boolean().optional(),
  seeds: z.union([z.int(), z.array(z.int())], { error: "expected a number, or a list of seeds" }).optional(),
  budget: z.union([z.strictObject({ steps: z.number() }), z.strictObject({ seconds: z.number() })], {
    error: "expected {steps: N} or {seconds: N}",
  }),
  stepUnit: z.enum(["discriminator", "generator"]).optional(),
  metrics,
  evaluateEvery: z.int().optional(),
  evaluateSamples: z.int().optional(),
  checkpointEvery: z.int().optional(),
  earlyStopping: z.strictObject({ metric: z.string(), first: z.int(), factor: z.int() }).optional(),
} satisfies Record<keyof StudyDefinition, z.ZodType>;

const schema = z.strictObject(keys);

/** What is wrong first: `budget: expected …`; for an unknown key, the nearest that there is. */
const firstIssue = (issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[] = []): string => {
  // A misspelt key is why another one is missing.
  const found = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const issue = { ...found, path: [...above, ...found.path] };
  // Of several ways to write something, the one that was begun.
  const begun =
    issue.code === "invalid_union"
      ? issue.errors.find(([first]) => first.path.length > 0 || first.code === "unrecognized_keys")
      : undefined;
  if (begun !== undefined) return firstIssue(begun, issue.path);
  if (issue.code !== "unrecognized_keys") {
    const path = issue.path.join(".");
    const message = issue.message
      .replace(/^Invalid input: /, "")
      .replace("expected record", "expected entries by name")
      .replace(/^expected (.*), received undefined$/, "it is missing; expected $1")
      .replace(/^expected object, received null$/, "expected a study; got nothing");
    const hint = message === "expected string, received number" ? "; write it in quotes" : "";
    return `${path === "" ? "" : `${path}: `}${message}${hint}`;
  }
  const [key] = issue.keys;
  const meant = issue.path.length === 0 ? nearest(key, Object.keys(keys)) : undefined;
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `${[...issue.path, key].join(".")}: there is no such key${hint}`;
};

/** The first of the things that are wrong with a configuration. */
const checkConfig = (config: unknown, where: string): void => {
  try {
    parseConfig(config, where);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message.split("\n")[0]);
    throw error;
  }
};

/** A study from a value of unknown shape. @throws UsageError that names the first thing that is wrong by its path */
export const parseStudy = (input: unknown, file: string): Study => {
  const result = schema.safeParse(input);
  if (!result.success) {
    throw new UsageError(`${file}: ${firstIssue(result.error.issues)}`);
  }
  const { data: parsed } = result;
  for (const kind of ["data", "models"] as const) {
    for (const [name, entry] of Object.entries(parsed[kind])) {
      if (entry?.config !== undefined) checkConfig(entry.config, `${file}: ${kind}.${name}.config`);
    }
  }
  try {
    return resolveStudy(parsed as StudyDefinition);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message.replace(/^study/, file));
    throw error;
  }
};

/**
 * What a parser of YAML takes the square of, or dies of, at most: bytes of a study file (those of a study with hundreds of models),
 * characters of a line, brackets within brackets, and signs in a row. Nobody writes more.
 */
const LARGEST = 128 << 10;
const LONGEST_LINE = 5000;
const DEEPEST = 100;
const SIGNS = /(?:[^\w\s]\s?){500}/;

const depthOf = (text: string): number => {
  let [depth, deepest] = [0, 0];
  for (const [sign] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (sign === "[" || sign === "{" ? 1 : -1));
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

/** Refuses what nobody writes, before it is parsed. @throws UsageError */
const checkText = (file: string, text: string): void => {
  const lines = text.split("\n");
  const long = lines.findIndex(({ length }) => length > LONGEST_LINE);
  if (long >= 0) {
    throw new UsageError(
      `${file}: expected YAML; line ${long + 1} has ${lines[long].length} characters, more than ${LONGEST_LINE}: break it`,
    );
  }
  if (depthOf(text) > DEEPEST) throw new UsageError(`${file}: expected YAML; it is nested too deeply`);
  if (SIGNS.test(text))
    throw new UsageError(`${file}: expected YAML; more than 500 signs follow one another`);
};

/** What errors mean that are not of the syntax. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/call stack/, "it is nested too deeply"],
  [/circular/, "an alias stands within what it is the name of"],
  [/alias count/, "its aliases unfold to more than there is room for"],
];

const readYaml = async (file: string): Promise<unknown> => {
  const { parse } = await import("yaml");
  const text = readText(file, LARGEST);
  checkText(file, text);
  try {
    // Names are as they are written, though YAML would take 2e5 and 012 for numbers.
    const value: unknown = parse(text, { prettyErrors: true, stringKeys: true, logLevel: "error" });
    // An alias within its own anchor goes round for ever.
    JSON.stringify(value);
    return value;
  } catch (error) {
    // Of whatever class: a syntax that is wrong, an alias without its anchor, aliases that unfold to more than there is room for.
    const message = error instanceof Error ? error.message : String(error);
    const [, meaning = message.split("\n")[0]] = MEANINGS.find(([pattern]) => pattern.test(message)) ?? [];
    throw new UsageError(`${file}: expected YAML; ${meaning.replace(/:$/, "")}`, { cause: error });
  }
};

const readModule = async (file: string): Promise<unknown> => {
  readText(file, LARGEST);
  const { createJiti } = await import("jiti");
  try {
    return await createJiti(import.meta.url).import(resolve(file), { default: true });
  } catch (error) {
    throw new UsageError(
      `${file}: expected a module with a study as its default export; ${whyNotLoaded(error)}`,
      { cause: error },
    );
  }
};

const readers: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  ".yaml": readYaml,
  ".yml": readYaml,
  ".json": async (file) => readJson(file),
  ".ts": readModule,
  ".mts": readModule,
  ".js": readModule,
  ".mjs": readModule,
};

/** @throws UsageError for a file that is no study */
export const readStudyFile = async (file: string): Promise<Study> => {
  const read = readers[extname(file).toLowerCase()];
  if (read === undefined) {
    throw new UsageError(`${file}: expected a study file, ${Object.keys(readers).join(", ")}; rename it`);
  }
  return parseStudy(await read(file), file);
};

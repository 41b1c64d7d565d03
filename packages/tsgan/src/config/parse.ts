/** Configurations of unknown shape, such as files: everything is checked, and all that is wrong is named by its path. */
import { nearest, UsageError, unknownName } from "../errors.ts";
import { catalogue as losses, lossNames, terms } from "../losses/index.ts";
import { catalogue as models } from "../models/index.ts";
import { createOptimizer, type OptimizerConfig } from "../nn/index.ts";
import { isRecord } from "../options.ts";
import { catalogue as penalties } from "../penalties/index.ts";
import { catalogue as techniques } from "../techniques/index.ts";
import type { Named, OldTechniques, PlainInput } from "./config.ts";
import { configKeys } from "./keys.ts";
import { oldKeys, withOldClip, withOldTechniques } from "./old.ts";
import { recipeOf } from "./recipes.ts";
import { factKeys, knownKeys } from "./resolve.ts";

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : isRecord(value) ? "an object" : typeof value;

/** Collects what is wrong instead of stopping at the first. */
class Problems {
  readonly messages: string[] = [];

  note(path: string, message: string): void {
    this.messages.push(path === "" ? message : `${path}: ${message}`);
  }

  /** Runs a check, whose message is noted under the path. */
  attempt(path: string, check: () => unknown): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.note(path, error.message);
    }
  }
}

interface Kind {
  get(name: string): { create(options: Readonly<Record<string, unknown>>): unknown };
}

/** A name, or an object with a name and options. */
const checkNamed = (problems: Problems, path: string, kind: Kind, value: unknown): void => {
  if (typeof value === "string") {
    problems.attempt(path, () => kind.get(value).create({}));
    return;
  }
  if (!isRecord(value)) {
    problems.note(path, `expected a name, or an object with a name; got ${kindOf(value)}`);
    return;
  }
  const { name, ...options } = value;
  if (typeof name !== "string") problems.note(`${path}.name`, `expected a name; got ${kindOf(name)}`);
  else problems.attempt(path, () => kind.get(name).create(options));
};

const checkList = (problems: Problems, path: string, kind: Kind, value: unknown): void => {
  if (!Array.isArray(value)) {
    problems.note(path, `expected a list of names or of objects with a name; got ${kindOf(value)}`);
    return;
  }
  value.forEach((each, i) => {
    checkNamed(problems, `${path}.${i}`, kind, each);
  });
};

const checkOptimizer = (problems: Problems, path: string, value: unknown): void => {
  if (!isRecord(value)) {
    problems.note(
      path,
      `expected an optimiser, such as {"name": "adam", "learningRate": 0.001}; got ${kindOf(value)}`,
    );
  } else if (typeof value.name !== "string") {
    problems.note(`${path}.name`, `expected a name; got ${kindOf(value.name)}`);
  } else problems.attempt(path, () => createOptimizer(withOldClip(value as Named) as OptimizerConfig));
};

const checkPlayers = (problems: Problems, value: unknown): void => {
  if (!isRecord(value) || "name" in value) {
    checkOptimizer(problems, "optimizer", value);
    return;
  }
  for (const player of ["generator", "discriminator"]) {
    checkOptimizer(problems, `optimizer.${player}`, value[player]);
  }
  for (const key of Object.keys(value)) {
    if (key === "generator" || key === "discriminator") continue;
    problems.note(`optimizer.${key}`, "there is no such player; the players are generator and discriminator");
  }
};

/** A loss's name may stand for a preset, so presets are among the names that may have been meant. */
const checkLoss = (problems: Problems, value: unknown): void => {
  if (typeof value !== "string") checkNamed(problems, "loss", losses, value);
  else if (!lossNames().includes(value)) {
    problems.note("loss", unknownName("loss", value, lossNames()).message);
  }
};

const checkOld = (problems: Problems, key: keyof OldTechniques, value: unknown): void => {
  const isPart = key === "augment" || key === "instanceNoise";
  if (isPart ? !isRecord(value) : typeof value !== "number") {
    problems.note(key, `expected ${isPart ? "an object" : "a number"}; got ${kindOf(value)}`);
    return;
  }
  problems.attempt(key, () => {
    for (const { name, ...options } of withOldTechniques<Named>([], { [key]: value }) as readonly Named[]) {
      techniques.get(name).create(options);
    }
  });
};

const checkKey = (problems: Problems, key: string, value: unknown): void => {
  if (value === undefined) return;
  if (Object.hasOwn(configKeys, key)) {
    const option = configKeys[key as keyof typeof configKeys];
    problems.attempt("", () => option.check(key, "it", value));
    return;
  }
  if ((oldKeys as readonly string[]).includes(key)) {
    checkOld(problems, key as keyof OldTechniques, value);
    return;
  }
  switch (key) {
    case "data":
    case "recipe":
      if (typeof value !== "string") problems.note(key, `expected a name; got ${kindOf(value)}`);
      else if (key === "recipe") problems.attempt(key, () => recipeOf(value));
      return;
    case "loss":
      checkLoss(problems, value);
      return;
    case "model":
      checkNamed(problems, key, models, value);
      return;
    case "penalties":
      checkList(problems, key, penalties, value);
      return;
    case "terms":
      checkList(problems, key, terms, value);
      return;
    case "techniques":
      checkList(problems, key, techniques, value);
      return;
    case "optimizer":
      checkPlayers(problems, value);
      return;
    default: {
      const meant = nearest(key, knownKeys);
      problems.note(key, `there is no such key${meant === undefined ? "" : `; did you mean "${meant}"?`}`);
    }
  }
};

/**
 * A configuration from a value of unknown shape. What a run writes beside its configuration is passed over.
 *
 * @param where what the value is called in errors: the file's name, or a flag
 * @throws UsageError with a line for each thing that is wrong: `my.json: penalties.1: unknown option of r1 "wieght"; …`
 */
export const parseConfig = (value: unknown, where: string): PlainInput => {
  if (!isRecord(value)) {
    throw new UsageError(
      `${where}: expected an object with the keys of a configuration; got ${kindOf(value)}`,
    );
  }
  const problems = new Problems();
  const facts: readonly string[] = factKeys;
  const entries = Object.entries(value).filter(([key]) => !facts.includes(key));
  for (const [key, each] of entries) checkKey(problems, key, each);
  if (problems.messages.length > 0) {
    const { version } = value;
    const written = typeof version === "string" ? ` (written by tsgan ${version})` : "";
    throw new UsageError(problems.messages.map((message) => `${where}${written}: ${message}`).join("\n"));
  }
  return Object.fromEntries(entries) as PlainInput;
};

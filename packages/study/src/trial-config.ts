/** The configuration that a model trains with on a data set, and single values in it by their paths. */
import { nearest, UsageError } from "tsgan";
import { type RunConfig, resolveConfig } from "tsgan/config";
import type { StudyData, StudyModel } from "./definition.ts";

/** `config` with the value at a path, whose last key may be new. @throws UsageError where the path leads nowhere */
export const setAt = (where: string, config: unknown, path: string, value: unknown): unknown => {
  const fail = (key: string, known: readonly string[]): never => {
    const hint = nearest(key, known);
    throw new UsageError(
      `study: ${where}: the path ${path} must lead into the configuration; there is no ${key}` +
        `${hint === undefined ? "" : `; did you mean ${hint}?`} (known: ${known.join(", ")})`,
    );
  };
  const set = (held: unknown, [key, ...rest]: readonly string[]): unknown => {
    if (key === undefined) return value;
    if (typeof held !== "object" || held === null) return fail(key, []);
    const known = Object.keys(held);
    const isNew = !known.includes(key) && key !== "*";
    if (isNew && (rest.length > 0 || Array.isArray(held))) return fail(key, known);
    if (Array.isArray(held)) {
      return held.map((item, i) => (key === "*" || String(i) === key ? set(item, rest) : item));
    }
    const entries = Object.entries(held).map(([name, item]) => [
      name,
      key === "*" || name === key ? set(item, rest) : item,
    ]);
    return Object.fromEntries(isNew ? [...entries, [key, value]] : entries);
  };
  return set(config, path.split("."));
};

/** The values at a path, one for each thing that `*` stands for. */
export const valuesAt = (config: unknown, path: string): readonly unknown[] => {
  const get = (held: unknown, [key, ...rest]: readonly string[]): readonly unknown[] => {
    if (key === undefined) return [held];
    if (typeof held !== "object" || held === null) return [];
    const entries = Object.entries(held).filter(([name]) => key === "*" || name === key);
    return entries.flatMap(([, inner]) => get(inner, rest));
  };
  return get(config, path.split("."));
};

/** Paths of one configuration, at most: each is set in a copy of all. */
const MOST_PATHS = 1000;

/** @throws UsageError where more is set, or searched, than a configuration can have, or what is no paths with their values */
export const checkPaths = (where: string, paths: unknown): void => {
  const isObject = typeof paths === "object" && paths !== null && !Array.isArray(paths);
  const count = isObject ? Object.keys(paths).length : Number.NaN;
  if (count <= MOST_PATHS) return;
  const got = isObject ? `${count} paths` : "something else";
  throw new UsageError(
    `study: ${where} must set or search at most ${MOST_PATHS} paths by their names; got ${got}`,
  );
};

/** What data set and model say, before anything is drawn. */
export const baseConfig = (
  data: Pick<StudyData, "name" | "config" | "set">,
  model: Pick<StudyModel, "name" | "config" | "set">,
): RunConfig => {
  const where = `models.${model.name} on ${data.name}`;
  for (const { set } of [data, model]) checkPaths(where, set);
  return [data, model]
    .flatMap(({ set }) => Object.entries(set))
    .reduce(
      (config, [path, value]) => setAt(where, config, path, value) as RunConfig,
      resolveConfig(data.config, model.config),
    );
};

/** The schema of what stands at a path of a configuration. */
import { catalogue as datasets } from "../data/index.ts";
import type { Option, OptionTable } from "../define/index.ts";
import { unknownName } from "../errors.ts";
import { catalogue as losses, terms } from "../losses/index.ts";
import { catalogue as models } from "../models/index.ts";
import { linkCatalogue, optimizerCatalogue } from "../nn/index.ts";
import { catalogue as penalties } from "../penalties/index.ts";
import { catalogue as techniques } from "../techniques/index.ts";
import type { Named, RunConfig } from "./config.ts";
import { configKeys } from "./keys.ts";

/** A named thing of a configuration with the options that its definition has. */
export interface OptionsAt {
  /** Path of the thing: "loss", "penalties.0", "optimizer.generator". */
  readonly path: string;
  readonly name: string;
  readonly options: OptionTable;
}

interface Kind {
  get(name: string): { readonly definition: { readonly options: OptionTable } };
}

const thing = (path: string, kind: Kind, { name }: Named): OptionsAt => ({
  path,
  name,
  options: kind.get(name).definition.options,
});

const things = (path: string, kind: Kind, list: readonly Named[]): readonly OptionsAt[] =>
  list.map((each, i) => thing(`${path}.${i}`, kind, each));

/**
 * All things of a configuration that have options.
 *
 * @param config a configuration, with every option's value
 */
export const thingsOf = (config: RunConfig): readonly OptionsAt[] => [
  ...(datasets.has(config.data) ? [thing("dataOptions", datasets, { name: config.data })] : []),
  thing("model", models, config.model),
  thing("loss", losses, config.loss),
  ...things("penalties", penalties, config.penalties),
  ...things("terms", terms, config.terms),
  ...things("techniques", techniques, config.techniques),
  ...Object.entries(config.optimizer).flatMap(([player, optimizer]) => [
    thing(`optimizer.${player}`, optimizerCatalogue, optimizer),
    ...things(`optimizer.${player}.links`, linkCatalogue, optimizer.links ?? []),
  ]),
];

/** Whether a path with `*` for any key is that of a thing. */
const matches = (pattern: readonly string[], path: string): boolean => {
  const keys = path.split(".");
  return keys.length === pattern.length && keys.every((key, i) => pattern[i] === "*" || pattern[i] === key);
};

/**
 * The options at a path such as `batch`, `loss.gamma` or `optimizer.*.beta1`, where `*` stands for every key: one for each
 * thing that the path leads to, none where there is no schema.
 *
 * @param config a configuration, with every option's value
 * @throws UsageError for an option that a thing at the path does not have, with the nearest
 */
export const optionsAt = (config: RunConfig, path: string): readonly Option<unknown>[] => {
  const keys = path.split(".");
  const [last] = keys.slice(-1);
  if (keys.length === 1) {
    return Object.hasOwn(configKeys, last) ? [configKeys[last as keyof typeof configKeys]] : [];
  }
  const found = thingsOf(config).filter((each) => matches(keys.slice(0, -1), each.path));
  return found.map(({ name, options }) => {
    if (!Object.hasOwn(options, last)) throw unknownName(`option of ${name}`, last, Object.keys(options));
    return options[last];
  });
};

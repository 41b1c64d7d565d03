/** Optimisers and links by name: how a configuration writes a chain, and how it is read. */
import { type Catalogue, type Creator, catalogueOf } from "../define/index.ts";
import * as builtInLinks from "./links/built-in.ts";
import { chain, type Link, type Optimizer } from "./optimizer.ts";
import * as builtInOptimizers from "./optimizers/built-in.ts";

export const optimizerCatalogue: Catalogue<Creator<Optimizer>> = catalogueOf("optimizer", builtInOptimizers);
export const linkCatalogue: Catalogue<Creator<Link>> = catalogueOf("link", builtInLinks);

/** A link by its name, with its options beside. */
export interface LinkConfig {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** An optimiser as plain data: the link that descends with its options, and the links around it in their order. */
export interface OptimizerConfig extends LinkConfig {
  readonly links?: readonly LinkConfig[];
}

/**
 * The optimiser that a configuration describes: a chain of its `links` and of the link that descends, each by its `name`.
 * All else are `options` of the latter.
 *
 * @throws UsageError for names and options that do not exist, with the nearest
 */
export const createOptimizer = ({ name, links: around = [], ...options }: OptimizerConfig): Optimizer =>
  chain(
    ...around.map(({ name: own, ...given }) => linkCatalogue.get(own).create(given)),
    optimizerCatalogue.get(name).create(options),
  );

/**
 * The configuration from which `createOptimizer` makes the same optimiser. Its `links` are there where there are any.
 */
export const optimizerConfig = ({ name, options, links: all }: Optimizer): OptimizerConfig => {
  const around = all.filter(({ descend }) => descend === undefined);
  return {
    name,
    ...options,
    ...(around.length > 0 && { links: around.map((link) => ({ name: link.name, ...link.options })) }),
  };
};

/**
 * Definitions: one object for each loss, penalty, technique, model … that holds its function, its options as one schema, and
 * its facts. A factory makes the thing from options; what it makes carries the definition and every option's value, so that
 * a thing can be written down and made again.
 */
import { UsageError, unknownName } from "../errors.ts";
import { describeValue } from "../options.ts";
import type { Facts } from "./facts.ts";
import type { OptionsOf, OptionTable, ResolvedOptions } from "./option.ts";
import { resolveOptions } from "./resolve.ts";

/** The kinds of things that have definitions. */
export const kinds = [
  "loss",
  "penalty",
  "technique",
  "term",
  "model",
  "optimizer",
  "link",
  "schedule",
  "dataset",
  "augmentation",
  "metric",
  "features",
  "experiment",
] as const;
export type Kind = (typeof kinds)[number];

/** Plain data by key: options or settings, as a configuration has them. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Definition<Table extends OptionTable = OptionTable> extends Facts {
  readonly kind: Kind;
  readonly options: Table;
}

/** What every thing made by a factory carries. */
export interface Made<D extends Definition = Definition> {
  readonly name: string;
  /** Every option with its value: plain data, from which the same thing can be made again. */
  readonly options: Settings;
  readonly definition: D;
}

/** A definition with the function that makes the thing from options of unknown types. It checks them. */
export interface Creator<
  T = unknown,
  Rest extends readonly unknown[] = readonly never[],
  D extends Definition = Definition,
> {
  readonly definition: D;
  /** @throws UsageError for an option that does not exist, or a value that it does not take */
  create(options?: Settings, ...rest: Rest): T;
}

/** The same as a function whose options have types: `hinge()`, `r1({ weight: 1 })`. */
export type Factory<
  Table extends OptionTable,
  T,
  Rest extends readonly unknown[] = [],
  D extends Definition = Definition,
> = Creator<T, Rest, D> & ((options?: OptionsOf<Table>, ...rest: Rest) => T);

const NAME = /^[a-z0-9][a-z0-9-]*$/;

/**
 * Checks that a thing has a name that configurations and command lines can have: small letters, digits and hyphens.
 * `kind` is for the error.
 *
 * @throws UsageError for a name that configurations and command lines cannot have
 */
export const checkDefinedName = ({ kind, name }: Pick<Definition, "kind" | "name">): void => {
  if (typeof name === "string" && NAME.test(name)) return;
  throw new UsageError(
    `${kind}: a name consists of small letters, digits and hyphens; got ${JSON.stringify(name)}`,
  );
};

/**
 * What `create` of a definition gave, where it has these functions: all of them, or at least one. `kind` and `name` are
 * for the error.
 *
 * @param body what create gave
 * @param functions their names
 * @param needed "one" where one of them is enough
 * @throws UsageError for what lacks them, such as the promise of an async function
 */
export const checkFunctions = <T>(
  { kind, name }: Pick<Definition, "kind" | "name">,
  body: T,
  functions: readonly string[],
  needed: "all" | "one" = "all",
): T => {
  const has = (key: string): boolean =>
    typeof (body as Readonly<Record<string, unknown>> | undefined)?.[key] === "function";
  if (needed === "all" ? functions.every(has) : functions.some(has)) return body;
  const wanted = functions.join(needed === "all" ? " and " : " or ");
  throw new UsageError(
    `${kind} ${name}: create must give an object with functions: ${wanted}; got ${describeValue(body)}`,
  );
};

/**
 * What `create` of a definition gave, where one of these functions is enough and nothing else may be there: a misspelt one would
 * never be called.
 *
 * @param definition its kind and name, for the error
 * @param body what create gave
 * @param keys names of the functions, and of what may stand beside them
 * @throws UsageError for another key, with the nearest, and where there is no function
 */
export const checkActs = <T extends object>(
  definition: Pick<Definition, "kind" | "name">,
  body: T,
  keys: readonly string[],
): T => {
  const strange = Object.keys(checkFunctions(definition, body, keys, "one")).find(
    (key) => !keys.includes(key),
  );
  if (strange === undefined) return body;
  throw unknownName(`function of ${definition.kind} ${definition.name}:`, strange, keys);
};

/** Refuses options that have no schema. */
const checkTable = ({ kind, name, options }: Definition): void => {
  for (const [key, option] of Object.entries(options)) {
    if (typeof (option as { readonly check?: unknown } | null)?.check === "function") continue;
    throw new UsageError(
      `${kind} ${name}: option ${key} must be made by number(), integer(), flag(), choice() … of tsgan/define; ` +
        `got ${describeValue(option)}`,
    );
  }
};

/**
 * The factory of a definition. `make` is given every option with its value; options of its result go before them, for those
 * that are worked out.
 *
 * @throws UsageError for a name that configurations and command lines cannot have; the factory, for an option that does
 * not exist, with the nearest, or a value that it does not take
 */
export const factoryOf = <
  Table extends OptionTable,
  D extends Definition<Table>,
  Body extends object,
  Rest extends readonly unknown[],
>(
  definition: D & { readonly options: Table },
  make: (options: ResolvedOptions<Table>, ...rest: Rest) => Body,
): Factory<Table, Body & Made<D>, Rest, D> => {
  const { name, options: table } = definition;
  checkDefinedName(definition);
  checkTable(definition);
  const create = (given?: OptionsOf<Table>, ...rest: Rest): Body & Made<D> => {
    const options = resolveOptions(name, table, given);
    const body = make(options, ...rest);
    const worked = (body as { readonly options?: Settings }).options;
    return { ...body, name, options: { ...options, ...worked }, definition };
  };
  return Object.assign(create, { definition, create: create as Creator<Body & Made<D>, Rest>["create"] });
};

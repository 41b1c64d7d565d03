/** The registry: names are looked up here, and here only. What a user registers counts like what is built in. */
import { UsageError, unknownName } from "../errors.ts";
import { type Creator, type Kind, kinds } from "./definition.ts";
import { chronological } from "./facts.ts";

/** Kinds whose word is not how people say it. */
const spoken: Partial<Record<Kind, string>> = { dataset: "data set" };

const registered = new Map<Kind, Map<string, Creator>>();

/** Whether a value is something that can be registered: it has a definition of a known kind. */
export const isCreator = (value: unknown): value is Creator => {
  if ((typeof value !== "function" && typeof value !== "object") || value === null) return false;
  const { definition, create } = value as Partial<Creator>;
  return typeof create === "function" && kinds.includes(definition?.kind as Kind);
};

/**
 * Makes things of one's own known by their names: to configurations, the command line, studies and pages.
 *
 * @returns a function that takes them out again
 * @throws UsageError for what is no definition, or a name that something else was registered under
 * @example
 * ```ts
 * import { resolveConfig } from "tsgan/config";
 * import { register } from "tsgan/define";
 * import { mean, neg, sub } from "tsgan/graph";
 * import { defineLoss } from "tsgan/losses";
 *
 * const plain = defineLoss({
 *   name: "plain",
 *   title: "the difference of the mean scores",
 *   scores: "unbounded",
 *   options: {},
 *   create: () => ({
 *     discriminator: (real, fake) => neg(mean(sub(real, fake))),
 *     generator: (_real, fake) => neg(mean(fake)),
 *   }),
 * });
 * const unregister = register(plain);
 * console.log(resolveConfig({ data: "ring", loss: "plain" }).loss); // { name: "plain" }
 * unregister();
 * ```
 */
export const register = (
  ...things: readonly { readonly definition: Creator["definition"] }[]
): (() => void) => {
  for (const thing of things) {
    if (!isCreator(thing)) {
      throw new UsageError(
        `register: expected what defineLoss, definePenalty, defineModel … give; got ${typeof thing}`,
      );
    }
    const { kind, name } = thing.definition;
    const known = registered.get(kind) ?? new Map<string, Creator>();
    const before = known.get(name);
    if (before !== undefined && before !== thing) {
      throw new UsageError(
        `register: there is another ${spoken[kind] ?? kind} "${name}" already; choose another name`,
      );
    }
    known.set(name, thing);
    registered.set(kind, known);
  }
  return () => {
    for (const { definition } of things) registered.get(definition.kind)?.delete(definition.name);
  };
};

/** All things of one kind: built-in ones and registered ones. */
export interface Catalogue<T extends Creator<unknown, never>> {
  readonly kind: Kind;
  /** Built-in ones first. */
  readonly all: readonly T[];
  readonly names: readonly string[];
  has(name: string): boolean;
  /** @throws UsageError with the nearest name where there is none */
  get(name: string): T;
}

/**
 * The catalogue of a kind: what is built in and what is registered, by name. `get` throws UsageError for an unknown
 * name, with the nearest.
 *
 * @param kind which kind: "loss", "penalty", "model" …
 * @param builtIn the built-in ones in the order in which they are listed, or a module that exports them: what is of another kind
 *   is passed over, and since a module's exports have no order they are listed by the year of their first paper, then by name
 */
export const catalogueOf = <T extends Creator<unknown, never>>(
  kind: Kind,
  builtIn: Readonly<Record<string, unknown>> | readonly unknown[],
): Catalogue<T> => {
  const own = Object.values(builtIn).filter(
    (value): value is T => isCreator(value) && value.definition.kind === kind,
  );
  if (!Array.isArray(builtIn)) own.sort((a, b) => chronological(a.definition, b.definition));
  const all = (): readonly T[] => {
    const added = [...(registered.get(kind)?.values() ?? [])] as unknown as readonly T[];
    for (const { definition } of added) {
      if (own.some((thing) => thing.definition.name === definition.name)) {
        throw new UsageError(
          `register: ${spoken[kind] ?? kind} "${definition.name}" is built in; choose another name for your own`,
        );
      }
    }
    return [...own, ...added];
  };
  const names = (): readonly string[] => all().map(({ definition }) => definition.name);
  return {
    kind,
    get all() {
      return all();
    },
    get names() {
      return names();
    },
    has: (name) => names().includes(name),
    get: (name) => {
      const found = all().find(({ definition }) => definition.name === name);
      if (found === undefined) throw unknownName(spoken[kind] ?? kind, name, names());
      return found;
    },
  };
};

/** Losses and penalties as data: what the command line lists, what the documentation shows, what a name creates. */
import { UsageError, unknownName } from "./errors.ts";
import { checkNumber } from "./options.ts";

export interface Formula {
  /** Whose formula it is: "discriminator", "generator", "penalty", "constraint", "state". */
  readonly of: string;
  readonly text: string;
  readonly latex: string;
}

export interface Paper {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly arxiv?: string;
  /** Equation, section or algorithm. */
  readonly where?: string;
}

export type Options = Readonly<Record<string, number | string>>;

/** What is written down about one thing. */
export interface Description {
  readonly name: string;
  readonly title: string;
  readonly formulas: readonly Formula[];
  /** The symbols of the formulas. */
  readonly symbols: string;
  readonly papers: readonly Paper[];
  /** What it minimises, or asks of the discriminator, when it works. */
  readonly approximates: string;
  /** How the discriminator's output is read. */
  readonly scores: string;
  /** How it is known to fail. */
  readonly failure: string;
  /** Conventions: signs, factors, where papers and code differ. */
  readonly notes?: string;
  /** The meaning of each option. */
  readonly options: Readonly<Record<string, string>>;
}

/** A description of something that is not asked for by name in a configuration's `loss` or `penalties`. */
export interface Described extends Omit<Description, "options"> {
  /** How to ask for it. */
  readonly use: string;
  /** The functions that compute it, as its folder exports them. */
  readonly functions?: readonly string[];
}

export interface Entry<T> extends Description {
  readonly defaults: Options;
  create(options?: Readonly<Record<string, unknown>>, functions?: Functions): T;
}

/** What some factories need beside their options, such as an augmentation. They check it themselves. */
type Functions = Readonly<Record<string, unknown>>;

/** A description with the factory that it describes. */
export interface Definition<T> extends Description {
  readonly make: (options: never) => T;
}

export interface Catalogue<T> {
  readonly entries: readonly Entry<T>[];
  readonly names: readonly string[];
  /** The entry of that name; throws with the nearest name where there is none. */
  entry(name: string): Entry<T>;
  /** The thing of that name. Options that do not exist, or have another type than their default, are refused. */
  create(name: string, options?: Readonly<Record<string, unknown>>, functions?: Functions): T;
}

const checkOptions = (name: string, given: Readonly<Record<string, unknown>>, defaults: Options): void => {
  const known = Object.keys(defaults);
  for (const [option, value] of Object.entries(given)) {
    if (known.length === 0) throw new UsageError(`${name}: it takes no options; got "${option}"`);
    if (!Object.hasOwn(defaults, option)) throw unknownName(`option of ${name}`, option, known);
    if (typeof defaults[option] === "number") checkNumber(name, option, value);
    else if (typeof value !== "string") {
      throw new UsageError(`${name}: ${option} must be a string; got ${value}`);
    }
  }
};

/**
 * @param kind what the things are called in errors
 * @param standIns functions that some factories need beside their options; used here to read the defaults
 */
export const makeCatalogue = <T extends { readonly options: Options }>(
  kind: string,
  definitions: readonly Definition<T>[],
  standIns: Functions = {},
): Catalogue<T> => {
  const entries = definitions.map(({ make, ...description }): Entry<T> => {
    const defaults = make(standIns as never).options;
    return {
      ...description,
      defaults,
      create: (options = {}, functions = {}) => {
        checkOptions(description.name, options, defaults);
        return make({ ...options, ...functions } as never);
      },
    };
  });
  const names = entries.map(({ name }) => name);
  const entry = (name: string): Entry<T> => {
    const found = entries.find((candidate) => candidate.name === name);
    if (found === undefined) throw unknownName(kind, name, names);
    return found;
  };
  return {
    entries,
    names,
    entry,
    create: (name, options, functions) => entry(name).create(options, functions),
  };
};

/** What is written down about a thing beside its function: what documentation, help and pages show. */

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

export interface Facts {
  /** As in a configuration and on the command line: letters, digits, hyphens. */
  readonly name: string;
  /** What it is, in a few words: "multilayer perceptrons, for points and small images". */
  readonly title: string;
  readonly formulas?: readonly Formula[];
  /** The symbols of the formulas. */
  readonly symbols?: string;
  readonly papers?: readonly Paper[];
  /** What it minimises, or asks of the discriminator, when it works. */
  readonly approximates?: string;
  /** How it is known to fail. */
  readonly failure?: string;
  /** Conventions: signs, factors, where papers and code differ. */
  readonly notes?: string;
}

/** Facts of functions that are called in code, and have no name in a configuration. */
export interface FunctionFacts extends Facts {
  /** How to ask for it: the function, or the option that has it. */
  readonly use: string;
}

/** A function, or a group of them, with its facts. */
export type Described<F> = F & { readonly facts: FunctionFacts };

/**
 * The function with its facts beside it. Functions that share a formula share their facts.
 *
 * @param described the function, which gets the property `facts`
 */
export const withFacts = <F extends object>(described: F, facts: FunctionFacts): Described<F> =>
  Object.assign(described, { facts });

/**
 * By the year of the first paper, then by name: the order in which things are listed, since a module's exports have none.
 *
 * @returns what `sort` takes: negative where a comes before b
 */
export const chronological = (a: Facts, b: Facts): number => {
  const [left, right] = [a, b].map(({ papers }) => papers?.[0]?.year ?? Number.POSITIVE_INFINITY);
  if (left !== right) return left < right ? -1 : 1;
  return a.name < b.name ? -1 : 1;
};

/** The facts that a module's exports carry, each once and chronologically, with the names of the functions that they are of. */
export const describedIn = (
  module: Readonly<Record<string, unknown>>,
): readonly { readonly facts: FunctionFacts; readonly functions: readonly string[] }[] => {
  const names = new Map<FunctionFacts, string[]>();
  for (const [name, value] of Object.entries(module)) {
    const facts = (value as Partial<Described<unknown>> | undefined)?.facts;
    if (facts !== undefined) names.set(facts, [...(names.get(facts) ?? []), name]);
  }
  return [...names]
    .map(([facts, functions]) => ({ facts, functions: functions.sort() }))
    .sort((a, b) => chronological(a.facts, b.facts));
};

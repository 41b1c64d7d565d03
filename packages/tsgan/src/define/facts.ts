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

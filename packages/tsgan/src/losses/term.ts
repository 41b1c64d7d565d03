/** A term: a summand of a player's objective beside the adversarial loss. */
import {
  auto,
  type Creator,
  checkFunctions,
  type Definition,
  type Factory,
  factoryOf,
  type Made,
  number,
} from "../define/index.ts";
import type { OptionTable, ResolvedOptions } from "../define/option.ts";
import { UsageError } from "../errors.ts";
import type { Shape, Tensor } from "../graph/index.ts";

/** What a generator makes its output from. */
export interface GeneratorInput {
  /** [N, latent size] */
  readonly z: Tensor;
  /** Class indices [N], int32; conditional models only. */
  readonly label?: Tensor | undefined;
  /** Real examples [N, …shape] that the generator translates, or the part of points that it is given, as its model says. */
  readonly source?: Tensor | undefined;
}

/** What a discriminator judges. */
export interface DiscriminatorInput {
  /** [N, …shape] */
  readonly x: Tensor;
  readonly label?: Tensor | undefined;
}

/** What a discriminator says of a batch. */
export interface DiscriminatorOutput {
  /** Any shape; one score an example, or a map of patch scores. */
  readonly scores: Tensor;
  /** The last hidden layer, [N, F], for feature matching and the like. */
  readonly features?: Tensor;
  /** Outputs of further heads by name: class logits, latent codes. */
  readonly heads?: Readonly<Record<string, Tensor>>;
}

/** What a term may look at. */
export interface TermContext {
  readonly player: "discriminator" | "generator";
  readonly z: Tensor;
  readonly real: Tensor;
  readonly fake: Tensor;
  /** Classes [N] of the real examples, and of the generated ones as well; conditional models only. */
  readonly label?: Tensor | undefined;
  readonly realOutput: DiscriminatorOutput;
  readonly fakeOutput: DiscriminatorOutput;
  /** The networks applied to something else, with the parameters of this step. */
  discriminate(input: DiscriminatorInput): DiscriminatorOutput;
  generate(input: GeneratorInput): Tensor;
  /** What the discriminator's average (the technique `ema`) says, used and not trained, of examples that no technique changes. */
  averaged(input: DiscriminatorInput): DiscriminatorOutput;
  /** Labelled examples; models with `labelledBatch` only. */
  labelled(): { readonly x: Tensor; readonly label: Tensor };
  random(kind: "uniform" | "normal", shape: Shape): Tensor;
  /** Adds a figure, a scalar, to the iteration's record. */
  record(name: string, value: Tensor): void;
}

/** The functions of a term: what it adds to the objective of each player. */
export interface TermFunctions {
  discriminator?(context: TermContext): Tensor;
  generator?(context: TermContext): Tensor;
}

/** A summand of a player's objective beside the adversarial loss. A model may bring some; others are added by name. */
export interface Term extends TermFunctions {
  readonly name: string;
  /** Factor of its value; 1 where nothing is said. */
  readonly weight?: number | undefined;
  /** In place of a weight: the length of its gradient as a share of that of the loss before it; see `losses.combine`. */
  readonly gradientRatio?: number | undefined;
}

/** What is written down about a term. */
export interface TermDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "term";
}

/** A term that a configuration can name. */
export interface NamedTerm extends Term, Made<TermDefinition> {}

/** What makes a term from options. */
export type TermFactory = Creator<NamedTerm, [], TermDefinition>;

/** The options that every term has beside its own. */
const shares = {
  weight: auto(
    number({
      default: 1,
      least: 0,
      means: "factor of its value",
      symbol: "w",
      search: { low: 0.01, high: 10, log: true },
    }),
    "1, unless there is a gradientRatio",
  ),
  gradientRatio: auto(
    number({
      default: 1,
      least: 0,
      means: "in place of a weight: how many times as long as the adversarial loss's its gradient is made",
      symbol: "ρ",
    }),
    "none: it has a weight",
  ),
};
type Shares = typeof shares;

/** What `defineTerm` takes. */
export interface TermInput<Table extends OptionTable> extends Omit<TermDefinition<Table>, "kind"> {
  /** The functions, from every option with its value; `weight` and `gradientRatio` are added to the options. */
  create(options: ResolvedOptions<Table>): TermFunctions;
}

/**
 * Defines a term that any model can be given, by its name in a configuration's `terms` too. All but `create` are its
 * `facts`.
 *
 * @example
 * ```ts
 * import { mean, square } from "tsgan/graph";
 * import { defineTerm } from "tsgan/losses";
 *
 * const small = defineTerm({
 *   name: "small",
 *   title: "samples near 0",
 *   options: {},
 *   create: () => ({ generator: ({ fake }) => mean(square(fake)) }),
 * });
 * const term = small({ weight: 0.1 });
 * ```
 */
export const defineTerm = <Table extends OptionTable>({
  create,
  ...facts
}: TermInput<Table>): Factory<Table & Shares, NamedTerm, [], TermDefinition> => {
  const definition: TermDefinition<Table & Shares> = {
    kind: "term",
    ...facts,
    options: { ...facts.options, ...shares },
  };
  const make = (options: ResolvedOptions<Table & Shares>) => {
    const { weight, gradientRatio } = options as ResolvedOptions<Shares>;
    if (weight !== undefined && gradientRatio !== undefined) {
      throw new UsageError(`${facts.name}: give it a weight or a gradientRatio, not both`);
    }
    const body = checkFunctions(
      definition,
      create(options as unknown as ResolvedOptions<Table>),
      ["discriminator", "generator"],
      "one",
    );
    const share = gradientRatio === undefined ? { weight: weight ?? 1 } : { gradientRatio };
    return { ...body, ...share, options: share };
  };
  return factoryOf<Table & Shares, TermDefinition<Table & Shares>, ReturnType<typeof make>, []>(
    definition,
    make,
  );
};

/**
 * The features of a discriminator's output.
 *
 * @param term the term that needs them, for the error
 * @throws UsageError where it gives none
 */
export const featuresOf = (term: string, { features }: DiscriminatorOutput): Tensor => {
  if (features !== undefined) return features;
  throw new UsageError(`${term}: the model's discriminator gives no features; choose another model`);
};

/**
 * What a head of the discriminator says.
 *
 * @param term the term that needs it, for the error
 * @throws UsageError where it has none of that name
 */
export const headOf = (term: string, head: string, { heads = {} }: DiscriminatorOutput): Tensor => {
  if (Object.hasOwn(heads, head)) return heads[head];
  throw new UsageError(`${term}: the model's discriminator has no head "${head}"; choose another model`);
};

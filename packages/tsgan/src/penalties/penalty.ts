/** What a penalty or constraint on the discriminator is, and how one is defined. */
import {
  type Creator,
  checkFunctions,
  type Definition,
  type Factory,
  factoryOf,
  type Made,
} from "../define/index.ts";
import type { OptionTable, ResolvedOptions } from "../define/option.ts";
import { checkScalar, mul, type Tensor } from "../graph/index.ts";

/** What a penalty may look at. */
export interface PenaltyInputs {
  /** A real batch and the generated one, [N, …], constants to the discriminator. */
  readonly real: Tensor;
  readonly fake: Tensor;
  /** Scores of the two batches. */
  readonly realScores: Tensor;
  readonly fakeScores: Tensor;
  /** Scores of other points, with the same discriminator. */
  critic(x: Tensor): Tensor;
  /** What gradient penalties take the slope of, where it is not the scores themselves, [N]. */
  witness?(x: Tensor): Tensor;
  /** The discriminator's weight matrices and filters (no biases). */
  readonly weights: readonly Tensor[];
  /** Fresh random numbers, drawn anew each step: uniform in [0, 1) or standard normal. */
  random(kind: "uniform" | "normal", shape: readonly number[]): Tensor;
}

/** What is written down about a penalty. */
export interface PenaltyDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "penalty";
  /** Whether it asks for the slope at each example by itself, which batch norm in the discriminator would mix. */
  readonly perExample?: boolean;
  /** Whether it is for images only. */
  readonly imagesOnly?: boolean;
}

/** The functions of a penalty or constraint: one of them, or both. */
export interface PenaltyFunctions {
  /** Weighted value, added to the discriminator's loss. */
  penalty?(inputs: PenaltyInputs): Tensor;
  /** Applied to the discriminator's parameters after each of its steps; elementwise. */
  constraint?(parameters: Tensor): Tensor;
}

/** A penalty, added to the discriminator's loss, or a constraint on its parameters. */
export interface Penalty
  extends Made<PenaltyDefinition>,
    PenaltyFunctions,
    Pick<PenaltyDefinition, "perExample"> {
  /** The penalty acts in every n-th discriminator step only (its value already carries the factor n). */
  readonly every?: number;
}

/** What makes a penalty from options. */
export type PenaltyFactory = Creator<Penalty, [], PenaltyDefinition>;

/** What `definePenalty` takes. */
export interface PenaltyInput<Table extends OptionTable> extends Omit<PenaltyDefinition<Table>, "kind"> {
  /** The functions, from every option with its value. */
  create(options: ResolvedOptions<Table>): PenaltyFunctions;
}

/**
 * Defines a penalty or constraint: its functions, options and facts in one object. What it gives makes the penalty from
 * options, and can be registered under its name.
 *
 * With an option called `every`, n, the penalty acts in every n-th step of the discriminator with n times its value: the same on
 * average for a fraction of the time.
 *
 * @example
 * ```ts
 * import { number, register } from "tsgan/define";
 * import { mean, mul, square } from "tsgan/graph";
 * import { definePenalty } from "tsgan/penalties";
 *
 * export const drift = definePenalty({
 *   name: "drift",
 *   title: "scores of real samples near 0",
 *   options: { weight: number({ default: 1e-3, least: 0, means: "weight of the penalty" }) },
 *   create: ({ weight }) => ({ penalty: ({ realScores }) => mul(mean(square(realScores)), weight) }),
 * });
 * register(drift); // configurations may now say { penalties: [{ name: "drift" }] }
 * ```
 */
export const definePenalty = <Table extends OptionTable>({
  create,
  ...facts
}: PenaltyInput<Table>): Factory<Table, Penalty, [], PenaltyDefinition> => {
  const { perExample } = facts;
  const definition: PenaltyDefinition<Table> = { kind: "penalty", ...facts };
  return factoryOf(definition, (options) => {
    const { penalty, ...others } = checkFunctions(
      definition,
      create(options),
      ["penalty", "constraint"],
      "one",
    );
    const { every = 1 } = options as { readonly every?: number };
    return {
      ...others,
      ...(penalty !== undefined && {
        penalty: (inputs: PenaltyInputs) => {
          const value = checkScalar(`penalty ${definition.name}`, penalty(inputs));
          return every === 1 ? value : mul(value, every);
        },
      }),
      ...(perExample !== undefined && { perExample }),
      every,
    };
  });
};

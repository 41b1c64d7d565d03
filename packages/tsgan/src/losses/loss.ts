/** What an adversarial loss is, and how one is defined. */
import {
  type Creator,
  checkFunctions,
  type Definition,
  type Factory,
  factoryOf,
  type Made,
  type Settings,
} from "../define/index.ts";
import type { OptionTable, ResolvedOptions } from "../define/option.ts";
import { UsageError } from "../errors.ts";
import { checkScalar, formatShape, sameShape, type Tensor } from "../graph/index.ts";

/** How the discriminator's scores are read. A loss says which it needs, so that a wrong pairing can be refused. */
export type ScoreKind =
  /** Unbounded real numbers whose sigmoid is a probability. */
  | "logit"
  /** Unbounded real numbers of a critic. */
  | "unbounded"
  /** Numbers in [0, 1]: the discriminator ends in a sigmoid of its own. */
  | "probability"
  /** Energies ≥ 0, such as the reconstruction errors of an auto-encoding discriminator. */
  | "energy"
  /** A vector for each example: the discriminator is a feature map. */
  | "embedding";

/** The same for people. */
export const scoreTexts: Readonly<Record<ScoreKind, string>> = {
  logit: "logits: their sigmoid is the probability of being real",
  unbounded: "unbounded real numbers, no sigmoid",
  probability: "probabilities in [0, 1], of a discriminator that ends in a sigmoid",
  energy: "energies ≥ 0, low for real samples: reconstruction errors of an auto-encoder",
  embedding: "embeddings [N,d]: the discriminator is a feature map",
};

/** One number (or a few) that a loss carries from step to step, such as BEGAN's k. */
export interface LossState {
  readonly initial: readonly number[];
  /** The next state from this step's scores. */
  next(real: Tensor, fake: Tensor, state: Tensor): Tensor;
}

/** What a loss shows when the discriminator can tell nothing: the values that a healthy run hovers above. */
export interface Equilibrium {
  /** L_D when no function of an example tells real from generated: the least of L_D(s, s) over constant scores s. */
  readonly discriminatorLoss: number;
  /** Mean score of real examples less that of generated ones. */
  readonly scoreGap: number;
  /** Share of examples that the sign of the score puts right; losses on logits only. */
  readonly accuracy?: number;
  /** The same in words, for those who compare it with what they see. */
  readonly text: string;
}

/**
 * Settings with which a loss's authors train it, as configurations have them: constraint, critic steps, optimiser, model. Their
 * `loss` holds options of the loss itself. Where there are none for points, points go by `images`.
 */
export interface LossPreset {
  readonly images?: Settings;
  readonly points?: Settings;
  /** Where the values come from. */
  readonly source?: string;
}

/** What is written down about a loss. */
export interface LossDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "loss";
  readonly scores: ScoreKind;
  /** Another kind that makes sense too. */
  readonly alsoReads?: ScoreKind;
  /** What there is to say about the scores beside their kind. */
  readonly scoresNote?: string;
  /** Whether the generator's loss depends on the real scores. */
  readonly usesReal?: boolean;
  /**
   * Left out where scores are no single numbers (feature maps), where the loss carries a state that moves its balance (BEGAN),
   * or where labels need not cancel.
   */
  equilibrium?(options: ResolvedOptions<Table>): Equilibrium;
  /** By the name that `--loss` takes. */
  readonly presets?: Readonly<Record<string, LossPreset>>;
}

/** The functions of a loss. */
export interface LossFunctions {
  /** The discriminator's loss, a scalar. */
  discriminator(real: Tensor, fake: Tensor, state?: Tensor): Tensor;
  /** The generator's loss, a scalar. `real` matters to losses with `usesReal` only. */
  generator(real: Tensor, fake: Tensor, state?: Tensor): Tensor;
  readonly state?: LossState;
  /**
   * The witness of a loss of embeddings: the function of one sample, [N], whose mean differs most between the batches.
   * Gradient penalties look at its slope instead of that of the scores.
   */
  witness?(scores: Tensor, real: Tensor, fake: Tensor): Tensor;
}

/** Two pure functions of scores, each minimised by the player it is named after. */
export interface AdversarialLoss
  extends Made<LossDefinition>,
    LossFunctions,
    Pick<LossDefinition, "scores" | "alsoReads" | "usesReal"> {}

/** What makes a loss from options. */
export type LossFactory = Creator<AdversarialLoss, [], LossDefinition>;

/** What `defineLoss` takes. */
export interface LossInput<Table extends OptionTable> extends Omit<LossDefinition<Table>, "kind"> {
  /** The functions, from every option with its value. */
  create(options: ResolvedOptions<Table>): LossFunctions;
}

/** Broadcasting [64] against [64,1] would silently give the mean over all pairs. */
const checkShapes = (name: string, real: Tensor, fake: Tensor): void => {
  if (sameShape(real.shape, fake.shape)) return;
  const got = `${formatShape(real.shape)} and ${formatShape(fake.shape)}`;
  throw new UsageError(
    `${name}: fake scores must have the shape of the real ones; got ${got}; reshape the critic's output`,
  );
};

/**
 * Defines a loss: its functions, options and facts in one object. What it gives makes the loss from options, and can be
 * registered under its name.
 *
 * Real and fake scores of different shapes are refused; the generator's loss is checked only where it uses the real ones.
 *
 * @example
 * ```ts
 * import { number, register } from "tsgan/define";
 * import { add, mean, neg, relu, sub } from "tsgan/graph";
 * import { defineLoss } from "tsgan/losses";
 *
 * export const wideHinge = defineLoss({
 *   name: "wide-hinge",
 *   title: "hinge with a margin of one's own",
 *   scores: "unbounded",
 *   options: { margin: number({ default: 1, above: 0, means: "where D stops learning" }) },
 *   create: ({ margin }) => ({
 *     discriminator: (real, fake) => add(mean(relu(sub(margin, real))), mean(relu(add(margin, fake)))),
 *     generator: (_real, fake) => neg(mean(fake)),
 *   }),
 * });
 * register(wideHinge); // configurations may now say { loss: { name: "wide-hinge", margin: 2 } }
 * ```
 */
export const defineLoss = <Table extends OptionTable>({
  create,
  ...facts
}: LossInput<Table>): Factory<Table, AdversarialLoss, [], LossDefinition> => {
  const { name, scores, alsoReads, usesReal } = facts;
  const definition: LossDefinition<Table> = { kind: "loss", ...facts };
  const where = `loss ${name}`;
  return factoryOf(definition, (options) => {
    const functions = checkFunctions(definition, create(options), ["discriminator", "generator"]);
    return {
      ...functions,
      scores,
      ...(alsoReads !== undefined && { alsoReads }),
      ...(usesReal !== undefined && { usesReal }),
      discriminator: (real: Tensor, fake: Tensor, state?: Tensor) => {
        checkShapes(name, real, fake);
        return checkScalar(`${where}: the discriminator's loss`, functions.discriminator(real, fake, state));
      },
      generator: (real: Tensor, fake: Tensor, state?: Tensor) => {
        if (usesReal === true) checkShapes(name, real, fake);
        return checkScalar(`${where}: the generator's loss`, functions.generator(real, fake, state));
      },
    };
  });
};

/** The equilibrium of a loss with the options that it has, where its definition knows one. */
export const equilibriumOf = ({ definition, options }: AdversarialLoss): Equilibrium | undefined =>
  definition.equilibrium?.(options);

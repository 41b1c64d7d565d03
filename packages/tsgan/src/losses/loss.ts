/** What an adversarial loss is. */
import type { Tensor } from "../graph/index.ts";

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

/** One number (or a few) that a loss carries from step to step, such as BEGAN's k. */
export interface LossState {
  readonly initial: readonly number[];
  /** The next state from this step's scores. */
  next(real: Tensor, fake: Tensor, state: Tensor): Tensor;
}

/** Two pure functions of scores, each minimised by the player it is named after. */
export interface AdversarialLoss {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string>>;
  readonly scores: ScoreKind;
  /** Another kind that makes sense too. */
  readonly alsoReads?: ScoreKind;
  /** The discriminator's loss, a scalar. */
  discriminator(real: Tensor, fake: Tensor, state?: Tensor): Tensor;
  /** The generator's loss, a scalar. `real` matters to relativistic losses only. */
  generator(real: Tensor, fake: Tensor, state?: Tensor): Tensor;
  /** Whether `generator` depends on the real scores. */
  readonly relativistic?: boolean;
  readonly state?: LossState;
  /**
   * The witness of a loss of embeddings: the function of one sample, [N], whose mean differs most between the batches.
   * Gradient penalties look at its slope instead of that of the scores.
   */
  witness?(scores: Tensor, real: Tensor, fake: Tensor): Tensor;
}

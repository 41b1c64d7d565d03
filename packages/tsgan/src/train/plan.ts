/** What a run trains: the resolved, live objects that the step is built from. */
import type { Tensor } from "../graph/index.ts";
import type { AdversarialLoss } from "../losses/loss.ts";
import type { DiscriminatorOutput, Model } from "../models/model.ts";
import type { Optimizer, Schedule } from "../nn/index.ts";
import type { Penalty } from "../penalties/penalty.ts";

/** One network's optimiser and what goes with it. */
export interface Training {
  readonly optimizer: Optimizer;
  readonly learningRate: Schedule;
  /** Longest gradient; longer ones are scaled down. */
  readonly gradientNorm?: number | undefined;
}

/** What a term of the loss may look at. */
export interface TermContext {
  readonly z: Tensor;
  readonly real: Tensor;
  readonly fake: Tensor;
  readonly realLabel?: Tensor | undefined;
  readonly fakeLabel?: Tensor | undefined;
  readonly realOutput: DiscriminatorOutput;
  readonly fakeOutput: DiscriminatorOutput;
}

/** A loss beside the adversarial one: class labels, latent codes, feature matching. Values include their weight. */
export interface Term {
  readonly name: string;
  discriminator?(context: TermContext): Tensor;
  generator?(context: TermContext): Tensor;
}

export interface Plan {
  readonly model: Model;
  readonly loss: AdversarialLoss;
  readonly penalties: readonly Penalty[];
  readonly terms: readonly Term[];
  readonly discriminator: Training;
  readonly generator: Training;
  readonly batch: number;
  /** Batch of the generator's own step, where it differs. */
  readonly generatorBatch: number;
  /** Share of the average that stays at each generator step; 0 for no average. */
  readonly emaDecay: number;
}

/** What a run trains: the resolved, live objects that the step is built from. */
import { UsageError } from "../errors.ts";
import type { AdversarialLoss, ScoreKind } from "../losses/loss.ts";
import type { Term } from "../losses/term.ts";
import type { Model } from "../models/model.ts";
import type { Optimizer, Schedule } from "../nn/index.ts";
import type { Penalty } from "../penalties/penalty.ts";

/** One network's optimiser and what goes with it. */
export interface Training {
  readonly optimizer: Optimizer;
  readonly learningRate: Schedule;
  /** Longest gradient; longer ones are scaled down. */
  readonly gradientNorm?: number | undefined;
}

export interface Plan {
  readonly model: Model;
  readonly loss: AdversarialLoss;
  readonly penalties: readonly Penalty[];
  /** Losses beside the adversarial one. */
  readonly terms: readonly Term[];
  readonly discriminator: Training;
  readonly generator: Training;
  readonly batch: number;
  /** Batch of the generator's own step, where it differs. */
  readonly generatorBatch: number;
  /** Share of the average that stays at each generator step; 0 for no average. */
  readonly emaDecay: number;
  /** Random changes of all images that the discriminator sees; `adaptive` finds their probability (ADA). */
  readonly augment?: {
    readonly policy: string;
    readonly adaptive?: { readonly target: number; readonly images: number } | undefined;
  };
  /** Normal noise on all that the discriminator sees: its deviation falls linearly from `sigma` to 0 over `steps`. */
  readonly instanceNoise?: { readonly sigma: number; readonly steps: number };
  /** Weight of ‖θ − mean of past θ‖² for both players (Salimans et al. 2016, §3.3). */
  readonly historicalAveraging?: number;
  /** Weight of ½ ‖both players' gradients‖² for both players (Mescheder et al. 2017, arXiv:1705.10461). */
  readonly consensus?: number;
  /** Discriminator steps that the generator looks ahead, and differentiates through (Metz et al. 2017). */
  readonly unrolled?: number;
  /** Size of the pool of past fakes that the discriminator is shown half of the time (Shrivastava et al. 2017). */
  readonly imagePool?: number;
}

const scoreKinds: Readonly<Record<ScoreKind, string>> = {
  logit: "raw scores",
  unbounded: "raw scores",
  probability: "probabilities",
  energy: "energies of an auto-encoder",
  embedding: "an embedding for each example",
};

/** Refuses a loss that reads another kind of scores than the model gives. Raw scores serve as logits and unbounded. */
export const checkScores = (model: Model, loss: AdversarialLoss): void => {
  const wanted = [loss.scores, loss.alsoReads].map((kind) => kind && scoreKinds[kind]);
  const given = scoreKinds[model.scores];
  if (wanted.includes(given)) return;
  const remedy =
    model.scores === "probability"
      ? "leave the discriminator's sigmoid out"
      : `choose a loss for ${given}, or a model or discriminatorOutput for ${wanted[0]}`;
  throw new UsageError(`loss ${loss.name} reads ${wanted[0]}; model ${model.name} gives ${given}; ${remedy}`);
};

/** What a model's discriminator gives, and whether a loss can read it. */
import { UsageError } from "../errors.ts";
import type { Tensor } from "../graph/index.ts";
import type { AdversarialLoss, ScoreKind } from "../losses/loss.ts";
import type { DiscriminatorOutput } from "../losses/term.ts";
import type { Model } from "../models/model.ts";

const scoreKinds: Readonly<Record<ScoreKind, string>> = {
  logit: "raw scores",
  unbounded: "raw scores",
  probability: "probabilities",
  energy: "energies of an auto-encoder",
  embedding: "an embedding for each example",
};

/**
 * Whether a loss reads the kind of scores that the model gives. Raw scores serve as logits and unbounded.
 *
 * @throws UsageError where it reads another kind
 */
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

/** An output with the scores that the model gives it; z [N, latent size] is what generated examples were made from. */
export const judged = ({ judge }: Model, output: DiscriminatorOutput, z?: Tensor): DiscriminatorOutput =>
  judge === undefined ? output : { ...output, scores: judge(output, z) };

/** What a model's discriminator gives, and whether a loss can read it. */
import { UsageError } from "../errors.ts";
import { describeOutput, formatShape, isTensor, sameShape, type Tensor } from "../graph/index.ts";
import type { AdversarialLoss, ScoreKind } from "../losses/loss.ts";
import type { DiscriminatorInput, DiscriminatorOutput, GeneratorInput } from "../losses/term.ts";
import type { Model } from "../models/model.ts";
import type { Scope } from "../nn/index.ts";
import { checkChoice } from "../options.ts";

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
  checkChoice(`loss ${loss.name}`, "scores", loss.scores, Object.keys(scoreKinds));
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

/**
 * What the model's generator makes: an example for each latent vector.
 *
 * @param model whose generator it is
 * @param input what it makes them from
 * @param scope where its weights are
 * @throws UsageError for anything but examples in the model's shape
 */
export const generate = (model: Model, input: GeneratorInput, scope: Scope): Tensor => {
  const made = model.generator(input, scope);
  // Where a generator that translates is run by itself, it is fed no latent vectors.
  const { shape } = (input as Partial<GeneratorInput>).z ?? (input.source as Tensor);
  const wanted = [shape[0], ...model.shape];
  if (isTensor(made) && sameShape(made.shape, wanted)) return made;
  throw new UsageError(
    `model ${model.name}: the generator must give examples ${formatShape(wanted)}; got ${describeOutput(made)}`,
  );
};

/**
 * What the model's discriminator gives: scores, the first axis of which are examples or packs of them.
 *
 * @param model whose discriminator it is
 * @param input what it judges
 * @param scope where its weights are
 * @throws UsageError for anything else
 */
export const discriminate = (model: Model, input: DiscriminatorInput, scope: Scope): DiscriminatorOutput => {
  const output = model.discriminator(input, scope);
  const count = input.x.shape[0] / (model.packing ?? 1);
  const scores = output?.scores;
  if (isTensor(scores) && [count, input.x.shape[0]].includes(scores.shape[0])) return output;
  throw new UsageError(
    `model ${model.name}: the discriminator must give { scores } with an axis of ${count} examples first; ` +
      `got ${scores === undefined ? describeOutput(output) : `scores of ${describeOutput(scores)}`}`,
  );
};

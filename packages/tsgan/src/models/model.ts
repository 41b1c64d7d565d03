/** What a GAN model is: two networks, and what they expect of the data and of the loss. */
import type { Shape, Tensor } from "../graph/index.ts";
import type { ScoreKind } from "../losses/loss.ts";
import type { Scope } from "../nn/index.ts";

/** Distribution of the latent vector: N(0,1), U(−1,1), U(−√3,√3) (unit variance) or U(0,1). */
export type LatentDistribution = "normal" | "uniform" | "unit-uniform" | "uniform-01";

/** A piece of the latent vector with a meaning of its own, such as InfoGAN's codes. */
export interface LatentPart {
  readonly name: string;
  readonly size: number;
  /** `one-hot`: one of `size` categories, all equally likely. */
  readonly distribution: LatentDistribution | "one-hot";
}

export interface Latent {
  readonly size: number;
  readonly distribution: LatentDistribution;
  /** Where the vector has parts: their sizes add up to `size`, and their distributions go before `distribution`. */
  readonly parts?: readonly LatentPart[];
}

export interface GeneratorInput {
  /** [N, latent size] */
  readonly z: Tensor;
  /** Class indices [N], int32; conditional models only. */
  readonly label?: Tensor | undefined;
  /** Real examples [N, …shape] that the generator translates; image-to-image models only. */
  readonly source?: Tensor | undefined;
}

export interface DiscriminatorInput {
  /** [N, …shape] */
  readonly x: Tensor;
  readonly label?: Tensor | undefined;
}

export interface DiscriminatorOutput {
  /** Any shape; one score an example, or a map of patch scores. */
  readonly scores: Tensor;
  /** The last hidden layer, [N, F], for feature matching and the like. */
  readonly features?: Tensor;
  /** Outputs of further heads by name: class logits, latent codes. */
  readonly heads?: Readonly<Record<string, Tensor>>;
}

/** What a term of the loss may look at. */
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
  /** Labelled examples; models with `labelledBatch` only. */
  labelled(): { readonly x: Tensor; readonly label: Tensor };
  random(kind: "uniform" | "normal", shape: Shape): Tensor;
}

/** A loss beside the adversarial one: class labels, latent codes, feature matching. Values include their weight. */
export interface Term {
  readonly name: string;
  discriminator?(context: TermContext): Tensor;
  generator?(context: TermContext): Tensor;
}

export interface Model {
  readonly name: string;
  /** Plain data from which `models.create` builds the same model again. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Shape of one example. */
  readonly shape: Shape;
  readonly latent: Latent;
  readonly scores: ScoreKind;
  /** Number of classes of a conditional model. */
  readonly classes?: number | undefined;
  /** Range of the values that the networks see: [−1, 1] (the default) or [0, 1]. Data and samples are always [−1, 1]. */
  readonly range?: "symmetric" | "unit";
  /** Whether the generator makes its output from a `source`, a real example, and not from z alone. */
  readonly translates?: boolean;
  /** Whether the two images of a source must belong together. */
  readonly needsAlignedPairs?: boolean;
  /** Number of examples that the discriminator judges together, where it is not 1. */
  readonly packing?: number;
  /** Number of labelled examples that each discriminator step of a semi-supervised model looks at. */
  readonly labelledBatch?: number;
  /** Losses that belong to the model beside the adversarial one. */
  readonly terms?: readonly Term[];
  /** Weights of the adversarial loss of each player, 1 where nothing is said. */
  readonly adversarialWeights?: { readonly discriminator?: number; readonly generator?: number };
  generator(input: GeneratorInput, scope: Scope): Tensor;
  discriminator(input: DiscriminatorInput, scope: Scope): DiscriminatorOutput;
}

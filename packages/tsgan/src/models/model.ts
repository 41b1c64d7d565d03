/** What a GAN model is: two networks, and what they expect of the data and of the loss. */
import type { Shape, Tensor } from "../graph/index.ts";
import type { ScoreKind } from "../losses/loss.ts";
import type { Scope } from "../nn/index.ts";

/** Distribution of the latent vector: N(0,1), U(−1,1), U(−√3,√3) (unit variance) or U(0,1). */
export type LatentDistribution = "normal" | "uniform" | "unit-uniform" | "uniform-01";

export interface Latent {
  readonly size: number;
  readonly distribution: LatentDistribution;
}

export interface GeneratorInput {
  /** [N, latent size] */
  readonly z: Tensor;
  /** Class indices [N], int32; conditional models only. */
  readonly label?: Tensor | undefined;
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
  generator(input: GeneratorInput, scope: Scope): Tensor;
  discriminator(input: DiscriminatorInput, scope: Scope): DiscriminatorOutput;
}

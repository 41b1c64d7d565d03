/** What a penalty or constraint on the discriminator is. */
import type { Tensor } from "../graph/index.ts";

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

export interface Penalty {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string>>;
  /** Weighted value, added to the discriminator's loss. */
  penalty?(inputs: PenaltyInputs): Tensor;
  /** Applied to the discriminator's parameters after each of its steps; elementwise. */
  constraint?(parameters: Tensor): Tensor;
  /** Whether it asks for the slope at each example by itself, which batch norm in the discriminator would mix. */
  readonly perExample?: boolean;
  /** The penalty acts in every n-th discriminator step only (its value already carries the factor n). */
  readonly every?: number;
}

/**
 * Discriminators that are auto-encoders: the score of an example is the error with which it comes back, an energy. It is a mean
 * over the elements of the example, so that its scale does not depend on the size of the image.
 */
import { flatten, mean, sub, type Tensor } from "../graph/index.ts";
import type { Layer, Scope } from "../nn/index.ts";
import type { DiscriminatorInput, DiscriminatorOutput } from "./model.ts";

/** Scores [N]: the error of each reconstruction. Features [N, code]: what the encoder makes of it. */
export const autoEncoding =
  (encoder: Layer, decoder: Layer, error: (difference: Tensor) => Tensor) =>
  ({ x }: DiscriminatorInput, scope: Scope): DiscriminatorOutput => {
    const code = encoder(x, scope.child("encoder"));
    const reconstruction = decoder(code, scope.child("decoder"));
    return { scores: error(sub(x, reconstruction)), features: code };
  };

/** The mean of what `error` makes of each element, [N]. */
export const meanOf =
  (error: (difference: Tensor) => Tensor) =>
  (difference: Tensor): Tensor =>
    mean(flatten(error(difference)), 1);

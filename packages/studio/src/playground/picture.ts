/** What the worker sends of a GAN as it stands, and its sizes. */
import type { ScoreKind } from "tsgan/losses";

/** Generated points, and real ones beside them. */
export const CLOUD = 500;
/** Points along a side of the discriminator's surface. */
export const SURFACE = 40;
/** Lines of the latent grid in each direction. */
export const GRID = 21;
/** Points of the curve where there is one latent dimension. */
export const CURVE = 201;
export const ARROWS = 100;

/**
 * What the surface shows: the probability of being real, a critic's score, an energy (low is real), or the first number of an
 * embedding.
 */
export type SurfaceKind = "probability" | "score" | "energy" | "embedding";

export const surfaceKindOf = (scores: ScoreKind, usesReal: boolean): SurfaceKind => {
  if (scores === "energy" || scores === "embedding") return scores;
  return scores === "logit" && !usesReal ? "probability" : "score";
};

export interface Picture {
  /** [CLOUD, 2] */
  readonly fake: Float32Array;
  /** Raw scores [SURFACE, SURFACE], from the lowest y up. */
  readonly surface: Float32Array;
  /** [GRID, GRID, 2], or [CURVE, 2] of a latent vector of one number. */
  readonly manifold: Float32Array;
  /** [ARROWS, 2]: −∂(generator's loss of a point)/∂(point) at the first points of `fake`. */
  readonly pull: Float32Array;
}

import { pointsOf } from "../distances/check.ts";
import {
  type FrechetOptions,
  type FrechetTerms,
  frechetTerms,
  type MatrixLike,
  type Moments,
} from "../distances/index.ts";

export interface Fid extends FrechetTerms {
  /** Samples of each set: FID falls as they grow, so compare like with like. Not known of a set given by its moments. */
  readonly realCount?: number;
  readonly fakeCount: number;
}

/**
 * Fréchet Inception Distance (Heusel et al. 2017): the squared Fréchet distance of the normal laws fitted to two sets
 * of features. Not rooted, no ε; 0 for a set and itself. Biased upwards at finite sample counts, and it means what the features mean: figures
 * compare only at the same count and the same extractor.
 *
 * @param real features [n, d], n ≥ 2, or the moments kept of a training set
 * @param fake features [m, d], m ≥ 2
 * @example
 * ```ts
 * import { fid } from "tsgan/metrics";
 *
 * const features = { data: Float32Array.of(0, 1, 2, 0, 1, 3), shape: [3, 2] };
 * console.log(fid(features, [[0, 1], [2, 0], [1, 4]]).value);
 * ```
 */
export const fid = (real: Moments, fake: MatrixLike, options: FrechetOptions = {}): Fid => {
  const isLaw = typeof real === "object" && real !== null && "covariance" in real;
  const reals = isLaw ? real : pointsOf("fid", "real", real, 2);
  const fakes = pointsOf("fid", "fake", fake, 2);
  return {
    ...frechetTerms(reals, fakes, options),
    ...("rows" in reals ? { realCount: reals.rows } : {}),
    fakeCount: fakes.rows,
  };
};

import {
  type FrechetOptions,
  type FrechetTerms,
  frechetTerms,
  type Matrix,
  type Moments,
} from "../distances/index.ts";

export interface Fid extends FrechetTerms {
  /** Samples of each set: FID falls as they grow, so compare like with like. Not known of a set given by its moments. */
  readonly realCount?: number;
  readonly fakeCount: number;
}

/**
 * Fréchet Inception Distance (Heusel et al. 2017): the squared Fréchet distance of the normal laws fitted to two sets
 * of features. Not rooted, no ε. Biased upwards at finite sample counts, and it means what the features mean: figures
 * compare only at the same count and the same extractor.
 *
 * @param real features [n, d], n ≥ 2, or the moments kept of a training set
 * @param fake features [m, d], m ≥ 2
 */
export const fid = (real: Moments, fake: Matrix, options: FrechetOptions = {}): Fid => ({
  ...frechetTerms(real, fake, options),
  ...("covariance" in real ? {} : { realCount: real.rows }),
  fakeCount: fake.rows,
});

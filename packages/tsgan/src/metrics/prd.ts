import { distributionOf, numbersOf } from "../distances/check.ts";
import { UsageError } from "../errors.ts";
import { checkInteger, checkNumber } from "../options.ts";

/** The curve of attainable precision and recall, by angle. */
export interface PrdCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

/**
 * Precision and recall for distributions (Sajjadi et al. 2018, eq. 6–7), of two histograms over the same clusters:
 *
 *   precision(λ) = Σ min(λ·ref, eval),  recall(λ) = precision(λ)/λ,  λ = tan of evenly spaced angles,
 *
 * both clipped to [0, 1].
 *
 * @param evaluated histogram of the generated samples, adding to one
 * @param reference histogram of the real samples, adding to one
 * @param angles number of slopes, over the angles from 1e-10 to π/2 − 1e-10
 * @throws UsageError for histograms of different lengths or that do not add to one, or fewer than 3 angles
 */
export const prdCurve = (
  evaluated: ArrayLike<number>,
  reference: ArrayLike<number>,
  angles = 1001,
): PrdCurve => {
  const where = "prdCurve";
  checkInteger(where, "angles", angles, 3);
  const fake = distributionOf(where, "evaluated", evaluated, evaluated?.length);
  const real = distributionOf(where, "reference", reference, fake.length);
  const precision = new Float64Array(angles);
  const recall = new Float64Array(angles);
  const first = 1e-10; // keeps the slope off 0 and ∞
  const last = Math.PI / 2 - first;
  for (let a = 0; a < angles; a++) {
    const slope = Math.tan(first + (a * (last - first)) / (angles - 1));
    let sum = 0;
    for (let k = 0; k < fake.length; k++) sum += Math.min(slope * real[k], fake[k]);
    precision[a] = Math.min(1, sum);
    recall[a] = Math.min(1, sum / slope);
  }
  return { precision, recall };
};

/**
 * Largest F_β = (1 + β²) p r / (β² p + r) along the curve; β = 8 weighs recall, β = 1/8 precision (Sajjadi et al. 2018,
 * §4.3). The denominator carries the authors' 1e-10.
 *
 * @param beta β > 0
 * @throws UsageError for a β that is not positive, or a curve with fewer recalls than precisions
 */
export const prdFScore = (curve: PrdCurve, beta: number): number => {
  checkNumber("prdFScore", "beta", beta, { above: 0, most: 1e100 });
  const precision = numbersOf("prdFScore", "precision", curve?.precision);
  const recall = numbersOf("prdFScore", "recall", curve?.recall);
  if (precision.length !== recall.length) {
    throw new UsageError(
      `prdFScore: needs a recall for each precision; got ${recall.length} and ${precision.length}`,
    );
  }
  const weight = beta * beta;
  let best = 0;
  for (let a = 0; a < precision.length; a++) {
    const [p, r] = [precision[a], recall[a]];
    best = Math.max(best, ((1 + weight) * p * r) / (weight * p + r + 1e-10));
  }
  return best;
};

import { numbersOf, weightsOf } from "../distances/check.ts";
import type { MatrixLike } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { checkInteger, checkNumber } from "../options.ts";
import { distancesInSet } from "./nearest.ts";

export interface ModeCount {
  /** Samples within `stds` standard deviations of their nearest centre. */
  readonly highQuality: number;
  readonly highQualityFraction: number;
  /** Modes that own at least one high-quality sample. */
  readonly modesCovered: number;
  /** High-quality samples of each mode. */
  readonly counts: Int32Array;
  /** All samples by nearest centre. */
  readonly countsAll: Int32Array;
  /** KL of the shares of `counts` from uniform over all K modes, in [0, log K]; null with no high-quality sample. */
  readonly klToUniform: number | null;
  /** The same of `countsAll`. */
  readonly klToUniformAll: number | null;
}

/**
 * Modes of a mixture of K equal Gaussians that a sample covers (VEEGAN, Srivastava et al. 2017; PacGAN, Lin et al.
 * 2018). A sample belongs to the nearest centre (lowest index on a tie), and is of high quality at a distance of at
 * most `stds` · `std` from it.
 *
 * @param samples [n, d]
 * @param centres [K, d]
 * @param std standard deviation of a mode
 * @param stds 3 in the papers
 * @throws UsageError for a deviation that is not positive, or points of another dimension than the centres
 */
export const countModes = (samples: MatrixLike, centres: MatrixLike, std: number, stds = 3): ModeCount => {
  checkNumber("countModes", "std", std, { above: 0 });
  checkNumber("countModes", "stds", stds, { above: 0 });
  const { indices, distances, size } = distancesInSet("countModes", ["samples", "centres"], samples, centres);
  const counts = new Int32Array(size);
  const countsAll = new Int32Array(size);
  let highQuality = 0;
  for (let i = 0; i < indices.length; i++) {
    countsAll[indices[i]]++;
    if (distances[i] <= stds * std) {
      counts[indices[i]]++;
      highQuality++;
    }
  }
  return {
    highQuality,
    highQualityFraction: highQuality / indices.length,
    modesCovered: covered(counts),
    counts,
    countsAll,
    klToUniform: klToUniform(counts),
    klToUniformAll: klToUniform(countsAll),
  };
};

/**
 * Modes covered by classified samples, such as the 1,000 of Stacked-MNIST (Metz et al. 2017, §3.3.1): a mode is
 * covered by one sample of its class.
 *
 * @param labels class of each sample, from 0 to K − 1
 * @param modes K
 * @throws UsageError for a label that is no whole number from 0 to K − 1, or no sample
 */
export const countLabelModes = (
  labels: ArrayLike<number>,
  modes: number,
): Pick<ModeCount, "modesCovered" | "counts" | "klToUniform"> => {
  checkInteger("countLabelModes", "modes", modes, 1);
  numbersOf("countLabelModes", "labels", labels);
  const counts = new Int32Array(modes);
  for (let i = 0; i < labels.length; i++) {
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < modes)) {
      throw new UsageError(
        `countLabelModes: a label must be an integer from 0 to ${modes - 1}; got ${labels[i]}`,
      );
    }
    counts[labels[i]]++;
  }
  return { modesCovered: covered(counts), counts, klToUniform: klToUniform(counts) };
};

const covered = (counts: Int32Array): number => counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);

/** Σ p log(p K) of the shares p of the counts; null when there is nothing to share. */
export const klToUniform = (counts: ArrayLike<number>): number | null => {
  const given = numbersOf("klToUniform", "counts", counts);
  if (given.every((count) => count === 0)) return null;
  const { shares } = weightsOf("klToUniform", "counts", given, given.length);
  const sum = shares.reduce(
    (total, share) => (share > 0 ? total + share * Math.log(share * shares.length) : total),
    0,
  );
  return Math.max(0, sum);
};

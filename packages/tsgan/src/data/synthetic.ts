/**
 * Two-dimensional distributions whose density is known: what a generator misses or invents can be seen and counted.
 * Coordinates are raw; nothing is scaled to [−1, 1].
 */
import { UsageError } from "../errors.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import type { Dataset } from "./dataset.ts";
import { checkStretch } from "./stream.ts";

/** Equal-weight isotropic Gaussians. Labels are the index of the Gaussian that an example was drawn from. */
export interface MixtureDataset extends Dataset {
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each Gaussian, in every direction. */
  readonly deviation: number;
}

/** Examples that share one random stream: starting a stream costs about as much as drawing 60 points from it. */
const CHUNK = 64;

export interface Distribution {
  readonly name: string;
  readonly dimension: number;
  readonly classes?: readonly string[];
  /** Writes one example to `out` at `offset` and returns its label. */
  readonly sample: (random: RandomStream, out: Float32Array, offset: number) => number;
}

/** An endless stream of points, each from the random numbers of its stretch. */
export const distribution = ({ name, dimension, classes, sample }: Distribution): Dataset => ({
  name,
  shape: [dimension],
  size: Number.POSITIVE_INFINITY,
  ...(classes && { classes }),
  draw(seed, position, count) {
    checkStretch(name, position, count);
    const examples = new Float32Array(count * dimension);
    const labels = new Int32Array(count);
    const ignored = new Float32Array(dimension);
    const first = Math.floor(position / CHUNK);
    for (let chunk = first; chunk * CHUNK < position + count; chunk++) {
      const random = randomStream(seed, "data", chunk);
      const end = Math.min((chunk + 1) * CHUNK - position, count);
      for (let i = chunk * CHUNK - position; i < end; i++) {
        if (i < 0) sample(random, ignored, 0);
        else labels[i] = sample(random, examples, i * dimension);
      }
    }
    return classes ? { examples, labels } : { examples };
  },
});

/**
 * The mixture of K equal Gaussians as an endless data set: p(x) = 1/K Σₖ N(x; cₖ, σ²I).
 *
 * @param centres the K centres cₖ, all of the same dimension
 * @param deviation σ ≥ 0
 * @param name what the data set and its errors are called
 * @throws UsageError for no centre, centres of different dimensions, or a deviation that is negative or not finite
 */
export const mixture = (
  centres: readonly (readonly number[])[],
  deviation: number,
  name = "mixture",
): MixtureDataset => {
  const dimension = centres[0]?.length ?? 0;
  if (dimension === 0 || centres.some((centre) => centre.length !== dimension)) {
    throw new UsageError(
      `data set ${name}: centres must be one or more points of the same dimension; got dimensions [${centres.map((centre) => centre.length).join(",")}]`,
    );
  }
  if (!(Number.isFinite(deviation) && deviation >= 0)) {
    throw new UsageError(`data set ${name}: deviation must be a number of at least 0; got ${deviation}`);
  }
  return {
    ...distribution({
      name,
      dimension,
      classes: centres.map((_, k) => `mode ${k}`),
      sample(random, out, offset) {
        const k = random.integer(centres.length);
        for (let i = 0; i < dimension; i++) out[offset + i] = centres[k][i] + deviation * random.normal();
        return k;
      },
    }),
    centres,
    deviation,
  };
};

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

interface Distribution {
  readonly name: string;
  readonly dimension: number;
  readonly classes?: readonly string[];
  /** Writes one example to `out` at `offset` and returns its label. */
  readonly sample: (random: RandomStream, out: Float32Array, offset: number) => number;
}

const distribution = ({ name, dimension, classes, sample }: Distribution): Dataset => ({
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

/** Refuses options outside their range, by name. */
const positive = (where: string, options: Record<string, number>): void => {
  for (const [option, value] of Object.entries(options)) {
    if (!(Number.isFinite(value) && value > 0)) {
      throw new UsageError(`data set ${where}: ${option} must be a positive number; got ${value}`);
    }
  }
};

const wholeFrom = (low: number, where: string, option: string, value: number): void => {
  if (!(Number.isInteger(value) && value >= low)) {
    throw new UsageError(`data set ${where}: ${option} must be an integer of at least ${low}; got ${value}`);
  }
};

/**
 * p(x) = 1/K Σₖ N(x; cₖ, σ²I).
 *
 * @param centres the K centres cₖ, all of the same dimension
 * @param deviation σ ≥ 0
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

/**
 * Gaussians on a circle, cₖ = r (cos 2πk/K, sin 2πk/K). The defaults are those of the WGAN-GP toy code before its
 * rescaling (Gulrajani et al. 2017, `gan_toy.py`); PacGAN uses r = 1, σ = 0.01.
 */
export const ring = (
  options: { modes?: number; radius?: number; deviation?: number } = {},
): MixtureDataset => {
  const { modes = 8, radius = 2, deviation = 0.02 } = options;
  wholeFrom(1, "ring", "modes", modes);
  positive("ring", { radius });
  const centres = Array.from({ length: modes }, (_, k) => {
    const angle = (2 * Math.PI * k) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return mixture(centres, deviation, "ring");
};

/**
 * Gaussians on a square lattice around the origin, x slowest: side 5 and spacing 2 give {−4, −2, 0, 2, 4}²
 * (Lin et al. 2018, PacGAN, §4.1; Srivastava et al. 2017, VEEGAN, §4).
 */
export const grid = (
  options: { side?: number; spacing?: number; deviation?: number } = {},
): MixtureDataset => {
  const { side = 5, spacing = 2, deviation = 0.05 } = options;
  wholeFrom(1, "grid", "side", side);
  positive("grid", { spacing });
  const ticks = Array.from({ length: side }, (_, i) => (i - (side - 1) / 2) * spacing);
  return mixture(
    ticks.flatMap((x) => ticks.map((y) => [x, y])),
    deviation,
    "grid",
  );
};

/**
 * An Archimedean spiral with noise: t (cos 2πnt, sin 2πnt) r + σε, where t = √u with u ~ U(0, 1) makes the density
 * along the arm nearly even, n is the number of turns and ε ~ N(0, I).
 */
export const spiral = (options: { turns?: number; radius?: number; deviation?: number } = {}): Dataset => {
  const { turns = 2, radius = 2, deviation = 0.02 } = options;
  positive("spiral", { turns, radius, deviation });
  return distribution({
    name: "spiral",
    dimension: 2,
    sample(random, out, offset) {
      const t = Math.sqrt(random.uniform());
      const angle = 2 * Math.PI * turns * t;
      out[offset] = radius * t * Math.cos(angle) + deviation * random.normal();
      out[offset + 1] = radius * t * Math.sin(angle) + deviation * random.normal();
      return 0;
    },
  });
};

/**
 * Two interleaved half circles of radius 1: (cos a, sin a) and (1 − cos a, ½ − sin a) with a ~ U(0, π), plus σε.
 * The same places as scikit-learn's `make_moons`, with a random rather than an evenly spaced angle.
 */
export const moons = (options: { deviation?: number } = {}): Dataset => {
  const { deviation = 0.05 } = options;
  positive("moons", { deviation });
  return distribution({
    name: "moons",
    dimension: 2,
    classes: ["upper", "lower"],
    sample(random, out, offset) {
      const moon = random.integer(2);
      const angle = Math.PI * random.uniform();
      const [x, y] =
        moon === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
      out[offset] = x + deviation * random.normal();
      out[offset + 1] = y + deviation * random.normal();
      return moon;
    },
  });
};

/**
 * Uniform on the segment from (−1, −1) to (1, 1): the simplest distribution that lives on a manifold of lower
 * dimension than its space, where the divergences of Arjovsky et al. (2017, WGAN, Example 1) give no gradient.
 */
export const line = (): Dataset =>
  distribution({
    name: "line",
    dimension: 2,
    sample(random, out, offset) {
      const t = 2 * random.uniform() - 1;
      out[offset] = t;
      out[offset + 1] = t;
      return 0;
    },
  });

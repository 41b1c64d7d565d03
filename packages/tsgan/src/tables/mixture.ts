/**
 * A Gaussian mixture of numbers whose number of components is found: variational inference with Dirichlet-process weights
 * (Blei & Jordan 2006; Bishop 2006, §10.2), in the terms and with the priors of scikit-learn's `BayesianGaussianMixture`.
 */

export interface Normal {
  readonly mean: number;
  readonly deviation: number;
  /** Share of the numbers. */
  readonly weight: number;
}

export interface MixtureOptions {
  /** Components at most; 10 without. */
  readonly components?: number;
  /** γ of the Dirichlet process: small numbers leave components empty; 0.001 without. */
  readonly concentration?: number;
  readonly iterations?: number;
  /** It ends where the components' shares change by less; 1e-5 without. */
  readonly settled?: number;
  /** Components of less weight are left out; 0.005 without. */
  readonly least?: number;
}

/** ψ(x), x > 0: the recurrence up to 6, then the asymptotic series. */
export const digamma = (x: number): number => {
  let value = 0;
  let at = x;
  for (; at < 6; at++) value -= 1 / at;
  const square = 1 / (at * at);
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return value + Math.log(at) - 0.5 / at - series;
};

/** What the posterior of each component is: its weight's Beta(a, b), its mean's precision β and place, its variance. */
interface Posterior {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly beta: Float64Array;
  readonly mean: Float64Array;
  readonly freedom: Float64Array;
  readonly variance: Float64Array;
}

/** scikit-learn's `reg_covar`, in units of the numbers' own variance. */
const LEAST_VARIANCE = 1e-6;
/** β₀ and ν₀ of the priors. */
const PRECISION = 1;
const FREEDOM = 1;
/** It has settled where the components' shares change by less. */
const SETTLED = 1e-5;
const TINY = 10 * Number.EPSILON;

/** Sufficient statistics of each component. */
interface Sums {
  readonly count: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const posteriorOf = (
  { count, first, second }: Sums,
  mean0: number,
  variance0: number,
  gamma: number,
): Posterior => {
  const k = count.length;
  const [a, b, beta, mean, freedom, variance] = Array.from({ length: 6 }, () => new Float64Array(k));
  let after = 0;
  for (let i = k - 1; i >= 0; i--) {
    const n = count[i] + TINY;
    const centre = first[i] / n;
    const spread = Math.max(0, second[i] / n - centre * centre) + LEAST_VARIANCE;
    a[i] = 1 + n;
    b[i] = gamma + after;
    after += n;
    beta[i] = PRECISION + n;
    mean[i] = (PRECISION * mean0 + n * centre) / beta[i];
    freedom[i] = FREEDOM + n;
    const between = ((n * PRECISION) / beta[i]) * (centre - mean0) ** 2;
    variance[i] = (variance0 + n * spread + between) / freedom[i];
  }
  return { a, b, beta, mean, freedom, variance };
};

/** E log of each weight, and what else does not depend on x in the expected log density. */
const constants = ({ a, b, beta, freedom, variance }: Posterior): Float64Array => {
  const out = new Float64Array(a.length);
  let stick = 0;
  for (let i = 0; i < a.length; i++) {
    const whole = digamma(a[i] + b[i]);
    const lambda = Math.LN2 + digamma(freedom[i] / 2);
    const density = -0.5 * (Math.log(2 * Math.PI) + Math.log(variance[i]) + Math.log(freedom[i]));
    out[i] = digamma(a[i]) - whole + stick + density + 0.5 * (lambda - 1 / beta[i]);
    stick += digamma(b[i]) - whole;
  }
  return out;
};

/** Shares of the components in each number, as sums over all of them. */
const expectation = (values: Float64Array, weights: Float64Array | undefined, posterior: Posterior): Sums => {
  const base = constants(posterior);
  const { mean, variance } = posterior;
  const k = base.length;
  const [count, first, second, log] = Array.from({ length: 4 }, () => new Float64Array(k));
  for (let j = 0; j < values.length; j++) {
    const x = values[j];
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < k; i++) {
      log[i] = base[i] - (0.5 * (x - mean[i]) ** 2) / variance[i];
      if (log[i] > top) top = log[i];
    }
    let sum = 0;
    for (let i = 0; i < k; i++) {
      log[i] = Math.exp(log[i] - top);
      sum += log[i];
    }
    const scale = (weights?.[j] ?? 1) / sum;
    for (let i = 0; i < k; i++) {
      const share = log[i] * scale;
      count[i] += share;
      first[i] += share * x;
      second[i] += share * x * x;
    }
  }
  return { count, first, second };
};

/** The components' weights: E of the sticks that the Beta distributions break. */
export const weightsOf = ({ a, b }: Posterior): Float64Array => {
  const out = new Float64Array(a.length);
  let left = 1;
  for (let i = 0; i < a.length; i++) {
    const whole = a[i] + b[i];
    out[i] = (left * a[i]) / whole;
    left *= b[i] / whole;
  }
  const sum = out.reduce((total, w) => total + w, 0);
  return out.map((w) => w / sum);
};

/** Which of k clusters each of some sorted numbers belongs to: Lloyd's algorithm from even quantiles. */
export const clusters = (sorted: Float64Array, k: number): Int32Array => {
  const n = sorted.length;
  const centres = Float64Array.from({ length: k }, (_, i) => sorted[Math.floor(((i + 0.5) * n) / k)]);
  const labels = new Int32Array(n);
  for (let round = 0; round < 50; round++) {
    const sums = new Float64Array(k);
    const counts = new Float64Array(k);
    let changed = false;
    let at = 0;
    for (let j = 0; j < n; j++) {
      while (at + 1 < k && Math.abs(sorted[j] - centres[at + 1]) < Math.abs(sorted[j] - centres[at])) at++;
      changed ||= labels[j] !== at;
      labels[j] = at;
      sums[at] += sorted[j];
      counts[at]++;
    }
    for (let i = 0; i < k; i++) if (counts[i] > 0) centres[i] = sums[i] / counts[i];
    centres.sort();
    if (!changed && round > 0) break;
  }
  return labels;
};

/** The posterior from given labels, after so many iterations. What tests compare with scikit-learn. */
export const inferFrom = (
  values: Float64Array,
  labels: Int32Array,
  k: number,
  { concentration = 1e-3, iterations = 100, settled = SETTLED }: MixtureOptions = {},
): Posterior => {
  const n = values.length;
  const mean0 = values.reduce((sum, x) => sum + x, 0) / n;
  const variance0 = values.reduce((sum, x) => sum + (x - mean0) ** 2, 0) / Math.max(1, n - 1);
  const [count, first, second] = Array.from({ length: 3 }, () => new Float64Array(k));
  values.forEach((x, j) => {
    count[labels[j]]++;
    first[labels[j]] += x;
    second[labels[j]] += x * x;
  });
  let sums: Sums = { count, first, second };
  let posterior = posteriorOf(sums, mean0, variance0, concentration);
  for (let i = 0; i < iterations; i++) {
    const next = expectation(values, undefined, posterior);
    const moved = next.count.reduce((most, c, at) => Math.max(most, Math.abs(c - sums.count[at])), 0);
    sums = next;
    posterior = posteriorOf(sums, mean0, variance0, concentration);
    if (moved < settled * n) break;
  }
  return posterior;
};

/**
 * The components that numbers have, the most frequent first. Equal numbers are one component of almost no deviation.
 *
 * @param values at least one; all finite
 * @param options the most `components`, and when the fit ends
 */
export const gaussianMixture = (values: Float64Array, options: MixtureOptions = {}): readonly Normal[] => {
  const { components = 10, least = 0.005 } = options;
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  if (!(deviation > 0)) return [{ mean, deviation: Math.abs(mean) * 1e-6 || 1e-6, weight: 1 }];
  // In units of their own, so that the floor of the variances means the same for all.
  const sorted = values.map((x) => (x - mean) / deviation).sort();
  const k = Math.min(components, n);
  const posterior = inferFrom(sorted, clusters(sorted, k), k, options);
  const weights = weightsOf(posterior);
  const found = [...weights.keys()]
    .filter((i) => weights[i] > least)
    .sort((i, j) => weights[j] - weights[i])
    .map((i) => ({
      mean: posterior.mean[i] * deviation + mean,
      deviation: Math.sqrt(posterior.variance[i]) * deviation,
      weight: weights[i],
    }));
  const sum = found.reduce((total, { weight }) => total + weight, 0);
  return found.map((normal) => ({ ...normal, weight: normal.weight / sum }));
};

/** Probabilities that a number comes from each of some components. */
export const membership = (normals: readonly Normal[], x: number, out: Float64Array): void => {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < normals.length; i++) {
    const { mean, deviation, weight } = normals[i];
    out[i] = Math.log(weight / deviation) - 0.5 * ((x - mean) / deviation) ** 2;
    if (out[i] > top) top = out[i];
  }
  let sum = 0;
  for (let i = 0; i < normals.length; i++) {
    out[i] = Math.exp(out[i] - top);
    sum += out[i];
  }
  for (let i = 0; i < normals.length; i++) out[i] /= sum;
};

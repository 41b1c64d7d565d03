/** Tests and correlations that use nothing of the results but their order: no assumption about their distribution. */
import { UsageError } from "tsgan";
import type { RandomStream } from "tsgan/random";
import { rankCorrelation, ranks } from "tsgan/statistics";

/** Σ (t³ − t) over groups of t equal values. */
const tieTerm = (values: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count ** 3 - count;
  return sum;
};

const checkGroups = (where: string, groups: readonly (readonly number[])[]): void => {
  for (const [i, group] of groups.entries()) {
    if (group.length === 0) throw new UsageError(`${where}: each sample needs a value; sample ${i} has none`);
    const odd = group.findIndex(Number.isNaN);
    if (odd >= 0)
      throw new UsageError(`${where}: values must be numbers; sample ${i} has NaN at index ${odd}`);
  }
};

/**
 * erfc(z) = 2/√π ∫_z^∞ e^(−t²) dt for z ≥ 0, to 1e-14 of its value: the series of erf below 2, Lentz's continued fraction above.
 */
const erfc = (z: number): number => {
  const density = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2) {
    // erf(z) = 2/√π e^(−z²) Σ 2ⁿ z^(2n+1) / (2n + 1)!!
    let term = z;
    let sum = z;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * density * sum;
  }
  // erfc(z) = e^(−z²)/√π · 1/(z + (1/2)/(z + 1/(z + (3/2)/(z + …)))), from far enough inside outwards
  let fraction = z;
  for (let n = 120; n >= 1; n--) fraction = z + n / 2 / fraction;
  return density / fraction;
};

/** P(|Z| ≥ z) of a standard normal Z. */
const normalTails = (z: number): number => erfc(Math.abs(z) / Math.SQRT2);

/**
 * P(X ≥ x) of a χ² variable with `degrees` of freedom: the upper incomplete gamma function Q(degrees/2, x/2), by
 * Q(a + 1, t) = Q(a, t) + tᵃ e⁻ᵗ / Γ(a + 1) from Q(1/2, t) = erfc √t or Q(1, t) = e⁻ᵗ.
 */
const chiSquareTail = (x: number, degrees: number): number => {
  const t = x / 2;
  let a = degrees % 2 === 1 ? 0.5 : 1;
  let tail = degrees % 2 === 1 ? erfc(Math.sqrt(t)) : Math.exp(-t);
  let term = degrees % 2 === 1 ? Math.sqrt(t / Math.PI) * 2 * Math.exp(-t) : t * Math.exp(-t);
  while (a < degrees / 2) {
    tail += term;
    a++;
    term *= t / a;
  }
  return tail;
};

export interface KruskalWallis {
  /** H, corrected for ties; 0 where all values are equal. */
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
}

/**
 * Kruskal–Wallis (1952): do k independent samples come from one distribution?
 *
 *     H = (12 / (N(N + 1)) Σⱼ Rⱼ² / nⱼ − 3(N + 1)) / (1 − Σ (t³ − t) / (N³ − N))
 *
 * Rⱼ: sum of the ranks of sample j among all N values; t: number of values in a group of equals. p is that of χ² with k − 1
 * degrees of freedom, which is rough, mostly too large, for samples of fewer than five.
 *
 * @param groups at least two samples; infinite values have their place in the order
 */
export const kruskalWallis = (groups: readonly (readonly number[])[]): KruskalWallis => {
  if (groups.length < 2)
    throw new UsageError(`kruskalWallis: needs at least two samples; got ${groups.length}`);
  checkGroups("kruskalWallis", groups);
  const all = groups.flat();
  const [n, rank] = [all.length, ranks(all)];
  const degrees = groups.length - 1;
  const correction = 1 - tieTerm(all) / (n ** 3 - n);
  if (correction === 0) return { statistic: 0, degrees, p: 1 };
  let from = 0;
  let sum = 0;
  for (const { length } of groups) {
    const total = rank.slice(from, from + length).reduce((a, b) => a + b, 0);
    sum += total ** 2 / length;
    from += length;
  }
  const statistic = Math.max(0, ((12 / (n * (n + 1))) * sum - 3 * (n + 1)) / correction);
  return { statistic, degrees, p: chiSquareTail(statistic, degrees) };
};

export interface MannWhitney {
  /** U = Σ [x > y] + ½ [x = y] over all pairs, 0 … mn. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: "exact" | "normal";
}

/** Up to so many pairs (x, y) the distribution of U is counted out. */
const EXACT_PAIRS = 400;

/** 2 min(P(R ≤ r), P(R ≥ r)), at most 1, where R is the sum of `count` of the ranks, all choices equally likely. */
const exactP = (rank: readonly number[], count: number, sum: number): number => {
  // Twice the ranks: ties share halves. ways[j][s]: choices of j ranks whose doubles sum to s.
  const doubled = rank.map((value) => Math.round(2 * value));
  const most = doubled.reduce((a, b) => a + b, 0);
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(most + 1));
  ways[0][0] = 1;
  for (const value of doubled) {
    for (let j = count; j >= 1; j--) {
      for (let s = most; s >= value; s--) ways[j][s] += ways[j - 1][s - value];
    }
  }
  const at = Math.round(2 * sum);
  let [below, above, all] = [0, 0, 0];
  for (let s = 0; s <= most; s++) {
    const some = ways[count][s];
    all += some;
    if (s <= at) below += some;
    if (s >= at) above += some;
  }
  return Math.min(1, (2 * Math.min(below, above)) / all);
};

/**
 * Mann–Whitney (1947): is a value of the one sample larger than one of the other as often as smaller?
 *
 * Up to 400 pairs, p is exact: the share of all C(m + n, m) ways to part the values whose U is as far out, ties included. Above,
 * it is that of the normal law with variance mn/12 ((N + 1) − Σ (t³ − t) / (N(N − 1))) and a correction of ½ for continuity.
 *
 * @param x m values, @param y n values; infinite ones have their place in the order
 */
export const mannWhitney = (x: readonly number[], y: readonly number[]): MannWhitney => {
  checkGroups("mannWhitney", [x, y]);
  const [m, n] = [x.length, y.length];
  const all = [...x, ...y];
  const rank = ranks(all);
  const sum = rank.slice(0, m).reduce((a, b) => a + b, 0);
  const statistic = sum - (m * (m + 1)) / 2;
  if (m * n <= EXACT_PAIRS) return { statistic, p: exactP(rank, m, sum), method: "exact" };
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - tieTerm(all) / (total * (total - 1)));
  const distance = Math.max(0, Math.abs(statistic - (m * n) / 2) - 0.5);
  const p = variance === 0 ? 1 : normalTails(distance / Math.sqrt(variance));
  return { statistic, p, method: "normal" };
};

/**
 * The smallest p that `mannWhitney` can give for samples of m and n: 2 / C(m + n, m). Three of each cannot get below 0.1.
 */
export const smallestP = (m: number, n: number): number => {
  let choices = 1;
  for (let i = 1; i <= m; i++) choices *= (n + i) / i;
  return Math.min(1, 2 / choices);
};

/**
 * Cliff's δ (1993): P(X > Y) − P(X < Y), in [−1, 1]. −1: every x is below every y; 0: neither is the larger more often.
 */
export const cliffsDelta = (x: readonly number[], y: readonly number[]): number =>
  (2 * mannWhitney(x, y).statistic) / (x.length * y.length) - 1;

/**
 * Holm (1979): p values of several tests, raised so that rejecting all below α errs in any of them with probability α at most.
 * The i-th smallest of m becomes max over j ≤ i of (m − j + 1) p₍ⱼ₎, at most 1.
 */
export const holm = (p: readonly number[]): number[] => {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  order.forEach((index, i) => {
    largest = Math.max(largest, Math.min(1, (p.length - i) * p[index]));
    adjusted[index] = largest;
  });
  return adjusted;
};

export interface RankCorrelation {
  /** Spearman's ρ in [−1, 1]; null where one side does not vary. */
  readonly correlation: number | null;
  /** Two-sided: share of random orders with a |ρ| as large. Null where ρ is. */
  readonly p: number | null;
}

/**
 * Spearman's rank correlation ρ with the p of a permutation test: (1 + #{|ρ*| ≥ |ρ|}) / (1 + shuffles), where ρ* is that of x with
 * a shuffled y. It needs no large n and counts ties rightly.
 *
 * @param x as long as `y`, at least two
 */
export const spearman = (
  x: readonly number[],
  y: readonly number[],
  { random, shuffles = 2000 }: { readonly random: RandomStream; readonly shuffles?: number },
): RankCorrelation => {
  if (x.length !== y.length || x.length < 2) {
    throw new UsageError(
      `spearman: needs two columns of equal length, at least 2; got ${x.length} and ${y.length}`,
    );
  }
  checkGroups("spearman", [x, y]);
  const correlation = rankCorrelation(x, y);
  if (correlation === null) return { correlation, p: null };
  // A shuffle leaves the variances alone: the covariance of the ranks says all.
  const middle = (x.length + 1) / 2;
  const [a, b] = [x, y].map((values) => Float64Array.from(ranks(values), (rank) => rank - middle));
  const covariance = (order: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[order[i]];
    return sum;
  };
  // Halves of ranks add up without rounding, so that equal ones are equal.
  const reached = Math.abs(covariance(a.map((_, i) => i)));
  let asLarge = 1;
  for (let i = 0; i < shuffles; i++) {
    if (Math.abs(covariance(random.permutation(b.length))) >= reached) asLarge++;
  }
  return { correlation, p: asLarge / (1 + shuffles) };
};

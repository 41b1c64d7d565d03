import { numbersOf, pairOf, pointsOf } from "../distances/check.ts";
import type { Matrix, MatrixLike } from "../distances/index.ts";
import { fillComparable } from "../distances/pairwise.ts";
import { nearOne, scaledBack } from "../distances/scale.ts";
import { UsageError } from "../errors.ts";
import { checkChoice, checkInteger, checkKeys } from "../options.ts";

/**
 * Whether a point at exactly the radius lies in the ball. "published": it does for precision and recall, as in their
 * paper, and does not for density and coverage, as in their authors' code. The other two apply to all four.
 */
export type Boundary = "published" | "inclusive" | "strict";

export interface PrecisionRecallOptions {
  /** The radius of a point is its distance to its k-th nearest neighbour; 5 without (3 in Kynkäänniemi et al.). */
  readonly k?: number | undefined;
  readonly boundary?: Boundary | undefined;
  /** `squaredRadii` of the real features, where they are known from before. */
  readonly realRadii?: Float64Array | undefined;
}

export interface PrecisionRecall {
  /** Share of generated samples inside at least one real ball. */
  readonly precision: number;
  /** Share of real samples inside at least one generated ball. */
  readonly recall: number;
  /** (1/(kM)) × number of (real ball, generated sample in it); may exceed 1. */
  readonly density: number;
  /** Share of real samples whose own ball holds at least one generated sample. */
  readonly coverage: number;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020), of features.
 *
 * A point's ball reaches to its k-th nearest neighbour in its own set; the point itself is left out by its index, so
 * that a duplicate is a neighbour at distance 0. Squared distances are compared: equal distances are equal.
 *
 * @param real features [n, d], n > k
 * @param fake features [m, d], m > k
 * @param options `k` ≥ 1, 5 without; `boundary`: whether a distance equal to a ball's radius is within; `realRadii`,
 * where they are known
 * @throws UsageError for at most k samples of a set, features of different widths, or radii that do not go with them
 * @example
 * ```ts
 * import { precisionRecall } from "tsgan/metrics";
 *
 * const [real, fake] = [[[0], [1], [2], [3]], [[0.5], [1.5], [9], [2.5]]];
 * const { precision, recall } = precisionRecall(real, fake, { k: 1 });
 * console.log(precision, recall); // 0.75, 1
 * ```
 */
export const precisionRecall = (
  real: MatrixLike,
  fake: MatrixLike,
  options: PrecisionRecallOptions = {},
): PrecisionRecall => {
  const where = "precisionRecall";
  checkKeys(where, options, ["k", "boundary", "realRadii"]);
  const { k = 5, boundary = "published" } = options;
  checkInteger(where, "k", k, 1);
  checkChoice(where, "boundary", boundary, ["published", "inclusive", "strict"]);
  const { exponent, scaled } = nearOne(...pairOf(where, ["real", "fake"], [real, fake], k + 1));
  const [reals, fakes] = scaled;
  const n = reals.rows;
  const m = fakes.rows;
  const realRadii =
    options.realRadii === undefined || exponent !== 0
      ? radiiOf(where, reals, k)
      : numbersOf(where, "realRadii", options.realRadii);
  if (realRadii.length !== n) {
    throw new UsageError(
      `${where}: realRadii must hold one radius for each of the ${n} real samples; got ${realRadii.length}`,
    );
  }
  const fakeRadii = radiiOf(where, fakes, k);
  const inside = (inclusive: boolean) => (inclusive ? insideOrOn : strictlyInside);
  const onManifold = inside(boundary !== "strict");
  const inBall = inside(boundary === "inclusive");

  const distances = new Float64Array(m);
  const precise = new Uint8Array(m);
  let recalled = 0;
  let pairs = 0;
  let covered = 0;
  for (let i = 0; i < n; i++) {
    fillComparable(where, reals, i, fakes, distances);
    let isRecalled = false;
    let within = 0;
    for (let j = 0; j < m; j++) {
      if (onManifold(distances[j], realRadii[i])) precise[j] = 1;
      if (onManifold(distances[j], fakeRadii[j])) isRecalled = true;
      if (inBall(distances[j], realRadii[i])) within++;
    }
    if (isRecalled) recalled++;
    if (within > 0) covered++;
    pairs += within;
  }
  return {
    precision: precise.reduce((sum, x) => sum + x, 0) / m,
    recall: recalled / n,
    density: pairs / (k * m),
    coverage: covered / n,
  };
};

const insideOrOn = (distance: number, radius: number): boolean => distance <= radius;
const strictlyInside = (distance: number, radius: number): boolean => distance < radius;

/** Squared distance of each point to its k-th nearest neighbour among the others, which must be k or more. */
export const squaredRadii = (points: MatrixLike, k: number): Float64Array => {
  const where = "squaredRadii";
  checkInteger(where, "k", k, 1);
  const { exponent, scaled } = nearOne(pointsOf(where, "points", points, k + 1));
  return radiiOf(where, scaled[0], k).map((radius) => scaledBack(where, radius, 2 * exponent));
};

/** The same of points that have been checked and scaled. */
const radiiOf = (where: string, points: Matrix, k: number): Float64Array => {
  const row = new Float64Array(points.rows);
  const nearest = new Float64Array(k); // ascending
  return Float64Array.from({ length: points.rows }, (_, i) => {
    fillComparable(where, points, i, points, row);
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < points.rows; j++) {
      if (j === i || row[j] >= nearest[k - 1]) continue;
      let place = k - 1;
      for (; place > 0 && nearest[place - 1] > row[j]; place--) nearest[place] = nearest[place - 1];
      nearest[place] = row[j];
    }
    return nearest[k - 1];
  });
};

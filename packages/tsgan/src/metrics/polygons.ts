/**
 * Convex polygons: the benchmark on which precision and recall of a generator can be measured (Lucic et al. 2018). Its
 * data set is `polygons` in `data/`.
 */
import { numbersOf } from "../distances/check.ts";
import { UsageError } from "../errors.ts";
import { checkChoice, checkInteger, checkNumber } from "../options.ts";

/** Vertices x₀, y₀, x₁, y₁, … in order, either way round. */
export type Polygon = ArrayLike<number>;

/**
 * Exact coverage of each pixel by a convex polygon, [size, size], 1 inside and 0 outside: pixel (row r, column c) is
 * the area of the polygon within [c, c + 1] × [r, r + 1]. (The published data set has the colours the other way
 * round, and counts sub-pixels.)
 *
 * @param polygon in pixels, x to the right and y down, up to 1e9; parts outside the image are cut off
 * @throws UsageError for a size below 1, or corners that make no convex polygon
 */
export const rasterise = (polygon: Polygon, size: number): Float64Array => {
  checkInteger("rasterise", "size", size, 1);
  const whole = Array.from(numbersOf("rasterise", "the vertices", polygon));
  checkConvex(whole);
  const image = new Float64Array(size * size);
  const [top, bottom] = extent(whole, Y, size);
  for (let r = top; r < bottom; r++) {
    const strip = clip(clip(whole, Y, r, 1), Y, r + 1, -1);
    const [left, right] = extent(strip, X, size);
    for (let c = left; c < right; c++) image[r * size + c] = area(clip(clip(strip, X, c, 1), X, c + 1, -1));
  }
  return image;
};

const X = 0;
const Y = 1;

/** Pixels beyond which the rounding of an edge would show in the image. */
const FARTHEST = 1e9;

const checkConvex = (polygon: readonly number[]): void => {
  const count = polygon.length / 2;
  checkInteger("rasterise", "the number of vertices", count, 3);
  for (const value of polygon) {
    checkNumber("rasterise", "a coordinate", value, { least: -FARTHEST, most: FARTHEST });
  }
  let lowest = 0;
  let highest = 0;
  let scale = 0;
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    const [ex, ey] = [polygon[2 * next] - polygon[2 * i], polygon[2 * next + 1] - polygon[2 * i + 1]];
    scale = Math.max(scale, ex * ex + ey * ey);
    for (let j = 0; j < count; j++) {
      const side = ex * (polygon[2 * j + 1] - polygon[2 * i + 1]) - ey * (polygon[2 * j] - polygon[2 * i]);
      lowest = Math.min(lowest, side);
      highest = Math.max(highest, side);
    }
  }
  // Every vertex lies on the same side of every edge, but for rounding.
  if (Math.min(-lowest, highest) > 1e-9 * scale) {
    throw new UsageError(
      "rasterise: the polygon must be convex, its vertices in order; got one that turns both ways",
    );
  }
};

/** First pixel that the points reach along an axis, and the one after the last. */
const extent = (points: readonly number[], axis: number, size: number): [number, number] => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = axis; i < points.length; i += 2) {
    low = Math.min(low, points[i]);
    high = Math.max(high, points[i]);
  }
  return [Math.max(0, Math.floor(low)), Math.min(size, Math.ceil(high))];
};

/** The part of a convex polygon where side · coordinate ≥ side · bound (Sutherland & Hodgman 1974). */
const clip = (points: readonly number[], axis: number, bound: number, side: 1 | -1): number[] => {
  const out: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    const here = side * (points[i + axis] - bound);
    const there = side * (points[j + axis] - bound);
    if (here >= 0) out.push(points[i], points[i + 1]);
    if ((here > 0 && there < 0) || (here < 0 && there > 0)) {
      const t = here / (here - there);
      const crossing: [number, number] = [
        points[i] + t * (points[j] - points[i]),
        points[i + 1] + t * (points[j + 1] - points[i + 1]),
      ];
      crossing[axis] = bound;
      out.push(...crossing);
    }
  }
  return out;
};

/** Shoelace formula, relative to the first vertex so that nothing large cancels. */
const area = (points: readonly number[]): number => {
  let twice = 0;
  for (let i = 2; i + 3 < points.length; i += 2) {
    const [ax, ay] = [points[i] - points[0], points[i + 1] - points[1]];
    const [bx, by] = [points[i + 2] - points[0], points[i + 3] - points[1]];
    twice += ax * by - ay * bx;
  }
  return Math.abs(twice) / 2;
};

export interface PrecisionRecallF1 {
  /** Share of generated images within δ of the manifold of polygons. */
  readonly precision: number;
  /** Share of test images within δ of an output of the generator. */
  readonly recall: number;
  /** Harmonic mean, 0 when both are 0. */
  readonly f1: number;
}

/**
 * Precision, recall and F1 from distances to a known manifold (Lucic et al. 2018, §5.2).
 *
 * @param generatedToManifold squared distance of each generated image to the nearest polygon
 * @param testToGenerator squared distance of each test image to the nearest output of the generator
 * @param delta threshold of the squared distance; 0.75 in the paper
 * @param boundary whether a distance of exactly δ is within: "inclusive" (≤) or "strict" (<)
 * @throws UsageError for no distances, a δ that is not positive, or another boundary
 */
export const precisionRecallF1 = (
  generatedToManifold: ArrayLike<number>,
  testToGenerator: ArrayLike<number>,
  delta = 0.75,
  boundary: "inclusive" | "strict" = "inclusive",
): PrecisionRecallF1 => {
  checkNumber("precisionRecallF1", "delta", delta, { above: 0 });
  checkChoice("precisionRecallF1", "boundary", boundary, ["inclusive", "strict"]);
  const share = (name: string, given: ArrayLike<number>): number => {
    const distances = numbersOf("precisionRecallF1", name, given);
    if (distances.length === 0)
      throw new UsageError(`precisionRecallF1: ${name} must hold at least 1 distance; got 0`);
    let within = 0;
    for (let i = 0; i < distances.length; i++) {
      if (distances[i] < delta || (boundary === "inclusive" && distances[i] === delta)) within++;
    }
    return within / distances.length;
  };
  const precision = share("generatedToManifold", generatedToManifold);
  const recall = share("testToGenerator", testToGenerator);
  const sum = precision + recall;
  return { precision, recall, f1: sum === 0 ? 0 : (2 * precision * recall) / sum };
};

/** Convex polygons: the benchmark on which precision and recall of a generator can be measured (Lucic et al. 2018). */
import { checkFinite, checkInteger, checkPositive } from "../distances/check.ts";
import { UsageError } from "../errors.ts";
import type { RandomStream } from "../random/index.ts";

/** Vertices x₀, y₀, x₁, y₁, … in order, either way round. */
export type Polygon = ArrayLike<number>;

/**
 * Exact coverage of each pixel by a convex polygon, [size, size], 1 inside and 0 outside: pixel (row r, column c) is
 * the area of the polygon within [c, c + 1] × [r, r + 1]. (The published data set has the colours the other way
 * round, and counts sub-pixels.)
 *
 * @param polygon in pixels, x to the right and y down; parts outside the image are cut off
 */
export const rasterise = (polygon: Polygon, size: number): Float64Array => {
  checkInteger("rasterise", "size", size, 1);
  checkConvex(polygon);
  const image = new Float64Array(size * size);
  const whole = Array.from(polygon);
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

const checkConvex = (polygon: Polygon): void => {
  const count = polygon.length / 2;
  checkInteger("rasterise", "the number of vertices", count, 3);
  checkFinite("rasterise", "the vertices", polygon);
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

export interface PolygonOptions {
  /** Corners, at least 3; 3 (triangles) without. */
  readonly vertices?: number;
  /** Side of an image in pixels; 28 without. */
  readonly size?: number;
  /** Degrees, at most 360 / vertices; 20 without. Neighbours may be as near as half of it, as in the published code. */
  readonly minimumAngle?: number;
  /** Diameter of the circle of the vertices, in sides of the image, in (0, 1]; 0.75 without. */
  readonly scale?: number;
  /** Each pixel is the share of subpixels² points that are outside; 8 without, so that greys are multiples of 1/64. */
  readonly subpixels?: number;
  /**
   * "as-published": the published code turns an angle of up to 2π radians into radians once more, so that polygons
   * turn by 6.28° at most and triangles stand nearly upright. "uniform": any direction.
   */
  readonly rotation?: "as-published" | "uniform";
}

/**
 * Fills `out` with gray-scale images of random convex polygons, the data set of Lucic et al. 2018 (§5.2; drawn as in
 * compare_gan's notebook): one vertex on a circle in each sector of 360°/vertices, turned, and moved so that the mean
 * of the vertices is the centre. Values in [0, 1], background 1, inside 0. The published set has 60,000 images to
 * train on, 10,000 to test and 10,000 held out.
 *
 * Sub-pixels are sampled at their centres; the published code's shift by half a pixel is left out.
 *
 * @param out [N, 1, size, size]
 */
export const fillPolygons = (
  stream: RandomStream,
  out: Float32Array,
  {
    vertices = 3,
    size = 28,
    minimumAngle = 20,
    scale = 0.75,
    subpixels = 8,
    rotation = "as-published",
  }: PolygonOptions = {},
): void => {
  const where = "fillPolygons";
  checkInteger(where, "vertices", vertices, 3);
  checkInteger(where, "size", size, 2);
  checkInteger(where, "subpixels", subpixels, 1);
  checkPositive(where, "scale", scale);
  if (scale > 1) throw new UsageError(`${where}: scale must be at most 1; got ${scale}`);
  if (!(minimumAngle >= 0 && minimumAngle <= 360 / vertices)) {
    throw new UsageError(
      `${where}: minimumAngle must be from 0 to 360 / vertices = ${360 / vertices} degrees; got ${minimumAngle}`,
    );
  }
  if (rotation !== "as-published" && rotation !== "uniform") {
    throw new UsageError(
      `${where}: rotation must be "as-published" or "uniform"; got ${JSON.stringify(rotation)}`,
    );
  }
  const pixels = size * size;
  if (out.length % pixels !== 0) {
    throw new UsageError(`${where}: out must hold whole images of ${pixels} values; got ${out.length}`);
  }
  const sector = 360 / vertices;
  const turn = rotation === "uniform" ? 2 * Math.PI : radians(2 * Math.PI);
  const polygon = new Float64Array(2 * vertices);
  for (let start = 0; start < out.length; start += pixels) {
    const theta = turn * stream.uniform();
    for (let i = 0; i < vertices; i++) {
      const degrees = i * sector + minimumAngle / 2 + stream.uniform() * (sector - minimumAngle / 2);
      // The published rotation multiplies from the right: it turns the other way. Its first axis is the image's rows.
      const angle = radians(degrees) - theta;
      polygon[2 * i] = (size * scale * Math.sin(angle)) / 2;
      polygon[2 * i + 1] = (size * scale * Math.cos(angle)) / 2;
    }
    for (const axis of [X, Y]) {
      let sum = 0;
      for (let i = axis; i < polygon.length; i += 2) sum += polygon[i];
      for (let i = axis; i < polygon.length; i += 2) polygon[i] += size / 2 - sum / vertices;
    }
    fillOutside(out.subarray(start, start + pixels), polygon, size, subpixels);
  }
};

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Share of the sub-pixel centres of each pixel that lie outside a convex polygon. */
const fillOutside = (image: Float32Array, polygon: Float64Array, size: number, subpixels: number): void => {
  const count = polygon.length;
  const inside = new Int32Array(size * size);
  for (let s = 0; s < size * subpixels; s++) {
    const y = (s + 0.5) / subpixels;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i += 2) {
      const j = (i + 2) % count;
      if (polygon[i + 1] > y === polygon[j + 1] > y) continue;
      const t = (y - polygon[i + 1]) / (polygon[j + 1] - polygon[i + 1]);
      const x = polygon[i] + t * (polygon[j] - polygon[i]);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    const first = Math.max(0, Math.ceil(left * subpixels - 0.5));
    const last = Math.min(size * subpixels - 1, Math.floor(right * subpixels - 0.5));
    const row = Math.floor(s / subpixels) * size;
    for (let k = first; k <= last; k++) inside[row + Math.floor(k / subpixels)]++;
  }
  for (let k = 0; k < image.length; k++) image[k] = 1 - inside[k] / (subpixels * subpixels);
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
 */
export const precisionRecallF1 = (
  generatedToManifold: ArrayLike<number>,
  testToGenerator: ArrayLike<number>,
  delta = 0.75,
  boundary: "inclusive" | "strict" = "inclusive",
): PrecisionRecallF1 => {
  checkPositive("precisionRecallF1", "delta", delta);
  const share = (name: string, distances: ArrayLike<number>): number => {
    if (distances.length === 0)
      throw new UsageError(`precisionRecallF1: ${name} must hold at least 1 distance; got 0`);
    checkFinite("precisionRecallF1", name, distances);
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

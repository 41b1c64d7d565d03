/** Distance of an image to the manifold of convex polygons, by fitting one. */
import { checkFinite } from "../distances/check.ts";
import { UsageError } from "../errors.ts";
import { checkInteger, checkKeys, checkNumber } from "../options.ts";
import { rasterise } from "./polygons.ts";

export interface PolygonFitOptions {
  /** Corners; 3 without. */
  readonly vertices?: number | undefined;
  /** Diameter of the circle of the vertices, in sides of the image; 0.75 without. */
  readonly scale?: number | undefined;
}

const STARTS = 6;
const ITERATIONS = 20;
/** Radians; of forward differences. */
const STEP = 1e-3;

/** Vertices on a circle at the given angles, moved so that their mean is the centre, as `fillPolygons` draws them. */
const polygonAt = (angles: readonly number[], size: number, scale: number): number[] => {
  const points = angles.flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);
  const radius = (size * scale) / 2;
  return points.map((value, i) => {
    let mean = 0;
    for (let k = i % 2; k < points.length; k += 2) mean += points[k] / angles.length;
    return size / 2 + radius * (value - mean);
  });
};

/**
 * Squared distance of each image to the nearest polygon of the data set's family (n vertices on a circle, at any angles)
 * by damped Gauss–Newton on the angles from several starts: an upper bound that is nearly always the distance itself.
 * Background 1 and inside 0, as published: distances are of images in [0, 1].
 *
 * @param images [N, 1, size, size] in [−1, 1]
 * @throws UsageError for fewer than 3 vertices, a scale that is not positive, or images of another size
 */
export const distancesToPolygons = (
  images: Float32Array,
  size: number,
  options: PolygonFitOptions = {},
): Float64Array => {
  const where = "distancesToPolygons";
  checkKeys(where, options, ["vertices", "scale"]);
  const { vertices = 3, scale = 0.75 } = options;
  checkInteger(where, "size", size, 1);
  checkInteger(where, "vertices", vertices, 3);
  checkNumber(where, "scale", scale, { above: 0, most: 1e6 });
  checkFinite(where, "images", images);
  const pixels = size * size;
  const count = images.length / pixels;
  if (!Number.isInteger(count)) {
    throw new UsageError(
      `distancesToPolygons: expected whole images of ${pixels} values; got ${images.length}`,
    );
  }
  return Float64Array.from({ length: count }, (_, i) => {
    const inside = Float64Array.from(
      images.subarray(i * pixels, (i + 1) * pixels),
      (value) => 1 - (value + 1) / 2,
    );
    let best = Number.POSITIVE_INFINITY;
    for (let start = 0; start < STARTS && best > 0.05; start++) {
      const turn = (start / STARTS) * ((2 * Math.PI) / vertices);
      const angles = Array.from({ length: vertices }, (_, k) => turn + ((k + 0.5) * 2 * Math.PI) / vertices);
      best = Math.min(best, fit(inside, angles, size, scale));
    }
    return best;
  });
};

const squaredDistance = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return sum;
};

const fit = (target: Float64Array, start: readonly number[], size: number, scale: number): number => {
  const draw = (angles: readonly number[]): Float64Array => {
    // Angles in order: vertices that passed each other still make a convex polygon.
    const sorted = [...angles].sort((a, b) => a - b);
    return rasterise(polygonAt(sorted, size, scale), size);
  };
  let angles = [...start];
  let image = draw(angles);
  let distance = squaredDistance(image, target);
  let damping = 1e-2;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const slopes = angles.map((_, k) => {
      const moved = draw(angles.map((angle, j) => (j === k ? angle + STEP : angle)));
      return moved.map((value, p) => (value - image[p]) / STEP);
    });
    const residual = target.map((value, p) => value - image[p]);
    const normal = slopes.map((a) => slopes.map((b) => dot(a, b)));
    const right = slopes.map((a) => dot(a, residual));
    let improved = false;
    for (let attempt = 0; attempt < 5 && !improved; attempt++) {
      const damped = normal.map((row, j) =>
        row.map((value, k) => (j === k ? value * (1 + damping) + 1e-9 : value)),
      );
      const step = solve(damped, right);
      const candidate = angles.map((angle, k) => angle + Math.min(0.5, Math.max(-0.5, step[k])));
      const candidateImage = draw(candidate);
      const next = squaredDistance(candidateImage, target);
      if (next < distance) {
        improved = distance - next > 1e-4 * distance;
        [angles, image, distance] = [candidate, candidateImage, next];
        damping /= 3;
        if (!improved) return distance;
      } else damping *= 4;
    }
    if (!improved) return distance;
  }
  return distance;
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
};

/** Solves a small positive definite system by elimination. */
const solve = (a: readonly (readonly number[])[], b: readonly number[]): number[] => {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i]]);
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i][n];
    for (let j = i + 1; j < n; j++) sum -= rows[i][j] * x[j];
    x[i] = sum / rows[i][i];
  }
  return x;
};

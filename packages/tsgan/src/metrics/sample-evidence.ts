/** What a sample shows about a run, without a name for it yet: is it near the data, does it leave parts out, is it copies? */
import type { Matrix } from "../distances/index.ts";
import { fillSquaredDistances } from "../distances/pairwise.ts";
import { median } from "../statistics/index.ts";
import { nearestInSet, nearestOther } from "./nearest.ts";

export interface SampleEvidence {
  /** Median distance of samples to the nearest of the data, in units of the data's spread. */
  readonly distance: number;
  /** The same of the data among themselves. */
  readonly ownDistance: number;
  /** Spread of the samples about their mean, in units of the data's. */
  readonly spread: number;
  /** Share of the data that lies in regions where samples are ten times too few. */
  readonly missing: number;
  /** Regions in which samples were counted. */
  readonly regions: number;
  /** Regions where samples are ten times too few. */
  readonly emptyRegions: number;
  /** Share of samples that have a twin: another sample nearer than a thousandth of the data's spread. */
  readonly duplicates: number;
  /** The same share among the data, which may repeat itself. */
  readonly dataDuplicates: number;
}

/** Regions, where the data's own modes are not known. */
const REGIONS = 12;
const ROUNDS = 5;
/** A region is missed where samples are rarer by this factor. */
const RARE = 0.1;
const TWIN = 1e-3;

/** Root mean square distance of points from their mean. */
const spreadOf = ({ rows, columns, data }: Matrix): number => {
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns] += data[i] / rows;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] - mean[i % columns]) ** 2;
  return Math.sqrt(sum / rows);
};

const shares = (labels: Int32Array, count: number): Float64Array => {
  const out = new Float64Array(count);
  for (const label of labels) out[label] += 1 / labels.length;
  return out;
};

/** Centres of k-means, begun at points far from each other (Gonzalez 1985), so that a small far mode gets its own. */
const centresOf = (points: Matrix, count: number): Matrix => {
  const { rows, columns, data } = points;
  const centres = new Float64Array(count * columns);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const row = new Float64Array(rows);
  let next = 0;
  for (let k = 0; k < count; k++) {
    centres.set(data.subarray(next * columns, (next + 1) * columns), k * columns);
    fillSquaredDistances(points, next, points, row);
    for (let i = 0; i < rows; i++) {
      nearest[i] = Math.min(nearest[i], row[i]);
      if (nearest[i] > nearest[next]) next = i;
    }
  }
  const matrix = { rows: count, columns, data: centres };
  for (let round = 0; round < ROUNDS; round++) {
    const { indices } = nearestInSet(points, matrix);
    const sizes = new Float64Array(count);
    const sums = new Float64Array(centres.length);
    indices.forEach((k, i) => {
      sizes[k]++;
      for (let c = 0; c < columns; c++) sums[k * columns + c] += data[i * columns + c];
    });
    for (let k = 0; k < count; k++) {
      if (sizes[k] === 0) continue;
      for (let c = 0; c < columns; c++) centres[k * columns + c] = sums[k * columns + c] / sizes[k];
    }
  }
  return matrix;
};

/** Share of points that have another one nearer than a thousandth of the data's spread, by their squared distances. */
const twins = (nearest: Float64Array, spread: number): number => {
  const limit = (TWIN * spread) ** 2;
  return nearest.filter((distance) => distance < limit).length / nearest.length;
};

/**
 * Compares samples with as many of the data, both as coordinates or features. Regions are the Voronoi cells of `centres`
 * or, without, of a k-means of the data (bins as in Richardson & Weiss 2018, NDB).
 *
 * @param fake [n, d]
 * @param real [m, d], drawn without regard to the training order
 */
export const sampleEvidence = (fake: Matrix, real: Matrix, centres?: Matrix): SampleEvidence => {
  const spread = spreadOf(real);
  const regions = centres ?? centresOf(real, Math.min(REGIONS, real.rows));
  const realShares = shares(nearestInSet(real, regions).indices, regions.rows);
  const fakeShares = shares(nearestInSet(fake, regions).indices, regions.rows);
  let missing = 0;
  let emptyRegions = 0;
  for (let k = 0; k < regions.rows; k++) {
    if (fakeShares[k] >= RARE * realShares[k]) continue;
    missing += realShares[k];
    emptyRegions++;
  }
  const own = nearestOther(real);
  const distances = nearestInSet(fake, real).squaredDistances.map(Math.sqrt);
  return {
    distance: median(distances) / (spread > 0 ? spread : 1),
    ownDistance: Math.sqrt(median(own)) / (spread > 0 ? spread : 1),
    spread: spread > 0 ? spreadOf(fake) / spread : 1,
    missing,
    regions: regions.rows,
    emptyRegions,
    duplicates: twins(nearestOther(fake), spread),
    dataDuplicates: twins(own, spread),
  };
};

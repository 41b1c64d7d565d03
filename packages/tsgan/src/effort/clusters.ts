/**
 * Classes for pictures that have none: groups of pictures that look alike, all of one size. A generator that is told the group has less
 * to learn from each, and leaves out no group (Sage et al. 2018, arXiv:1712.04407; Liu et al. 2020, arXiv:2006.10728).
 */
import { type FiniteDataset, finite } from "../data/index.ts";
import { UsageError } from "../errors.ts";

/** Pictures of a group at least, so that there is something to learn of each; and groups at most, two to this. */
const LEAST = 100;
const MOST_HALVINGS = 6;

/** Groups are found on pictures of about so many pixels a side: grey, and in colour. */
const SIDES = { 1: 14, 3: 8 } as const;
const ROUNDS = 8;
const CHUNK = 1000;

/** How often `count` pictures are halved. */
const halvings = (count: number): number =>
  Math.max(0, Math.min(MOST_HALVINGS, Math.floor(Math.log2(count / LEAST))));

/**
 * Number of groups of so many pictures: 1 where they are too few to be divided.
 *
 * @param count pictures
 */
export const clusterCount = (count: number): number => 2 ** halvings(count);

/** Two halves of some points: those that lie low and those that lie high along a direction; of equal ones, as they come. */
const halvesAlong = (
  points: Float32Array,
  size: number,
  chosen: Uint32Array,
  direction: Float64Array,
): readonly [Uint32Array, Uint32Array] => {
  const along = Float64Array.from(chosen, (n) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += direction[i] * points[n * size + i];
    return sum;
  });
  const middle = chosen.length >> 1;
  const median = along.slice().sort()[middle];
  let equal = middle - along.reduce((below, value) => below + (value < median ? 1 : 0), 0);
  const isLow = along.map((value) => Number(value < median || (value === median && equal-- > 0)));
  return [chosen.filter((_, i) => isLow[i] === 1), chosen.filter((_, i) => isLow[i] === 0)];
};

const meanOf = (points: Float32Array, size: number, chosen: Uint32Array): Float64Array => {
  const mean = new Float64Array(size);
  for (const n of chosen) for (let i = 0; i < size; i++) mean[i] += points[n * size + i] / chosen.length;
  return mean;
};

/** Two means whose groups are of one size: halved along the line between them, again and again. */
const twoHalves = (
  points: Float32Array,
  size: number,
  chosen: Uint32Array,
): readonly [Uint32Array, Uint32Array] => {
  const mean = meanOf(points, size, chosen);
  const spread = new Float64Array(size);
  for (const n of chosen) for (let i = 0; i < size; i++) spread[i] += (points[n * size + i] - mean[i]) ** 2;
  // It begins along the number that varies most.
  const first = new Float64Array(size);
  first[spread.indexOf(Math.max(...spread))] = 1;
  let halves = halvesAlong(points, size, chosen, first);
  for (let round = 0; round < ROUNDS; round++) {
    const [low, high] = halves.map((half) => meanOf(points, size, half));
    halves = halvesAlong(
      points,
      size,
      chosen,
      high.map((value, i) => value - low[i]),
    );
  }
  return halves;
};

/**
 * Groups of equal size (but for one) of points: each group is halved so that its halves lie around two means.
 *
 * @param points [n, size], one after the other
 * @param times how often: 2^times groups
 * @returns the group of each point
 */
export const halve = (points: Float32Array, size: number, times: number): Int32Array => {
  const count = points.length / size;
  let groups: Uint32Array[] = [Uint32Array.from({ length: count }, (_, i) => i)];
  for (let time = 0; time < times; time++) {
    groups = groups.flatMap((chosen) => twoHalves(points, size, chosen));
  }
  const labels = new Int32Array(count);
  groups.forEach((chosen, group) => {
    for (const n of chosen) labels[n] = group;
  });
  return labels;
};

/** Means of blocks of pixels: what pictures look like from afar. */
const fromAfar = async (dataset: FiniteDataset): Promise<{ points: Float32Array; size: number }> => {
  const [channels, height, width] = dataset.shape;
  const block = Math.max(1, Math.ceil(Math.max(height, width) / (channels === 1 ? SIDES[1] : SIDES[3])));
  const [down, across] = [Math.ceil(height / block), Math.ceil(width / block)];
  const size = channels * down * across;
  const points = new Float32Array(dataset.size * size);
  for (let start = 0; start < dataset.size; start += CHUNK) {
    const indices = Uint32Array.from({ length: Math.min(CHUNK, dataset.size - start) }, (_, i) => start + i);
    const { examples } = await dataset.read(indices);
    for (let n = 0; n < indices.length; n++) {
      for (let c = 0; c < channels; c++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const place = (c * down + Math.floor(y / block)) * across + Math.floor(x / block);
            points[(start + n) * size + place] += examples[((n * channels + c) * height + y) * width + x];
          }
        }
      }
    }
  }
  return { points, size };
};

/**
 * The same pictures with groups of pictures that look alike as their classes, in place of labels that they may have.
 *
 * @param dataset of pictures
 * @throws UsageError for data without end, for points and pairs, and for fewer than 200 pictures
 */
export const clustered = async (dataset: FiniteDataset): Promise<FiniteDataset> => {
  const { name, shape, size, pairs, reading, contents } = dataset;
  if (!Number.isFinite(size) || shape.length !== 3 || pairs !== undefined) {
    throw new UsageError(
      `data set ${name}: labels by clusters are for pictures, one by one and so many; leave labels out`,
    );
  }
  const times = halvings(size);
  if (times === 0) {
    throw new UsageError(
      `data set ${name}: labels by clusters need ${2 * LEAST} pictures; got ${size}; take --labels none`,
    );
  }
  const { points, size: length } = await fromAfar(dataset);
  const labels = halve(points, length, times);
  const classes = Array.from({ length: 2 ** times }, (_, n) => `group ${n + 1}`);
  const counts = Object.fromEntries(
    classes.map((group, n) => [group, labels.reduce((sum, label) => sum + (label === n ? 1 : 0), 0)]),
  );
  return {
    // What else it has: the means to close the file of its pictures.
    ...dataset,
    ...finite({
      name,
      shape,
      size,
      classes,
      read: async (indices) => {
        const { examples } = await dataset.read(indices);
        return { examples, labels: Int32Array.from(indices, (index) => labels[index]) };
      },
    }),
    ...(reading && { reading: { ...reading, labels: { from: "clusters", counts } } }),
    ...(contents !== undefined && { contents: `${contents} clusters ${times}` }),
  };
};

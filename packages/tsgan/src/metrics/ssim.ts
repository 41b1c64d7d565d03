import { numbersOf } from "../distances/check.ts";
import { exponentOf, largestOf, scaleAll, scaleBy } from "../distances/scale.ts";
import { UsageError } from "../errors.ts";
import { checkInteger, checkKeys, checkNumber } from "../options.ts";

/** Channels, height and width of an image, whose values are in that order, row-major. */
export type ImageShape = readonly [channels: number, height: number, width: number];

type Values = ArrayLike<number>;

const WINDOW_SIDE = 11;
const WINDOW_DEVIATION = 1.5;
const K1 = 0.01;
const K2 = 0.03;

/** Weights of the five scales (Wang et al. 2003, §3.2), finest first. */
const SCALE_WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** One channel of an image. */
interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** Normalised Gaussian of the given odd or even side; the square window is its outer product with itself. */
const gaussianWindow = (side: number): Float64Array => {
  const window = Float64Array.from({ length: side }, (_, i) =>
    Math.exp(-((i - (side - 1) / 2) ** 2) / (2 * WINDOW_DEVIATION ** 2)),
  );
  const sum = window.reduce((total, x) => total + x, 0);
  return window.map((x) => x / sum);
};

/** Weighted mean under the window at every position where it fits. */
const filter = ({ height, width, data }: Plane, window: Float64Array): Float64Array => {
  const side = window.length;
  const outHeight = height - side + 1;
  const outWidth = width - side + 1;
  const rows = new Float64Array(height * outWidth);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < outWidth; c++) {
      let sum = 0;
      for (let k = 0; k < side; k++) sum += window[k] * data[r * width + c + k];
      rows[r * outWidth + c] = sum;
    }
  }
  const out = new Float64Array(outHeight * outWidth);
  for (let r = 0; r < outHeight; r++) {
    for (let k = 0; k < side; k++) {
      const weight = window[k];
      const from = (r + k) * outWidth;
      for (let c = 0; c < outWidth; c++) out[r * outWidth + c] += weight * rows[from + c];
    }
  }
  return out;
};

/** Means over all positions of SSIM and of its contrast–structure factor. */
const similarity = (
  x: Plane,
  y: Plane,
  side: number,
  dataRange: number,
): { ssim: number; contrast: number } => {
  const window = gaussianWindow(side);
  // Second moments about the mean of the image: of a bright flat one, E[x²] − μ² would be nothing but rounding.
  const [aboutX, aboutY] = [meanOf(x.data), meanOf(y.data)];
  const [xs, ys] = [x.data.map((value) => value - aboutX), y.data.map((value) => value - aboutY)];
  const moment = (value: (k: number) => number) =>
    filter({ ...x, data: Float64Array.from({ length: xs.length }, (_, k) => value(k)) }, window);
  const meanX = filter({ ...x, data: xs }, window);
  const meanY = filter({ ...y, data: ys }, window);
  const meanXX = moment((k) => xs[k] * xs[k]);
  const meanYY = moment((k) => ys[k] * ys[k]);
  const meanXY = moment((k) => xs[k] * ys[k]);
  const c1 = (K1 * dataRange) ** 2;
  const c2 = (K2 * dataRange) ** 2;
  let ssim = 0;
  let contrast = 0;
  for (let k = 0; k < meanX.length; k++) {
    const [mx, my] = [meanX[k], meanY[k]];
    const varianceX = Math.max(0, meanXX[k] - mx * mx);
    const varianceY = Math.max(0, meanYY[k] - my * my);
    // Cauchy–Schwarz, which rounding does not know.
    const most = Math.sqrt(varianceX * varianceY);
    const covariance = Math.max(-most, Math.min(most, meanXY[k] - mx * my));
    const cs = ratio(2 * covariance + c2, varianceX + varianceY + c2);
    const [brightX, brightY] = [mx + aboutX, my + aboutY];
    contrast += cs;
    ssim += cs * ratio(2 * brightX * brightY + c1, brightX * brightX + brightY * brightY + c1);
  }
  return { ssim: ssim / meanX.length, contrast: contrast / meanX.length };
};

const meanOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Both are 0 where an image has no contrast or no brightness beside which C would count: then they are equal. */
const ratio = (upper: number, lower: number): number => (lower === 0 ? 1 : upper / lower);

/** Half the size by the mean of 2 × 2 blocks; an odd side repeats its last row or column. */
const halve = ({ height, width, data }: Plane): Plane => {
  const outHeight = Math.ceil(height / 2);
  const outWidth = Math.ceil(width / 2);
  const out = new Float64Array(outHeight * outWidth);
  for (let r = 0; r < outHeight; r++) {
    const top = 2 * r * width;
    const bottom = Math.min(2 * r + 1, height - 1) * width;
    for (let c = 0; c < outWidth; c++) {
      const left = 2 * c;
      const right = Math.min(left + 1, width - 1);
      out[r * outWidth + c] =
        (data[top + left] + data[top + right] + data[bottom + left] + data[bottom + right]) / 4;
    }
  }
  return { height: outHeight, width: outWidth, data: out };
};

const checkShape = (where: string, shape: ImageShape): void => {
  const isShape =
    Array.isArray(shape) && shape.length === 3 && shape.every((side) => Number.isInteger(side) && side >= 1);
  if (isShape) return;
  throw new UsageError(
    `${where}: the shape must be [channels, height, width], whole numbers of at least 1; got ${JSON.stringify(shape)}`,
  );
};

/** Two images as planes, brought near 1 together with the range of their values. */
const pairOfImages = (
  where: string,
  x: Values,
  y: Values,
  shape: ImageShape,
  dataRange: number,
): { readonly xs: Plane[]; readonly ys: Plane[]; readonly range: number } => {
  checkShape(where, shape);
  checkNumber(where, "dataRange", dataRange, { above: 0 });
  const [channels, height, width] = shape;
  const size = height * width;
  const checked = (name: string, image: Values): Float64Array => {
    const values = numbersOf(where, name, image);
    if (values.length === channels * size) return values;
    throw new UsageError(
      `${where}: ${name} must hold ${channels} × ${height} × ${width} = ${channels * size} values; got ${values.length}`,
    );
  };
  const [first, second] = [checked("x", x), checked("y", y)];
  const exponent = exponentOf(Math.max(dataRange, largestOf(first), largestOf(second)));
  const planes = (image: Float64Array): Plane[] => {
    const data = scaleAll(image, -exponent);
    return Array.from({ length: channels }, (_, c) => ({
      height,
      width,
      data: data.subarray(c * size, (c + 1) * size),
    }));
  };
  return { xs: planes(first), ys: planes(second), range: scaleBy(dataRange, -exponent) };
};

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/**
 * Structural similarity (Wang et al. 2004, eq. 13), in [−1, 1], 1 for equal images:
 *
 *   SSIM = (2 μx μy + C1)(2 σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2)),
 *
 * weighted moments E[x²] − μ² under an 11 × 11 Gaussian window of σ = 1.5, without padding; C1 = (0.01 L)²,
 * C2 = (0.03 L)². The mean over positions, then over channels.
 *
 * @param x image [C, H, W], H and W at least 11
 * @param y image of the same shape
 * @param shape [C, H, W]
 * @param dataRange L: 255 for bytes, 2 for images in [−1, 1]
 * @throws UsageError for images smaller than the window, of another shape, or outside of the range L
 */
export const ssim = (x: Values, y: Values, shape: ImageShape, dataRange: number): number => {
  checkShape("ssim", shape);
  const [, height, width] = shape;
  if (Math.min(height, width) < WINDOW_SIDE) {
    throw new UsageError(
      `ssim: images must be at least ${WINDOW_SIDE} × ${WINDOW_SIDE}; got ${height} × ${width}`,
    );
  }
  const { xs, ys, range } = pairOfImages("ssim", x, y, shape, dataRange);
  return mean(xs.map((plane, c) => similarity(plane, ys[c], WINDOW_SIDE, range).ssim));
};

/**
 * Weights of the first `scales` scales, divided by their sum where they are fewer than five.
 *
 * @throws UsageError for scales that are no whole number in 1 … 5
 */
export const msSsimWeights = (scales: number): number[] => {
  if (!(Number.isInteger(scales) && scales >= 1 && scales <= SCALE_WEIGHTS.length)) {
    throw new UsageError(
      `msSsim: scales must be an integer from 1 to ${SCALE_WEIGHTS.length}; got ${scales}`,
    );
  }
  if (scales === SCALE_WEIGHTS.length) return SCALE_WEIGHTS;
  const weights = SCALE_WEIGHTS.slice(0, scales);
  const sum = weights.reduce((total, x) => total + x, 0);
  return weights.map((weight) => weight / sum);
};

export interface MsSsimOptions {
  /** L: 255 for bytes, 2 for images in [−1, 1]. */
  readonly dataRange: number;
  /** Number of scales, 1 to 5; 5 without. */
  readonly scales?: number | undefined;
}

export interface MsSsim {
  /** In [0, 1]. */
  readonly value: number;
  /** The factors before their powers, [C, S], at least 0: contrast–structure at each scale but the last, SSIM there. */
  readonly perScale: readonly (readonly number[])[];
}

/**
 * Multi-scale structural similarity (Wang et al. 2003, eq. 7): per channel Π_{s<S} max(cs_s, 0)^{w_s} ·
 * max(ssim_S, 0)^{w_S}, then the mean over channels. The image is halved between scales. The window's side is
 * min(11, H, W) at each scale, so that small images have all five.
 *
 * @param x image [C, H, W]
 * @param y image of the same shape
 * @param shape [C, H, W]
 * @throws UsageError for images of another shape, numbers that are not finite, or scales outside 1 … 5
 */
export const msSsim = (x: Values, y: Values, shape: ImageShape, options: MsSsimOptions): MsSsim => {
  checkKeys("msSsim", options, ["dataRange", "scales"]);
  const { dataRange, scales = SCALE_WEIGHTS.length } = options;
  const weights = msSsimWeights(scales);
  const { xs, ys, range } = pairOfImages("msSsim", x, y, shape, dataRange);
  const perScale = xs.map((plane, c) => channelFactors(plane, ys[c], scales, range));
  const products = perScale.map((factors) =>
    factors.reduce((product, factor, s) => product * factor ** weights[s], 1),
  );
  return { value: mean(products), perScale };
};

const channelFactors = (x: Plane, y: Plane, scales: number, range: number): number[] => {
  const factors: number[] = [];
  for (let s = 0; s < scales; s++) {
    const { ssim, contrast } = similarity(x, y, Math.min(WINDOW_SIDE, x.height, x.width), range);
    factors.push(Math.max(0, s === scales - 1 ? ssim : contrast));
    x = halve(x);
    y = halve(y);
  }
  return factors;
};

export interface PairwiseSimilarity {
  /** Mean MS-SSIM over the pairs: near that of the data for a diverse generator, near 1 for a collapsed one. */
  readonly mean: number;
  readonly pairs: readonly (readonly [number, number])[];
  readonly perPair: readonly number[];
}

/**
 * Diversity of a set of images by the mean MS-SSIM of pairs of them (Odena et al. 2017, §4.2, within one class); the
 * higher, the less diverse.
 *
 * @param given images [N, C, H, W], N ≥ 2
 * @param shape [C, H, W] of one image
 * @param pairs indices of the pairs to compare; all unordered pairs without
 * @throws UsageError for fewer than two images, no pairs, or a pair of images that are not there
 */
export const pairwiseMsSsim = (
  given: Values,
  shape: ImageShape,
  options: MsSsimOptions,
  pairs?: readonly (readonly [number, number])[],
): PairwiseSimilarity => {
  const where = "pairwiseMsSsim";
  checkShape(where, shape);
  const images = numbersOf(where, "images", given);
  const size = shape[0] * shape[1] * shape[2];
  const count = images.length / size;
  checkInteger(where, `the number of images (values / ${size})`, count, 2);
  const chosen =
    pairs ??
    Array.from({ length: count }, (_, i) => i).flatMap((i) =>
      indices(i + 1, count).map((j) => [i, j] as const),
    );
  if (chosen.length === 0) throw new UsageError(`${where}: needs at least 1 pair of images; got 0`);
  const image = (i: number): Float64Array => {
    if (!(Number.isInteger(i) && i >= 0 && i < count)) {
      throw new UsageError(`${where}: an image of a pair must be from 0 to ${count - 1}; got ${i}`);
    }
    return images.subarray(i * size, (i + 1) * size);
  };
  const perPair = chosen.map(([i, j]) => msSsim(image(i), image(j), shape, options).value);
  return { mean: mean(perPair), pairs: chosen, perPair };
};

const indices = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

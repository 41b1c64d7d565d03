/** Random convex polygons, the data set on which precision and recall of a generator can be measured. */
import { UsageError } from "../errors.ts";
import { checkInteger, checkNumber } from "../options.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import { type FiniteDataset, finite } from "./finite.ts";

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
 * @throws UsageError for fewer than 3 vertices, a size below 2, a scale outside (0, 1] and the like
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
  checkNumber(where, "scale", scale, { most: 1 });
  if (!(scale > 0)) throw new UsageError(`${where}: scale must be positive; got ${scale}`);
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
    for (const axis of [0, 1]) {
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

const COUNTS = { train: 60_000, test: 10_000 } as const;
/** The set is one and the same for everybody, whatever the seed of a run. */
const SEED = 0;

/**
 * The data set `polygons`: 60,000 images to train on and 10,000 to test, of which the i-th is always the same. Values in
 * [−1, 1], background 1 and inside −1. `split` is "train" or "test"; the other `options` are those of `fillPolygons`.
 */
export const polygons = ({
  split = "train",
  ...options
}: PolygonOptions & { readonly split?: "train" | "test" } = {}): FiniteDataset => {
  const { size = 28 } = options;
  const pixels = size * size;
  return finite({
    name: "polygons",
    shape: [1, size, size],
    size: COUNTS[split],
    read(indices) {
      const examples = new Float32Array(indices.length * pixels);
      indices.forEach((index, i) => {
        const image = examples.subarray(i * pixels, (i + 1) * pixels);
        fillPolygons(randomStream(SEED, `polygons/${split}`, index), image, options);
        for (let k = 0; k < pixels; k++) image[k] = 2 * image[k] - 1;
      });
      return { examples };
    },
  });
};

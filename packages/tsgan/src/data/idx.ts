/**
 * The IDX format of MNIST (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist): two zero bytes, a type byte
 * (8 = unsigned byte), the number of dimensions, each dimension as a big-endian uint32, then the values, last
 * dimension fastest. Only unsigned bytes are supported.
 */
import type { Bytes } from "../arrays.ts";
import { RunError } from "../errors.ts";
import { checkRoom } from "../options.ts";
import { areaWeights } from "./area.ts";
import { type FiniteDataset, fromPixels } from "./finite.ts";
import { type ImageSize, type Sides, sidesOf } from "./size.ts";

export interface Idx {
  readonly shape: readonly number[];
  /** A view of the parsed bytes, not a copy. */
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 8;

/**
 * What an IDX file holds: the shape and the bytes of an array of unsigned bytes (LeCun's format of MNIST).
 *
 * @param bytes the whole file, unzipped
 * @param file what the errors call the data
 * @throws RunError for bytes that are no IDX file of unsigned bytes, or of another length than the header says
 */
export const parseIdx = (bytes: Uint8Array, file: string): Idx => {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== UNSIGNED_BYTE) {
    const magic = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new RunError(
      `${file}: not an IDX file of bytes; expected it to begin with 00 00 08, got ${magic || "nothing"}`,
    );
  }
  const rank = bytes[3];
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new RunError(`${file}: the IDX header is truncated; expected ${header} bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  // A side of 0 would make any number of examples fit into no bytes at all.
  if (shape.length === 0 || shape.includes(0)) {
    throw new RunError(
      `${file}: the IDX header is damaged; expected sides of at least 1, got [${shape.join(",")}]`,
    );
  }
  const expected = header + shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== expected) {
    const state = bytes.length < expected ? "truncated" : "too long";
    throw new RunError(
      `${file}: the IDX file is ${state}; expected ${expected} bytes for [${shape.join(",")}], got ${bytes.length}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
};

/** The bytes of an IDX file that holds `data`, of the given shape. */
export const encodeIdx = (shape: readonly number[], data: Uint8Array): Bytes => {
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + data.length);
  bytes.set([0, 0, UNSIGNED_BYTE, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((side, i) => {
    view.setUint32(4 + 4 * i, side);
  });
  bytes.set(data, header);
  return bytes;
};

/**
 * A labelled data set from a pair of IDX files.
 *
 * @param options.images parsed images, [count, height, width]
 * @param options.labels parsed labels, [count]
 * @param options.size of the images given out. Larger sides than the file's add a black margin (28 → 32 is the usual
 * case), smaller ones average over areas
 * @param options.channels 3 repeats the grey value
 * @throws RunError where the images are not [n, height, width] and the labels [n] of as many, or where they need more
 * memory than there is
 */
export const imagesFromIdx = (options: {
  name: string;
  images: Idx;
  labels: Idx;
  classes: readonly string[];
  size?: ImageSize;
  channels?: 1 | 3;
}): FiniteDataset => {
  const { name, images, labels, classes, channels = 1 } = options;
  if (images.shape.length !== 3 || labels.shape.length !== 1 || images.shape[0] !== labels.shape[0]) {
    throw new RunError(
      `data set ${name}: expected images [n,height,width] and labels [n]; got [${images.shape.join(",")}] and [${labels.shape.join(",")}]`,
    );
  }
  const [count, height, width] = images.shape;
  const sides = options.size === undefined ? { width, height } : sidesOf(`data set ${name}`, options.size);
  const values = count * channels * sides.width * sides.height;
  const what = `${count} images of ${sides.width} × ${sides.height}`;
  checkRoom(`data set ${name}`, what, values, "take smaller images", 1);
  const resized = resizePixels(images.data, [count, height, width], sides);
  const pixels = channels === 1 ? resized : repeatGrey(resized, count);
  return fromPixels({
    name,
    shape: [channels, sides.height, sides.width],
    pixels,
    labels: Int32Array.from(labels.data),
    classes,
  });
};

const repeatGrey = (pixels: Uint8Array, count: number): Uint8Array => {
  const area = pixels.length / count;
  const out = new Uint8Array(pixels.length * 3);
  for (let n = 0; n < count; n++) {
    const image = pixels.subarray(n * area, (n + 1) * area);
    for (let channel = 0; channel < 3; channel++) out.set(image, (3 * n + channel) * area);
  }
  return out;
};

/**
 * Grey images, or channels of images, [count, height, width], of other sides. Where no side becomes smaller, a margin of zeros
 * is added; else each pixel is the mean of the area that it stands for.
 *
 * @param pixels 0 … 255, count · height · width of them
 * @param sides those that they are to have, in pixels
 */
export const resizePixels = (
  pixels: Uint8Array,
  [count, height, width]: readonly [number, number, number],
  sides: Sides,
): Uint8Array => {
  if (sides.height === height && sides.width === width) return pixels;
  const out = new Uint8Array(count * sides.height * sides.width);
  if (sides.height >= height && sides.width >= width) {
    const top = (sides.height - height) >> 1;
    const left = (sides.width - width) >> 1;
    for (let n = 0; n < count; n++) {
      for (let y = 0; y < height; y++) {
        const row = (n * height + y) * width;
        out.set(pixels.subarray(row, row + width), (n * sides.height + top + y) * sides.width + left);
      }
    }
    return out;
  }
  const rows = areaWeights(height, sides.height);
  const columns = areaWeights(width, sides.width);
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < sides.height; y++) {
      for (let x = 0; x < sides.width; x++) {
        let sum = 0;
        for (const [row, rowWeight] of rows[y]) {
          for (const [column, columnWeight] of columns[x]) {
            sum += rowWeight * columnWeight * pixels[(n * height + row) * width + column];
          }
        }
        out[(n * sides.height + y) * sides.width + x] = Math.round(sum);
      }
    }
  }
  return out;
};

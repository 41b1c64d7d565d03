/** Batches to learn from: pictures moved, turned in colour, and half of them spoilt. */
import type { RandomStream } from "tsgan/random";
import { type Pictures, SIDE } from "./pictures.ts";

const AREA = SIDE * SIDE;
const SIZE = 3 * AREA;

/** Ways to spoil a picture in place; a level lies in (0, 1]. */
const ways = {
  noise: (image: Float32Array, level: number, random: RandomStream): void => {
    const noise = new Float32Array(SIZE);
    random.fillNormal(noise, 0, 0.6 * level);
    for (let i = 0; i < SIZE; i++) image[i] += noise[i];
  },
  /** Means of three neighbours along rows and columns, again and again, and a share of one time more. */
  blur: (image: Float32Array, level: number): void => {
    const copy = new Float32Array(SIZE);
    for (let left = 6 * level; left > 0; left--) {
      const share = Math.min(1, left) / 3;
      for (const stride of [1, SIDE]) {
        copy.set(image);
        for (let i = stride; i < SIZE - stride; i++) {
          image[i] += share * (copy[i - stride] + copy[i + stride] - 2 * copy[i]);
        }
      }
    }
  },
  /** Rectangles of another place of the picture. */
  patches: (image: Float32Array, level: number, random: RandomStream): void => {
    const copy = image.slice();
    const side = 10;
    for (let patch = 0; patch < Math.ceil(10 * level); patch++) {
      const [x, y, fromX, fromY] = Array.from({ length: 4 }, () => random.integer(SIDE - side));
      for (let c = 0; c < 3; c++) {
        for (let row = 0; row < side; row++) {
          const from = c * AREA + (fromY + row) * SIDE + fromX;
          image.set(copy.subarray(from, from + side), c * AREA + (y + row) * SIDE + x);
        }
      }
    }
  },
  /** A grid of brighter and darker pixels, as transposed convolutions leave it. */
  chequers: (image: Float32Array, level: number, random: RandomStream): void => {
    const period = 2 + 2 * random.integer(2);
    for (let i = 0; i < SIZE; i++) {
      const odd = Math.floor(i / SIDE) % period < period / 2 !== i % period < period / 2;
      image[i] += (odd ? 0.4 : -0.4) * level;
    }
  },
} as const;

export const KINDS = Object.keys(ways) as readonly (keyof typeof ways)[];

/** A picture at another place, size, and in other colours, or inverted; what comes in from outside repeats the border. */
const moved = (bytes: Uint8Array, out: Float32Array, random: RandomStream): void => {
  const zoom = 0.75 + 0.5 * random.uniform();
  const [dx, dy] = [0, 1].map(() => 16 * (random.uniform() - 0.5));
  const flip = random.uniform() < 0.5 ? -1 : 1;
  const order = random.permutation(3);
  const isInverted = random.uniform() < 0.4;
  const place = (at: number, shift: number, sign: number): number =>
    Math.min(SIDE - 1.001, Math.max(0, (sign * (at - SIDE / 2 + 0.5)) / zoom + SIDE / 2 - 0.5 + shift));
  const columns = Float32Array.from({ length: SIDE }, (_, x) => place(x, dx, flip));
  const rows = Float32Array.from({ length: SIDE }, (_, y) => place(y, dy, 1));
  for (let c = 0; c < 3; c++) {
    const [gain, shift] = [0.7 + 0.3 * random.uniform(), 0.3 * (random.uniform() - 0.5)];
    const sign = isInverted ? -gain : gain;
    const from = order[c] * AREA;
    for (let y = 0; y < SIDE; y++) {
      const top = Math.floor(rows[y]);
      const down = rows[y] - top;
      for (let x = 0; x < SIDE; x++) {
        const left = Math.floor(columns[x]);
        const right = columns[x] - left;
        const at = from + top * SIDE + left;
        const upper = bytes[at] + right * (bytes[at + 1] - bytes[at]);
        const lower = bytes[at + SIDE] + right * (bytes[at + SIDE + 1] - bytes[at + SIDE]);
        out[c * AREA + y * SIDE + x] = sign * ((upper + down * (lower - upper)) / 127.5 - 1) + shift;
      }
    }
  }
};

export interface SpoiltBatch {
  readonly image: Float32Array;
  readonly label: Int32Array;
  /** [count, kinds] */
  readonly levels: Float32Array;
}

export const spoiltBatch = (
  { bytes, labels, count }: Pictures,
  size: number,
  random: RandomStream,
): SpoiltBatch => {
  const image = new Float32Array(size * SIZE);
  const label = new Int32Array(size);
  const levels = new Float32Array(size * KINDS.length);
  for (let i = 0; i < size; i++) {
    const chosen = random.integer(count);
    const own = image.subarray(i * SIZE, (i + 1) * SIZE);
    moved(bytes.subarray(chosen * SIZE, (chosen + 1) * SIZE), own, random);
    label[i] = labels[chosen];
    if (random.uniform() < 0.5) continue;
    const kind = random.integer(KINDS.length);
    const level = 1 - random.uniform();
    ways[KINDS[kind]](own, level, random);
    levels[i * KINDS.length + kind] = level;
  }
  for (let k = 0; k < image.length; k++) image[k] = Math.min(1, Math.max(-1, image[k]));
  return { image, label, levels };
};

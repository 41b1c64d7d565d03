/** Pictures spoilt by degrees, for what features must rank. Levels lie in [0, 1]; 0 changes nothing. */
import type { RandomStream } from "../random/index.ts";

type Shape = readonly [channels: number, height: number, width: number];

/** Pictures [n, …shape] that are spoilt, as new ones. */
export type Spoil = (images: Float32Array, shape: Shape, level: number, random: RandomStream) => Float32Array;

const kept = (value: number): number => Math.min(1, Math.max(-1, value));

/** Each plane of each picture with its pixels from elsewhere: `from` gives the place that a pixel is read at. */
const moved = (
  images: Float32Array,
  [, height, width]: Shape,
  from: (y: number, x: number) => readonly [y: number, x: number],
): Float32Array => {
  const area = height * width;
  const sources = Array.from({ length: area }, (_, at) => {
    const [y, x] = from(Math.floor(at / width), at % width);
    const inside = (value: number, side: number): number =>
      Math.min(side - 1, Math.max(0, Math.round(value)));
    return inside(y, height) * width + inside(x, width);
  });
  return images.map((_, i) => images[i - (i % area) + sources[i % area]]);
};

export const spoils: Readonly<Record<string, Spoil>> = {
  noise: (images, _shape, level, random) => {
    const noise = new Float32Array(images.length);
    random.fillNormal(noise);
    return images.map((value, i) => kept(value + 0.5 * level * noise[i]));
  },
  /** Up to eight rounds of means of five neighbours. */
  blur: (images, [, height, width], level) => {
    const area = height * width;
    let out = images;
    for (let left = 8 * level; left > 0; left--) {
      const share = Math.min(1, left) / 5;
      const before = out;
      out = before.map((value, i) => {
        const [y, x] = [Math.floor((i % area) / width), i % width];
        const up = before[y > 0 ? i - width : i];
        const down = before[y < height - 1 ? i + width : i];
        return (
          value +
          share * (up + down + before[x > 0 ? i - 1 : i] + before[x < width - 1 ? i + 1 : i] - 4 * value)
        );
      });
    }
    return out;
  },
  /** Turned about the middle, by up to π there and by nothing at the border. */
  swirl: (images, shape, level) => {
    const [, height, width] = shape;
    const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
    const reach = Math.min(height, width) / 2;
    return moved(images, shape, (y, x) => {
      const [dy, dx] = [y - middleY, x - middleX];
      const angle = Math.PI * level * Math.max(0, 1 - Math.hypot(dy, dx) / reach);
      const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
      return [middleY + sin * dx + cos * dy, middleX + cos * dx - sin * dy];
    });
  },
  /** Each picture and the next one, one shining through the other. */
  mixing: (images, shape, level) => {
    const size = shape[0] * shape[1] * shape[2];
    return images.map((value, i) => value + (level / 2) * (images[(i + size) % images.length] - value));
  },
  /** The brightest are missing, and others stand in their place. */
  missing: (images, shape, level) => {
    const size = shape[0] * shape[1] * shape[2];
    const count = images.length / size;
    const sums = Array.from({ length: count }, (_, n) =>
      images.subarray(n * size, (n + 1) * size).reduce((sum, value) => sum + value, 0),
    );
    const order = [...sums.keys()].sort((a, b) => sums[a] - sums[b]);
    const left = Math.max(1, Math.round(count * (1 - 0.8 * level)));
    const out = new Float32Array(images.length);
    for (let n = 0; n < count; n++) {
      const from = order[n % left] * size;
      out.set(images.subarray(from, from + size), n * size);
    }
    return out;
  },
  /** Single pixels, of all channels, black or white. */
  pepper: (images, [channels, height, width], level, random) => {
    const area = height * width;
    const out = images.slice();
    for (let n = 0; n < images.length / (channels * area); n++) {
      for (let at = 0; at < area; at++) {
        if (random.uniform() >= 0.1 * level) continue;
        const value = random.uniform() < 0.5 ? -1 : 1;
        for (let c = 0; c < channels; c++) out[(n * channels + c) * area + at] = value;
      }
    }
    return out;
  },
};

/** Grids of images as PNG files. */
import { crc32, deflateSync } from "node:zlib";
import { UsageError } from "../errors.ts";
import { drawable, drawLine, GLYPH_HEIGHT, GLYPH_WIDTH, linesOfText } from "./pixel-font.ts";

export interface ImageGridOptions {
  /** Images a row; default ⌈√n⌉. */
  columns?: number;
  /** White pixels between images and around them, after scaling; default 2. */
  padding?: number;
  /** Pixels a pixel, in both directions; default 1. */
  scale?: number;
  /**
   * What stands above each column, in small capitals; a name in other letters than Latin ones has its number in its place,
   * from 1 on.
   */
  titles?: readonly string[];
}

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Rows of pixels, channels last. */
  readonly pixels: Uint8ClampedArray;
}

const WHITE = 255;
/** Side of a pixel of a letter. */
const DOT = 2;
const MOST_LINES = 3;
const LINE = (GLYPH_HEIGHT + 2) * DOT;

interface Title {
  readonly column: number;
  readonly lines: readonly string[];
}

/** Titles of columns of so many pixels, and the height of all of them. */
const titlesOf = (
  titles: readonly string[],
  cellWidth: number,
): { readonly titles: readonly Title[]; readonly height: number } => {
  const letters = Math.max(1, Math.floor(cellWidth / ((GLYPH_WIDTH + 1) * DOT)));
  const placed = titles.map((title, column) => ({
    column,
    lines: linesOfText(drawable(title) ?? `#${column + 1}`, letters, MOST_LINES),
  }));
  const most = Math.max(0, ...placed.map(({ lines }) => lines.length));
  return { titles: placed, height: most === 0 ? 0 : most * LINE + DOT };
};

/**
 * Lays images out in rows, as one picture of bytes.
 *
 * @param images n images, NCHW, in [−1, 1]; values outside are clipped
 * @param shape [channels, height, width], 1 or 3 channels
 * @throws UsageError for another number of channels, values that make no whole image, or columns, scale and padding out
 * of range
 */
export const imageGrid = (
  images: Float32Array,
  shape: readonly number[],
  options: ImageGridOptions = {},
): Bitmap => {
  const [channels, height, width] = shape;
  const stride = channels * height * width;
  const count = images.length / stride;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3) || !Number.isInteger(count) || count < 1) {
    throw new UsageError(
      `image grid: expected n images of [1 or 3,height,width]; got ${images.length} values of [${shape.join(",")}]`,
    );
  }
  const { columns = Math.ceil(Math.sqrt(count)), padding = 2, scale = 1, titles = [] } = options;
  for (const [option, value, least] of [
    ["columns", columns, 1],
    ["padding", padding, 0],
    ["scale", scale, 1],
  ] as const) {
    if (!(Number.isInteger(value) && value >= least)) {
      throw new UsageError(`image grid: ${option} must be an integer of at least ${least}; got ${value}`);
    }
  }
  const across = Math.min(columns, count);
  const cellWidth = width * scale + padding;
  const cellHeight = height * scale + padding;
  const totalWidth = across * cellWidth + padding;
  const head = titlesOf(titles.slice(0, across), cellWidth);
  const totalHeight = head.height + Math.ceil(count / across) * cellHeight + padding;
  const pixels = new Uint8ClampedArray(totalWidth * totalHeight * channels).fill(WHITE);
  for (let n = 0; n < count; n++) {
    const left = padding + (n % across) * cellWidth;
    const top = head.height + padding + Math.floor(n / across) * cellHeight;
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const source = n * stride + Math.floor(y / scale) * width + Math.floor(x / scale);
        const target = ((top + y) * totalWidth + left + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          pixels[target + channel] = (images[source + channel * height * width] + 1) * 127.5;
        }
      }
    }
  }
  for (const { column, lines } of head.titles) {
    lines.forEach((line, i) => {
      drawLine(line, (x, y) => {
        for (let dot = 0; dot < DOT * DOT; dot++) {
          const across = padding + column * cellWidth + x * DOT + (dot % DOT);
          const down = DOT + i * LINE + y * DOT + Math.floor(dot / DOT);
          if (across < totalWidth)
            pixels.fill(
              0,
              (down * totalWidth + across) * channels,
              (down * totalWidth + across + 1) * channels,
            );
        }
      });
    });
  }
  return { width: totalWidth, height: totalHeight, channels, pixels };
};

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** PNG's names of grey and of red, green, blue (RFC 2083, 4.1.1). */
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;

/** A chunk of a PNG file: length, name, contents, checksum of name and contents. */
const chunk = (name: string, contents: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(name, "latin1"), contents]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(contents.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};

/** A bitmap as a PNG file of eight bits a channel. */
const encodePng = ({ width, height, channels, pixels }: Bitmap): Uint8Array => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = COLOUR_TYPE[channels];
  // Before each row stands its filter: none.
  const stride = width * channels;
  const rows = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
};

/**
 * The PNG file of `imageGrid` with the same arguments.
 *
 * @param images n images, NCHW, in [−1, 1]
 * @param shape [channels, height, width]
 */
export const imageGridPng = async (
  images: Float32Array,
  shape: readonly number[],
  options: ImageGridOptions = {},
): Promise<Uint8Array> => {
  return encodePng(imageGrid(images, shape, options));
};

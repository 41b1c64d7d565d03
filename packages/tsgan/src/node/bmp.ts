/**
 * BMP, as Windows and scanners write it: 1, 4, 8 bits with a palette, 16, 24, 32 bits with or without masks, from the bottom
 * up or from the top down. sharp does not read it, and the packages that do take palettes for grey values or stop at odd
 * widths. Source: Microsoft, "Bitmap Storage" (BITMAPINFOHEADER, BITMAPV5HEADER).
 */

/** Why a picture cannot be read, in words for the person whose it is. */
export class PictureFault extends Error {
  override readonly name = "PictureFault";
}

export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  /** Rows from the top, channels last. */
  readonly data: Uint8Array;
}

const CORE_HEADER = 12;
const COMPRESSIONS: Readonly<Record<number, string>> = {
  1: "RLE8",
  2: "RLE4",
  4: "JPEG",
  5: "PNG",
};

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Blue, green, red for each index. */
  readonly palette: Uint8Array;
  /** Bytes of a palette's entry. */
  readonly entry: 3 | 4;
  /** Of red, green, blue, alpha; alpha 0 where there is none. */
  readonly masks: readonly [number, number, number, number];
}

const readHeader = (bytes: Uint8Array): Header => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(14, true);
  const core = size === CORE_HEADER;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = core ? view.getInt16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  if (compression in COMPRESSIONS)
    throw new PictureFault(`BMP compressed by ${COMPRESSIONS[compression]}; save it as PNG`);
  if (![1, 4, 8, 16, 24, 32].includes(bits) || width < 1 || signed === 0)
    throw new PictureFault("BMP with a damaged header");
  const masked = compression === 3 || compression === 6;
  const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const mask = (i: number): number =>
    masked && (i < 3 || size >= 56 || compression === 6) ? view.getUint32(54 + 4 * i, true) : usual[i];
  const entry = core ? 3 : 4;
  const used = core ? 0 : view.getUint32(46, true);
  const colours = bits > 8 ? 0 : Math.min(used || 2 ** bits, 2 ** bits);
  const tables = 14 + size + (masked && size === 40 ? (compression === 6 ? 16 : 12) : 0);
  return {
    width,
    height: Math.abs(signed),
    topDown: signed < 0,
    bits,
    start: view.getUint32(10, true),
    palette: bytes.subarray(tables, tables + entry * colours),
    entry,
    masks: [mask(0), mask(1), mask(2), mask(3)],
  };
};

/** The bits of a mask as a byte: 5 bits of all ones are 255. */
const scaled = (pixel: number, mask: number): number => {
  if (mask === 0) return 255;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return Math.round((255 * ((pixel & mask) >>> shift)) / most);
};

/** Width and height alone. @throws PictureFault */
export const bmpSize = (bytes: Uint8Array): { width: number; height: number } => {
  try {
    const { width, height } = readHeader(bytes);
    return { width, height };
  } catch (error) {
    throw error instanceof RangeError ? new PictureFault("BMP, cut short") : error;
  }
};

/** @throws PictureFault */
export const decodeBmp = (bytes: Uint8Array): RawPicture => {
  const { width, height } = bmpSize(bytes);
  const { topDown, bits, start, palette, entry, masks } = readHeader(bytes);
  const row = 4 * Math.ceil((width * bits) / 32);
  if (start + row * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length)
    throw new PictureFault("BMP, cut short");
  const channels = masks[3] !== 0 && bits >= 16 ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const from = start + row * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      if (bits <= 8) {
        const bit = x * bits;
        const index = (bytes[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
        if (entry * index + 2 >= palette.length)
          throw new PictureFault("BMP with an index beyond its palette");
        for (let c = 0; c < 3; c++) data[to++] = palette[entry * index + 2 - c];
      } else if (bits === 24) {
        for (let c = 0; c < 3; c++) data[to++] = bytes[from + 3 * x + 2 - c];
      } else {
        const at = from + (x * bits) / 8;
        const pixel =
          bits === 16
            ? bytes[at] | (bytes[at + 1] << 8)
            : (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
        for (let c = 0; c < channels; c++) data[to++] = scaled(pixel, masks[c]);
      }
    }
  }
  return channels === 4
    ? withoutEmptyAlpha({ width, height, channels, data })
    : { width, height, channels, data };
};

/** Many programs leave the fourth byte 0 and mean an opaque picture. */
const withoutEmptyAlpha = (picture: RawPicture): RawPicture => {
  const { width, height, data } = picture;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return picture;
  const opaque = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    opaque.set(data.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  }
  return { width, height, channels: 3, data: opaque };
};

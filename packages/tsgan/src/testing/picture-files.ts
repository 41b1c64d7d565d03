/** Picture files made byte by byte, where no library writes what people have: CMYK and YCCK, odd BMPs, float TIFFs. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGB, rows from the top. */
  readonly data: Uint8Array;
}

/** An upright picture in which no two pixels are alike. */
export const pattern = (width: number, height: number): Pixels => {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set([(x * 53 + 7) % 256, (y * 71 + 31) % 256, (x * 17 + y * 29) % 256], 3 * (y * width + x));
    }
  }
  return { width, height, data };
};

/** Where the upright pixel (x, y) of a picture of `width` × `height` is stored under an EXIF orientation. */
const storedAt = (
  orientation: number,
  x: number,
  y: number,
  width: number,
  height: number,
): [number, number] => {
  const [right, bottom] = [width - 1 - x, height - 1 - y];
  const places: [number, number][] = [
    [x, y],
    [right, y],
    [right, bottom],
    [x, bottom],
    [y, x],
    [y, right],
    [bottom, right],
    [bottom, x],
  ];
  return places[orientation - 1];
};

/** The pixels as a camera stores them that was held so: turned back by `orientation` they are upright. */
export const asStored = <T extends { width: number; height: number; data: Uint8Array }>(
  { width, height, data }: T,
  orientation: number,
  channels = 3,
): { width: number; height: number; data: Uint8Array } => {
  const swapped = orientation >= 5;
  const stored = { width: swapped ? height : width, height: swapped ? width : height };
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = storedAt(orientation, x, y, width, height);
      const from = channels * (y * width + x);
      out.set(data.subarray(from, from + channels), channels * (v * stored.width + u));
    }
  }
  return { ...stored, data: out };
};

const u16be = (value: number): number[] => [value >> 8, value & 255];
const u32le = (value: number): number[] => [
  value & 255,
  (value >> 8) & 255,
  (value >> 16) & 255,
  (value >>> 24) & 255,
];
const u16le = (value: number): number[] => [value & 255, value >> 8];
const latin = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** A TIFF block that says nothing but the orientation. */
const exif = (orientation: number): number[] => [
  ...latin("Exif\0\0MM\0*"),
  ...[0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
];

/** Codes of the DC table of ITU T.81, table K.3: category → bits and their length. */
const DC_LENGTHS = [2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9];
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];

const dcCodes = (): number[] => {
  const codes: number[] = [];
  let code = 0;
  DC_LENGTHS.forEach((length, i) => {
    if (i > 0) code = (code + 1) << (length - DC_LENGTHS[i - 1]);
    codes.push(code);
  });
  return codes;
};

/**
 * A baseline JPEG of one-coloured blocks of 8 × 8, which come back exactly.
 *
 * @param blocks components of each block, rows from the top: YCbCr, CMYK or YCCK as they are stored
 * @param options.transform of Adobe's marker: 0 for CMYK, 2 for YCCK
 */
export const blockJpeg = (
  wide: number,
  high: number,
  blocks: readonly (readonly number[])[],
  options: { readonly transform?: 0 | 2; readonly orientation?: number } = {},
): Uint8Array => {
  const components = blocks[0].length;
  const segment = (marker: number, body: readonly number[]) => [
    0xff,
    marker,
    ...u16be(body.length + 2),
    ...body,
  ];
  const bytes = [0xff, 0xd8];
  if (options.orientation !== undefined) bytes.push(...segment(0xe1, exif(options.orientation)));
  if (options.transform !== undefined) {
    bytes.push(...segment(0xee, [...latin("Adobe"), 0, 100, 0, 0, 0, 0, options.transform]));
  }
  bytes.push(...segment(0xdb, [0, ...new Array(64).fill(8)]));
  const parts = Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat();
  bytes.push(...segment(0xc0, [8, ...u16be(8 * high), ...u16be(8 * wide), components, ...parts]));
  bytes.push(...segment(0xc4, [0x00, ...DC_COUNTS, ...DC_LENGTHS.keys()]));
  bytes.push(...segment(0xc4, [0x10, 1, ...new Array(15).fill(0), 0]));
  const scan = Array.from({ length: components }, (_, i) => [i + 1, 0]).flat();
  bytes.push(...segment(0xda, [components, ...scan, 0, 63, 0]));
  const bits: number[] = [];
  const push = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  const codes = dcCodes();
  const last = new Array<number>(components).fill(0);
  for (const block of blocks) {
    block.forEach((value, c) => {
      const dc = value - 128;
      const difference = dc - last[c];
      last[c] = dc;
      const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      push(codes[category], DC_LENGTHS[category]);
      push(difference < 0 ? difference + 2 ** category - 1 : difference, category);
      push(0, 1); // no more coefficients
    });
  }
  while (bits.length % 8 !== 0) bits.push(1);
  for (let i = 0; i < bits.length; i += 8) {
    const byte = bits.slice(i, i + 8).reduce((sum, bit) => 2 * sum + bit, 0);
    bytes.push(byte);
    if (byte === 0xff) bytes.push(0);
  }
  return Uint8Array.from([...bytes, 0xff, 0xd9]);
};

/** What libjpeg makes of the first three of YCCK's components: CMY. */
export const cmykOfYcck = ([y, cb, cr, k]: readonly number[]): number[] => {
  const fix = (x: number) => Math.round(x * 65536);
  const clip = (x: number) => Math.min(255, Math.max(0, x));
  const [b, r] = [cb - 128, cr - 128];
  return [
    clip(255 - (y + ((fix(1.402) * r + 32768) >> 16))),
    clip(255 - (y + ((-fix(0.34414) * b - fix(0.71414) * r + 32768) >> 16))),
    clip(255 - (y + ((fix(1.772) * b + 32768) >> 16))),
    k,
  ];
};

export interface BmpOptions {
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  readonly topDown?: boolean;
  /** OS/2's short header. */
  readonly core?: boolean;
  readonly alpha?: number;
}

/** A BMP; with a palette of the picture's colours up to 8 bits, and 5 bits a channel at 16. */
export const bmp = ({ width, height, data }: Pixels, options: BmpOptions): Uint8Array => {
  const { bits, topDown = false, core = false, alpha } = options;
  const colours: string[] = [];
  const at = (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  const indexOf = (colour: readonly number[]): number => {
    const known = colours.indexOf(colour.join());
    return known !== -1 ? known : colours.push(colour.join()) - 1;
  };
  const rows = Array.from({ length: height }, (_, row) => {
    const y = topDown ? row : height - 1 - row;
    const stream: number[] = [];
    for (let x = 0; x < width; x++) {
      const [r, g, b] = at(x, y);
      if (bits === 24) stream.push(b, g, r);
      else if (bits === 32) stream.push(b, g, r, alpha ?? 0);
      else if (bits === 16) stream.push(...u16le(((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3)));
      else {
        const place = Math.floor((x * bits) / 8);
        stream[place] = (stream[place] ?? 0) | (indexOf([r, g, b]) << (8 - bits - ((x * bits) % 8)));
      }
    }
    while (stream.length % 4 !== 0) stream.push(0);
    return stream;
  });
  const used = bits <= 8 ? 2 ** bits : 0;
  if (colours.length > used && bits <= 8) throw new Error(`${colours.length} colours in ${bits} bits`);
  const palette = Array.from({ length: used }, (_, i) => {
    const [r, g, b] = (colours[i] ?? "0,0,0").split(",").map(Number);
    return core ? [b, g, r] : [b, g, r, 0];
  }).flat();
  const masked = bits === 32 && alpha !== undefined;
  const header = core
    ? [...u32le(12), ...u16le(width), ...u16le(height), 1, 0, bits, 0]
    : [
        ...u32le(masked ? 56 : 40),
        ...u32le(width),
        ...u32le(topDown ? -height : height),
        ...[1, 0, bits, 0],
        ...u32le(masked ? 3 : 0),
        ...new Array(20).fill(0),
        ...(masked ? [0xff0000, 0xff00, 0xff, 0xff000000].flatMap(u32le) : []),
      ];
  const start = 14 + header.length + palette.length;
  const pixels = rows.flat();
  return Uint8Array.from([
    ...latin("BM"),
    ...u32le(start + pixels.length),
    ...[0, 0, 0, 0],
    ...u32le(start),
    ...header,
    ...palette,
    ...pixels,
  ]);
};

/** A grey TIFF of 32-bit floats. */
export const floatTiff = (width: number, height: number, value: number): Uint8Array => {
  const entry = (tag: number, type: 3 | 4, x: number) => [
    ...u16le(tag),
    ...u16le(type),
    ...u32le(1),
    ...u32le(x),
  ];
  const tags: [number, 3 | 4, number][] = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8 + 2 + 10 * 12 + 4],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, 4 * width * height],
    [339, 3, 3],
  ];
  const values = new Float32Array(width * height).fill(value);
  return Uint8Array.from([
    ...latin("II*\0"),
    ...u32le(8),
    ...u16le(tags.length),
    ...tags.flatMap((tag) => entry(...tag)),
    ...[0, 0, 0, 0],
    ...new Uint8Array(values.buffer),
  ]);
};

/** The first bytes of an iPhone's photo: enough to know it by. */
export const heicHead = (): Uint8Array =>
  Uint8Array.from([
    0,
    0,
    0,
    24,
    ...latin("ftypheic"),
    0,
    0,
    0,
    0,
    ...latin("mif1heic"),
    ...new Array(200).fill(1),
  ]);

/** A NumPy array. `descr` as NumPy writes it: "|u1", "<f4" … */
export const npy = (
  descr: string,
  shape: readonly number[],
  values: ArrayBufferView,
  options: { readonly fortran?: boolean } = {},
): Uint8Array => {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': ${options.fortran ? "True" : "False"}, 'shape': (${sides}), }`;
  const padded = `${text.padEnd(117)}\n`;
  const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Uint8Array.from([...latin("\x93NUMPY"), 1, 0, ...u16le(padded.length), ...latin(padded), ...body]);
};

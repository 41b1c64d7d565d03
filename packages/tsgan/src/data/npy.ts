/**
 * Arrays in NumPy's format: a header that says type, order and shape, then the values.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { RunError } from "../errors.ts";

export interface NpyHeader {
  readonly kind: "boolean" | "unsigned" | "signed" | "float" | "unicode" | "bytes";
  /** Of one value. */
  readonly bytes: number;
  readonly littleEndian: boolean;
  /** First dimension fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly offset: number;
}

const MAGIC = "\x93NUMPY";
const KINDS: Readonly<Record<string, NpyHeader["kind"]>> = {
  b: "boolean",
  u: "unsigned",
  i: "signed",
  f: "float",
  U: "unicode",
  S: "bytes",
};

/** How an array's type is called: `uint8`, `float32`. */
export const typeName = ({ kind, bytes }: NpyHeader): string => {
  if (kind === "boolean") return "bool";
  const stem = { unsigned: "uint", signed: "int", float: "float", unicode: "text", bytes: "text" }[kind];
  return stem === "text" ? stem : `${stem}${8 * bytes}`;
};

/**
 * @param head the beginning of the file, header included
 * @throws RunError for another format, a damaged header, or values that are not numbers or words
 */
export const readNpyHeader = (head: Uint8Array, name: string): NpyHeader => {
  const latin = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (latin(0, MAGIC.length) !== MAGIC) throw new RunError(`${name}: expected a NumPy array (.npy)`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const wide = head[6] >= 2;
  const start = wide ? 12 : 10;
  const length =
    head.length < start ? Number.POSITIVE_INFINITY : wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > head.length)
    throw new RunError(`${name}: the header of the NumPy array is damaged or cut short`);
  const text = latin(start, start + length);
  const [, order, code = "", digits] = /'descr':\s*'([<>|=]?)([a-zA-Z])(\d*)'/.exec(text) ?? [];
  const [, fortran] = /'fortran_order':\s*(True|False)/.exec(text) ?? [];
  const [, dimensions] = /'shape':\s*\(([^)]*)\)/.exec(text) ?? [];
  if (fortran === undefined || dimensions === undefined) {
    throw new RunError(`${name}: the header of the NumPy array is damaged or cut short`);
  }
  const kind = KINDS[code];
  if (kind === undefined) {
    const descr = /'descr':\s*('[^']*'|\[.*?\](?=,\s*'))/.exec(text)?.[1] ?? "nothing";
    throw new RunError(`${name}: expected an array of numbers; got values of type ${descr}`);
  }
  const shape = dimensions.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0)) {
    throw new RunError(`${name}: the header of the NumPy array has a damaged shape (${dimensions})`);
  }
  const bytes = Number(digits) * (kind === "unicode" ? 4 : 1);
  return {
    kind,
    bytes,
    littleEndian: order !== ">",
    fortran: fortran === "True",
    shape,
    offset: start + length,
  };
};

const half = (bits: number): number => {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

type ReadValue = (view: DataView, index: number) => number;

/** How a value of each type is read, by kind and bytes. */
const readers = (little: boolean): Readonly<Record<string, ReadValue>> => ({
  boolean1: (view, i) => (view.getUint8(i) === 0 ? 0 : 1),
  unsigned1: (view, i) => view.getUint8(i),
  unsigned2: (view, i) => view.getUint16(2 * i, little),
  unsigned4: (view, i) => view.getUint32(4 * i, little),
  unsigned8: (view, i) => Number(view.getBigUint64(8 * i, little)),
  signed1: (view, i) => view.getInt8(i),
  signed2: (view, i) => view.getInt16(2 * i, little),
  signed4: (view, i) => view.getInt32(4 * i, little),
  signed8: (view, i) => Number(view.getBigInt64(8 * i, little)),
  float2: (view, i) => half(view.getUint16(2 * i, little)),
  float4: (view, i) => view.getFloat32(4 * i, little),
  float8: (view, i) => view.getFloat64(8 * i, little),
});

/** Reads a value at a place counted in values. @throws RunError for types that are no plain numbers */
export const valueReader = ({ kind, bytes, littleEndian: little }: NpyHeader, name: string): ReadValue => {
  const reader = Object.entries(readers(little)).find(([type]) => type === `${kind}${bytes}`)?.[1];
  if (reader === undefined)
    throw new RunError(`${name}: values of ${8 * bytes} bits (${kind}) are not read; use float32`);
  return reader;
};

/** How pictures lie in an array. */
export interface ArrayPictures {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  /** Whether a pixel's channels lie beside each other, or each channel is a plane. */
  readonly channelsLast: boolean;
}

const isChannels = (side: number): side is 1 | 3 | 4 => side === 1 || side === 3 || side === 4;

/**
 * Pictures as [n, height, width], [n, height, width, channels] or [n, channels, height, width].
 *
 * @throws RunError, with the remedy, for an array of another shape
 */
export const arrayPictures = ({ shape }: Pick<NpyHeader, "shape">, name: string): ArrayPictures => {
  const [count = 0, a = 0, b = 0, c = 0] = shape;
  const text = `[${shape.join(", ")}]`;
  const expected = `${name}: expected pictures as [n, height, width], [n, height, width, channels] or [n, channels, height, width]; got ${text}`;
  if (shape.length === 3 && (b === 3 || b === 4) && count > 4 && a > 4) {
    throw new RunError(`${expected}, which looks like one picture; a data set needs at least 2`);
  }
  if (shape.length === 2) {
    throw new RunError(
      `${expected}; points are read from tables: numpy.savetxt("points.csv", array, delimiter=","); flat pictures need array.reshape(n, height, width)`,
    );
  }
  if (shape.some((side) => side === 0)) throw new RunError(`${expected}, which is empty`);
  if (shape.length === 3) return { count, height: a, width: b, channels: 1, channelsLast: true };
  if (shape.length !== 4 || !(isChannels(a) || isChannels(c))) throw new RunError(expected);
  // Where both ends could be channels, sides of equal length decide.
  const last = isChannels(c) && (!isChannels(a) || a === b || b !== c);
  return last
    ? { count, height: a, width: b, channels: c as 1 | 3 | 4, channelsLast: true }
    : { count, height: b, width: c, channels: a as 1 | 3 | 4, channelsLast: false };
};

/** The values of an array of one dimension, or of one column, as names of classes. @throws RunError for anything else */
export const npyLabels = (bytes: Uint8Array, name: string): string[] => {
  const header = readNpyHeader(bytes, name);
  const { shape, kind, offset } = header;
  const count = shape[0] ?? 0;
  if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new RunError(`${name}: expected one label an example, [n]; got [${shape.join(", ")}]`);
  }
  if (bytes.length < offset + count * header.bytes) throw new RunError(`${name}: the array is cut short`);
  const values = bytes.subarray(offset);
  if (kind === "unicode" || kind === "bytes") {
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    const step = kind === "unicode" ? 4 : 1;
    return Array.from({ length: count }, (_, i) => {
      const letters: string[] = [];
      for (let at = i * header.bytes; at < (i + 1) * header.bytes; at += step) {
        const code = step === 1 ? view.getUint8(at) : view.getUint32(at, header.littleEndian);
        if (code !== 0) letters.push(String.fromCodePoint(Math.min(code, 0x10ffff)));
      }
      return letters.join("").normalize("NFC");
    });
  }
  const read = valueReader(header, name);
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return Array.from({ length: count }, (_, i) => String(read(view, i)));
};

export interface ByteScale {
  /** byte = factor · (value − low), rounded and clipped. */
  readonly low: number;
  readonly factor: number;
  /** What was taken for black and white, in words. */
  readonly described: string;
}

const SLACK = 0.01;

/**
 * What values stand for black and white, from their type and the lowest and highest of all.
 *
 * @throws RunError for values that fit none of [0, 1], [−1, 1], [0, 255] and the range of 16 bits
 */
export const byteScale = (header: NpyHeader, low: number, high: number, name: string): ByteScale => {
  const { kind } = header;
  const said = (from: number, to: number): ByteScale => ({
    low: from,
    factor: 255 / (to - from),
    described: `values of type ${typeName(header)} from ${tidy(low)} to ${tidy(high)}: ${from} is black, ${to} white`,
  });
  if (kind === "boolean") return said(0, 1);
  const whole = kind !== "float";
  if (low >= -SLACK && high <= 1 + (whole ? 0 : SLACK) && high > 0) return said(0, 1);
  if (low >= -1 - SLACK && high <= 1 + SLACK && low < 0) return said(-1, 1);
  if (low >= 0 && high <= 255) return said(0, 255);
  if (whole && low >= 0 && high <= 65535) return said(0, 65535);
  throw new RunError(
    `${name}: expected values in [0, 1], [-1, 1] or [0, 255]; got ${tidy(low)} to ${tidy(high)} (${typeName(header)}); scale them`,
  );
};

const tidy = (value: number): string => String(Number(value.toPrecision(4)));

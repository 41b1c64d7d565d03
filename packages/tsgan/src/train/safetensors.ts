/**
 * The safetensors format (https://github.com/huggingface/safetensors): the header's length as a little-endian uint64,
 * a JSON header `{name: {dtype, shape, data_offsets}}` padded with spaces to 8 bytes, then the raw little-endian data.
 * F32 and I32 are written; F64, F16 and BF16 are read, too, and become F32 (the nearest), and so is I64, which becomes I32.
 * Typed arrays are written as they lie in memory: little-endian, as on every platform with an ONNX Runtime.
 *
 * A file may carry a digest of itself, as 32 hexadecimal digits: `digest`, the first of its metadata, over the whole file
 * with zeros in the place of the digits.
 */
import type { Bytes } from "../arrays.ts";
import { RunError } from "../errors.ts";
import { isRecord } from "../options.ts";
import { digestOf } from "./digest.ts";

export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface Safetensors {
  readonly tensors: Readonly<Record<string, TensorData>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes; those of a network of ten thousand tensors are a tenth of it. */
const MAX_HEADER = 16 << 20;

type Dtype = "F32" | "I32" | "F64" | "F16" | "BF16" | "I64";
type Fail = (message: string) => never;

/** Types of tensors: bytes of a number, and how those of a tensor become an array. */
const dtypes: Readonly<
  Record<Dtype, { readonly bytes: number; read(data: Bytes, fail: Fail): TensorData["data"] }>
> = {
  F32: { bytes: 4, read: (data) => new Float32Array(data.buffer) },
  I32: { bytes: 4, read: (data) => new Int32Array(data.buffer) },
  F64: { bytes: 8, read: (data) => Float32Array.from(new Float64Array(data.buffer)) },
  F16: { bytes: 2, read: (data) => Float32Array.from(new Uint16Array(data.buffer), fromHalf) },
  // The upper half of a float32.
  BF16: {
    bytes: 2,
    read: (data) =>
      new Float32Array(Uint32Array.from(new Uint16Array(data.buffer), (bits) => bits << 16).buffer),
  },
  I64: {
    bytes: 8,
    read: (data, fail) => Int32Array.from(new BigInt64Array(data.buffer), (n) => toInt32(n, fail)),
  },
};

/** A float16 from its bits: a sign, five of the exponent, ten of the fraction. */
const fromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const toInt32 = (value: bigint, fail: Fail): number =>
  BigInt.asIntN(32, value) === value ? Number(value) : fail(`expected integers of 32 bits; got ${value}`);

const isDtype = (dtype: string): dtype is Dtype => Object.hasOwn(dtypes, dtype);

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

const DIGITS = 32;
const NO_DIGEST = "0".repeat(DIGITS);
const BEFORE_DIGEST = new TextEncoder().encode('{"__metadata__":{"digest":"');
/** Where the digits stand in a file. */
const DIGEST = 8 + BEFORE_DIGEST.length;
/** Bytes of the blocks that hold the digits. */
const HEAD = Math.ceil((DIGEST + DIGITS) / 16) * 16;

/** The digest of a file that has a place for one, whatever stands there now. */
const digestWithin = (bytes: Uint8Array): string => {
  // A copy: the `slice` of a Buffer of Node.js would be the caller's own bytes.
  const head = new Uint8Array(bytes.subarray(0, HEAD));
  head.fill(0x30, DIGEST, DIGEST + DIGITS);
  return digestOf([head, bytes.subarray(HEAD)]);
};

/** The digits in their place; undefined where a file has none. */
const writtenDigest = (bytes: Uint8Array): string | undefined =>
  bytes.length >= DIGEST + DIGITS && BEFORE_DIGEST.every((byte, i) => bytes[8 + i] === byte)
    ? new TextDecoder("latin1").decode(bytes.subarray(DIGEST, DIGEST + DIGITS))
    : undefined;

/**
 * The bytes of a file that holds the tensors, in the order given: equal input gives equal bytes. With `digest` the file carries
 * a digest of itself, as `digest` in its metadata.
 *
 * @param given metadata: texts by name
 * @throws RangeError for a tensor with another number of values than its shape
 */
export const encodeSafetensors = (
  tensors: Readonly<Record<string, TensorData>>,
  given: Readonly<Record<string, string>> = {},
  { digest = false }: { readonly digest?: boolean } = {},
): Bytes => {
  const metadata = digest ? { digest: NO_DIGEST, ...given } : given;
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(["__metadata__", metadata]);
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (elements(shape) !== data.length) {
      throw new RangeError(
        `safetensors: tensor ${name} of shape [${shape.join(",")}] must have ${elements(shape)} values; got ${data.length}`,
      );
    }
    const dtype = data instanceof Float32Array ? "F32" : "I32";
    const end = offset + data.byteLength;
    header.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.fill(0x20, 8, start);
  bytes.set(text, 8);
  let position = start;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  if (digest) bytes.set(new TextEncoder().encode(digestWithin(bytes)), DIGEST);
  return bytes;
};

interface Header {
  /** By their places in the file. */
  readonly entries: readonly {
    readonly name: string;
    readonly dtype: Dtype;
    readonly shape: readonly number[];
    /** Bytes, from `start` on. */
    readonly from: number;
    readonly to: number;
  }[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly start: number;
}

/**
 * Bytes of a file up to where its data begin, from its first eight.
 *
 * @throws RunError for what is no safetensors file, or has fewer bytes
 */
export const safetensorsHead = (bytes: Uint8Array, size: number, file = "safetensors"): number => {
  const fail = (message: string): never => {
    throw new RunError(`${file}: ${message}`);
  };
  if (size < 8) fail(`not a safetensors file, or truncated; expected at least 8 bytes, got ${size}`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > MAX_HEADER) {
    fail(`not a safetensors file; expected a header of at most ${MAX_HEADER} bytes, got ${headerLength}`);
  }
  const start = 8 + headerLength;
  if (size < start) fail(`truncated in its header; expected ${start} bytes, got ${size}`);
  return start;
};

/**
 * What a file says that it holds, from its bytes up to where its data begin.
 *
 * @param size bytes of the whole file
 * @throws RunError where it is anything but a well-formed file of this size, of tensors of types that are read
 */
export const safetensorsHeader = (bytes: Uint8Array, size: number, file = "safetensors"): Header => {
  const fail = (message: string): never => {
    throw new RunError(`${file}: ${message}`);
  };
  const start = safetensorsHead(bytes, size, file);

  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start));
    header = JSON.parse(text);
  } catch (cause) {
    throw new RunError(`${file}: not a safetensors file; its header is not JSON`, { cause });
  }
  if (!isRecord(header)) return fail("not a safetensors file; its header is not a JSON object");
  const twice = repeatedKey(text);
  if (twice !== undefined) fail(`damaged header; it names "${twice}" twice`);

  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    fail("damaged header; __metadata__ must map strings to strings");
  }
  const parsed = Object.entries(entries)
    .map(([name, entry]) => {
      if (!isEntry(entry))
        return fail(`tensor "${name}": expected dtype, shape and data_offsets in the header`);
      const { dtype } = entry;
      if (!isDtype(dtype)) {
        return fail(`tensor "${name}": expected dtype ${Object.keys(dtypes).join(", ")}; got ${dtype}`);
      }
      const [from, to] = entry.data_offsets;
      const expected = elements(entry.shape) * dtypes[dtype].bytes;
      if (to - from !== expected) {
        fail(`tensor "${name}": expected ${expected} bytes for [${entry.shape.join(",")}]; got ${to - from}`);
      }
      return { name, dtype, shape: entry.shape, from, to };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of parsed) {
    if (from !== end) fail(`tensor "${name}": expected its data to begin at byte ${end}; got ${from}`);
    end = to;
  }
  if (size !== start + end) {
    const state = size < start + end ? "truncated" : "too long";
    fail(`${state}; expected ${start + end} bytes, got ${size}`);
  }
  return { entries: parsed, metadata: metadata as Record<string, string>, start };
};

/**
 * The tensors and metadata of a file's bytes, copied out of them.
 *
 * @param file what the errors call the data
 * @throws RunError where the bytes are truncated, too long, or anything but a well-formed file of tensors of types that are
 * read, hold integers that take more than 32 bits, or where they are not what the digest that they carry was taken of
 */
export const decodeSafetensors = (bytes: Uint8Array, file = "safetensors"): Safetensors => {
  const { entries, metadata, start } = safetensorsHeader(bytes, bytes.length, file);
  const written = writtenDigest(bytes);
  if (written !== undefined) {
    const found = digestWithin(bytes);
    if (found !== written) {
      throw new RunError(`${file}: damaged; expected content with the digest ${written}; got ${found}`);
    }
  }
  const tensors = entries.map(({ name, dtype, shape, from, to }): [string, TensorData] => {
    // A copy, since the data need not begin at a multiple of its numbers' bytes in the buffer; not by slice, which is a view in Buffer.
    const data = new Uint8Array(bytes.subarray(start + from, start + to));
    const fail = (message: string): never => {
      throw new RunError(`${file}: tensor "${name}": ${message}`);
    };
    return [name, { shape, data: dtypes[dtype].read(data, fail) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
};

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);

const isEntry = (
  entry: unknown,
): entry is { dtype: string; shape: number[]; data_offsets: [number, number] } =>
  isRecord(entry) &&
  typeof entry.dtype === "string" &&
  isSizes(entry.shape) &&
  isSizes(entry.data_offsets) &&
  entry.data_offsets.length === 2;

/**
 * A tensor that the header names more than once, which `JSON.parse` would pass over in silence. Strings are read one
 * after the other, so that text inside a string is never taken for a key; only tensors and metadata are objects.
 */
const repeatedKey = (header: string): string | undefined => {
  const seen = new Set<string>();
  for (const [, key, opens] of header.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:\s*\{)?/g)) {
    if (opens === undefined) continue;
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
};

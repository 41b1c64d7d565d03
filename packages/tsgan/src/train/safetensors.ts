/**
 * The safetensors format (https://github.com/huggingface/safetensors): the header's length as a little-endian uint64,
 * a JSON header `{name: {dtype, shape, data_offsets}}` padded with spaces to 8 bytes, then the raw little-endian data.
 * Only F32 and I32 are supported. Typed arrays are written as they lie in memory: little-endian, as on every platform
 * with an ONNX Runtime.
 */
import { RunError } from "../errors.ts";

export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface Safetensors {
  readonly tensors: Readonly<Record<string, TensorData>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const MAX_HEADER = 100_000_000;
const BYTES_PER_VALUE = 4;

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** The bytes of a file that holds the tensors, in the order given: equal input gives equal bytes. */
export const encodeSafetensors = (
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> => {
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
  return bytes;
};

/**
 * The tensors and metadata of a file's bytes, copied out of them.
 *
 * @param file what the errors call the data
 * @throws RunError where the bytes are truncated, too long, or anything but a well-formed file of F32 and I32 tensors
 */
export const decodeSafetensors = (bytes: Uint8Array, file = "safetensors"): Safetensors => {
  const fail = (message: string): never => {
    throw new RunError(`${file}: ${message}`);
  };
  if (bytes.length < 8)
    fail(`not a safetensors file, or truncated; expected at least 8 bytes, got ${bytes.length}`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > MAX_HEADER) {
    fail(`not a safetensors file; expected a header of at most ${MAX_HEADER} bytes, got ${headerLength}`);
  }
  const start = 8 + headerLength;
  if (bytes.length < start) fail(`truncated in its header; expected ${start} bytes, got ${bytes.length}`);

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
      if (entry.dtype !== "F32" && entry.dtype !== "I32") {
        return fail(`tensor "${name}": expected dtype F32 or I32; got ${entry.dtype}`);
      }
      const [from, to] = entry.data_offsets;
      const expected = elements(entry.shape) * BYTES_PER_VALUE;
      if (to - from !== expected) {
        fail(`tensor "${name}": expected ${expected} bytes for [${entry.shape.join(",")}]; got ${to - from}`);
      }
      return { name, dtype: entry.dtype, shape: entry.shape, from, to };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of parsed) {
    if (from !== end) fail(`tensor "${name}": expected its data to begin at byte ${end}; got ${from}`);
    end = to;
  }
  if (bytes.length !== start + end) {
    const state = bytes.length < start + end ? "truncated" : "too long";
    fail(`${state}; expected ${start + end} bytes, got ${bytes.length}`);
  }
  const tensors = parsed.map(({ name, dtype, shape, from, to }): [string, TensorData] => {
    // A copy, since the data need not begin at a multiple of four in the buffer; not by slice, which is a view in Buffer.
    const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to));
    return [name, { shape, data: dtype === "F32" ? new Float32Array(buffer) : new Int32Array(buffer) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

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

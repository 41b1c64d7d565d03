/**
 * TensorBoard's event files. A file is records one after the other (TFRecord): the length as a little-endian uint64, its masked
 * CRC-32C, the data, theirs; the data are protobuf messages `Event`, the first of which says the version. Only what tsgan
 * writes is here: scalars, images, and where a session begins.
 *
 * Sources: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto
 */
import { closeSync } from "node:fs";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { fileError, openFile, readInto } from "./files.ts";

/** What an event holds: figures by their tags, a picture, or that a session begins, which hides what came later before it. */
export type EventContent =
  | { readonly version: string }
  | { readonly scalars: Readonly<Record<string, number>> }
  | {
      readonly tag: string;
      readonly png: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly channels: number;
    }
  | { readonly begins: true };

export interface BoardEvent {
  /** Seconds since 1970. */
  readonly time: number;
  readonly step: number;
  readonly content: EventContent;
}

/** What the first event of every file says. */
export const FILE_VERSION = "brain.Event:2";

/** CRC-32C (Castagnoli), reflected. */
const CASTAGNOLI = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? CASTAGNOLI : 0);
  return crc;
});

/** CRC-32C as TFRecord has it: turned right by 15 bits, and a constant added. */
export const maskedCrc = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
};

const HEAD = 12;
const FOOT = 4;

/** A record of the data. */
const encodeRecord = (data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(HEAD + data.length + FOOT);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, HEAD);
  view.setUint32(HEAD + data.length, maskedCrc(data), true);
  return bytes;
};

/** Bytes of a message within another: field number and wire type 2. */
const bytesTag = (field: number): number => (field << 3) | 2;
const DOUBLE = 1;
const FLOAT = 5;

const encodeContent = (writer: BinaryWriter, content: EventContent): void => {
  if ("version" in content) writer.uint32(bytesTag(3)).string(content.version);
  else if ("begins" in content) writer.uint32(bytesTag(7)).fork().uint32(8).int32(1).join();
  else if ("scalars" in content) {
    writer.uint32(bytesTag(5)).fork();
    for (const [tag, value] of Object.entries(content.scalars)) {
      writer.uint32(bytesTag(1)).fork();
      writer.uint32(bytesTag(1)).string(tag);
      writer.uint32((2 << 3) | FLOAT).float(value);
      writer.join();
    }
    writer.join();
  } else {
    const { tag, png, width, height, channels } = content;
    writer.uint32(bytesTag(5)).fork().uint32(bytesTag(1)).fork();
    writer.uint32(bytesTag(1)).string(tag);
    writer.uint32(bytesTag(4)).fork();
    writer.uint32(8).int32(height).uint32(16).int32(width).uint32(24).int32(channels);
    writer.uint32(bytesTag(4)).bytes(png);
    writer.join().join().join();
  }
};

/** The record of an event. */
export const encodeEvent = ({ time, step, content }: BoardEvent): Uint8Array => {
  const writer = new BinaryWriter();
  writer.uint32((1 << 3) | DOUBLE).double(time);
  if (step !== 0) writer.uint32(16).int64(step);
  encodeContent(writer, content);
  return encodeRecord(writer.finish());
};

const stepOf = (data: Uint8Array): number => {
  const reader = new BinaryReader(data);
  let step = 0;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 2) step = Number(reader.int64());
    else reader.skip(type);
  }
  return step;
};

/** Bytes of the longest event: the grid of samples that a run writes has fewer. */
const LONGEST = 64 << 20;

/**
 * The steps of the events of a file, and the bytes up to the end of each; it ends where a record is damaged or half-written.
 *
 * @throws RunError for a file that cannot be read
 */
export function* eventsOf(
  path: string,
): Generator<{ readonly step: number; readonly end: number }, void, undefined> {
  const { handle, stats } = openFile(path);
  try {
    const head = new Uint8Array(HEAD);
    const view = new DataView(head.buffer);
    for (let at = 0; readInto(handle, head, at) === HEAD; ) {
      const length = Number(view.getBigUint64(0, true));
      const isHead = maskedCrc(head.subarray(0, 8)) === view.getUint32(8, true);
      if (!isHead || length > Math.min(LONGEST, stats.size)) return;
      const rest = new Uint8Array(length + FOOT);
      if (readInto(handle, rest, at + HEAD) < rest.length) return;
      const data = rest.subarray(0, length);
      if (maskedCrc(data) !== new DataView(rest.buffer).getUint32(length, true)) return;
      let step: number;
      try {
        step = stepOf(data);
      } catch {
        // No event, though whole.
        return;
      }
      at += HEAD + rest.length;
      yield { step, end: at };
    }
  } catch (error) {
    throw fileError("read", path, error);
  } finally {
    closeSync(handle);
  }
}

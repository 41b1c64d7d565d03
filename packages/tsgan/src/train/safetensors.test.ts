import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** A file made by hand: header text, then so many bytes. */
const file = (header: string, bytes = 0, length = header.length) => {
  const out = new Uint8Array(8 + header.length + bytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(new TextEncoder().encode(header), 8);
  return out;
};

const header = (entries: Record<string, unknown>) => JSON.stringify(entries);

describe("safetensors", () => {
  it("has the layout of the specification", () => {
    const bytes = encodeSafetensors({ w: { shape: [2], data: Float32Array.of(1, -2) } }, { step: "3" });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"step":"3"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    );
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
  });

  it("gives back every bit of what it was given, names and metadata of any text included", () => {
    const tensor = fc.oneof(
      fc.float32Array({ maxLength: 9 }).map((data) => ({ shape: [data.length], data })),
      fc.int32Array({ minLength: 6, maxLength: 6 }).map((data) => ({ shape: [2, 3], data })),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== "__metadata__"),
          tensor,
        ),
        fc.dictionary(fc.string(), fc.string()),
        fc.nat({ max: 7 }),
        (tensors, metadata, shift) => {
          const bytes = encodeSafetensors(tensors, metadata);
          const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
          shifted.set(bytes);
          const decoded = decodeSafetensors(shifted);
          expect(Object.entries(decoded.metadata)).toEqual(Object.entries(metadata));
          expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(tensors).sort());
          for (const [name, { shape, data }] of Object.entries(tensors)) {
            const got = decoded.tensors[name];
            expect(got.shape).toEqual(shape);
            expect(got.data.constructor).toBe(data.constructor);
            expect(new Uint8Array(got.data.buffer)).toEqual(
              new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
            );
          }
        },
      ),
    );
  });

  it("reads what Python's safetensors writes, of every type: numbers as the nearest float32", () => {
    const bytes = readFileSync(new URL("fixtures/python-0.8.safetensors", import.meta.url));
    const { tensors, metadata } = decodeSafetensors(bytes);
    expect(metadata).toEqual({ "made by": "safetensors" });
    const numbers = [0, -0, 1.5, 1 / 3, -65504, 2 ** -24, Number.POSITIVE_INFINITY, Number.NaN];
    const single = numbers.map(Math.fround);
    const half = numbers.with(3, 0.333251953125);
    const brain = numbers.with(3, 0.333984375).with(4, -65536);
    for (const [name, expected] of Object.entries({ double: single, single, half, brain })) {
      expect(tensors[name].shape, name).toEqual([2, 4]);
      expect(tensors[name].data, name).toEqual(Float32Array.from(expected));
    }
    for (const name of ["whole", "long"]) {
      expect(tensors[name], name).toEqual({ shape: [2, 4], data: Int32Array.of(-4, -3, -2, -1, 0, 1, 2, 3) });
    }
    expect(Object.keys(tensors)).toHaveLength(6);
  });

  it("refuses integers that 32 bits do not hold", () => {
    const bytes = encodeSafetensors({ w: { shape: [1], data: Int32Array.of(1) } });
    const long = Buffer.from(bytes).toString("latin1").replace('"I32"', '"I64"').replace("[0,4]", "[0,8]");
    const wide = Buffer.concat([Buffer.from(long, "latin1"), Buffer.of(1, 0, 0, 0)]);
    expect(() => decodeSafetensors(wide, "x")).toThrow(
      'x: tensor "w": expected integers of 32 bits; got 4294967297',
    );
  });

  it("copies out of a Node.js Buffer, whose slice is a view", () => {
    const bytes = Buffer.from(encodeSafetensors({ w: { shape: [2], data: Float32Array.of(1, -2) } }));
    const { data } = decodeSafetensors(bytes).tensors.w;
    bytes.fill(0);
    expect([...data]).toEqual([1, -2]);
  });

  it("refuses a shape that does not fit the data", () => {
    expect(() => encodeSafetensors({ w: { shape: [3], data: Float32Array.of(1, 2) } })).toThrow(
      "safetensors: tensor w of shape [3] must have 3 values; got 2",
    );
  });

  it("refuses a file cut short at any byte", () => {
    const bytes = encodeSafetensors({
      a: { shape: [3], data: Float32Array.of(1, 2, 3) },
      b: { shape: [], data: Int32Array.of(7) },
    });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), "x")).toThrow(RunError);
    }
    expect(() => decodeSafetensors(bytes.subarray(0, -1), "x.safetensors")).toThrow(
      `x.safetensors: truncated; expected ${bytes.length} bytes, got ${bytes.length - 1}`,
    );
  });

  it("notices any change of a file that carries its digest, and its loss at the end", () => {
    const tensors = {
      a: { shape: [300], data: Float32Array.from({ length: 300 }, (_, i) => i / 7) },
      b: { shape: [2], data: Int32Array.of(-7, -8) },
    };
    const bytes = encodeSafetensors(tensors, { step: "100" }, { digest: true });
    expect(decodeSafetensors(bytes).metadata).toEqual({
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
      step: "100",
    });
    const refused = (damaged: Uint8Array): void => {
      expect(() => decodeSafetensors(damaged, "x")).toThrow(RunError);
    };
    for (let at = 0; at < bytes.length; at++) {
      // The name of the key itself: without a digest, the file is one of those that never had one.
      if (at >= 8 && at < 35) continue;
      for (const change of [1, 0x20, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] ^= change;
        refused(damaged);
      }
      refused(bytes.slice().fill(0, at, at + 4096));
      refused(bytes.subarray(0, at));
    }
    const flipped = bytes.slice();
    flipped[bytes.length - 30] ^= 4;
    expect(() => decodeSafetensors(flipped, "x")).toThrow(/^x: damaged; expected content with the digest/);
  });

  it("reads files without a digest, and takes no other text for one", () => {
    const metadata = { note: "digest", digest: "not of this file" };
    expect(decodeSafetensors(encodeSafetensors({}, metadata)).metadata).toEqual(metadata);
  });

  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  it.each([
    [
      "a foreign file",
      new TextEncoder().encode("%PDF-1.7 and so on"),
      "x: not a safetensors file; expected a header of at most",
    ],
    ["a header that is not JSON", file("{oops}"), "x: not a safetensors file; its header is not JSON"],
    ["a header that is no object", file("[1]"), "x: not a safetensors file; its header is not a JSON object"],
    [
      "a header longer than the file",
      file("{}", 0, 99),
      "x: truncated in its header; expected 107 bytes, got 10",
    ],
    ["bytes after the data", file(header({ w: entry }), 9), "x: too long; expected"],
    [
      "another dtype",
      file(header({ w: { ...entry, dtype: "U8" } }), 8),
      'x: tensor "w": expected dtype F32, I32, F64, F16, BF16, I64; got U8',
    ],
    [
      "a negative size",
      file(header({ w: { ...entry, shape: [-2] } }), 8),
      'x: tensor "w": expected dtype, shape and data_offsets',
    ],
    [
      "an entry without offsets",
      file(header({ w: { dtype: "F32", shape: [2] } }), 8),
      'x: tensor "w": expected dtype, shape and data_offsets',
    ],
    [
      "offsets that do not fit the shape",
      file(header({ w: { ...entry, shape: [3] } }), 8),
      'x: tensor "w": expected 12 bytes for [3]; got 8',
    ],
    [
      "a hole",
      file(header({ w: { ...entry, data_offsets: [4, 12] } }), 12),
      'x: tensor "w": expected its data to begin at byte 0; got 4',
    ],
    [
      "an overlap",
      file(header({ v: entry, w: { ...entry, data_offsets: [4, 12] } }), 12),
      'x: tensor "w": expected its data to begin at byte 8; got 4',
    ],
    [
      "a name given twice",
      file(`{"w":${JSON.stringify(entry)},"w":${JSON.stringify(entry)}}`, 8),
      'x: damaged header; it names "w" twice',
    ],
    [
      "metadata that is not text",
      file(header({ __metadata__: { a: 1 } })),
      "x: damaged header; __metadata__ must map strings to strings",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "x")).toThrow(RunError);
    expect(() => decodeSafetensors(bytes, "x")).toThrow(message);
  });
});

it("reads a Buffer of Node.js as often as one likes, wherever it begins, and changes nothing in it", () => {
  const written = encodeSafetensors(
    { w: { shape: [3], data: Float32Array.of(1, 2, 3) } },
    { a: "b" },
    { digest: true },
  );
  const pool = Buffer.alloc(written.length + 3);
  pool.set(written, 3);
  const bytes = pool.subarray(3);
  for (let i = 0; i < 2; i++) expect(decodeSafetensors(bytes, "x").metadata.a).toBe("b");
  expect(Uint8Array.from(bytes)).toEqual(Uint8Array.from(written));
});

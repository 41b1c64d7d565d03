import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, murmur3 } from "./digest.ts";

const bytesOf = (words: Uint32Array): Uint8Array => new Uint8Array(words.buffer);

describe("murmur3", () => {
  it("has the verification value of its authors' SMHasher", () => {
    const hashes = new Uint8Array(256 * 16);
    for (let i = 0; i < 256; i++) {
      const key = Uint8Array.from({ length: i }, (_, j) => j);
      hashes.set(bytesOf(murmur3([key], 256 - i)), 16 * i);
    }
    expect(murmur3([hashes])[0]).toBe(0xb3ece62a);
  });

  it("is the same in parts as in one, wherever the bytes lie", () => {
    const whole = Uint8Array.from({ length: 1003 }, (_, i) => (i * 37) % 251);
    const shifted = new Uint8Array(1004).subarray(1);
    shifted.set(whole);
    expect(digestOf([whole.subarray(0, 16), whole.subarray(16, 96), whole.subarray(96)])).toBe(
      digestOf([whole]),
    );
    expect(digestOf([shifted])).toBe(digestOf([whole]));
    expect(() => digestOf([whole.subarray(0, 15), whole.subarray(15)])).toThrow(RangeError);
  });

  it("tells any two contents apart that differ in one byte", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, change) => {
          const other = bytes.slice();
          other[at % bytes.length] ^= change;
          expect(digestOf([other])).not.toBe(digestOf([bytes]));
        },
      ),
    );
  });
});

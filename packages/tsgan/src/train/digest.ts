/**
 * A digest against damage: MurmurHash3_x86_128 (Austin Appleby 2011, public domain), 128 bits. A change within one block
 * of 16 bytes is always noticed, any other one but for a chance of 2^-128. It is no defence against people: who can change a file
 * can change its digest, whatever the function. Not SHA-256 of Web Crypto, which is asynchronous, and missing on pages that
 * are served over plain HTTP; in plain code that takes several times as long.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

const finish = (x: number): number => {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};

/** Whole little-endian words of bytes; copied where they do not lie at a multiple of four. */
const wordsOf = (bytes: Uint8Array, count: number): Int32Array =>
  bytes.byteOffset % 4 === 0
    ? new Int32Array(bytes.buffer, bytes.byteOffset, count)
    : new Int32Array(new Uint8Array(bytes.subarray(0, 4 * count)).buffer);

/**
 * The digest of parts as if they were one array, as four unsigned words.
 *
 * @param parts each but the last of a multiple of 16 bytes
 */
export const murmur3 = (parts: readonly Uint8Array[], seed = 0): Uint32Array => {
  let [h1, h2, h3, h4] = [seed | 0, seed | 0, seed | 0, seed | 0];
  let length = 0;
  parts.forEach((bytes, i) => {
    if (i < parts.length - 1 && bytes.length % 16 !== 0) {
      throw new RangeError(
        `murmur3: parts but the last must have a multiple of 16 bytes; got ${bytes.length}`,
      );
    }
    length += bytes.length;
    const blocks = Math.floor(bytes.length / 16);
    const words = wordsOf(bytes, 4 * blocks);
    for (let k = 0; k < words.length; k += 4) {
      h1 ^= Math.imul(rotate(Math.imul(words[k], C1), 15), C2);
      h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
      h2 ^= Math.imul(rotate(Math.imul(words[k + 1], C2), 16), C3);
      h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
      h3 ^= Math.imul(rotate(Math.imul(words[k + 2], C3), 17), C4);
      h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
      h4 ^= Math.imul(rotate(Math.imul(words[k + 3], C4), 18), C1);
      h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    const rest = bytes.subarray(16 * blocks);
    if (rest.length === 0) return;
    const padded = new Uint8Array(16);
    padded.set(rest);
    const [k1, k2, k3, k4] = new Int32Array(padded.buffer);
    h4 ^= Math.imul(rotate(Math.imul(k4, C4), 18), C1);
    h3 ^= Math.imul(rotate(Math.imul(k3, C3), 17), C4);
    h2 ^= Math.imul(rotate(Math.imul(k2, C2), 16), C3);
    h1 ^= Math.imul(rotate(Math.imul(k1, C1), 15), C2);
  });
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  [h1, h2, h3, h4] = [finish(h1), finish(h2), finish(h3), finish(h4)];
  h1 = (h1 + h2 + h3 + h4) | 0;
  return Uint32Array.of(h1, h2 + h1, h3 + h1, h4 + h1);
};

/** The digest as 32 hexadecimal digits. */
export const digestOf = (parts: readonly Uint8Array[]): string =>
  [...murmur3(parts)].map((word) => word.toString(16).padStart(8, "0")).join("");

/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", §3.3): a counter-based
 * generator. Four 32-bit words come from a 128-bit counter and a 64-bit key; nothing is carried from call to call.
 */
export const ROUNDS = 10;
export const MULTIPLIER_0 = 0xd2511f53;
export const MULTIPLIER_1 = 0xcd9e8d57;
export const WEYL_0 = 0x9e3779b9;
export const WEYL_1 = 0xbb67ae85;

const LOW_0 = MULTIPLIER_0 & 0xffff;
const HIGH_0 = MULTIPLIER_0 >>> 16;
const LOW_1 = MULTIPLIER_1 & 0xffff;
const HIGH_1 = MULTIPLIER_1 >>> 16;

/**
 * Fills `out` (a multiple of four words) with the blocks of counters (first, 0, c2, c3), (first + 1, 0, c2, c3) …
 * under key (k0, k1).
 *
 * The high half of each 32 × 32 bit product is put together from 16-bit halves, every partial sum of which fits 32 bits:
 * the loop stays in machine integers.
 */
export const philox4x32 = (
  first: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void => {
  for (let at = 0; at < out.length; at += 4) {
    let x0 = (first + (at >>> 2)) | 0;
    let x1 = 0;
    let x2 = c2 | 0;
    let x3 = c3 | 0;
    let key0 = k0 | 0;
    let key1 = k1 | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const a = x0 & 0xffff;
      const b = x0 >>> 16;
      const middle0 = (Math.imul(b, LOW_0) + (Math.imul(a, LOW_0) >>> 16)) >>> 0;
      const cross0 = (Math.imul(a, HIGH_0) + (middle0 & 0xffff)) >>> 0;
      const high0 = (Math.imul(b, HIGH_0) + (middle0 >>> 16) + (cross0 >>> 16)) | 0;
      const c = x2 & 0xffff;
      const d = x2 >>> 16;
      const middle1 = (Math.imul(d, LOW_1) + (Math.imul(c, LOW_1) >>> 16)) >>> 0;
      const cross1 = (Math.imul(c, HIGH_1) + (middle1 & 0xffff)) >>> 0;
      const high1 = (Math.imul(d, HIGH_1) + (middle1 >>> 16) + (cross1 >>> 16)) | 0;
      const low0 = Math.imul(MULTIPLIER_0, x0);
      const low1 = Math.imul(MULTIPLIER_1, x2);
      x0 = high1 ^ x1 ^ key0;
      x1 = low1;
      x2 = high0 ^ x3 ^ key1;
      x3 = low0;
      key0 = (key0 + WEYL_0) | 0;
      key1 = (key1 + WEYL_1) | 0;
    }
    out[at] = x0;
    out[at + 1] = x1;
    out[at + 2] = x2;
    out[at + 3] = x3;
  }
};

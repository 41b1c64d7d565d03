/** Numbers as text, in 16 bits or 8 between the least and the most of them: for recordings. */

export interface Packed {
  readonly low: number;
  readonly high: number;
  readonly bits: 8 | 16;
  /** Base64. */
  readonly data: string;
}

/** Each number is off by at most (high − low) / 2^(bits + 1). */
export const pack = (values: Float32Array, bits: 8 | 16): Packed => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const most = 2 ** bits - 1;
  const levels = Array.from(values, (value) =>
    high > low ? Math.round(((value - low) / (high - low)) * most) : 0,
  );
  const bytes = bits === 8 ? levels : levels.flatMap((level) => [level & 255, level >> 8]);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { low, high, bits, data: btoa(text) };
};

export const unpack = ({ low, high, bits, data }: Packed): Float32Array => {
  const text = atob(data);
  const most = 2 ** bits - 1;
  const level = (i: number): number =>
    bits === 8 ? text.charCodeAt(i) : text.charCodeAt(2 * i) + 256 * text.charCodeAt(2 * i + 1);
  return Float32Array.from(
    { length: (8 * text.length) / bits },
    (_, i) => low + (level(i) / most) * (high - low),
  );
};

/** Numbers for constants: two that hold the same bits have the same number, whatever array holds them. */
import type { ConstantData } from "./tensor.ts";

/** Words that a hash is made of, at most: weights are millions, and those that differ do so nearly everywhere. */
const HASHED = 64;

/** FNV-1a over words of 32 bits, evenly spaced, and their number. */
const hash = (words: Uint32Array): number => {
  const stride = Math.ceil(words.length / HASHED);
  let h = 0x811c9dc5 ^ words.length;
  for (let i = 0; i < words.length; i += stride) h = Math.imul(h ^ words[i], 0x01000193);
  return h;
};

const wordsOf = (data: ConstantData): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, data.length);

const isEqual = (a: ConstantData, b: ConstantData): boolean => {
  if (a.constructor !== b.constructor || a.length !== b.length) return false;
  const [v, w] = [wordsOf(a), wordsOf(b)];
  for (let i = 0; i < v.length; i++) if (v[i] !== w[i]) return false;
  return true;
};

/** Constants that have been met, each with its number. 0 and −0 differ; float32 and int32 do too. */
export class EqualConstants {
  readonly #numbers = new WeakMap<ConstantData, number>();
  readonly #byHash = new Map<number, ConstantData[]>();
  #count = 0;

  /** The number of a constant's values: that of the first constant that holds the same. */
  numberOf(data: ConstantData): number {
    const known = this.#numbers.get(data);
    if (known !== undefined) return known;
    const key = hash(wordsOf(data));
    const met = this.#byHash.get(key) ?? [];
    const same = met.find((other) => isEqual(other, data));
    const number = same === undefined ? this.#count++ : (this.#numbers.get(same) as number);
    if (same === undefined) this.#byHash.set(key, [...met, data]);
    this.#numbers.set(data, number);
    return number;
  }
}

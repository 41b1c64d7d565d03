/**
 * Seeded randomness without state: every number is a pure function of (seed, purpose, step, position). A run that is
 * resumed at step n draws exactly what the uninterrupted run drew, with nothing to save.
 */
import { normals, uniforms } from "#numbers";
import { philox4x32 } from "#philox";
import { type NextWords, Words } from "./words.ts";
import { xoshiro128 } from "./xoshiro.ts";

/** A stream of random numbers. Reading moves it on; `randomStream` with the same arguments starts it anew. */
export interface RandomStream {
  /** The next 32 random bits, as an integer in [0, 2³²). */
  uint32(): number;
  /** The next number in [0, 1), with 24 bits, exact in float32. */
  uniform(): number;
  /** The next standard normal number (ziggurat). */
  normal(): number;
  /** The next integer in [0, bound). */
  integer(bound: number): number;
  /** Fills `out` with numbers uniform in [low, high). */
  fillUniform(out: Float32Array | Float64Array, low?: number, high?: number): void;
  /** Fills `out` with normal numbers of the given mean and standard deviation. */
  fillNormal(out: Float32Array | Float64Array, mean?: number, deviation?: number): void;
  /** A uniformly random permutation of 0 … n − 1 (Fisher–Yates). */
  permutation(n: number): Uint32Array;
}

/** FNV-1a, 32 bits: turns the name of a purpose into one word of the key. */
const hash = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
};

/** Where streams put a single number; none of them keeps it. */
const one = new Float64Array(1);

/** Philox at the counter of (seed, purpose, step). */
const philoxWords = (seed: number, purpose: string, step: number): NextWords => {
  const key = (hash(purpose) ^ Math.floor(seed / 0x100000000)) >>> 0;
  const stepHigh = Math.floor(step / 0x100000000) >>> 0;
  /** Counter of the next block of four words. */
  let counter = 0;
  return (words) => {
    philox4x32(counter, step >>> 0, stepHigh, seed >>> 0, key, words);
    counter += words.length / 4;
  };
};

class WordStream implements RandomStream {
  readonly #words: Words;

  constructor(next: NextWords) {
    this.#words = new Words(next);
  }

  uint32(): number {
    return this.#words.take();
  }

  uniform(): number {
    return this.#words.uniform();
  }

  normal(): number {
    normals(this.#words, one, 0, 1);
    return one[0];
  }

  integer(bound: number): number {
    if (!(Number.isInteger(bound) && bound > 0 && bound <= 0x100000000)) {
      throw new RangeError(`random integer: the bound must be an integer in 1 … 2³²; got ${bound}`);
    }
    // Rejection keeps small bounds exactly uniform.
    const limit = 0x100000000 - (0x100000000 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    uniforms(this.#words, out, low, high);
  }

  fillNormal(out: Float32Array | Float64Array, mean = 0, deviation = 1): void {
    normals(this.#words, out, mean, deviation);
  }

  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    return order;
  }
}

const checkSeed = (seed: number): void => {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`random: the seed must be an integer from 0 to 2⁵³ − 1; got ${seed}`);
  }
};

/**
 * The stream of numbers for (seed, purpose, step).
 *
 * @param seed non-negative integer below 2⁵³
 * @param purpose what the numbers are for ("latent", "shuffle" …); different purposes give independent streams
 * @param step the step, epoch or index that the numbers belong to
 * @throws RangeError for a seed that is no integer from 0 to 2⁵³ − 1
 * @example
 * ```ts
 * import { randomStream } from "tsgan/random";
 *
 * const latent = new Float32Array(4);
 * randomStream(1, "latent", 7).fillNormal(latent); // the latent numbers of step 7, whatever was drawn before
 * console.log(randomStream(1, "shuffle").permutation(5));
 * ```
 */
export const randomStream = (seed: number, purpose: string, step = 0): RandomStream => {
  checkSeed(seed);
  return new WordStream(philoxWords(seed, purpose, step));
};

/**
 * The same where many millions of numbers are taken of one stream: Philox begins it, and xoshiro128++ goes on from there.
 *
 * @param seed non-negative integer below 2⁵³
 * @param purpose what the numbers are for
 * @param step the step, epoch or index that the numbers belong to
 * @throws RangeError for a seed that is no integer from 0 to 2⁵³ − 1
 */
export const longStream = (seed: number, purpose: string, step = 0): RandomStream => {
  checkSeed(seed);
  const state = new Uint32Array(4);
  philoxWords(seed, purpose, step)(state);
  return new WordStream((words) => xoshiro128(state, words));
};

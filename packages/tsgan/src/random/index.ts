/**
 * Seeded randomness without state: every number is a pure function of (seed, purpose, step, position). A run that is
 * resumed at step n draws exactly what the uninterrupted run drew, with nothing to save.
 */
import { philox4x32 } from "#philox";
import { xoshiro128 } from "./xoshiro.ts";
import { edges, STRIPS, sure, TAIL } from "./ziggurat.ts";

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

/** Words made at a time: few at first, since many streams are short, then twice as many each time. */
const FIRST_BLOCK = 8;
const LONGEST_BLOCK = 1024;

/** Where streams put a single number; none of them keeps it. */
const one = new Float64Array(1);

/** Fills `words`, of which there are a multiple of four, with the next ones. */
type NextWords = (words: Uint32Array) => void;

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
  #words = new Uint32Array(FIRST_BLOCK);
  #position = FIRST_BLOCK;
  #isFirst = true;
  readonly #next: NextWords;

  constructor(next: NextWords) {
    this.#next = next;
  }

  #refill(): void {
    const { length } = this.#words;
    if (!this.#isFirst && length < LONGEST_BLOCK) this.#words = new Uint32Array(2 * length);
    this.#isFirst = false;
    this.#next(this.#words);
    this.#position = 0;
  }

  uint32(): number {
    if (this.#position === this.#words.length) this.#refill();
    return this.#words[this.#position++];
  }

  uniform(): number {
    return (this.uint32() >>> 8) / 0x1000000;
  }

  normal(): number {
    this.fillNormal(one);
    return one[0];
  }

  /** The tail beyond the last strip (Marsaglia 1964). */
  #tail(negative: boolean): number {
    for (;;) {
      const x = Math.log((this.uint32() + 1) / 0x100000000) / TAIL;
      const y = Math.log((this.uint32() + 1) / 0x100000000);
      if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
    }
  }

  /** x, where a point at x in the uncertain end of a strip lies under the curve. */
  #wedge(x: number, strip: number): number | undefined {
    const low = Math.exp(-0.5 * (edges[strip] ** 2 - x * x));
    const high = Math.exp(-0.5 * (edges[strip + 1] ** 2 - x * x));
    return high + this.uniform() * (low - high) < 1 ? x : undefined;
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
    for (let i = 0; i < out.length; ) {
      if (this.#position === this.#words.length) this.#refill();
      const words = this.#words;
      let at = this.#position;
      const end = Math.min(out.length, i + words.length - at);
      while (i < end) out[i++] = low + (high - low) * ((words[at++] >>> 8) / 0x1000000);
      this.#position = at;
    }
  }

  fillNormal(out: Float32Array | Float64Array, mean = 0, deviation = 1): void {
    // One loop without calls: numbers that functions return are objects on the heap, millions a second of them.
    for (let i = 0; i < out.length; ) {
      if (this.#position === this.#words.length) this.#refill();
      const word = this.#words[this.#position++];
      const strip = word & (STRIPS - 1);
      // The 25 bits above the strip's number, centred: a uniform number in (−1, 1).
      const u = ((word >>> 7) + 0.5) / 0x1000000 - 1;
      if (Math.abs(u) < sure[strip]) {
        out[i++] = mean + deviation * (u * edges[strip]);
        continue;
      }
      const rare = strip === 0 ? this.#tail(u < 0) : this.#wedge(u * edges[strip], strip);
      if (rare !== undefined) out[i++] = mean + deviation * rare;
    }
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

/** A stream of random words, some of which are made at a time. */

/** Words made at a time: few at first, since many streams are short, then twice as many each time; or as many as are asked for. */
const FIRST_BLOCK = 8;
const LONGEST_BLOCK = 1024;

/** Fills `words`, of which there are a multiple of four, with the next ones. */
export type NextWords = (words: Uint32Array) => void;

export class Words {
  /** Those that were made last, and the place of the next of them. */
  words = new Uint32Array(FIRST_BLOCK);
  position = FIRST_BLOCK;
  /** How many times some were made. */
  blocks = 0;
  readonly #next: NextWords;

  constructor(next: NextWords) {
    this.#next = next;
  }

  /** Sees to it that there is a next one, and makes `wanted` at once if it can; gives how many there are. */
  ready(wanted = 0): number {
    const { length } = this.words;
    if (this.position === length) {
      const usual = this.blocks++ > 0 ? 2 * length : length;
      const next = Math.min(Math.max(usual, (wanted + 3) & ~3), LONGEST_BLOCK);
      if (next !== length) this.words = new Uint32Array(next);
      this.#next(this.words);
      this.position = 0;
    }
    return this.words.length - this.position;
  }

  take(): number {
    this.ready();
    return this.words[this.position++];
  }

  /** In [0, 1), with 24 bits. */
  uniform(): number {
    return (this.take() >>> 8) / 0x1000000;
  }
}

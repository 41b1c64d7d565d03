/**
 * Texts of a column in little memory: few different ones as places in a list, many as numbers of characters one behind the
 * other. A list of a million strings takes four times as much, and the garbage collector goes through all of them.
 */

export interface Texts extends Iterable<string> {
  readonly length: number;
  at(row: number): string;
  /** How often each comes, in the order in which they come first. */
  counts(): Map<string, number>;
  /** Those of some rows. */
  of(rows: Uint32Array): Texts;
}

/** Different texts up to which a column is a list and places in it. */
const MOST_LISTED = 2 ** 16;
/** Characters of a block. */
const BLOCK = 2 ** 18;
/** Characters of the longest text in a block: longer ones are kept as they are. */
const MOST_UNITS = 2 ** 12;
const FIRST_ROWS = 1024;

const grown = <Numbers extends Uint16Array | Uint32Array>(numbers: Numbers, larger: Numbers): Numbers => {
  larger.set(numbers);
  return larger;
};

/** Characters to copy through, by length: an array each, so that none is made for a text. */
const scratch = Array.from({ length: 33 }, (_, length) => new Array<number>(length).fill(0));

const stringOf = (units: Uint16Array, begin: number, length: number): string => {
  if (length >= scratch.length) return String.fromCharCode(...units.subarray(begin, begin + length));
  const codes = scratch[length];
  for (let i = 0; i < length; i++) codes[i] = units[begin + i];
  return String.fromCharCode.apply(null, codes);
};

type Stored = Pick<Texts, "at"> & { readonly listed?: { words: readonly string[]; places: Uint16Array } };

const textsOfStored = (stored: Stored, length: number, rows?: Uint32Array): Texts => {
  const at = rows === undefined ? stored.at : (row: number): string => stored.at(rows[row]);
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let row = 0; row < length; row++) yield at(row);
    },
    counts: () => {
      const counts = new Map<string, number>();
      const { listed } = stored;
      if (listed === undefined) {
        for (let row = 0; row < length; row++) {
          const text = at(row);
          counts.set(text, (counts.get(text) ?? 0) + 1);
        }
        return counts;
      }
      const { words, places } = listed;
      const times = new Uint32Array(words.length);
      const order: number[] = [];
      for (let row = 0; row < length; row++) {
        const place = places[rows === undefined ? row : rows[row]];
        if (times[place]++ === 0) order.push(place);
      }
      for (const place of order) counts.set(words[place], times[place]);
      return counts;
    },
    of: (some) =>
      textsOfStored(stored, some.length, rows === undefined ? some : some.map((row) => rows[row])),
  };
};

export interface TextsBuilder {
  push(text: string): void;
  texts(): Texts;
}

export const textsBuilder = (): TextsBuilder => {
  let length = 0;
  // First, a list.
  const words: string[] = [];
  const known = new Map<string, number>();
  let places = new Uint16Array(FIRST_ROWS);
  // Then, a text is its length and its characters, from its start on.
  let starts: Uint32Array | undefined;
  const blocks: Uint16Array[] = [];
  const long = new Map<number, string>();
  let end = 0;

  const append = (text: string): void => {
    starts ??= new Uint32Array(FIRST_ROWS);
    if (length === starts.length) starts = grown(starts, new Uint32Array(2 * length));
    if (text.length > MOST_UNITS) {
      long.set(length++, text);
      return;
    }
    if (blocks.length === 0 || end + 1 + text.length > blocks.length * BLOCK) {
      end = blocks.length * BLOCK;
      blocks.push(new Uint16Array(BLOCK));
    }
    const block = blocks[blocks.length - 1];
    let at = end % BLOCK;
    starts[length++] = end;
    end += 1 + text.length;
    block[at++] = text.length;
    for (let i = 0; i < text.length; i++) block[at++] = text.charCodeAt(i);
  };
  const unlist = (): void => {
    const before = length;
    length = 0;
    for (let row = 0; row < before; row++) append(words[places[row]]);
    words.length = 0;
    known.clear();
    places = new Uint16Array(0);
  };
  return {
    push(text) {
      if (starts === undefined) {
        let place = known.get(text);
        if (place === undefined && words.length < MOST_LISTED) {
          place = words.push(text) - 1;
          known.set(text, place);
        }
        if (place !== undefined) {
          if (length === places.length) places = grown(places, new Uint16Array(2 * length));
          places[length++] = place;
          return;
        }
        unlist();
      }
      append(text);
    },
    texts() {
      known.clear();
      if (starts === undefined) {
        const listed = { words, places };
        return textsOfStored({ at: (row) => words[places[row]], listed }, length);
      }
      const from = starts;
      return textsOfStored(
        {
          at: (row) => {
            const whole = long.size === 0 ? undefined : long.get(row);
            if (whole !== undefined) return whole;
            const start = from[row];
            const block = blocks[Math.floor(start / BLOCK)];
            return stringOf(block, (start % BLOCK) + 1, block[start % BLOCK]);
          },
        },
        length,
      );
    },
  };
};

/** Many texts as one list, each of which is kept once. */
export const textsOf = (list: Iterable<string>): Texts => {
  const builder = textsBuilder();
  for (const text of list) builder.push(text);
  return builder.texts();
};

/** A number for each text. */
export const numbersFrom = (texts: Texts, numberOf: (text: string) => number): Float64Array => {
  const numbers = new Float64Array(texts.length);
  for (let row = 0; row < numbers.length; row++) numbers[row] = numberOf(texts.at(row));
  return numbers;
};

/** Bytes with something wrong: as a disk, a network, an editor, or somebody with ill will leaves them. */
import type { RandomStream } from "tsgan/random";
import { mutateJson } from "./mutate-json.ts";

type Mutation = (bytes: Uint8Array, random: RandomStream, other: Uint8Array) => Uint8Array;

const LONGEST = 1 << 20;

const at = (bytes: Uint8Array, random: RandomStream): number => random.integer(bytes.length + 1);

/** A range of at most `most` bytes. */
const rangeOf = (bytes: Uint8Array, random: RandomStream, most = 4096): readonly [number, number] => {
  const from = at(bytes, random);
  return [from, Math.min(bytes.length, from + 1 + random.integer(most))];
};

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const numbersInText = [
  "-1",
  "0",
  "1e999",
  "-1e999",
  "1e-400",
  "NaN",
  "Infinity",
  "null",
  "9".repeat(400),
  "0x10",
  "1e15",
  "2147483648",
  "0.1",
  "[]",
  '""',
];
const texts = [
  '"',
  "\\",
  "\n",
  "\r\n",
  ",",
  ";",
  "\t",
  "{",
  "}",
  "[",
  "]",
  ":",
  "\u0000",
  "\u001b[2J",
  "\ufeff",
  "ß",
  "\ud800",
  "__proto__",
  "constructor",
  "../",
  "*a",
  "&a ",
  "- ",
  "? ",
  "!!js ",
  "<<: ",
];
const words = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const mutations: readonly Mutation[] = [
  // A bit, or some.
  (bytes, random) => {
    const out = bytes.slice();
    for (let n = 1 + random.integer(8); n > 0 && out.length > 0; n--) {
      out[random.integer(out.length)] ^= 1 << random.integer(8);
    }
    return out;
  },
  // Cut off.
  (bytes, random) => bytes.slice(0, at(bytes, random)),
  // A tail of zeros or of anything.
  (bytes, random) => {
    const tail = new Uint8Array(1 + random.integer(600));
    if (random.uniform() < 0.5) for (let i = 0; i < tail.length; i++) tail[i] = random.integer(256);
    return join(bytes, tail);
  },
  // A page of zeros.
  (bytes, random) => bytes.slice().fill(0, ...rangeOf(bytes, random)),
  // A range left out, twice there, or from elsewhere.
  (bytes, random) => {
    const [from, to] = rangeOf(bytes, random);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  (bytes, random) => {
    const [from, to] = rangeOf(bytes, random);
    return join(bytes.subarray(0, to), bytes.subarray(from));
  },
  (bytes, random, other) => {
    const [from, to] = rangeOf(other, random);
    const place = at(bytes, random);
    return join(bytes.subarray(0, place), other.subarray(from, to), bytes.subarray(place));
  },
  // A number of two, four or eight bytes at its limits.
  (bytes, random) => {
    const out = bytes.slice();
    const size = [1, 2, 4, 8][random.integer(4)];
    if (out.length < size) return out;
    const place = random.integer(out.length - size + 1);
    const value = BigInt(words[random.integer(words.length)]) << BigInt(random.integer(2) * 8 * (size - 1));
    for (let i = 0; i < size; i++) {
      const byte = Number((value >> BigInt(8 * i)) & 0xffn);
      out[random.integer(2) === 0 ? place + i : place + size - 1 - i] = byte;
    }
    return out;
  },
  // A number in text.
  (bytes, random) => {
    const text = Buffer.from(bytes).toString("latin1");
    const found = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)];
    if (found.length === 0) return bytes.slice();
    const { 0: old, index } = found[random.integer(found.length)];
    const now = numbersInText[random.integer(numbersInText.length)];
    return new Uint8Array(Buffer.from(text.slice(0, index) + now + text.slice(index + old.length), "latin1"));
  },
  // A character that means something.
  (bytes, random) => {
    const place = at(bytes, random);
    const text = texts[random.integer(texts.length)].repeat(random.uniform() < 0.1 ? 1000 : 1);
    return join(bytes.subarray(0, place), encode(text), bytes.subarray(place));
  },
  // Nested, or one thing many times.
  (bytes, random) => {
    const place = at(bytes, random);
    const text = ["[", "{", '{"a":', "- ", "(", '"', " "][random.integer(7)];
    return join(
      bytes.subarray(0, place),
      encode(text.repeat(1 + random.integer(50_000))),
      bytes.subarray(place),
    );
  },
];

/** Nothing of the specimen: empty, anything, one byte over and over. */
const strangers: readonly ((random: RandomStream) => Uint8Array)[] = [
  () => new Uint8Array(0),
  (random) => Uint8Array.from({ length: random.integer(3000) }, () => random.integer(256)),
  (random) => new Uint8Array(random.integer(100_000)).fill(random.integer(256)),
];

/** A specimen with one to four things wrong, or now and then something else altogether. JSON stays JSON half of the time. */
export const mutate = (bytes: Uint8Array, other: Uint8Array, random: RandomStream): Uint8Array => {
  if (random.uniform() < 0.03) return strangers[random.integer(strangers.length)](random);
  const json = random.uniform() < 0.5 ? mutateJson(bytes, random) : undefined;
  if (json !== undefined) return json;
  let out = bytes;
  for (let n = 1 + random.integer(4); n > 0; n--) {
    out = mutations[random.integer(mutations.length)](out, random, other).subarray(0, LONGEST);
  }
  return out;
};

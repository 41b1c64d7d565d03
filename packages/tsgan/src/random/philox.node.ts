/**
 * Philox4x32-10 in Node.js, in WebAssembly's vector instructions: four blocks at a time, the same words as `philox.ts` gives, in a
 * fifth of the time. In pages, where products take most of the time and every kilobyte is loaded, `philox.ts` does. The module is put
 * together here, from the instructions that its loop consists of.
 */
import { MULTIPLIER_0, MULTIPLIER_1, philox4x32 as plainPhilox, ROUNDS, WEYL_0, WEYL_1 } from "./philox.ts";

/** Vectors of four words in, four blocks out. */
const STRIDE = 16;
/** From so many words on a call is worth it. */
const MANY = 64;

type Code = readonly number[];

/** An unsigned number as WebAssembly writes it: seven bits a byte. */
const unsigned = (n: number): number[] =>
  n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(Math.floor(n / 0x80))];

const section = (id: number, ...parts: readonly Code[]): number[] => {
  const body = parts.flat();
  return [id, ...unsigned(body.length), ...body];
};

const [I32, V128] = [0x7f, 0x7b];
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const vector = (instruction: number): Code => [0xfd, ...unsigned(instruction)];
const words = (...four: readonly number[]): Code => [
  ...vector(0x0c),
  ...new Uint8Array(Uint32Array.from(four).buffer),
];
const splat = (word: number): Code => words(word, word, word, word);
const splatOf = (local: number): Code => [...get(local), ...vector(0x11)];
/** The words of two vectors, numbered 0 to 7, in another order. */
const shuffle = (a: number, b: number, order: Code): Code => [
  ...get(a),
  ...get(b),
  ...vector(0x0d),
  ...order.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)),
];
const ADD = vector(0xae);
const XOR = vector(0x51);
const [LOW_PRODUCTS, HIGH_PRODUCTS] = [vector(0xde), vector(0xdf)];

const [FIRST, C2, C3, K0, K1, END, AT] = [0, 1, 2, 3, 4, 5, 6];
const [X0, X1, X2, X3, P, Q, R, S, KEY0, KEY1] = [7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const [LOWS, HIGHS] = [
  [0, 2, 4, 6],
  [1, 3, 5, 7],
];

/** The four products of 64 bits of x with a multiplier. */
const products = (x: number, multiplier: number, low: number, high: number): Code => [
  ...[...get(x), ...splat(multiplier), ...LOW_PRODUCTS, ...set(low)],
  ...[...get(x), ...splat(multiplier), ...HIGH_PRODUCTS, ...set(high)],
];

const ROUND: Code = [
  ...products(X0, MULTIPLIER_0, P, Q),
  ...products(X2, MULTIPLIER_1, R, S),
  ...[...shuffle(R, S, HIGHS), ...get(X1), ...XOR, ...get(KEY0), ...XOR, ...set(X0)],
  ...[...shuffle(R, S, LOWS), ...set(X1)],
  ...[...shuffle(P, Q, HIGHS), ...get(X3), ...XOR, ...get(KEY1), ...XOR, ...set(X2)],
  ...[...shuffle(P, Q, LOWS), ...set(X3)],
  ...[...get(KEY0), ...splat(WEYL_0), ...ADD, ...set(KEY0)],
  ...[...get(KEY1), ...splat(WEYL_1), ...ADD, ...set(KEY1)],
];

const store = (block: number, a: number, b: number, order: Code): Code => [
  ...[...get(AT), ...shuffle(a, b, order), ...vector(0x0b)],
  ...[4, 4 * 4 * block],
];

const LOOP: Code = [
  ...[...splatOf(FIRST), ...words(0, 1, 2, 3), ...ADD, ...set(X0)],
  ...[...splat(0), ...set(X1), ...splatOf(C2), ...set(X2), ...splatOf(C3), ...set(X3)],
  ...[...splatOf(K0), ...set(KEY0), ...splatOf(K1), ...set(KEY1)],
  ...Array.from({ length: ROUNDS }, () => ROUND).flat(),
  // Four vectors of one word of each block become four blocks.
  ...[...shuffle(X0, X1, [0, 4, 1, 5]), ...set(P), ...shuffle(X2, X3, [0, 4, 1, 5]), ...set(Q)],
  ...[...shuffle(X0, X1, [2, 6, 3, 7]), ...set(R), ...shuffle(X2, X3, [2, 6, 3, 7]), ...set(S)],
  ...[...store(0, P, Q, [0, 1, 4, 5]), ...store(1, P, Q, [2, 3, 6, 7])],
  ...[...store(2, R, S, [0, 1, 4, 5]), ...store(3, R, S, [2, 3, 6, 7])],
  ...[...get(FIRST), 0x41, 4, 0x6a, ...set(FIRST)],
  // at += 64; again where at < end
  ...[...get(AT), 0x41, 0xc0, 0x00, 0x6a, 0x22, AT, ...get(END), 0x49, 0x0d, 0],
];

const moduleBytes = (): Uint8Array<ArrayBuffer> => {
  const code = [2, 1, I32, 10, V128, 0x03, 0x40, ...LOOP, 0x0b, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, 1, "m".charCodeAt(0), 2, 0, 1, "f".charCodeAt(0), 0, 0]),
    ...section(10, [1], unsigned(code.length), code),
  ]);
};

/** Fills its memory with the blocks from a counter on, as far as the byte `end`. */
type Fill = (first: number, c2: number, c3: number, k0: number, k1: number, end: number) => void;

interface Loaded {
  readonly fill: Fill;
  readonly made: Uint32Array;
}

/** Nothing where WebAssembly is switched off, or has no vectors. */
const load = (): Loaded | undefined => {
  try {
    const { f, m } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports;
    return { fill: f as unknown as Fill, made: new Uint32Array((m as WebAssembly.Memory).buffer) };
  } catch {
    return undefined;
  }
};

let loaded: { readonly module: Loaded | undefined } | undefined;

/** The same as `philox4x32` of `philox.ts`. */
export const philox4x32: typeof plainPhilox = (first, c2, c3, k0, k1, out) => {
  if (out.length >= MANY) loaded ??= { module: load() };
  const module = loaded?.module;
  if (out.length < MANY || module === undefined) {
    plainPhilox(first, c2, c3, k0, k1, out);
    return;
  }
  const { fill, made } = module;
  for (let at = 0; at < out.length; at += made.length) {
    const count = Math.min(out.length - at, made.length);
    fill(first + at / 4, c2, c3, k0, k1, 4 * STRIDE * Math.ceil(count / STRIDE));
    out.set(made.subarray(0, count), at);
  }
};

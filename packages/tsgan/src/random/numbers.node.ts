/** What `numbers.ts` does in Node.js, in WebAssembly where float32 is filled: the same numbers, sooner. */
import { at, type Code, F64, get, I32, load, set, tee, vector, words } from "./assembly.node.ts";
import { normals as plainNormals, uniforms as plainUniforms, rareNormal } from "./numbers.ts";
import { wedges } from "./wedges.node.ts";
import type { Words } from "./words.ts";
import { edges, STRIPS, sure } from "./ziggurat.ts";

/** From so many numbers on a call is worth it. */
const MANY = 64;
/** Bytes of the page: words, the numbers made of them, the ziggurat's tables, where to go on. */
const [NUMBERS, SURE, EDGES, NEXT] = [0x4000, 0x8000, 0x8400, 0x9000];
const [SLOPES, STARTS, ABOVE, BELOW] = [0xa000, 0xa400, 0xa800, 0xac00];
/** Words that the first part holds. */
const MOST = NUMBERS / 4;

const double = (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
const four = (value: number): Code => {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer);
  return words(bits, bits, bits, bits);
};

const [AT, END, LIMIT, WORD, STRIP, OUT, U, LEAD] = [0, 1, 2, 3, 4, 5, 6, 7];
const ahead = (local: number, bytes: number): Code => [...get(local), 0x41, bytes, 0x6a];
/** Again where at < end. */
const AGAIN: Code = [...get(END), 0x49, 0x0d, 0];

/** Words up to the byte `end` as numbers in [0, 1), four at a time. */
const UNIFORMS = {
  takes: [I32, I32],
  gives: [],
  locals: [],
  body: [
    ...[0x03, 0x40, ...get(AT), ...get(AT), ...vector(0x00), ...at(0)],
    // (word >>> 8) · 2⁻²⁴
    ...[0x41, 8, ...vector(0xad), ...vector(0xfb), ...four(2 ** -24), ...vector(0xe6)],
    ...[...vector(0x0b), ...at(NUMBERS), ...ahead(AT, 16), ...tee(AT), ...AGAIN, 0x0b],
  ],
} as const;

/** A number out of a table, that of the strip. */
const ofStrip = (table: number): Code => [...get(STRIP), 0x2b, ...at(table)];
/** The next place in the numbers is u times the strip's edge. */
const PUT: Code = [
  ...[...get(OUT), ...get(U), ...ofStrip(EDGES), 0xa2, 0xb6, 0x38, ...at(NUMBERS)],
  ...[...ahead(OUT, 4), ...set(OUT)],
];

/**
 * Words up to the byte `end`, those of a block that ends at `limit`, as normal numbers; gives the bytes that they take. `NEXT`
 * holds the place behind the last word.
 */
const NORMALS = {
  takes: [I32, I32, I32],
  gives: [I32],
  locals: [
    [3, I32],
    [2, F64],
  ],
  body: [
    ...[0x03, 0x40, ...get(AT)],
    // strip: 8 · (word & 127), where the tables have its numbers
    ...[0x28, ...at(0), ...tee(WORD), 0x41, 0xff, 0x00, 0x71, 0x41, 3, 0x74, ...set(STRIP)],
    // u = ((word >>> 7) + 0.5) · 2⁻²⁴ − 1
    ...[...get(WORD), 0x41, 7, 0x76, 0xb8, ...double(0.5), 0xa0, ...double(2 ** -24), 0xa2],
    ...[...double(1), 0xa1, ...tee(U)],
    // where |u| < sure: u times the strip's edge
    ...[0x99, ...ofStrip(SURE), 0x63, 0x04, 0x40, ...PUT, ...ahead(AT, 4), ...set(AT), 0x05],
    // else lead = v − (slope · |u| + start) for the uniform number v of the next word, if that is in the block
    ...[...get(AT), 0x28, ...at(4), 0x41, 8, 0x76, 0xb8, ...double(2 ** -24), 0xa2],
    ...[...get(U), 0x99, ...ofStrip(SLOPES), 0xa2, ...ofStrip(STARTS), 0xa0, 0xa1],
    ...[...double(Number.NaN), ...ahead(AT, 4), ...get(LIMIT), 0x49, 0x1b, ...tee(LEAD)],
    // above: a number; below: none
    ...[...ofStrip(ABOVE), 0x64, 0x04, 0x40, ...PUT, ...ahead(AT, 8), ...set(AT), 0x05],
    ...[...get(LEAD), ...ofStrip(BELOW), 0x63, 0x04, 0x40, ...ahead(AT, 8), ...set(AT), 0x05],
    // else what is called makes of it, if it is a number
    ...[...get(OUT), ...get(AT), 0x10, 0, ...tee(U), 0xb6, 0x38, ...at(NUMBERS)],
    ...[...ahead(OUT, 4), ...get(OUT), ...get(U), ...get(U), 0x61, 0x1b, ...set(OUT)],
    ...[0x41, 0, 0x28, ...at(NEXT), ...set(AT), 0x0b, 0x0b, 0x0b],
    ...[...get(AT), ...AGAIN, 0x0b, 0x41, 0, ...get(AT), 0x36, ...at(NEXT), ...get(OUT)],
  ],
} as const;

interface Page {
  readonly uniforms: (at: number, end: number) => number;
  readonly normals: (at: number, end: number, limit: number) => number;
  readonly words: Uint32Array;
  readonly numbers: Float32Array;
  /** One number: the byte of the word to go on with. */
  readonly next: Int32Array;
}
let page: Page | "unloaded" | undefined = "unloaded";

/** Of the words on the page: whose they are, and which block of them. */
const held = { source: undefined as Words | undefined, block: 0 };

/** The number that begins with the word at this byte, or none, which is not a number. */
const rare = (at: number): number => {
  const { next } = page as Page;
  const source = held.source as Words;
  const place = at / 4;
  source.position = place + 1;
  const value = rareNormal(source, source.words[place]) ?? Number.NaN;
  // It may have gone on to the next block.
  next[0] = source.blocks === held.block ? 4 * source.position : NUMBERS;
  return value;
};

const loadedPage = (): Page | undefined => {
  const loaded = load([UNIFORMS, NORMALS], [{ takes: [I32], gives: [F64], call: rare }]);
  if (loaded === undefined) return undefined;
  const { memory, functions } = loaded;
  new Float64Array(memory, SURE, STRIPS).set(sure);
  new Float64Array(memory, EDGES, STRIPS + 1).set(edges);
  const { slopes, starts, above, below } = wedges();
  new Float64Array(memory, SLOPES, STRIPS).set(slopes);
  new Float64Array(memory, STARTS, STRIPS).set(starts);
  new Float64Array(memory, ABOVE, STRIPS).set(above);
  new Float64Array(memory, BELOW, STRIPS).set(below);
  return {
    uniforms: functions[0],
    normals: functions[1],
    words: new Uint32Array(memory, 0, MOST),
    numbers: new Float32Array(memory, NUMBERS, MOST),
    next: new Int32Array(memory, NEXT, 1),
  };
};

/** The page, where it is worth it. */
const pageFor = (out: Float32Array | Float64Array): Page | undefined => {
  if (out.length < MANY || !(out instanceof Float32Array)) return undefined;
  if (page === "unloaded") page = loadedPage();
  return page;
};

/** Sees to it that the page holds the block of the next word; gives how many of those wanted are in it. */
const turnTo = ({ words }: Page, source: Words, wanted: number): number => {
  const left = Math.min(source.ready(wanted), wanted);
  if (held.source !== source || held.block !== source.blocks) {
    words.set(source.words);
    held.source = source;
    held.block = source.blocks;
  }
  return left;
};

/** The same as `uniforms` of `numbers.ts`. */
export const uniforms: typeof plainUniforms = (source, out, low, high) => {
  const ready = low === 0 && high === 1 ? pageFor(out) : undefined;
  if (ready === undefined) {
    plainUniforms(source, out, low, high);
    return;
  }
  for (let i = 0; i < out.length; ) {
    const count = turnTo(ready, source, out.length - i);
    const at = source.position;
    source.position += count;
    ready.uniforms(4 * at, 4 * (at + count));
    out.set(ready.numbers.subarray(at, at + count), i);
    i += count;
  }
};

/** The same as `normals` of `numbers.ts`. */
export const normals: typeof plainNormals = (source, out, mean, deviation) => {
  const ready = mean === 0 && deviation === 1 ? pageFor(out) : undefined;
  if (ready === undefined) {
    plainNormals(source, out, mean, deviation);
    return;
  }
  const { numbers, next } = ready;
  for (let i = 0; i < out.length; ) {
    const count = turnTo(ready, source, out.length - i);
    const at = 4 * source.position;
    const made = ready.normals(at, at + 4 * count, 4 * source.words.length) / 4;
    out.set(numbers.subarray(0, made), i);
    if (source.blocks === held.block) source.position = next[0] / 4;
    i += made;
  }
};

/** WebAssembly put together from its instructions, as far as random numbers need them. */

export type Code = readonly number[];

/** An unsigned number as WebAssembly writes it: seven bits a byte. */
const unsigned = (n: number): number[] =>
  n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(Math.floor(n / 0x80))];

const section = (id: number, ...parts: readonly Code[]): number[] => {
  const body = parts.flat();
  return [id, ...unsigned(body.length), ...body];
};

export const [I32, F64, V128] = [0x7f, 0x7c, 0x7b];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
/** Where in its memory an instruction loads or stores: at the address that it is given, and `offset` bytes on. */
export const at = (offset: number): Code => [0, ...unsigned(offset)];
/** An instruction on vectors. */
export const vector = (instruction: number): Code => [0xfd, ...unsigned(instruction)];
/** A vector of four words. */
export const words = (...four: readonly number[]): Code => [
  ...vector(0x0c),
  ...new Uint8Array(Uint32Array.from(four).buffer),
];

/** A function of a module: what it takes, gives and keeps, by kinds, and its instructions. */
export interface Func {
  readonly takes: Code;
  readonly gives: Code;
  readonly locals: readonly (readonly [count: number, kind: number])[];
  readonly body: Code;
}

/** A function of the program that a module calls, by its number. */
export interface Called extends Pick<Func, "takes" | "gives"> {
  readonly call: (...numbers: readonly number[]) => number;
}

const list = (codes: readonly Code[]): Code => [...unsigned(codes.length), ...codes.flat()];
const sized = (code: Code): Code => [...unsigned(code.length), ...code];
const named = (character: number): Code => sized([character]);
const [DIGIT, MEMORY] = ["0".charCodeAt(0), "m".charCodeAt(0)];

/** A module with one page of memory, "m", and functions "0", "1" …, whose numbers follow those that it calls. */
const moduleOf = (functions: readonly Func[], called: readonly Called[]): Uint8Array<ArrayBuffer> => {
  const types = [...called, ...functions].map(({ takes, gives }) => [0x60, ...sized(takes), ...sized(gives)]);
  const first = called.length;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list(called.map((_, i) => [...named(MEMORY), ...named(DIGIT + i), 0, i]))),
    ...section(3, list(functions.map((_, i) => [first + i]))),
    ...section(5, [1, 0, 1]),
    ...section(
      7,
      list([[...named(MEMORY), 2, 0], ...functions.map((_, i) => [...named(DIGIT + i), 0, first + i])]),
    ),
    ...section(10, list(functions.map(({ locals, body }) => sized([...list(locals), ...body, 0x0b])))),
  ]);
};

/** What a module is used by: functions, and its page of memory. */
export interface Loaded {
  readonly functions: readonly ((...numbers: readonly number[]) => number)[];
  readonly memory: ArrayBuffer;
}

/** Functions, compiled; nothing where WebAssembly is switched off, or has no vectors. */
export const load = (functions: readonly Func[], called: readonly Called[] = []): Loaded | undefined => {
  try {
    const imports = { m: Object.fromEntries(called.map(({ call }, i) => [i, call])) };
    const module = new WebAssembly.Module(moduleOf(functions, called));
    const { m, ...made } = new WebAssembly.Instance(module, imports).exports;
    return {
      functions: functions.map((_, i) => made[i] as (...numbers: readonly number[]) => number),
      memory: (m as WebAssembly.Memory).buffer,
    };
  } catch {
    return undefined;
  }
};

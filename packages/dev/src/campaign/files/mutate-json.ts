/** JSON that is still JSON, with something in it that was never meant: what is behind the parser is reached by it. */
import type { RandomStream } from "tsgan/random";

type Value = unknown;
type Container = Record<string, Value> | Value[];

const nested = (levels: number): Value => {
  let value: Value = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

const strangers: readonly Value[] = [
  null,
  true,
  false,
  "",
  "mnist",
  "2e5",
  "../../etc/passwd",
  "__proto__",
  "constructor",
  "\u0000\u001b[2J",
  "\ud800",
  "x".repeat(100_000),
  [],
  {},
  [[]],
  [null],
  { name: "mlp" },
  { name: {} },
  { kind: "linear", from: 1, to: "x" },
  0,
  -0,
  -1,
  0.5,
  1,
  2,
  1e-320,
  1e15,
  1e308,
  2 ** 31,
  2 ** 32 + 1,
  2 ** 53,
  new Array(100).fill(1e9),
  new Array(5000).fill("a"),
  nested(20),
  nested(200),
];

const pick = <T>(list: readonly T[], random: RandomStream): T => list[random.integer(list.length)];

const isContainer = (value: Value): value is Container => typeof value === "object" && value !== null;

/** All that holds something, and everything in it. */
const containersOf = (value: Value): Container[] =>
  isContainer(value) ? [value, ...Object.values(value).flatMap(containersOf)] : [];

const put = (container: Container, key: string, value: Value): void => {
  // A key of any name, as JSON.parse makes it.
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
};

const change = (document: Value, random: RandomStream): void => {
  const containers = containersOf(document);
  const container = pick(containers, random);
  const keys = Object.keys(container);
  const kind = random.integer(6);
  // Copies are put there, so that nothing holds itself.
  if (kind === 0 || keys.length === 0) {
    const key = pick(["x", "__proto__", "name", "toString", "length", "0", "", "steps"], random);
    const value = structuredClone(pick(strangers, random));
    if (Array.isArray(container)) container.push(value);
    else put(container, key, value);
    return;
  }
  const key = pick(keys, random);
  const old = (container as Record<string, Value>)[key];
  if (kind === 1) {
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
  } else if (kind === 2) {
    const other = pick(containers, random);
    const value = pick([other, ...Object.values(other)], random);
    put(container, key, structuredClone(value));
  } else if (kind === 3 && typeof old === "number") {
    put(container, key, pick([old + 1, -old, old * 1e9, old / 3, String(old), [old]], random));
  } else put(container, key, structuredClone(pick(strangers, random)));
};

const mutateText = (text: string, random: RandomStream): string | undefined => {
  let document: Value;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isContainer(document)) return undefined;
  for (let n = 1 + random.integer(3); n > 0; n--) change(document, random);
  return JSON.stringify(document);
};

/** Bytes before the header of a safetensors file: its length. */
const HEADER = 8;

/** JSON, or a safetensors file's header, or each line, with one to three things changed; undefined for anything else. */
export const mutateJson = (bytes: Uint8Array, random: RandomStream): Uint8Array | undefined => {
  const buffer = Buffer.from(bytes);
  if (bytes[0] === 0x7b || bytes[0] === 0x5b) {
    const whole = mutateText(buffer.toString(), random);
    if (whole !== undefined) return new Uint8Array(Buffer.from(whole));
    const lines = buffer.toString().split("\n");
    const line = random.integer(lines.length);
    lines[line] = mutateText(lines[line], random) ?? "";
    return new Uint8Array(Buffer.from(lines.join("\n")));
  }
  const length = bytes.length > HEADER ? Number(buffer.readBigUInt64LE()) : 0;
  if (length === 0 || HEADER + length > bytes.length) return undefined;
  const header = mutateText(buffer.toString("utf8", HEADER, HEADER + length), random);
  if (header === undefined) return undefined;
  const text = Buffer.from(header);
  const size = Buffer.alloc(HEADER);
  size.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([size, text, buffer.subarray(HEADER + length)]));
};

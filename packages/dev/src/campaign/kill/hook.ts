/**
 * Loaded before a program: counts its calls that change files and, where it is told a number, kills the process at that call:
 * before it, after it, or in the middle of what it writes. As a power failure would, if it left what was written.
 *
 *     TSGAN_KILL_AT=N         the call; without it, calls are counted only
 *     TSGAN_KILL_WHEN=before | after | within
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const at = Number(process.env.TSGAN_KILL_AT ?? Number.POSITIVE_INFINITY);
const when = process.env.TSGAN_KILL_WHEN ?? "before";

/** Calls by this thread: training has one of its own, in which all files are written. */
let calls = 0;

const die = (): void => {
  process.kill(process.pid, "SIGKILL");
  // The signal may take a moment, in which nothing more is to happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

const CALLS = [
  "openSync",
  "writeSync",
  "writeFileSync",
  "renameSync",
  "fsyncSync",
  "fdatasyncSync",
  "closeSync",
  "rmSync",
  "ftruncateSync",
  "linkSync",
  "mkdirSync",
  "copyFileSync",
] as const;

type Call = (...args: unknown[]) => unknown;
const patched = fs as unknown as Record<string, Call>;

/** The first half of what is to be written, where a call writes: `writeSync(fd, bytes, offset, length)` and their like. */
const half = (name: string, args: readonly unknown[]): unknown[] | undefined => {
  const [target, content, offset, length] = args;
  if (name === "writeFileSync" && (typeof content === "string" || content instanceof Uint8Array)) {
    return [target, content.slice(0, content.length >> 1), ...args.slice(2)];
  }
  if (name !== "writeSync" || !(content instanceof Uint8Array)) return undefined;
  const from = typeof offset === "number" ? offset : 0;
  const bytes = typeof length === "number" ? length : content.length - from;
  return [target, content.subarray(from, from + (bytes >> 1))];
};

for (const name of CALLS) {
  const real = patched[name];
  patched[name] = (...args) => {
    calls++;
    if (calls !== at) return real(...args);
    const part = when === "within" ? half(name, args) : undefined;
    if (part !== undefined) real(...part);
    else if (when === "after") real(...args);
    die();
    return undefined;
  };
}
syncBuiltinESMExports();

process.on("exit", () => {
  if (process.env.TSGAN_COUNT_CALLS !== undefined) process.stdout.write(`calls ${calls}\n`);
});

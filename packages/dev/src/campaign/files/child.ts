/** The process that reads malformed files: what crashes or hangs it leaves the campaign alone. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError, UsageError } from "tsgan";
import { randomStream } from "tsgan/random";
import { mutate } from "./mutate.ts";
import { parsers } from "./parsers.ts";

export interface Order {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** How many files of each parser were read, refused in words, or did what none is to do. */
export type Tallies = Record<string, { read: number; refused: number; wrong: number }>;

export type Report =
  /** A case is begun. */
  | { readonly type: "begin"; readonly number: number; readonly tried: string }
  /** What was wrong with the one that was begun last. */
  | { readonly type: "wrong"; readonly message: string }
  /** Of the cases since the last one of these. */
  | { readonly type: "tallies"; readonly tallies: Tallies }
  /** No more of them are tried: it has tried all that it was told, or has had too much memory to tell that of another. */
  | { readonly type: "done"; readonly next: number };

/** Limits of a case. Seconds are of this process's own time: the machine may be busy. */
const SECONDS = 1;
/** What all cases may take beside what there was before the first: the most that there was at once is all that a system tells. */
const MEGABYTES = 512;
/** Cases between two tallies, which are lost where the process dies. */
const TALLY = 100;

const names = Object.entries(parsers).flatMap(([name, { share }]) => new Array<string>(share).fill(name));

/** Megabytes that the process has had at once, at most. */
const peak = (): number => process.resourceUsage().maxRSS / 1024;
const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const isWords = (error: unknown): boolean =>
  (error instanceof UsageError || error instanceof RunError) && error.message !== "";

const send = (report: Report): void => {
  process.send?.(report);
};

// Memory, where there is such a place: a disk would be most of the time.
const scratch = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "tsgan-files-"));
const [folder, cache] = [join(scratch, "case"), join(scratch, "cache")];
process.env.TSGAN_CACHE = cache;
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
process.on("disconnect", () => process.exit(0));

let tallies: Tallies = {};
const tell = (): void => {
  send({ type: "tallies", tallies });
  tallies = {};
};

/** @returns what is wrong, in words */
const tryCase = async (seed: number, number: number, memory: number): Promise<string | undefined> => {
  const random = randomStream(seed, "files", number);
  const parser = names[random.integer(names.length)];
  const { specimens, read } = parsers[parser];
  const pick = (): Uint8Array => specimens[random.integer(specimens.length)];
  const bytes = mutate(pick(), pick(), random);
  send({ type: "begin", number, tried: `${parser}, ${bytes.length} bytes` });
  mkdirSync(folder, { recursive: true });
  const clock = seconds();
  let result: "read" | "refused" = "read";
  let wrong: string | undefined;
  try {
    await read(bytes, folder);
  } catch (error) {
    result = "refused";
    if (!isWords(error)) wrong = `it threw ${error instanceof Error ? error.stack : error}`;
  }
  const spent = seconds() - clock;
  if (spent > SECONDS) wrong ??= `it took ${spent.toFixed(1)} s`;
  const taken = peak() - memory;
  if (taken > MEGABYTES) wrong ??= `it took ${taken.toFixed(0)} MB`;
  rmSync(folder, { recursive: true, force: true });
  if (existsSync(cache)) rmSync(cache, { recursive: true });
  tallies[parser] ??= { read: 0, refused: 0, wrong: 0 };
  tallies[parser][wrong === undefined ? result : "wrong"]++;
  return wrong;
};

process.once("message", async ({ seed, from, to }: Order) => {
  const memory = peak();
  let number = from;
  while (number < to && peak() - memory <= MEGABYTES) {
    const message = await tryCase(seed, number++, memory);
    if (message !== undefined) send({ type: "wrong", message });
    if (number % TALLY === 0) tell();
  }
  tell();
  send({ type: "done", next: number });
});

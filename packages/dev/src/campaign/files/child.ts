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

export type Report =
  /** A case is begun. */
  | { readonly type: "begin"; readonly number: number; readonly tried: string }
  | { readonly type: "end"; readonly parser: string; readonly result: "read" | "refused" }
  | { readonly type: "wrong"; readonly parser: string; readonly message: string }
  | { readonly type: "done" };

/** Limits of a case. Seconds are of this process's own time: the machine may be busy. */
const SECONDS = 1;
const MEGABYTES = 512;

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
process.env.TSGAN_CACHE = join(scratch, "cache");
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
process.on("disconnect", () => process.exit(0));

const tryCase = async (seed: number, number: number): Promise<void> => {
  const random = randomStream(seed, "files", number);
  const parser = names[random.integer(names.length)];
  const { specimens, read } = parsers[parser];
  const pick = (): Uint8Array => specimens[random.integer(specimens.length)];
  const bytes = mutate(pick(), pick(), random);
  send({ type: "begin", number, tried: `${parser}, ${bytes.length} bytes` });
  const folder = join(scratch, "case");
  mkdirSync(folder, { recursive: true });
  const [memory, clock] = [peak(), seconds()];
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
  const grown = peak() - memory;
  if (grown > MEGABYTES) wrong ??= `it took ${grown.toFixed(0)} MB`;
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(scratch, "cache"), { recursive: true, force: true });
  send(wrong === undefined ? { type: "end", parser, result } : { type: "wrong", parser, message: wrong });
};

process.once("message", async ({ seed, from, to }: Order) => {
  for (let number = from; number < to; number++) await tryCase(seed, number);
  send({ type: "done" });
});

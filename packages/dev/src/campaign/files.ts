/**
 * Malformed files for everything that reads files which may come from elsewhere: checkpoints, configurations, records, tables,
 * pictures, archives, studies, models. Each is read, or refused in words (a UsageError or a RunError), within a second of
 * processor time and 512 MB, by a process that may die of it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Campaign, Failure } from "./campaign.ts";
import type { Order, Report, Tallies } from "./files/child.ts";

/** Milliseconds without a word after which a case hangs. */
const PATIENCE = 60_000;
/** Cases of one process, which are given to another one then: what leaks shows as little as what grows slowly. */
const BATCH = 20_000;
/** Characters that are kept of what a process says at last. */
const WORDS = 2000;

export const files: Campaign = async ({ seed, count, from: first = 0, progress }) => {
  const sums: Tallies = {};
  const failures: Failure[] = [];
  const add = (tallies: Tallies): void => {
    for (const [parser, { read, refused, wrong }] of Object.entries(tallies)) {
      sums[parser] ??= { read: 0, refused: 0, wrong: 0 };
      const sum = sums[parser];
      sum.read += read;
      sum.refused += refused;
      sum.wrong += wrong;
    }
  };

  /** Tries cases in a process of their own. @returns the number of the first that was not tried */
  const run = ({ seed, from, to }: Order): Promise<number> =>
    new Promise((resolve) => {
      const child: ChildProcess = fork(fileURLToPath(new URL("./files/child.js", import.meta.url)), {
        execArgv: [],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      let at = { number: from, tried: "the start" };
      let next: number | undefined;
      let said = "";
      child.stderr?.on("data", (data) => {
        said = (said + data).slice(-WORDS);
      });
      let timer: NodeJS.Timeout | undefined;
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      };
      wait();
      child.on("message", (report: Report) => {
        wait();
        if (report.type === "begin") {
          at = report;
          progress?.(at.number - first, failures);
        } else if (report.type === "tallies") add(report.tallies);
        else if (report.type === "wrong") {
          failures.push({ case: at.number, tried: at.tried, message: report.message });
        } else {
          next = report.next;
          child.disconnect();
        }
      });
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        if (next !== undefined) return resolve(next);
        const how =
          signal === "SIGKILL" ? `no end within ${PATIENCE / 1000} s` : `${signal ?? `exit code ${code}`}`;
        failures.push({ case: at.number, tried: at.tried, message: `it ended the process: ${how}: ${said}` });
        resolve(at.number + 1);
      });
      child.send({ seed, from, to } satisfies Order);
    });

  for (let next = first; next < first + count; ) {
    next = await run({ seed, from: next, to: Math.min(next + BATCH, first + count) });
  }
  const tried = Object.entries(sums)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([parser, { read, refused, wrong }]) =>
        `${parser.padEnd(24)}${String(read + refused + wrong).padStart(8)} tried${String(read).padStart(8)} read${String(refused).padStart(8)} refused${String(wrong).padStart(6)} wrong`,
    );
  return { tried, failures };
};

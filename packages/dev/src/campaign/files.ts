/**
 * Malformed files for everything that reads files which may come from elsewhere: checkpoints, configurations, records, tables,
 * pictures, archives, studies, models. Each is read, or refused in words (a UsageError or a RunError), within a second of
 * processor time and 512 MB, by a process that may die of it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Campaign, Failure } from "./campaign.ts";
import type { Order, Report } from "./files/child.ts";

/** Milliseconds without a word after which a case hangs. */
const PATIENCE = 60_000;
/** Cases of one process, which are given to another one then: what leaks shows as little as what grows slowly. */
const BATCH = 5000;

interface Tally {
  read: number;
  refused: number;
  wrong: number;
}

export const files: Campaign = async ({ seed, count, from = 0 }) => {
  const tallies = new Map<string, Tally>();
  const failures: Failure[] = [];
  const tallyOf = (parser: string): Tally => {
    const tally = tallies.get(parser) ?? { read: 0, refused: 0, wrong: 0 };
    tallies.set(parser, tally);
    return tally;
  };

  /** Tries cases in a process of their own. @returns the number of the first that was not tried */
  const run = ({ seed, from, to }: Order): Promise<number> =>
    new Promise((resolve) => {
      const child: ChildProcess = fork(fileURLToPath(new URL("./files/child.js", import.meta.url)), {
        execArgv: [],
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      let at = { number: from, tried: "the start" };
      let isDone = false;
      let timer: NodeJS.Timeout | undefined;
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      };
      wait();
      child.on("message", (report: Report) => {
        wait();
        if (report.type === "begin") at = report;
        else if (report.type === "end") tallyOf(report.parser)[report.result]++;
        else if (report.type === "wrong") {
          tallyOf(report.parser).wrong++;
          failures.push({ case: at.number, tried: at.tried, message: report.message });
        } else {
          isDone = true;
          child.disconnect();
        }
      });
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        if (isDone) return resolve(to);
        const how =
          signal === "SIGKILL" ? `no end within ${PATIENCE / 1000} s` : `${signal ?? `exit code ${code}`}`;
        failures.push({ case: at.number, tried: at.tried, message: `it ended the process: ${how}` });
        resolve(at.number + 1);
      });
      child.send({ seed, from, to } satisfies Order);
    });

  for (let next = from; next < from + count; ) {
    next = await run({ seed, from: next, to: Math.min(next + BATCH, from + count) });
  }
  const tried = [...tallies]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([parser, { read, refused, wrong }]) =>
        `${parser.padEnd(24)}${String(read + refused + wrong).padStart(8)} tried${String(read).padStart(8)} read${String(refused).padStart(8)} refused${String(wrong).padStart(6)} wrong`,
    );
  return { tried, failures };
};

/** tsgan study run */
import { availableParallelism } from "node:os";
import type { Study } from "@tsgan/study";
import { type Backend, holdsStudy, localPool, openStudyFolder, runStudy } from "@tsgan/study/node";
import { UsageError } from "tsgan";
import { onSignals } from "../signals.ts";
import { checkStudy } from "./check.ts";
import { jsonStudyReporter, studyReporter } from "./progress.ts";
import { readStudyFile } from "./study-file.ts";

export interface RunFlags {
  readonly out: string;
  readonly resume?: boolean;
  readonly workers?: number;
  readonly threads?: number;
  readonly attempts: number;
  readonly json?: boolean;
  /** Address of a Redis, whose workers train in place of this machine. */
  readonly redis?: string;
}

/** The study of the file or, on resume, of the folder. */
const studyOf = async (file: string | undefined, { out, resume = false }: RunFlags): Promise<Study> => {
  if (file !== undefined) return readStudyFile(file);
  if (resume && holdsStudy(out)) return openStudyFolder(out).study;
  throw new UsageError("study run: needs a study file, or --resume and a folder with a study as --out");
};

/** Runs a study with a backend until it ends or a signal stops it, and says what came of it. */
const runWith = async (study: Study, flags: RunFlags, workers: number, backend: Backend): Promise<void> => {
  const { out, resume = false, json = false } = flags;
  const reporter = json ? jsonStudyReporter(process.stdout) : studyReporter(process.stderr);
  const stop = new AbortController();
  const signals = onSignals(() => {
    reporter.event({ type: "stopping" });
    stop.abort();
  });
  try {
    const { signal } = stop;
    const result = await runStudy({
      study,
      out,
      resume,
      workers,
      backend,
      signal,
      onEvent: (event) => reporter.event(event),
    });
    reporter.end();
    const { trials, finished, stopped, failed, open } = result;
    if (json) process.stdout.write(`${JSON.stringify({ type: open > 0 ? "stopped" : "done", ...result })}\n`);
    else {
      const counts = [
        `${finished} finished`,
        `${failed} failed`,
        ...(stopped > 0 ? [`${stopped} stopped early`] : []),
      ];
      process.stdout.write(`${trials} trials: ${counts.join(", ")}${open > 0 ? `, ${open} left` : ""}\n`);
      process.stdout.write(
        open > 0
          ? `to continue: tsgan study run --resume --out ${out}\n`
          : `report:  tsgan study report ${out}\n`,
      );
    }
    if (open > 0) process.exitCode = signals.exitCode();
  } finally {
    reporter.end();
    signals.off();
  }
};

const runLocally = async (study: Study, flags: RunFlags): Promise<void> => {
  const { threads = 1, attempts } = flags;
  const { workers = Math.max(1, Math.floor(availableParallelism() / threads)) } = flags;
  await runWith(study, flags, workers, localPool({ workers, threads, attempts }));
};

const runOnRedis = async (study: Study, flags: RunFlags, address: string): Promise<void> => {
  const { openRedis, redisBackend } = await import("@tsgan/study/redis");
  // Before anything is written: a Redis that is not there leaves no trace.
  const redis = await openRedis(address);
  try {
    await runWith(study, flags, 0, redisBackend(redis));
  } finally {
    redis.disconnect();
  }
};

export const run = async (file: string | undefined, flags: RunFlags): Promise<void> => {
  const study = await studyOf(file, flags);
  await checkStudy(study);
  if (flags.redis === undefined) await runLocally(study, flags);
  else await runOnRedis(study, flags, flags.redis);
};

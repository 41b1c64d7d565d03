/** tsgan study run */
import { availableParallelism } from "node:os";
import type { Study } from "@tsgan/study";
import {
  type Backend,
  checkStudyUses,
  holdsStudy,
  localPool,
  openStudyFolder,
  runStudy,
} from "@tsgan/study/node";
import { UsageError } from "tsgan";
import type { UsedFile } from "tsgan/node";
import { onSignals } from "../signals.ts";
import { print, printJson, quoted, useFlags } from "../text.ts";
import { useFiles } from "../use.ts";
import { checkStudy } from "./check.ts";
import { jsonStudyReporter, studyReporter } from "./progress.ts";
import { readStudyFile } from "./study-file.ts";
import { workerProcess } from "./worker-process.ts";

export interface RunFlags {
  readonly use?: readonly string[];
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
  if (resume) return openStudyFolder(out).study;
  throw new UsageError(
    "study run: expected a study file, or --resume to go on with the study in --out; got neither",
  );
};

/** A study, and the files of things of one's own that it may name. */
interface Asked {
  readonly study: Study;
  readonly uses: readonly UsedFile[];
}

/** Runs a study with a backend until it ends or a signal stops it, and says what came of it. */
const runWith = async (
  { study, uses }: Asked,
  flags: RunFlags,
  workers: number,
  backend: Backend,
): Promise<void> => {
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
      uses,
      workers,
      backend,
      signal,
      onEvent: (event) => reporter.event(event),
    });
    reporter.end();
    const { trials, finished, stopped, failed, open } = result;
    if (json) printJson({ type: open > 0 ? "stopped" : "done", ...result });
    else {
      const counts = [
        `${finished} finished`,
        `${failed} failed`,
        ...(stopped > 0 ? [`${stopped} stopped early`] : []),
      ];
      print(`${trials} trials: ${counts.join(", ")}${open > 0 ? `, ${open} left` : ""}\n`);
      const flagsOfUse = useFlags(uses.map(({ file }) => file));
      print(
        open > 0
          ? `to continue: tsgan study run --resume --out ${quoted(out)}${flagsOfUse}\n`
          : `report:  tsgan study report ${quoted(out)}${flagsOfUse}\n`,
      );
    }
    if (open > 0) process.exitCode = signals.exitCode();
  } finally {
    reporter.end();
    signals.off();
  }
};

const runLocally = async (asked: Asked, flags: RunFlags): Promise<void> => {
  const { threads = 1, attempts } = flags;
  const { workers = Math.max(1, Math.floor(availableParallelism() / threads)) } = flags;
  const pool = localPool({ workers, threads, attempts, workerProcess: workerProcess(asked.uses) });
  await runWith(asked, flags, workers, pool);
};

const runOnRedis = async (asked: Asked, flags: RunFlags, address: string): Promise<void> => {
  const { openRedis, redisBackend } = await import("@tsgan/study/redis");
  // Before anything is written: a Redis that is not there leaves no trace.
  const redis = await openRedis(address);
  try {
    await runWith(asked, flags, 0, redisBackend(redis));
  } finally {
    redis.disconnect();
  }
};

export const run = async (file: string | undefined, flags: RunFlags): Promise<void> => {
  const uses = await useFiles(flags.use);
  // What is said of changes is said when the study goes on.
  if (flags.resume && holdsStudy(flags.out)) checkStudyUses(flags.out, uses);
  const study = await studyOf(file, flags);
  await checkStudy(study);
  const asked = { study, uses };
  if (flags.redis === undefined) await runLocally(asked, flags);
  else await runOnRedis(asked, flags, flags.redis);
};

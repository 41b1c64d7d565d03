/** tsgan study run, on this machine. */
import { availableParallelism } from "node:os";
import { UsageError } from "tsgan";
import { holdsStudy, openStudyFolder } from "./folder.ts";
import { localPool } from "./pool.ts";
import { runStudy } from "./session.ts";
import { readStudyFile } from "./study-file.ts";

export interface LocalFlags {
  readonly out: string;
  readonly resume?: boolean;
  readonly workers?: number;
  readonly threads?: number;
  readonly attempts: number;
  readonly json?: boolean;
}

export const runLocally = async (file: string | undefined, flags: LocalFlags): Promise<void> => {
  const { out, resume = false, threads = 1, attempts } = flags;
  if (file === undefined && !(resume && holdsStudy(out))) {
    throw new UsageError(
      "study run: needs the study's file, or --resume with the folder of a study as --out",
    );
  }
  const study = file === undefined ? openStudyFolder(out).study : await readStudyFile(file);
  const { workers = Math.max(1, Math.floor(availableParallelism() / threads)) } = flags;
  const stop = new AbortController();
  const result = await runStudy({
    study,
    out,
    resume,
    workers,
    backend: localPool({ workers, threads, attempts }),
    signal: stop.signal,
    onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  });
  process.stdout.write(`${JSON.stringify({ type: "end", ...result })}\n`);
};

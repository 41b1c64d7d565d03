/** tsgan study run, on this machine. */
import { availableParallelism } from "node:os";
import { UsageError } from "tsgan";
import { holdsStudy, openStudyFolder } from "./folder.ts";
import { localPool } from "./pool.ts";
import { type Backend, runStudy } from "./session.ts";
import { readStudyFile } from "./study-file.ts";

export interface LocalFlags {
  readonly out: string;
  readonly resume?: boolean;
  readonly workers?: number;
  readonly threads?: number;
  readonly attempts: number;
  readonly json?: boolean;
  /** Address of the Redis whose workers train; without, this machine does. */
  readonly redis?: string;
}

/** Redis is opened before anything is written: one that is not there leaves no trace. */
const openRemote = async (address: string): Promise<{ backend: Backend; close: () => void }> => {
  const [{ openRedis }, { redisBackend }] = await Promise.all([
    import("./redis.ts"),
    import("./redis-backend.ts"),
  ]);
  const redis = await openRedis(address);
  return { backend: redisBackend(redis), close: () => redis.disconnect() };
};

export const runLocally = async (file: string | undefined, flags: LocalFlags): Promise<void> => {
  const { out, resume = false, threads = 1, attempts } = flags;
  if (file === undefined && !(resume && holdsStudy(out))) {
    throw new UsageError(
      "study run: needs the study's file, or --resume with the folder of a study as --out",
    );
  }
  const study = file === undefined ? openStudyFolder(out).study : await readStudyFile(file);
  const { workers = Math.max(1, Math.floor(availableParallelism() / threads)) } = flags;
  const remote = flags.redis === undefined ? undefined : await openRemote(flags.redis);
  const stop = new AbortController();
  const result = await runStudy({
    study,
    out,
    resume,
    workers,
    backend: remote?.backend ?? localPool({ workers, threads, attempts }),
    signal: stop.signal,
    onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  }).finally(() => remote?.close());
  process.stdout.write(`${JSON.stringify({ type: "end", ...result })}\n`);
};

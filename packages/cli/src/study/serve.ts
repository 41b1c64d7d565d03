/** tsgan study worker: what it prints, and how it ends. */
import { checkStudyUses, holdsStudy } from "@tsgan/study/node";
import { openRedis, type ServeEvent, serveStudies, shownAddress, trainInProcess } from "@tsgan/study/redis";
import { onSignals } from "../signals.ts";
import { plainLine } from "../text.ts";
import { useFiles } from "../use.ts";
import { workerProcess } from "./worker-process.ts";

export interface ServeFlags {
  readonly use?: readonly string[];
  readonly redis: string;
  readonly workers: number;
  readonly threads: number;
  readonly attempts: number;
  readonly out?: string | undefined;
  /** Seconds. */
  readonly patience: number;
  /** MiB. */
  readonly limit: number;
}

const lineOf = (event: ServeEvent): string => {
  switch (event.type) {
    case "ready":
      return `worker ${event.worker} waits for trials`;
    case "begin":
      return `${event.trial}: ${event.goesOn ? "goes on from its checkpoint" : "begins"}`;
    case "end":
      return `${event.trial}: ${event.status}`;
    case "warning":
      return `warning: ${event.message}`;
  }
};

/** @throws UsageError for the folder of a study that began with files which are not given; RunError for a Redis that cannot be used, or whose studies need another version or other files */
export const serve = async (flags: ServeFlags): Promise<void> => {
  const uses = await useFiles(flags.use);
  if (flags.out !== undefined && holdsStudy(flags.out)) {
    for (const message of checkStudyUses(flags.out, uses)) console.log(`warning: ${plainLine(message)}`);
  }
  const redis = await openRedis(flags.redis);
  const stop = new AbortController();
  const signals = onSignals(() => {
    console.log("stopping: trials save and go back into the queue; once more ends at once");
    stop.abort();
  });
  console.log(`studies of ${shownAddress(flags.redis)}`);
  try {
    await serveStudies({
      redis,
      workers: flags.workers,
      patience: 1000 * flags.patience,
      shared: flags.out,
      limit: flags.limit * 2 ** 20,
      uses,
      train: trainInProcess({ ...flags, workerProcess: workerProcess(uses) }),
      signal: stop.signal,
      onEvent: (event) => console.log(plainLine(lineOf(event))),
    });
  } finally {
    signals.off();
    redis.disconnect();
  }
};

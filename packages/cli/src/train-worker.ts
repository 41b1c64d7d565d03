/** The thread that trains: ONNX Runtime blocks its thread, and signals and the terminal should stay live meanwhile. */
import { parentPort, workerData } from "node:worker_threads";
import { describeFailure, type Failure, type RunEvent, type RunResult, startRun } from "tsgan/node";
import { configOf, effortInput, freeFolder } from "./commands/train-config.ts";
import type { TrainFlags } from "./commands/train-flags.ts";
import { useFiles } from "./use.ts";

/** The command line, as it was parsed. */
export interface WorkerRequest {
  readonly data: string | undefined;
  readonly flags: TrainFlags;
}

export type WorkerMessage =
  | { readonly event: RunEvent }
  | { readonly result: RunResult; readonly out: string }
  | { readonly failure: Failure };

if (parentPort === null) throw new Error("train-worker is started by train.ts, as a thread");
const port = parentPort;
const post = (message: WorkerMessage): void => port.postMessage(message);

const stop = new AbortController();
port.once("message", () => stop.abort());
try {
  const { data, flags } = workerData as WorkerRequest;
  const uses = await useFiles(flags.use);
  const config = configOf(data, flags, await effortInput(data, flags, (event) => post({ event })));
  const { resume = false, device, threads, tensorboard } = flags;
  const out = flags.out ?? freeFolder(config.data, flags.recipe ?? flags.loss ?? config.loss.name);
  const result = await startRun({
    config,
    out,
    resume,
    device,
    threads,
    tensorboard,
    uses,
    signal: stop.signal,
    onEvent: (event) => post({ event }),
  });
  post({ result, out });
} catch (error) {
  post({ failure: describeFailure(error) });
} finally {
  port.close();
}

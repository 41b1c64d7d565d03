/** The thread that trains: ONNX Runtime blocks its thread, and signals and the terminal should stay live meanwhile. */
import { parentPort, workerData } from "node:worker_threads";
import {
  describeFailure,
  type Failure,
  type RunEvent,
  type RunOptions,
  type RunResult,
  startRun,
} from "tsgan/node";

export type WorkerRequest = Pick<RunOptions, "config" | "out" | "resume" | "device" | "threads">;

export type WorkerMessage =
  | { readonly event: RunEvent }
  | { readonly result: RunResult }
  | { readonly failure: Failure };

if (parentPort === null) throw new Error("train-worker is started by train.ts, as a thread");
const port = parentPort;
const post = (message: WorkerMessage): void => port.postMessage(message);

const stop = new AbortController();
port.once("message", () => stop.abort());
try {
  const result = await startRun({
    ...(workerData as WorkerRequest),
    signal: stop.signal,
    onEvent: (event) => post({ event }),
  });
  post({ result });
} catch (error) {
  post({ failure: describeFailure(error) });
} finally {
  port.close();
}

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
import { useFiles } from "./use.ts";

export type WorkerRequest = Pick<RunOptions, "config" | "out" | "resume" | "device" | "threads" | "uses">;

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
  const request = workerData as WorkerRequest;
  // The registry is this thread's own.
  await useFiles(request.uses?.map(({ file }) => file));
  const result = await startRun({
    ...request,
    signal: stop.signal,
    onEvent: (event) => post({ event }),
  });
  post({ result });
} catch (error) {
  post({ failure: describeFailure(error) });
} finally {
  port.close();
}

/** The thread that an experiment runs in: ONNX Runtime blocks its thread, and two experiments can run side by side. */
import { parentPort, workerData } from "node:worker_threads";
import { experimentNamed } from "@tsgan/theory";
import { describeFailure, type Failure, openDataset } from "tsgan/node";

export interface ExperimentRequest {
  readonly name: string;
  /** All of them. */
  readonly options: object;
}

export type ExperimentMessage =
  | { readonly progress: number; readonly doing: string }
  | { readonly data: unknown }
  | { readonly failure: Failure };

if (parentPort === null) throw new Error("theory-worker is started by theory.ts, as a thread");
const port = parentPort;
const post = (message: ExperimentMessage): void => port.postMessage(message);

const { name, options } = workerData as ExperimentRequest;
try {
  const data = await experimentNamed(name).run(options, {
    openDataset,
    progress: (progress, doing) => post({ progress, doing }),
  });
  post({ data });
} catch (error) {
  post({ failure: describeFailure(error) });
} finally {
  port.close();
}

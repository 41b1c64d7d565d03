/** The thread that an experiment runs in: ONNX Runtime blocks its thread, and two experiments can run side by side. */
import { parentPort, workerData } from "node:worker_threads";
import { experiments } from "@tsgan/theory";
import type { Settings } from "tsgan/define";
import { describeFailure, type Failure, openDataset } from "tsgan/node";
import { useFiles } from "./use.ts";

export interface ExperimentRequest {
  readonly name: string;
  /** All of them. */
  readonly options: Settings;
  /** Files that register experiments. */
  readonly use: readonly string[];
}

export type ExperimentMessage =
  | { readonly progress: number; readonly doing: string }
  | { readonly data: unknown }
  | { readonly failure: Failure };

if (parentPort === null) throw new Error("theory-worker is started by theory.ts, as a thread");
const port = parentPort;
const post = (message: ExperimentMessage): void => port.postMessage(message);

const { name, options, use } = workerData as ExperimentRequest;
try {
  await useFiles(use);
  const data = await experiments
    .get(name)
    .create(options)
    .run({
      openDataset,
      progress: (progress, doing) => post({ progress, doing }),
    });
  post({ data });
} catch (error) {
  post({ failure: describeFailure(error) });
} finally {
  port.close();
}

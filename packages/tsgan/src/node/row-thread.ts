/** A thread that makes lines of rows: started by `row-threads.ts` with a `LinesWork`. */
import { parentPort, workerData } from "node:worker_threads";
import { stretchReader } from "../tables/index.ts";
import { drawnRowMaker } from "../train/drawn-rows.ts";
import { type LinesWork, linesOf } from "./row-lines.ts";
import type { Answer, Asked } from "./row-threads.ts";

const { model, plan, seed, where, written } = workerData as LinesWork;
const maker = drawnRowMaker(model, seed);
const lines = maker.then(({ make }) => linesOf(stretchReader(plan, make, { seed, where }), written));

parentPort?.on("message", async ({ index, count }: Asked) => {
  try {
    const { bytes, ends } = await (await lines)(index, count);
    parentPort?.postMessage({ index, lines: { bytes, ends } } satisfies Answer, [bytes.buffer, ends.buffer]);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ index, failure } satisfies Answer);
  }
});

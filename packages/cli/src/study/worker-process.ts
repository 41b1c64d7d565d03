/** The processes that train for `tsgan study`: they load the files of `--use`, too. */
import type { WorkerProcess } from "@tsgan/study/node";
import type { UsedFile } from "tsgan/node";

export const workerProcess = (uses: readonly UsedFile[]): WorkerProcess => ({
  module: new URL("../study-worker.js", import.meta.url),
  args: [JSON.stringify(uses)],
});

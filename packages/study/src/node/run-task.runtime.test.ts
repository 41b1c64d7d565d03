import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError } from "tsgan";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resolveStudy, trialsOf } from "../index.ts";
import { runTask } from "./run-task.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-task-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const study = resolveStudy({
  name: "small",
  data: { ring: { config: { model: { name: "mlp", hidden: [8], latent: 2 }, batch: 8 } } },
  models: { hinge: { config: { loss: "hinge" } } },
  budget: { steps: 6 },
  metrics: ["modes"],
  evaluateEvery: 2,
  evaluateSamples: 50,
});
const [trial] = trialsOf(study);

it("makes no record of a trial whose folder has lost evaluations", async () => {
  const out = join(folder, trial.id);
  const outcome = await runTask({ study, task: { trial }, out });
  expect(outcome).toMatchObject({ record: { status: "finished" } });
  const metrics = join(out, "metrics.jsonl");
  const lines = readFileSync(metrics, "utf8").split("\n");
  // Gone on with where it stands, it is the same.
  expect(await runTask({ study, task: { trial }, out })).toEqual(outcome);
  for (const left of [lines.toSpliced(3, 1), lines.with(3, "\0\0\0"), []]) {
    writeFileSync(metrics, left.join("\n"));
    const again = runTask({ study, task: { trial }, out });
    await expect(again).rejects.toThrow(RunError);
    await expect(again).rejects.toThrow(
      `${out}: metrics.jsonl has lost the evaluation of step ${left.length === 0 ? 2 : 4}; remove the folder`,
    );
  }
});

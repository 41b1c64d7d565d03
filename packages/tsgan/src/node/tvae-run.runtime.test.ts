import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { examineRun } from "./doctor.ts";
import { evaluateRun } from "./evaluate.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";
import type { RunEvent } from "./run-events.ts";
import { writeRows } from "./sample-rows.ts";

const penguins = fileURLToPath(new URL("../tables/fixtures/penguins.csv", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-tvae-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (out: string, options: { resume?: boolean; stopAt?: number } = {}) => {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  await startRun({
    config: {
      data: penguins,
      as: "rows",
      model: { name: "tvae", latent: 8, hidden: [32], encoderHidden: [32] },
      batch: 100,
      steps: 120,
      checkpointEvery: 60,
      sampleEvery: 60,
    },
    out: join(folder, out),
    resume: options.resume ?? false,
    threads: 1,
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.type === "step" && event.record.step === options.stopAt) stop.abort();
    },
  });
  return events;
};

it("is trained by one player, whose loss falls, without warnings, and goes on bit for bit", async () => {
  const events = await run("whole");
  expect(events.filter(({ type }) => type === "warning")).toEqual([]);
  const records = events.flatMap((event) => (event.type === "step" ? [event.record] : []));
  expect(Object.keys(records[0])).toEqual(
    expect.arrayContaining(["generatorLoss", "reconstruction", "divergence", "generatorGradient"]),
  );
  expect(records[0]).not.toHaveProperty("discriminatorLoss");
  expect(records.at(-1)!.generatorLoss).toBeLessThan(0.6 * records[0].generatorLoss);
  await run("stopped", { stopAt: 60 });
  await run("stopped", { resume: true });
  const checkpoint = (out: string) =>
    readFileSync(join(folder, out, "checkpoints", "step-000120.safetensors"));
  expect(checkpoint("stopped").equals(checkpoint("whole"))).toBe(true);
});

it("is sampled, to conditions by making rows again, and judged", async () => {
  const opened = openRun(join(folder, "whole"), { threads: 1 });
  const out = join(folder, "gentoo.jsonl");
  const written = await writeRows(opened, { rows: 40, seed: 3, where: ["species=Gentoo"], out });
  const { figures } = await evaluateRun(opened, { samples: 300 });
  await opened.trainer.dispose();
  expect(written.rows).toBe(40);
  expect(written.made).toBeGreaterThan(40);
  for (const line of readFileSync(out, "utf8").trimEnd().split("\n")) {
    expect(JSON.parse(line).species).toBe("Gentoo");
  }
  // Rows shown as often as they come: 310 rows whose columns are nearly independent of the code have a quality of 0.6 by then.
  expect(figures.find(({ key }) => key === "columnShapes")!.value).toBeGreaterThan(0.6);
});

it("is written down and examined as what it is: no adversary is named", async () => {
  const report = readFileSync(join(folder, "whole", "report.html"), "utf8");
  expect(report).toContain("penguins.csv: tvae");
  expect(report).not.toMatch(/<th scope="row">(?:loss|discriminator's optimizer)</);
  const { verdicts } = await examineRun(join(folder, "whole"), { threads: 1 });
  for (const { title, evidence, advice } of verdicts)
    expect(`${title} ${evidence} ${advice}`).not.toMatch(/discriminator|critic|wasserstein/);
});

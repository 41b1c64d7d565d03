import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConfigInput } from "../config/index.ts";
import { rowsFromCsv } from "../tables/index.ts";
import { gan } from "../train/index.ts";
import { evaluateRun } from "./evaluate.ts";
import { openRun } from "./open-run.ts";
import { type RunResult, startRun } from "./run.ts";
import type { RunEvent } from "./run-events.ts";
import { writeRows } from "./sample-rows.ts";

const SEED = 2 ** 40 + 98_765;
let folder: string;
let config: ConfigInput;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-private-"));
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${"abc"[i % 3]},${(i * 37) % 101},${i % 7 === 0 ? "yes" : "no"}`,
  );
  writeFileSync(join(folder, "t.csv"), `plan,age,late\n${rows.join("\n")}\n`);
  config = {
    data: join(folder, "t.csv"),
    as: "rows",
    model: { name: "ctgan", packing: 1, latent: 8, hidden: [16], discriminatorHidden: [16] },
    techniques: [
      { name: "ema", decay: 0.9 },
      { name: "differential-privacy", epsilon: 2, clip: 1 },
    ],
    batch: 60,
    steps: 8,
    seed: SEED,
    sampleEvery: 8,
    checkpointEvery: 4,
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (
  out: string,
  options: { readonly more?: ConfigInput; readonly resume?: boolean; readonly stopAt?: number } = {},
): Promise<{ readonly events: RunEvent[]; readonly result: RunResult }> => {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const result = await startRun({
    config: { ...config, ...options.more },
    out: join(folder, out),
    resume: options.resume ?? false,
    threads: 1,
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.type === "step" && event.record.step === options.stopAt) stop.abort();
    },
  });
  return { events, result };
};

describe("a private run", () => {
  it("says what it may spend before the first step, and what it has spent after the last, in the report, too", async () => {
    const { events, result } = await run("whole");
    const said = events.flatMap((event) => (event.type === "data" ? event.lines : []));
    expect(said.join("\n")).toMatch(
      /differential privacy: ε = 2, δ = 0\.00001 for all 8 steps \(noise [\d.]+, gradients of a row cut to 1, \d+ of 360 rows/,
    );
    expect(result.privacy?.spent).toBeLessThanOrEqual(2);
    expect(result.privacy?.spent).toBeGreaterThan(1.99);
    const report = readFileSync(join(folder, "whole", "report.html"), "utf8");
    expect(report).toContain("trained with differential privacy, ε = 2 and δ = 0.00001");
    expect(report).not.toContain("without differential privacy");
    // Reports are passed on; the seed takes the noise away.
    expect(report).not.toContain(String(SEED));
  });

  it("goes on bit for bit after it was stopped, having spent less until then, and never for more steps", async () => {
    const { result } = await run("stopped", { stopAt: 4 });
    expect(result.privacy?.spent).toBeLessThan(1.9);
    await run("stopped", { resume: true });
    const checkpoint = (out: string) =>
      readFileSync(join(folder, out, "checkpoints", "step-000008.safetensors"));
    expect(checkpoint("stopped").equals(checkpoint("whole"))).toBe(true);
    await expect(run("stopped", { resume: true, more: { steps: 12 } })).rejects.toThrow(
      "the noise of a private run is for its 8 steps, and 12 would spend more than was said",
    );
  });

  it("ends with the steps that its noise is for in a program, too", async () => {
    const text = readFileSync(join(folder, "t.csv"), "utf8");
    const { as: _, ...rest } = config;
    const own = gan({ ...rest, data: rowsFromCsv(text, "t.csv", { alone: true }), steps: 2, threads: 1 });
    await own.train();
    await expect(own.train({ steps: 3 })).rejects.toThrow(
      "differential-privacy: the noise is for 2 steps; step 3 would spend more",
    );
  });

  it("is sampled, to conditions by trying, and judged with what it promises", async () => {
    const opened = openRun(join(folder, "whole"), { threads: 1 });
    const file = join(folder, "a.csv");
    const written = await writeRows(opened, { rows: 20, where: ["plan=a"], out: file });
    expect(written.made).toBeGreaterThan(20);
    expect(
      readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .slice(1)
        .every((line) => line.startsWith("a,")),
    ).toBe(true);
    const { sharing } = await evaluateRun(opened, { samples: 200, metrics: ["table-privacy"] });
    await opened.trainer.dispose();
    expect(sharing?.limits.join("\n")).toContain("trained with differential privacy, ε = 2");
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf } from "./event-file.ts";
import { startRun } from "./run.ts";

describe("a run with TensorBoard", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "tsgan-board-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const config = {
    data: "ring",
    model: { name: "mlp", latent: 2, hidden: [8] },
    batch: 8,
    steps: 6,
    sampleEvery: 3,
    checkpointEvery: 4,
  } as const;
  /** Steps that have an event, begins of sessions left out. */
  const stepsIn = (run: string): number[] => {
    const folder = join(root, run, "tensorboard");
    return readdirSync(folder)
      .sort()
      .flatMap((name) => [...eventsOf(join(folder, name))].slice(2))
      .map(({ step }) => step)
      .sort((a, b) => a - b);
  };
  /** A record of each step, and samples of 0, 3 and 6. */
  const WHOLE = [0, 1, 2, 3, 3, 4, 5, 6, 6];

  it("has an event for each record and sample", async () => {
    await startRun({ config, out: join(root, "whole"), tensorboard: true });
    expect(stepsIn("whole")).toEqual(WHOLE);
    const [name] = readdirSync(join(root, "whole/tensorboard"));
    const bytes = readFileSync(join(root, "whole/tensorboard", name));
    for (const text of ["metrics/discriminatorLoss", "metrics/generatorLoss", "samples", "PNG"]) {
      expect(bytes.includes(text), text).toBe(true);
    }
  });

  it("has none twice and misses none after it died between checkpoints and was resumed, asked for it again or not", async () => {
    const out = join(root, "resumed");
    const death = startRun({
      config,
      out,
      tensorboard: true,
      onEvent: (event) => {
        if (event.type === "step" && event.record.step === 6) throw new Error("the end");
      },
    });
    await expect(death).rejects.toThrow("the end");
    expect(stepsIn("resumed")).toEqual([0, 1, 2, 3, 3, 4, 5, 6]);
    await startRun({ config, out, resume: true });
    expect(readdirSync(join(out, "tensorboard"))).toHaveLength(2);
    expect(stepsIn("resumed")).toEqual(WHOLE);
  });

  it("has those before the first checkpoint once, too", async () => {
    const out = join(root, "early");
    const death = startRun({
      config,
      out,
      tensorboard: true,
      onEvent: (event) => {
        if (event.type === "step" && event.record.step === 2) throw new Error("the end");
      },
    });
    await expect(death).rejects.toThrow("the end");
    await startRun({ config, out, resume: true, tensorboard: true });
    expect(stepsIn("early")).toEqual(WHOLE);
  });

  it("that began without has all its records when it is resumed with it", async () => {
    const out = join(root, "later");
    await startRun({ config: { ...config, steps: 4 }, out });
    await startRun({ config, out, resume: true, tensorboard: true });
    // The sample of its first end is there, too.
    expect(stepsIn("later")).toEqual([0, 1, 2, 3, 3, 4, 4, 5, 6, 6]);
  });
});

/** What a run does with a folder that was damaged, or is resumed elsewhere. */
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../train/safetensors.ts";
import { conditionsOf } from "./conditions.ts";
import { examineRun } from "./doctor.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";
import type { RunEvent } from "./run-events.ts";

let folder: string;
let whole: string;
const config = {
  data: "ring",
  model: { name: "mlp", latent: 2, hidden: [8] },
  batch: 8,
  steps: 6,
  checkpointEvery: 2,
  keepCheckpoints: 3,
} as const;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-damage-"));
  whole = join(folder, "whole");
  await startRun({ config, out: whole });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
const copy = (): string => {
  const out = join(folder, String(copies++));
  cpSync(whole, out, { recursive: true });
  return out;
};

const collector = (): { readonly warnings: string[]; readonly onEvent: (event: RunEvent) => void } => {
  const warnings: string[] = [];
  return { warnings, onEvent: (event) => void (event.type === "warning" && warnings.push(event.message)) };
};

const resume = async (out: string, steps = 6): Promise<string[]> => {
  const { warnings, onEvent } = collector();
  await startRun({ config: { ...config, steps }, out, resume: true, onEvent });
  return warnings;
};

const newest = (out: string): string => join(out, "checkpoints", "step-000006.safetensors");
const file = (out: string, name: string): string => readFileSync(join(out, name), "latin1");

/** The newest checkpoint with its tensors changed, and a digest that is right. */
const rewrite = (out: string, change: (data: Float32Array) => Float32Array, model = "mlp"): void => {
  const { tensors, metadata } = decodeSafetensors(readFileSync(newest(out)));
  const { digest: _, ...rest } = metadata;
  const changed = Object.entries(tensors).map(([name, { shape, data }]) => {
    const now = change(data as Float32Array);
    return [name, { shape: now.length === data.length ? shape : [now.length], data: now }] as const;
  });
  const bytes = encodeSafetensors(Object.fromEntries(changed), { ...rest, model }, { digest: true });
  writeFileSync(newest(out), bytes);
};

const change = (out: string, edit: (bytes: Buffer) => Buffer): void => {
  const bytes = readFileSync(newest(out));
  writeFileSync(newest(out), edit(bytes));
};

describe("a checkpoint that cannot be gone on from", () => {
  const damages: Record<string, readonly [(out: string) => void, string]> = {
    "with a flipped bit": [
      (out) =>
        change(out, (bytes) => {
          bytes[bytes.length - 100] ^= 1;
          return bytes;
        }),
      "step-000006.safetensors: damaged; expected content with the digest",
    ],
    "with zeroed pages": [
      (out) => change(out, (bytes) => bytes.fill(0, bytes.length - 512, bytes.length - 256)),
      "damaged; expected content with the digest",
    ],
    "cut off": [(out) => change(out, (bytes) => bytes.subarray(0, -1)), "truncated; expected"],
    "with a tail": [(out) => appendFileSync(newest(out), "\0\0\0\0"), "too long; expected"],
    "with numbers that are not finite": [
      (out) => rewrite(out, (data) => data.map(() => Number.NaN)),
      "step-000006.safetensors: expected finite numbers; tensor",
    ],
    "of other shapes": [
      (out) => rewrite(out, (data) => Float32Array.of(...data, 1)),
      "it belongs to another model",
    ],
    "of another model": [(out) => rewrite(out, (data) => data, "dcgan"), "it belongs to a dcgan model"],
  };

  it.each(Object.keys(damages))(
    "%s is told of, and the one before is gone on from, bit for bit",
    async (name) => {
      const [damage, message] = damages[name];
      const out = copy();
      damage(out);
      const { warnings: opened, onEvent } = collector();
      const run = openRun(out, { onEvent });
      expect(run.trainer.progress.step).toBe(4);
      await run.trainer.dispose();
      const warnings = await resume(out);
      expect(warnings).toEqual([expect.stringContaining(message)]);
      expect(warnings[0]).toMatch(/; going on from step 4$/);
      expect(opened).toEqual(warnings);
      for (const made of ["metrics.jsonl", "checkpoints/step-000006.safetensors", "generator.onnx"]) {
        expect(file(out, made)).toBe(file(whole, made));
      }
    },
  );

  it("is an error where it was asked for", () => {
    const out = copy();
    change(out, (bytes) => bytes.fill(0, bytes.length - 256));
    expect(() => openRun(out, { step: 6 })).toThrow(RunError);
  });

  it("is not one too many, where a process was killed right after it wrote the last of a run", async () => {
    const out = copy();
    copyFileSync(newest(out), join(out, "checkpoints", "step-000001.safetensors"));
    expect(await resume(out)).toEqual([]);
    expect(readdirSync(join(out, "checkpoints"))).toEqual(readdirSync(join(whole, "checkpoints")));
  });

  it("is read as before where it carries no digest", async () => {
    const out = copy();
    const { tensors, metadata } = decodeSafetensors(readFileSync(newest(out)));
    const { digest: _, ...rest } = metadata;
    writeFileSync(newest(out), encodeSafetensors(tensors, rest));
    expect(await resume(out)).toEqual([]);
  });
});

describe("records that are not whole", () => {
  it("are told of when the run is resumed, and when it is examined", async () => {
    const out = copy();
    const lines = file(out, "metrics.jsonl").split("\n");
    lines.splice(2, 2);
    writeFileSync(join(out, "metrics.jsonl"), lines.join("\n"));
    const { warnings, onEvent } = collector();
    await examineRun(out, { onEvent });
    expect(warnings).toEqual([
      expect.stringContaining("metrics.jsonl: the figures of steps 3 to 4 are missing"),
    ]);
    expect(await resume(out)).toEqual(warnings);
  });

  it("do not keep the run from ending, with its report", async () => {
    const out = copy();
    writeFileSync(join(out, "metrics.jsonl"), "\0\0\0\n\0\n");
    expect(await resume(out, 8)).toEqual([
      expect.stringContaining("metrics.jsonl, line 1: expected a JSON object with a step"),
      expect.stringContaining("metrics.jsonl, line 2"),
      expect.stringContaining("the figures of steps 1 to 6 are missing"),
    ]);
    expect(file(out, "metrics.jsonl").split("\n")).toHaveLength(3);
  });
});

describe("config.json", () => {
  const stored = (out: string): Record<string, unknown> => JSON.parse(file(out, "config.json"));

  it("says under what the run was begun", () => {
    expect(stored(whole)).toMatchObject(conditionsOf());
    expect(Object.keys(conditionsOf())).toEqual(["version", "onnxruntime", "device", "threads", "processor"]);
  });

  it("warns where it goes on under other conditions, and keeps those that it began under", async () => {
    const out = copy();
    const other = { ...stored(out), threads: 77, processor: "x64 Some Other Processor" };
    writeFileSync(join(out, "config.json"), JSON.stringify(other));
    const { threads, processor } = conditionsOf();
    expect(await resume(out, 7)).toEqual([
      "the run goes on under other conditions than it was begun under, so that it will not be bit for bit what it would " +
        `have been: threads 77 then, ${threads} now; processor x64 Some Other Processor then, ${processor} now`,
    ]);
    expect(stored(out)).toMatchObject({ steps: 7, threads: 77, processor: "x64 Some Other Processor" });
  });

  it("of a run from before they were written down is gone on with in silence", async () => {
    const out = copy();
    const { onnxruntime: _, device: __, threads: ___, processor: ____, ...old } = stored(out);
    writeFileSync(join(out, "config.json"), JSON.stringify(old));
    expect(await resume(out)).toEqual([]);
  });
});

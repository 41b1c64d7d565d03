import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openGenerator, randomStream } from "tsgan";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runIn } from "../command.test.helpers.ts";

/** A Python that may have onnxruntime. */
const PYTHON = process.env.TSGAN_PYTHON ?? "/usr/bin/python3";
const hasPeer = spawnSync(PYTHON, ["-c", "import onnxruntime"]).status === 0;
const script = fileURLToPath(new URL("../../../../scripts/run-generator.py", import.meta.url));

describe("tsgan export --hub", () => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-hub-"));
  const model = join(folder, "hub/onnx/model.onnx");
  beforeAll(async () => {
    const train = ["train", "moons", "--model", "cgan"];
    for (const args of [
      [...train, "--steps", "3", "--quiet", "--out", "run"],
      ["export", "run", "--hub", "hub"],
    ]) {
      expect(await runIn(folder, args)).toMatchObject({ code: 0 });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("writes the folder that transformers.js opens: config.json and onnx/model.onnx", async () => {
    expect(readFileSync(model).equals(readFileSync(join(folder, "run/generator.onnx")))).toBe(true);
    const generator = await openGenerator(readFileSync(model), "model.onnx", { device: "cpu" });
    const { latent, shape, classes } = generator.facts;
    await generator.dispose();
    expect(JSON.parse(readFileSync(join(folder, "hub/config.json"), "utf8"))).toEqual({
      model_type: "tsgan",
      latent_size: latent.size,
      latent_parts: latent.parts,
      example_shape: shape,
      num_labels: classes,
      id2label: { 0: "upper", 1: "lower" },
    });
  });

  it.skipIf(!hasPeer)("and Python's onnxruntime gives the same examples", async () => {
    const generator = await openGenerator(readFileSync(model), "model.onnx", { device: "cpu" });
    const { size } = generator.facts.latent;
    const stream = randomStream(1, "test");
    const rows = Array.from({ length: 5 }, () => Array.from({ length: size }, () => stream.normal()));
    const labels = [0, 1, 0, 1, 1];
    const ours = await generator.generate(Float32Array.from(rows.flat()), Int32Array.from(labels));
    await generator.dispose();
    const args = [script, model, JSON.stringify(rows), JSON.stringify(labels)];
    const theirs: number[] = JSON.parse(spawnSync(PYTHON, args, { encoding: "utf8" }).stdout);
    expect(theirs).toHaveLength(ours.length);
    for (const [i, value] of ours.entries()) expect(theirs[i]).toBeCloseTo(value, 5);
  });
});

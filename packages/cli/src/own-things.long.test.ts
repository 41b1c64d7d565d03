/** Things of one's own count like built-in ones, wherever these are found. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const command = fileURLToPath(new URL("../bin/tsgan.js", import.meta.url));
const own = fileURLToPath(new URL("./own-things.fixture.ts", import.meta.url));

const tsgan = (...args: readonly string[]) =>
  spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-own-things-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Flags that use one of each kind. */
const flags = [
  ...["--model", "own-model", "--loss", "own-loss"],
  ...["--set", 'penalties=["own-penalty"]', "--set", 'terms=["own-term"]'],
  ...["--set", 'techniques=["ema","own-technique"]'],
  ...["--set", 'optimizer.generator.links=["own-link"]'.replace('["own-link"]', '[{"name":"own-link"}]')],
  ...["--set", 'optimizer.discriminator.learningRate={"kind":"own-schedule"}'],
];

describe("what a file of --use registers", () => {
  it("stands in the help beside what is built in", () => {
    const { stdout, status } = tsgan("train", "--help", "--use", own);
    expect(status).toBe(0);
    for (const name of ["own-data", "own-loss", "own-penalty", "own-term", "own-technique", "own-model"]) {
      expect(stdout).toContain(name);
    }
  });

  it("stands among metrics and features", () => {
    const metrics = tsgan("evaluate", "--use", own, "--metrics", "help");
    expect(metrics.stdout).toContain("own-metric");
    expect(metrics.stdout).toContain("mean of all coordinates; all");
    const features = tsgan("evaluate", "--use", own, "--features", "help");
    expect(features.stdout).toContain("own-features");
    expect(features.status).toBe(0);
    expect(tsgan("evaluate").stderr).toBe(
      "error: evaluate: expected the folder of a run; got none; name it\n",
    );
  });

  it("is data to train on, to resume and to judge by", () => {
    const printed = tsgan("train", "own-data", "--use", own, "--print-config");
    expect(JSON.parse(printed.stdout)).toMatchObject({
      data: "own-data",
      dataOptions: { count: 3 },
      model: { name: "mlp" },
    });
    const wrong = tsgan("train", "own-dat", "--use", own);
    expect(wrong.stderr).toContain('unknown data set "own-dat"; did you mean "own-data"?');
    const out = join(folder, "data");
    const set = ["--set", "dataOptions.count=4", "--steps", "3", "--quiet"];
    expect(tsgan("train", "own-data", "--use", own, ...set, "--out", out).stderr).toBe("");
    const { dataset, dataOptions } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
    expect(dataset.classes).toHaveLength(4);
    expect(dataOptions).toEqual({ count: 4 });
    const resumed = tsgan("train", "--resume", "--out", out, "--use", own, "--steps", "5", "--quiet");
    expect(resumed.stderr).toBe("");
    const judged = tsgan("evaluate", out, "--use", own, "--metrics", "modes", "--samples", "100");
    expect(judged.stdout).toContain("of 4, with at least one sample within 3 σ");
  });

  it("judges and ranks checkpoints, and is drawn in the report", () => {
    const out = join(folder, "judged");
    const trained = tsgan(
      ...["train", "ring", "--use", own, "--steps", "4", "--evaluate-every", "2"],
      ...["--set", "evaluateSamples=50", "--out", out, "--quiet"],
    );
    expect(trained.stderr).toBe("");
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("mean of coordinates");
    const asked = ["--metrics", "own-metric,fid", "--features", "own-features", "--samples", "50"];
    const judged = tsgan("evaluate", out, "--use", own, "--step", "best", ...asked, "--json");
    const { figures, features } = JSON.parse(judged.stdout);
    expect(figures).toMatchObject([{ key: "ownMean", better: "lower" }, { key: "fid" }]);
    expect(features.name).toBe("own-features");
  });

  it("is whole in a printed configuration", () => {
    const { stdout, stderr } = tsgan("train", "ring", "--use", own, ...flags, "--print-config");
    expect(stderr).toBe("");
    const config = JSON.parse(stdout);
    expect(config).toMatchObject({
      model: { name: "own-model", width: 16 },
      loss: { name: "own-loss", slope: 1 },
      penalties: [{ name: "own-penalty", weight: 0.01 }],
      terms: [{ name: "own-term", weight: 1 }],
      techniques: [{ name: "ema" }, { name: "own-technique", sigma: 0.05 }],
    });
    expect(config.optimizer.generator.links).toEqual([{ name: "own-link", factor: 0.5 }]);
    expect(config.optimizer.discriminator.learningRate).toEqual({ kind: "own-schedule", from: 1e-3 });
  });

  it("has its options checked, with the nearest name", () => {
    const { stderr, status } = tsgan(
      "train",
      "ring",
      "--use",
      own,
      "--set",
      'penalties=[{"name":"own-penalty","wieght":1}]',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('unknown option of own-penalty "wieght"; did you mean "weight"?');
    expect(tsgan("train", "ring", "--use", own, "--model", "own-modl").stderr).toContain(
      'did you mean "own-model"?',
    );
  });

  it("trains, is recorded with its hash, and is asked for again", () => {
    const out = join(folder, "run");
    const trained = tsgan("train", "ring", "--use", own, ...flags, "--steps", "5", "--out", out, "--quiet");
    expect(trained.stderr).toBe("");
    const { uses } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
    expect(uses).toEqual([{ file: own, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(tsgan("sample", out).stderr).toContain(`the run was made with --use ${own}: give it again`);
    for (const name of ["sample", "evaluate", "doctor", "export"]) {
      expect(tsgan(name, out, "--use", own).status).toBe(0);
    }
    const resumed = tsgan("train", "--resume", "--out", out, "--use", own, "--steps", "8", "--quiet");
    expect(resumed.stderr).toBe("");
    expect(resumed.status).toBe(0);
  });
});

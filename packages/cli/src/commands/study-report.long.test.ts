/** `tsgan study report` as people run it, on a study that was really run. Needs the build (`npx tsc -b`). */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StudySummary } from "@tsgan/study";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recompute } from "./recompute.test.helpers.ts";

const bin = fileURLToPath(new URL("../../bin/tsgan.js", import.meta.url));

let folder: string;
const tsgan = (...args: string[]) => {
  const env = { ...process.env, TSGAN_CACHE: join(folder, "cache"), NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "study", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

/** A model that learns, one that takes five critic steps, and one whose rates are such that some trials end in NaN. */
const STUDY = `
name: tiny
data:
  ring: { metrics: [fid, precision-recall, swd] }
  grid: { metrics: [precision-recall, modes] }
models:
  ns:
    config: { loss: non-saturating, model: { name: mlp, latent: 4, hidden: [16] }, batch: 32 }
    search:
      learningRate: { logUniform: [1.0e-4, 1.0e-2] }
      beta1: { uniform: [0, 0.9] }
  wgan:
    config:
      loss: wasserstein
      model: { name: mlp, latent: 4, hidden: [16] }
      batch: 32
      criticSteps: 5
      penalties: [{ name: weight-clipping, limit: 0.01 }]
    search:
      learningRate: { logUniform: [1.0e-4, 1.0e-2] }
      limit: { logUniform: [0.01, 1], at: penalties.0.limit }
  wild:
    config: { loss: non-saturating, model: { name: mlp, latent: 4, hidden: [16] }, batch: 32 }
    search:
      learningRate: { logUniform: [1.0e-3, 1.0e+36] }
samples: 3
seeds: 2
budget: { steps: 40 }
metrics: [precision-recall]
evaluateEvery: 20
evaluateSamples: 200
`;

const MODELS = ["ns", "wgan", "wild"];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-report-"));
  writeFileSync(join(folder, "tiny.yaml"), STUDY);
  const { status, stderr } = tsgan("run", "tiny.yaml", "--out", "tiny");
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const summaryOf = (study: string): StudySummary =>
  JSON.parse(readFileSync(join(folder, study, "report.json"), "utf8")) as StudySummary;

/** A copy of the study with some of its records changed. */
const changed = (name: string, change: (record: string, i: number) => void): string => {
  const copy = join(folder, name);
  cpSync(join(folder, "tiny"), copy, { recursive: true });
  readdirSync(join(copy, "trials"))
    .sort()
    .forEach((trial, i) => {
      change(join(copy, "trials", trial, "record.json"), i);
    });
  return name;
};

describe("tsgan study report", () => {
  it("writes a page and tables that do not change when it is called again", () => {
    const { status, stdout, stderr } = tsgan("report", "tiny");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^tiny: \d+ of 36 trials finished, \d+ failed\n/);
    expect(stdout).toContain(`report: ${join("tiny", "report.html")}`);
    const read = () =>
      ["report.html", "report.json", "trials.csv", "models.csv"].map((name) =>
        readFileSync(join(folder, "tiny", name), "utf8"),
      );
    const before = read();
    tsgan("report", "tiny");
    expect(read()).toEqual(before);
    // Six models' samples: three on each data set.
    expect(before[0].match(/data:image\/png;base64,iVBOR/g)).toHaveLength(6);
  });

  it.each([
    ["ring", "fid", ["fid", "precision", "recall", "density", "coverage", "slicedWasserstein"]],
    [
      "grid",
      "coverage",
      ["precision", "recall", "density", "coverage", "modesCovered", "highQuality", "klToUniform"],
    ],
  ])("says of %s what its metrics.jsonl files say, to the last digit", (data, rankBy, keys) => {
    tsgan("report", "tiny");
    const summary = summaryOf("tiny").data.find((entry) => entry.data === data);
    const expected = recompute(join(folder, "tiny"), data, MODELS, rankBy, keys);
    expect(summary?.metric?.key).toBe(rankBy);
    expect(expected.models.wild.failed).toBeGreaterThan(0);
    for (const { model, trials, figures, results, median, meanRank, bestOfK } of summary?.models ?? []) {
      const own = expected.models[model];
      expect(trials.failed).toBe(own.failed);
      expect(
        Object.fromEntries(
          figures.map(({ key, best, median, lower, upper }) => [key, { best, median, lower, upper }]),
        ),
      ).toEqual(own.figures);
      expect(results).toEqual(own.results);
      expect(median?.value).toBe(own.median);
      expect(meanRank).toBe(own.meanRank);
      // The sums of the expectation are in another order: the last bit may differ, the last digit of a double may not.
      bestOfK.forEach(({ expected: value }, i) => {
        expect(value).toBeCloseTo(own.bestOfK[i], 14);
      });
    }
    const { overall, pairs = [] } = summary?.comparison ?? {};
    expect(overall?.statistic).toBeCloseTo(expected.kruskalWallis, 12);
    expect(pairs).toHaveLength(3);
    for (const { first, second, p, adjusted, delta } of pairs) {
      const own = expected.pairs[`${first}/${second}`];
      expect(p).toBeCloseTo(own.p, 14);
      expect(adjusted).toBeCloseTo(own.adjusted, 14);
      expect(delta).toBeCloseTo(own.delta, 14);
    }
  });

  it("names the step and the trial of the best in the study's unit", () => {
    const [{ models }] = summaryOf("tiny").data;
    const steps = models.map(({ best }) => best?.step);
    for (const step of steps) expect([20, 40]).toContain(step);
  });

  it("goes on past records that are damaged, and says which", () => {
    const study = changed("damaged", (record, i) => {
      if (i === 0) writeFileSync(record, '{"status": "fini');
      if (i === 1) writeFileSync(record, '{"status": "finished", "evaluations": []}');
    });
    mkdirSync(join(folder, study, "trials", "stranger"));
    const { status, stdout, stderr } = tsgan("report", study);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: 2 of 36 records cannot be read and are left out: .*record\.json: .*\n/);
    expect(stderr).toContain("trials/ holds what is not of this study and is left out: stranger");
    expect(stdout).toContain("2 not there yet");
    expect(readFileSync(join(folder, study, "report.html"), "utf8")).toContain(
      "2 of 36 records cannot be read",
    );
  });

  it("works on an unfinished study, and says that it is", () => {
    const study = changed("unfinished", (record, i) => {
      if (i % 2 === 0) rmSync(record);
    });
    rmSync(join(folder, study, "report.html"));
    const { status, stdout } = tsgan("report", study, "--out", join("elsewhere", "page.html"));
    expect(status).toBe(0);
    expect(stdout).toContain("18 not there yet: the study is not finished");
    expect(readdirSync(join(folder, "elsewhere")).sort()).toEqual([
      "models.csv",
      "page.html",
      "report.json",
      "trials.csv",
    ]);
    expect(existsSync(join(folder, study, "report.html"))).toBe(false);
  });

  it("prints the summary as JSON", () => {
    const { stdout } = tsgan("report", "tiny", "--json");
    const { trials } = JSON.parse(stdout) as StudySummary;
    expect(trials.expected).toBe(36);
  });

  it("refuses what is not a study in one line", () => {
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "odd"));
    const odd = join("odd", "study.json");
    const refusal = (study: string) => {
      const { status, stderr } = tsgan("report", study);
      return `${status} ${stderr}`;
    };
    expect(refusal("nowhere")).toBe(
      "2 error: nowhere: expected the folder of a study; there is no such folder\n",
    );
    expect(refusal("empty")).toBe(
      "2 error: empty: expected the folder of a study; the folder has no study.json\n",
    );
    for (const text of ["{", "[]", '{"version": "0", "hash": "0", "study": {}}']) {
      writeFileSync(join(folder, odd), text);
      expect(refusal("odd")).toMatch(/^1 error: odd\/study\.json: expected [^\n]+\n$/);
    }
  });
});

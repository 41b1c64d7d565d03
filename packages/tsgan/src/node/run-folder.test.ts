import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { encodeSafetensors } from "../train/safetensors.ts";
import { createRunFolder, holdsRun, openRunFolder } from "./run-folder.ts";

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tsgan-run-"));
  path = join(parent, "runs", "first");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const state = (step: number) =>
  encodeSafetensors(
    { weights: { shape: [4], data: new Float32Array(4).fill(step) } },
    { step: String(step) },
  );

const begun = () => {
  const run = createRunFolder(path);
  run.writeConfig({ loss: "hinge" });
  return run;
};

const checkpointFile = (step: number) =>
  join(path, "checkpoints", `step-${String(step).padStart(6, "0")}.safetensors`);

describe("createRunFolder", () => {
  it("makes the folder and those above it", () => {
    expect(holdsRun(path)).toBe(false);
    begun();
    expect(holdsRun(path)).toBe(true);
    expect(openRunFolder(path).readConfig()).toEqual({ loss: "hinge" });
  });

  it("takes an empty folder, and one whose run was killed before it had a configuration", () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, ".config.json.123-0.tmp"), "{");
    expect(createRunFolder(path).path).toBe(path);
  });

  it("refuses a folder that holds a run and names both ways out", () => {
    begun();
    expect(() => createRunFolder(path)).toThrow(UsageError);
    expect(() => createRunFolder(path)).toThrow(
      `${path}: expected a new or empty folder; it holds a run; continue it with --resume or choose another --out`,
    );
  });

  it("refuses a folder with other files and leaves it as it is", () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "thesis.tex"), "");
    expect(() => createRunFolder(path)).toThrow(
      `${path}: expected a new or empty folder; it holds other files (thesis.tex …); choose another --out`,
    );
    expect(readdirSync(path)).toEqual(["thesis.tex"]);
  });

  it("says so where the path is a file", () => {
    mkdirSync(join(parent, "runs"));
    writeFileSync(path, "");
    expect(() => createRunFolder(path)).toThrow(RunError);
  });
});

describe("openRunFolder", () => {
  it("refuses a folder without a run", () => {
    expect(() => openRunFolder(path)).toThrow(
      `${path}: expected the folder of a run; there is no such folder`,
    );
    mkdirSync(path, { recursive: true });
    expect(() => openRunFolder(path)).toThrow(
      `${path}: expected the folder of a run; the folder has no config.json`,
    );
  });
});

describe("metrics", () => {
  const lines = [1, 2, 3, 4].map((step) => ({ step, loss: step / 8 }));

  it("are one JSON object a line, in the order appended", () => {
    const run = begun();
    run.appendMetrics(lines.slice(0, 3));
    run.appendMetrics(lines.slice(3));
    run.close();
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe(
      '{"step":1,"loss":0.125}\n{"step":2,"loss":0.25}\n{"step":3,"loss":0.375}\n{"step":4,"loss":0.5}\n',
    );
    expect(openRunFolder(path).readMetrics()).toEqual(lines);
  });

  it("are none before the first is written", () => {
    expect(begun().readMetrics()).toEqual([]);
  });

  it("are on disk once a checkpoint is", () => {
    const run = begun();
    run.appendMetrics(lines);
    run.writeCheckpoint(4, state(4), 1);
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8").split("\n")).toHaveLength(5);
  });

  it("are cut after a step, with a half-written last line, and go on from there", () => {
    const run = begun();
    run.appendMetrics(lines);
    run.close();
    appendFileSync(join(path, "metrics.jsonl"), '{"step":5,"lo');
    const resumed = openRunFolder(path);
    expect(resumed.readMetrics()).toEqual(lines);
    resumed.truncateMetrics(2);
    expect(resumed.readMetrics()).toEqual(lines.slice(0, 2));
    resumed.appendMetrics(lines.slice(2));
    resumed.close();
    expect(openRunFolder(path).readMetrics()).toEqual(lines);
  });

  it("can be cut to nothing, and where there are none", () => {
    const run = begun();
    run.truncateMetrics(0);
    run.appendMetrics(lines);
    run.truncateMetrics(0);
    expect(run.readMetrics()).toEqual([]);
  });

  it("name the line that is damaged", () => {
    const run = begun();
    writeFileSync(join(path, "metrics.jsonl"), '{"step":1}\n{"st\n{"step":3}\n');
    expect(() => run.readMetrics()).toThrow(`metrics.jsonl, line 2: expected a JSON object; got {"st`);
    writeFileSync(join(path, "metrics.jsonl"), '{"step":1}\n[]\n');
    expect(() => run.truncateMetrics(1)).toThrow(
      "metrics.jsonl, line 2: expected an object with a step; got []",
    );
  });
});

describe("checkpoints", () => {
  it("keep the last K and name the latest", () => {
    const run = begun();
    for (const step of [10, 20, 30, 1_000_000]) run.writeCheckpoint(step, state(step), 2);
    expect(run.checkpoints()).toEqual([30, 1_000_000]);
    expect(readFileSync(join(path, "checkpoints", "latest"), "utf8")).toBe("step-1000000.safetensors\n");
    const latest = openRunFolder(path).latestCheckpoint();
    expect(latest?.step).toBe(1_000_000);
    expect(latest?.metadata).toEqual({ step: "1000000" });
    expect([...(latest?.tensors.weights.data ?? [])]).toEqual([1e6, 1e6, 1e6, 1e6]);
    expect(latest?.damaged).toEqual([]);
  });

  it("are undefined before the first", () => {
    expect(begun().latestCheckpoint()).toBeUndefined();
  });

  it("fall back to the newest that can be read", () => {
    const run = begun();
    for (const step of [1, 2, 3]) run.writeCheckpoint(step, state(step), 3);
    truncateSync(checkpointFile(3), 50);
    expect(run.latestCheckpoint()).toMatchObject({
      step: 2,
      damaged: [expect.stringContaining("step-000003.safetensors: truncated")],
    });
    rmSync(checkpointFile(3));
    expect(run.latestCheckpoint()?.step).toBe(2);
    rmSync(join(path, "checkpoints", "latest"));
    expect(run.latestCheckpoint()).toMatchObject({ step: 2, damaged: [] });
    writeFileSync(join(path, "checkpoints", "latest"), "../../../etc/passwd");
    expect(run.latestCheckpoint()?.step).toBe(2);
  });

  it("that cannot be read at all end the resume, each with its reason", () => {
    const run = begun();
    for (const step of [1, 2]) run.writeCheckpoint(step, state(step), 2);
    for (const step of [1, 2]) writeFileSync(checkpointFile(step), "");
    expect(() => run.latestCheckpoint()).toThrow(RunError);
    expect(() => run.latestCheckpoint()).toThrow(/step-000002.*step-000001.*start anew with another --out/);
  });

  it("of steps that a resumed run has yet to reach again make room", () => {
    const run = begun();
    for (const step of [10, 20, 30]) run.writeCheckpoint(step, state(step), 3);
    run.writeCheckpoint(15, state(15), 2);
    expect(run.checkpoints()).toEqual([10, 15]);
    expect(run.latestCheckpoint()?.step).toBe(15);
  });

  it("that do not exist are named", () => {
    expect(() => begun().readCheckpoint(7)).toThrow("step-000007.safetensors: there is no such file");
  });

  it("must be kept, at least one", () => {
    expect(() => begun().writeCheckpoint(1, state(1), 0)).toThrow(UsageError);
  });
});

it("samples, report and generator have their places", () => {
  const run = begun();
  expect(run.samples()).toEqual([]);
  run.writeSample(200, Uint8Array.of(2));
  const first = run.writeSample(5, Uint8Array.of(1));
  expect(first).toBe(join(path, "samples", "step-000005.png"));
  expect(run.samples().map(({ step }) => step)).toEqual([5, 200]);
  expect(run.writeText("report.html", "<p>")).toBe(join(path, "report.html"));
  expect([...readFileSync(run.writeBytes("generator.onnx", Uint8Array.of(8)))]).toEqual([8]);
});

it("can be resumed after kill -9 at any moment, and ends as if never stopped", async () => {
  const script = join(parent, "run.ts");
  const here = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  // A run in miniature: its state after step n is n, its metrics a line a step.
  writeFileSync(
    script,
    `
    import { createRunFolder, holdsRun, openRunFolder } from ${here("./run-folder.ts")};
    import { encodeSafetensors } from ${here("../train/safetensors.ts")};
    const path = process.argv[2];
    const run = holdsRun(path) ? openRunFolder(path) : createRunFolder(path);
    if (!holdsRun(path)) run.writeConfig({ steps: 400 });
    const last = run.latestCheckpoint();
    let value = last ? last.tensors.value.data[0] : 0;
    if (last && last.step !== value) throw new Error("checkpoint " + last.step + " holds " + value);
    run.truncateMetrics(value);
    process.stdout.write("resumed at " + value + "\\n");
    while (value < 400) {
      value++;
      run.appendMetrics([{ step: value, loss: Math.sin(value) }]);
      if (value % 5 === 0) {
        run.writeSample(value, new Uint8Array(1000).fill(value));
        run.writeCheckpoint(value, encodeSafetensors({ value: { shape: [2000], data: new Float32Array(2000).fill(value) } }), 2);
      }
    }
    run.close();
    process.stdout.write("done\\n");
    `,
  );
  const program = join(parent, "run.mjs");
  buildSync({ entryPoints: [script], outfile: program, bundle: true, platform: "node", format: "esm" });
  /** Runs the script, killed after so many milliseconds of work; says whether it came to its end. */
  const start = (folder: string, killAfter = Number.POSITIVE_INFINITY) =>
    new Promise<boolean>((resolve, reject) => {
      const child = spawn(process.execPath, [program, folder]);
      let output = "";
      let errors = "";
      child.stdout.on("data", (data) => {
        if (output === "" && Number.isFinite(killAfter)) setTimeout(() => child.kill("SIGKILL"), killAfter);
        output += data;
      });
      child.stderr.on("data", (data) => {
        errors += data;
      });
      child.on("close", (code) => (code ? reject(new Error(errors)) : resolve(output.includes("done"))));
    });
  const whole = join(parent, "whole");
  expect(await start(whole)).toBe(true);
  const broken = join(parent, "broken");
  let kills = 0;
  while (!(await start(broken, 3 + 7 * (kills % 5))) && kills < 40) kills++;
  expect(kills).toBeGreaterThan(0);
  // A busy machine does not finish between the kills.
  expect(await start(broken)).toBe(true);
  const contents = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return `${file.slice(folder.length)} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
      })
      .sort();
  expect(contents(broken)).toEqual(contents(whole));
  expect(existsSync(join(broken, "checkpoints", "step-000400.safetensors"))).toBe(true);
});

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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

  it("takes an empty folder, and one whose run was killed before it had a configuration, without what it left", () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, ".config.json.123-0.tmp"), "{");
    expect(createRunFolder(path).path).toBe(path);
    expect(readdirSync(path)).toEqual([]);
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
    expect(() => openRunFolder(path)).toThrow(`${path}: expected the folder of a run; it is a file`);
    expect(() => openRunFolder(join(path, "a", "b"))).toThrow("there is no such folder");
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

  const write = (text: string): void => writeFileSync(join(path, "metrics.jsonl"), text);

  it("name the line that is damaged, or leave it out where somebody is told", () => {
    const run = begun();
    write('{"step":1}\n{"st\n{"step":3}\n');
    const problem = `metrics.jsonl, line 2: expected a JSON object with a step; got {"st`;
    expect(() => run.readMetrics()).toThrow(RunError);
    expect(() => run.readMetrics()).toThrow(problem);
    const problems: string[] = [];
    const onDamage = (text: string): unknown => problems.push(text);
    expect(run.readMetrics({ onDamage })).toEqual([{ step: 1 }, { step: 3 }]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    for (const line of ["[]", "3", "null", "{}", '{"step":"1"}', "\u0000\u0000", ""]) {
      write(`{"step":1}\n${line}\n`);
      expect(() => run.readMetrics()).toThrow("line 2: expected a JSON object with a step");
    }
  });

  it("say when a run is resumed what is damaged, and keep a copy of the file as it was", () => {
    const run = begun();
    const text = '{"step":1}\n\u0000\u0000\u0000\n{"step":3}\n{"step":4}\n';
    write(text);
    expect(run.surveyMetrics(3)).toEqual(run.truncateMetrics(3));
    write(text);
    expect(run.truncateMetrics(3)).toEqual([
      expect.stringContaining("metrics.jsonl, line 2: expected a JSON object with a step; got \u0000"),
      expect.stringContaining("metrics.jsonl: the figures of step 2 are missing"),
    ]);
    expect(run.readMetrics()).toEqual([{ step: 1 }, { step: 3 }]);
    expect(readFileSync(join(path, "metrics.jsonl.damaged"), "utf8")).toBe(text);
  });

  it("say when a run is resumed that they were cut, have holes, or are gone", () => {
    const run = begun();
    const records = (steps: readonly number[]): string => steps.map((step) => `{"step":${step}}\n`).join("");
    const said = (steps: readonly number[], every?: number): readonly string[] => {
      write(records(steps));
      return run.truncateMetrics(12, every).map((problem) => problem.replace(/^.*metrics\.jsonl: /, ""));
    };
    const all = Array.from({ length: 12 }, (_, i) => i + 1);
    expect(said(all)).toEqual([]);
    expect(said(all.slice(0, 9))).toEqual(["the figures of steps 10 to 12 are missing"]);
    expect(said([])).toEqual(["the figures of steps 1 to 12 are missing"]);
    expect(said([3, 4, 5, 9, 10, 12])).toEqual([
      "the figures of steps 1 to 2, steps 6 to 8, step 11 are missing",
    ]);
    expect(said([2, 4, 6, 8, 10, 12])).toEqual([
      "the figures of step 1, step 3, step 5, 3 more gaps are missing",
    ]);
    // Of a run that records every fifth step, and the evaluations between.
    expect(said([5, 7, 10], 5)).toEqual([]);
    expect(said([7, 10], 5)).toEqual(["the figures of step 5 are missing"]);
    expect(said([5, 7], 5)).toEqual(["the figures of step 10 are missing"]);
    rmSync(join(path, "metrics.jsonl"));
    expect(run.truncateMetrics(12)).toEqual([
      `${join(path, "metrics.jsonl")}: the file is missing, and with it the figures up to step 12`,
    ]);
    expect(run.truncateMetrics(0)).toEqual([]);
  });

  it("of a run that goes on are not written anew where nothing is to be cut", () => {
    const run = begun();
    write('{"step":1}\n{"step":2}\n');
    const { ino } = statSync(join(path, "metrics.jsonl"));
    run.truncateMetrics(2);
    expect(statSync(join(path, "metrics.jsonl")).ino).toBe(ino);
    run.truncateMetrics(1);
    expect(statSync(join(path, "metrics.jsonl")).ino).not.toBe(ino);
  });

  it("are thinned out evenly for those who draw them, the last and what they name always there", () => {
    const run = begun();
    const steps = 100_000;
    run.appendMetrics(Array.from({ length: steps }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1) })));
    const records = run.readMetrics({ keep: ({ step }) => step % 9999 === 0 });
    expect(records.length).toBeGreaterThan(10_000);
    expect(records.length).toBeLessThan(20_020);
    expect(records.at(-1)?.step).toBe(steps);
    expect(records.filter(({ step }) => step % 9999 === 0)).toHaveLength(10);
    expect([...run.eachRecord()]).toHaveLength(steps);
    const gaps = records.slice(1, -1).map(({ step }, i) => step - records[i].step);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(8);
    expect(records.every(({ step }, i) => i === 0 || step > records[i - 1].step)).toBe(true);
  });

  it("of more bytes than fit into a string are read and cut", { timeout: 120_000 }, () => {
    const run = begun();
    const file = openSync(join(path, "metrics.jsonl"), "w");
    const pad = "x".repeat(500_000);
    for (let step = 1; step <= 1100; step++) writeSync(file, `{"step":${step},"pad":"${pad}"}\n`);
    closeSync(file);
    expect(statSync(join(path, "metrics.jsonl")).size).toBeGreaterThan(0x1fffffe8);
    expect(run.truncateMetrics(3)).toEqual([]);
    expect([...run.eachRecord()].map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it("do not wait for the end of a line that has none", () => {
    const run = begun();
    write("");
    truncateSync(join(path, "metrics.jsonl"), 2 ** 40);
    expect(() => run.readMetrics()).toThrow("expected lines of at most 1048576 bytes; got a longer one");
    expect(() => run.truncateMetrics(1)).toThrow(RunError);
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

  it("fall back to the one before where the newest is not taken, and say why", () => {
    const run = begun();
    for (const step of [1, 2, 3]) run.writeCheckpoint(step, state(step), 3);
    const restored: number[] = [];
    const latest = run.latestCheckpoint(({ step }) => {
      if (step > 1) throw new RunError(`step ${step} belongs to another model`);
      restored.push(step);
    });
    expect(latest).toMatchObject({
      step: 1,
      damaged: ["step 3 belongs to another model", "step 2 belongs to another model"],
    });
    expect(restored).toEqual([1]);
  });

  it("that are gone, while their name is there, end the resume instead of beginning anew", () => {
    const run = begun();
    run.writeCheckpoint(1, state(1), 1);
    rmSync(checkpointFile(1));
    expect(() => run.latestCheckpoint()).toThrow("there is no such file or folder");
    writeFileSync(join(path, "checkpoints", "latest"), "\u0000\u0000");
    expect(() => run.latestCheckpoint()).toThrow("checkpoints/latest: expected the name of a checkpoint");
  });

  it("are read only where they can be what they say", () => {
    const run = begun();
    run.writeCheckpoint(1, state(1), 1);
    for (const start of [new Uint8Array(8), Uint8Array.of(255, 255, 255, 0, 0, 0, 0, 0)]) {
      writeFileSync(checkpointFile(1), start);
      truncateSync(checkpointFile(1), 2 ** 40);
      expect(() => run.readCheckpoint(1)).toThrow(RunError);
    }
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

it.runIf(process.platform !== "win32")(
  "that is moved, removed or exchanged under a run is not begun anew",
  () => {
    for (const [meanwhile, what] of [
      [() => renameSync(path, `${path}-moved`), "it is no longer there"],
      [() => rmSync(path, { recursive: true }), "it is no longer there"],
      [
        () => {
          renameSync(path, `${path}-old`);
          mkdirSync(path);
        },
        "it is another one",
      ],
    ] as const) {
      const run = begun();
      run.writeCheckpoint(1, state(1), 2);
      meanwhile();
      const before = existsSync(path) && readdirSync(path);
      for (const write of [
        () => run.writeCheckpoint(2, state(2), 2),
        () => run.writeSample(2, new Uint8Array(1)),
        () => run.writeText("report.html", ""),
      ]) {
        expect(write).toThrow(RunError);
        expect(write).toThrow(`${path}: expected the folder that the run was opened in; ${what}`);
      }
      run.close();
      expect(existsSync(path) && readdirSync(path)).toEqual(before);
      rmSync(parent, { recursive: true });
    }
  },
);

describe.runIf(process.platform !== "win32")("a folder from elsewhere", () => {
  /** What may stand in the place of a file. */
  const traps: Record<string, (file: string) => void> = {
    pipe: (file) => spawnSync("mkfifo", [file]),
    device: (file) => symlinkSync("/dev/zero", file),
    "link out": (file) => {
      writeFileSync(join(parent, "secret"), '{"step":1}\n');
      symlinkSync(join(parent, "secret"), file);
    },
    loop: (file) => symlinkSync(basename(file), file),
    folder: (file) => mkdirSync(file),
  };
  const trap = (kind: string, ...name: string[]): void => {
    const file = join(path, ...name);
    rmSync(file, { force: true });
    traps[kind](file);
  };

  it.each(Object.keys(traps))("with a %s for a file is refused, and neither waited for nor read", (kind) => {
    const run = begun();
    run.appendMetrics([{ step: 1 }]);
    run.writeCheckpoint(1, state(1), 1);
    run.writeBest(state(1));
    run.writeSample(1, Uint8Array.of(1));
    run.close();
    trap(kind, "config.json");
    if (kind !== "loop") expect(() => openRunFolder(path).readConfig()).toThrow(RunError);
    trap(kind, "checkpoints", "step-000001.safetensors");
    expect(() => run.readCheckpoint(1)).toThrow(RunError);
    expect(() => run.latestCheckpoint()).toThrow(RunError);
    trap(kind, "checkpoints", "latest");
    expect(() => run.latestCheckpoint()).toThrow(RunError);
    trap(kind, "checkpoints", "best.safetensors");
    if (kind !== "loop") expect(() => run.readBest()).toThrow(RunError);
    trap(kind, "samples", "step-000001.png");
    expect(() => run.readSample(1)).toThrow(RunError);
    trap(kind, "metrics.jsonl");
    if (kind !== "loop") {
      expect(() => run.readMetrics()).toThrow(RunError);
      expect(() => run.truncateMetrics(1)).toThrow(RunError);
    }
    expect(() => {
      run.appendMetrics([{ step: 2 }]);
      run.flush();
    }).toThrow(RunError);
    if (kind === "link out") expect(readFileSync(join(parent, "secret"), "utf8")).toBe('{"step":1}\n');
  });

  it("does not make its owner write where a link without a target leads", () => {
    const run = begun();
    symlinkSync(join(parent, "new"), join(path, "metrics.jsonl"));
    expect(() => {
      run.appendMetrics([{ step: 1 }]);
      run.flush();
    }).toThrow(RunError);
    expect(existsSync(join(parent, "new"))).toBe(false);
  });

  it("whose folders are links is refused", () => {
    begun();
    mkdirSync(join(parent, "outside"));
    symlinkSync(join(parent, "outside"), join(path, "samples"));
    expect(() => openRunFolder(path)).toThrow(
      `${join(path, "samples")}: expected a folder; got a link; put the folder there`,
    );
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
    run.dropCheckpoints(value, 2);
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

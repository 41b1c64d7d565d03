/**
 * Things of one's own count like built-in ones, wherever these are found. They are defined in one file that lies outside of all
 * packages and knows the public API alone. Needs the build (`npm run build:web`).
 */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Session } from "@tsgan/studio/api";
import type { StudyDefinition, TrialRecord } from "@tsgan/study";
import { kinds } from "tsgan/define";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const command = fileURLToPath(new URL("../bin/tsgan.js", import.meta.url));
/** As somebody has it who has installed the command. */
let own: string;

const tsgan = (...args: readonly string[]) =>
  spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });

let folder: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-own-things-"));
  own = join(folder, "own.ts");
  copyFileSync(fileURLToPath(new URL("./own-things.fixture.ts", import.meta.url)), own);
});
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Flags that use one of each kind. */
const flags = [
  ...["--model", "own-model", "--loss", "own-loss"],
  ...["--set", 'penalties=["own-penalty"]', "--set", 'terms=["own-term"]'],
  ...["--set", 'techniques=["ema","own-technique"]', "--set", 'evaluateMetrics=["own-metric","swd"]'],
  ...["--set", 'optimizer.generator.links=["own-link"]'.replace('["own-link"]', '[{"name":"own-link"}]')],
  ...["--set", 'optimizer.discriminator.learningRate={"kind":"own-schedule"}'],
];

describe("what a file of --use registers", () => {
  it("stands in the help beside what is built in", () => {
    const { stdout, status } = tsgan("train", "--help", "--use", own);
    expect(status).toBe(0);
    const names = ["data", "loss", "penalty", "term", "technique", "model", "link", "metric"];
    for (const name of names) expect(stdout).toContain(`own-${name}`);
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
      evaluateMetrics: [{ name: "own-metric", power: 1 }, { name: "swd" }],
    });
    expect(config.optimizer.generator.links).toEqual([{ name: "own-link", factor: 0.5 }]);
    expect(config.optimizer.discriminator.learningRate).toEqual({ kind: "own-schedule", from: 1e-3 });
  });

  it.each([
    ["own-loss", ["--set", 'loss={"name":"own-loss","slop":1}'], "slope"],
    ["own-penalty", ["--set", 'penalties=[{"name":"own-penalty","wieght":1}]'], "weight"],
    ["own-term", ["--set", 'terms=[{"name":"own-term","wieght":1}]'], "weight"],
    ["own-technique", ["--set", 'techniques=[{"name":"own-technique","sgima":1}]'], "sigma"],
    ["own-model", ["--set", 'model={"name":"own-model","widht":1}'], "width"],
    ["own-link", ["--set", 'optimizer.generator.links=[{"name":"own-link","factr":1}]'], "factor"],
    ["own-schedule", ["--set", 'optimizer.generator.learningRate={"kind":"own-schedule","form":1}'], "from"],
    ["data set own-data", ["--set", 'dataOptions={"cuont":1}', "--set", "data=own-data"], "count"],
    [
      "own-metric",
      [
        "--set",
        'evaluateMetrics=[{"name":"own-metric","powr":1}]',
        "--set",
        "evaluateEvery=1",
        "--steps",
        "1",
      ],
      "power",
    ],
  ])("has its options checked, with the nearest name: %s", (name, args, option) => {
    const out = join(folder, "refused");
    const { stderr, status } = tsgan("train", "ring", "--use", own, ...args, "--out", out, "--quiet");
    expect(status).toBe(2);
    expect(stderr).toMatch(new RegExp(`unknown option of ${name} "\\w+"; did you mean "${option}"\\?`));
    expect(existsSync(out)).toBe(false);
  });

  it("has its own name told where another is misspelt", () => {
    const { stderr } = tsgan("train", "ring", "--use", own, "--model", "own-modl");
    expect(stderr).toContain('did you mean "own-model"?');
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

describe("an experiment that a file of --use registers", () => {
  it("is listed, explained, checked and run", () => {
    expect(tsgan("theory", "--use", own).stdout).toContain("own-experiment");
    const help = tsgan("theory", "own-experiment", "--help", "--use", own);
    expect(help.stdout).toContain("Options of own-experiment (--set):\n  steps");
    const wrong = tsgan("theory", "own-experiment", "--use", own, "--set", "stepz=3");
    expect(wrong.stderr).toContain('unknown option of own-experiment "stepz"; did you mean "steps"?');
    const out = join(folder, "theory");
    const { stderr, status } = tsgan(
      ...["theory", "own-experiment", "--use", own, "--set", "steps=3", "--out", out],
    );
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^\[1\/1\] own-experiment: /)]);
    expect(JSON.parse(readFileSync(join(out, "own-experiment.json"), "utf8"))).toEqual({
      values: [1, 0.5, 0.25],
    });
    expect(readdirSync(out)).toContain("own-experiment.svg");
  });
});

describe("a study", () => {
  const study: StudyDefinition = {
    name: "own",
    data: {
      "own-data": { config: { model: "own-model", batch: 16, dataOptions: { count: 4 } } },
      ring: null,
    },
    models: {
      own: {
        config: {
          loss: "own-loss",
          penalties: ["own-penalty"],
          terms: ["own-term"],
          techniques: ["own-technique"],
          optimizer: {
            generator: { name: "adam", learningRate: 1e-3, links: [{ name: "own-link" }] },
            discriminator: { name: "adam", learningRate: { kind: "own-schedule" } },
          },
        },
        search: { "penalties.0.weight": "auto", "loss.slope": { choice: [1, 2] } },
      },
    },
    samples: 2,
    budget: { steps: 6 },
    metrics: ["own-metric"],
    evaluateEvery: 3,
    evaluateSamples: 50,
  };
  const inFolder = (...args: readonly string[]) =>
    spawnSync(process.execPath, [command, "study", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
  const run = (...args: readonly string[]) => inFolder("run", "own.json", "--out", "study", ...args);
  const records = (): TrialRecord[] =>
    readdirSync(join(folder, "study/trials")).map((id) =>
      JSON.parse(readFileSync(join(folder, "study/trials", id, "record.json"), "utf8")),
    );

  it("has what a file of --use registers searched, trained and judged", () => {
    writeFileSync(join(folder, "own.json"), JSON.stringify(study));
    expect(inFolder("run", "--help").stdout).toContain("--use <file>");
    const { stdout, status } = run("--use", "own.ts");
    expect([status, stdout]).toEqual([
      0,
      "4 trials: 4 finished, 0 failed\nreport:  tsgan study report study --use own.ts\n",
    ]);
    const all = records();
    expect(all.map(({ status }) => status)).toEqual(["finished", "finished", "finished", "finished"]);
    for (const { evaluations, trial } of all) {
      expect(evaluations.map(({ metrics }) => Number.isFinite(metrics.ownMean))).toEqual([true, true]);
      // Where the definition says, with its scale.
      expect(trial.parameters["penalties.0.weight"]).toBeGreaterThan(1e-4);
      expect(trial.parameters["penalties.0.weight"]).toBeLessThan(1);
    }
    const { uses } = JSON.parse(readFileSync(join(folder, "study/study.json"), "utf8"));
    expect(uses).toEqual([{ file: "own.ts", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    const trial = join(folder, "study/trials", all[0].trial.id);
    expect(JSON.parse(readFileSync(join(trial, "config.json"), "utf8")).uses).toEqual(uses);
    const report = inFolder("report", "study", "--use", "own.ts");
    expect(report.status).toBe(0);
    expect(report.stdout).toContain("own-data, mean of coordinates");
  });

  it("names what is wrong with it, nearest names included", () => {
    const changed = (change: Partial<StudyDefinition>): string => {
      writeFileSync(join(folder, "wrong.json"), JSON.stringify({ ...study, ...change }));
      return inFolder("run", "wrong.json", "--use", "own.ts", "--out", "wrong").stderr;
    };
    const own = { config: { ...study.models.own.config, loss: "own-los" } };
    expect(changed({ models: { own } })).toContain('did you mean "own-loss"?');
    expect(changed({ metrics: ["own-metrc"] })).toContain('did you mean "own-metric"?');
  });

  it("is gone on with, and reported, with the file alone; that it has changed is said", () => {
    const missing =
      "error: study: the study began with --use own.ts, which is not given now; give it again\n";
    expect(inFolder("run", "--resume", "--out", "study")).toMatchObject({ status: 2, stderr: missing });
    expect(run("--resume")).toMatchObject({ status: 2, stderr: missing });
    expect(inFolder("report", "study")).toMatchObject({ status: 2, stderr: missing });
    expect(inFolder("worker", "--redis", "redis://127.0.0.1:1", "--out", "study").stderr).toBe(missing);
    expect(inFolder("run", "--resume", "--out", "study", "--use", "nowhere.ts")).toMatchObject({
      status: 2,
      stderr: "error: --use nowhere.ts: there is no such file\n",
    });
    const [{ trial }] = records();
    const before = records();
    rmSync(join(folder, "study/trials", trial.id, "record.json"));
    // Another place is not another file.
    copyFileSync(own, join(folder, "moved.ts"));
    const resumed = inFolder("run", "--resume", "--out", "study", "--use", "moved.ts");
    expect(resumed.status).toBe(0);
    expect(resumed.stderr).not.toContain("warning");
    expect(records()).toEqual(before);
    writeFileSync(join(folder, "study-own.ts"), readFileSync(own));
    writeFileSync(own, `${readFileSync(own, "utf8")}\n// as it is now\n`);
    rmSync(join(folder, "study/trials", trial.id, "record.json"));
    const changed = run("--resume", "--use", "own.ts");
    expect(changed.status).toBe(0);
    expect(changed.stderr).toContain("warning: own.ts has changed since the study began");
    expect(readFileSync(join(folder, "study/log.jsonl"), "utf8")).toContain("own.ts has changed");
    copyFileSync(join(folder, "study-own.ts"), own);
  });
});

describe("a process that trains trials", () => {
  const messageOf = (sha256: string): Promise<unknown> => {
    const child = fork(
      fileURLToPath(new URL("../dist/study-worker.js", import.meta.url)),
      [JSON.stringify([{ file: own, sha256 }])],
      { execArgv: [] },
    );
    started.push(child);
    return new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`it ended with exit code ${code}`)));
    });
  };

  it("does not begin with a file that has changed since its command was begun", async () => {
    const sha256 = createHash("sha256").update(readFileSync(own)).digest("hex");
    expect(await messageOf(sha256)).toEqual({ type: "ready" });
    expect(await messageOf("0".repeat(64))).toMatchObject({
      type: "failure",
      failure: {
        message: `study: ${own} has changed since the command began: what it registers may be other than what was trained; end the command and begin it again`,
      },
    });
  });
});

describe("the studio", () => {
  let url: string;
  let session: Session;
  beforeAll(async () => {
    const args = ["studio", "--use", own, "--port", "0", "--runs", join(folder, "runs")];
    const child = spawn(process.execPath, [command, ...args], { env: { ...process.env, NO_COLOR: "1" } });
    started.push(child);
    url = await new Promise((resolve, reject) => {
      let stdout = "";
      child.stdout.on("data", (data) => {
        stdout += data;
        const [, address] = /studio: (\S+)\n/.exec(stdout) ?? [];
        if (address !== undefined) resolve(address);
      });
      child.on("exit", (code) => reject(new Error(`tsgan studio ended with exit code ${code}`)));
    });
    session = (await (await fetch(`${url}api/session`)).json()) as Session;
  });

  const post = async (path: string, body: unknown): Promise<{ status: number; answer: unknown }> => {
    const headers = {
      "content-type": "application/json",
      origin: url.slice(0, -1),
      "x-tsgan-token": session.token,
    };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };
  const state = async (id: string) =>
    (await (await fetch(`${url}api/runs/${encodeURIComponent(id)}`)).json()) as {
      readonly state: string;
      readonly step: number;
    };

  it("has all of them in its form, as data, with their options", () => {
    const registered = {
      dataset: ["own-data", "count"],
      model: ["own-model", "width"],
      loss: ["own-loss", "slope"],
      penalty: ["own-penalty", "weight"],
      term: ["own-term", "weight", "gradientRatio"],
      technique: ["own-technique", "sigma"],
      link: ["own-link", "factor"],
      schedule: ["own-schedule", "from"],
      metric: ["own-metric", "power"],
      features: ["own-features"],
      experiment: ["own-experiment", "steps"],
    };
    for (const [kind, [name, ...options]] of Object.entries(registered)) {
      const thing = session.things[kind as keyof typeof registered].find((each) => each.name === name);
      expect(Object.keys(thing?.options ?? {}), name).toEqual(options);
    }
    expect(Object.keys(session.things).sort()).toEqual([...kinds].sort());
    expect(session.losses).toContain("own-loss");
    const penalty = session.things.penalty.find(({ name }) => name === "own-penalty");
    expect(penalty).toEqual({
      name: "own-penalty",
      title: "scores near 0",
      options: {
        weight: {
          type: "number",
          default: 0.01,
          means: "weight",
          bounds: { least: 0 },
          search: { low: 1e-4, high: 1, log: true },
        },
      },
    });
  });

  it("begins a run with them, which is trained to its end, judged, and resumed", async () => {
    const config = {
      data: "own-data",
      model: "own-model",
      loss: "own-loss",
      penalties: [{ name: "own-penalty", weight: 0.1 }],
      terms: [{ name: "own-term" }],
      techniques: [{ name: "own-technique" }],
      optimizer: { name: "adam", links: [{ name: "own-link" }] },
      evaluateMetrics: [{ name: "own-metric" }],
      evaluateSamples: 50,
      evaluateEvery: 3,
      steps: 6,
    };
    const set = { "loss.slope": 2, "dataOptions.count": 4 };
    expect(await post("api/runs", { name: "mine", config, set })).toEqual({
      status: 201,
      answer: { id: "mine" },
    });
    const finished = { timeout: 60_000 };
    await expect.poll(() => state("mine"), finished).toMatchObject({ state: "finished", step: 6 });
    const written = JSON.parse(readFileSync(join(folder, "runs/mine/config.json"), "utf8"));
    expect(written).toMatchObject({
      data: "own-data",
      dataOptions: { count: 4 },
      model: { name: "own-model", width: 16 },
      loss: { name: "own-loss", slope: 2 },
      penalties: [{ name: "own-penalty", weight: 0.1 }],
      optimizer: { discriminator: { name: "adam", links: [{ name: "own-link", factor: 0.5 }] } },
      uses: [{ file: own, sha256: expect.any(String) }],
    });
    const lines = readFileSync(join(folder, "runs/mine/metrics.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(lines[5])).toMatchObject({ step: 6, ownMean: expect.any(Number) });
    expect(readFileSync(join(folder, "runs/mine/report.html"), "utf8")).toContain("mean of coordinates");
    // Its process ends a moment after its last step.
    await expect
      .poll(async () => (await post("api/runs/mine/resume", { steps: 9 })).status, finished)
      .toBe(200);
    await expect.poll(() => state("mine"), finished).toMatchObject({ state: "finished", step: 9 });
  });

  it("says what is wrong with them in words", async () => {
    const config = { data: "own-data", loss: "own-loss" };
    expect(await post("api/runs", { config: { ...config, loss: "own-los" } })).toMatchObject({
      status: 400,
      answer: { error: expect.stringContaining('did you mean "own-loss"') },
    });
    expect(await post("api/runs", { config, set: { "loss.slop": 1 } })).toMatchObject({
      status: 400,
      answer: { error: expect.stringContaining('unknown option of own-loss "slop"; did you mean "slope"?') },
    });
  });
});

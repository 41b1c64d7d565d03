/**
 * Studies as people run them: interrupted, and fed with what cannot be. `npm run campaign -- kill` has one whose processes are killed.
 * Needs the build (`npx tsc -b`).
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
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
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { StudyDefinition, TrialRecord } from "@tsgan/study";
import type { StudyEvent } from "@tsgan/study/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/tsgan.js", import.meta.url));

const sgd = { name: "sgd", learningRate: 1e30 };

/** Two trials of a second, which are compared half-way, and one that diverges at once. */
const definition: StudyDefinition = {
  name: "small",
  data: { ring: { config: { model: { name: "mlp", latent: 2, hidden: [16] }, batch: 16 } } },
  models: {
    ns: {
      config: { loss: "non-saturating-r1" },
      search: { weight: { logUniform: [0.01, 1], at: "penalties.0.weight" } },
    },
    diverging: { config: { loss: "minimax", optimizer: { generator: sgd, discriminator: sgd } } },
  },
  samples: 2,
  budget: { steps: 400 },
  metrics: ["modes", "swd"],
  evaluateEvery: 200,
  evaluateSamples: 100,
  checkpointEvery: 20,
  earlyStopping: { metric: "slicedWasserstein", first: 200, factor: 2 },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-study-"));
  writeFileSync(file("small.json"), JSON.stringify(definition));
  writeFileSync(file("other.json"), JSON.stringify({ ...definition, samples: 3, seed: 2 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (...parts: string[]): string => join(folder, ...parts);

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly StudyEvent[];
}

/** Runs a script in the test's folder. With --json, `onEvent` sees each event as it comes. */
const node = (
  args: readonly string[],
  onEvent: (event: StudyEvent, child: ChildProcess) => void = () => {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, TSGAN_CACHE: file("cache"), NO_COLOR: "1" };
    const child = spawn(process.execPath, args, { cwd: folder, env });
    let [stdout, stderr, rest] = ["", "", ""];
    const events: StudyEvent[] = [];
    child.stdout.on("data", (data) => {
      stdout += data;
      const lines = `${rest}${data}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.startsWith("{")) continue;
        events.push(JSON.parse(line));
        onEvent(JSON.parse(line), child);
      }
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr, events }));
  });

const study = (args: readonly string[], onEvent?: Parameters<typeof node>[1]): Promise<Ended> =>
  node([bin, "study", ...args], onEvent);

const run = (out: string, onEvent?: Parameters<typeof node>[1]): Promise<Ended> =>
  study(["run", "small.json", "--out", out, "--workers", "2", "--resume", "--json"], onEvent);

/** The bytes of each trial's record. */
const records = (out: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(file(out, "trials"))
      .filter((id) => existsSync(file(out, "trials", id, "record.json")))
      .map((id) => [id, readFileSync(file(out, "trials", id, "record.json"), "utf8")]),
  );

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // Nobody may be left to ask a process how it ended.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
};

describe("a study", () => {
  let whole: Ended;
  beforeAll(async () => {
    whole = await run("whole");
  });

  it("ends with a record of every trial, of those that fail and are stopped, too", () => {
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    expect(whole.events.at(-1)).toEqual({
      type: "done",
      trials: 4,
      finished: 1,
      stopped: 1,
      failed: 2,
      open: 0,
    });
    const found = Object.values(records("whole")).map((text) => JSON.parse(text) as TrialRecord);
    const steps = (status: string) =>
      found
        .filter((record) => record.status === status)
        .map(({ evaluations }) => evaluations.map(({ step }) => step));
    expect(steps("finished")).toEqual([[200, 400]]);
    expect(steps("stopped")).toEqual([[200]]);
    expect(steps("failed")).toEqual([[], []]);
    const failed = found.find(({ status }) => status === "failed");
    expect(failed?.error).toMatch(/^step \d+: .* is not finite/);
    expect(failed?.error).not.toContain("checkpoint");
  });

  it("keeps each trial as a run that the other commands take", async () => {
    const id = Object.keys(records("whole")).find((name) => name.includes("_ns_")) ?? "";
    expect(readdirSync(file("whole", "trials", id))).toEqual(
      expect.arrayContaining([
        "checkpoints",
        "config.json",
        "generator.onnx",
        "metrics.jsonl",
        "record.json",
      ]),
    );
    const { code } = await node([bin, "sample", join("whole", "trials", id), "--out", "sample.png"]);
    expect(code).toBe(0);
  });

  it("runs nothing again when it is resumed", async () => {
    const { code, events } = await run("whole");
    expect(code).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(["start", "done"]);
  });

  it("saves at Ctrl-C, says how to go on, and ends as if never stopped", async () => {
    let seen = 0;
    const stopped = await study(["run", "small.json", "--out", "stopped", "--json"], (event, child) => {
      if (event.type === "step" && event.step > 1 && seen++ === 0) child.kill("SIGINT");
    });
    expect(stopped.code).toBe(130);
    expect(stopped.events.at(-1)).toMatchObject({ type: "stopped" });
    const { code, stdout } = await study(["run", "--resume", "--out", "stopped"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "4 trials: 1 finished, 2 failed, 1 stopped early\nreport:  tsgan study report stopped\n",
    });
    expect(records("stopped")).toEqual(records("whole"));
  });

  it("ends by the clock where its budget is in seconds, with its last step judged", async () => {
    const { ns } = definition.models;
    const { earlyStopping: _, ...rest } = definition;
    const seconds = {
      ...rest,
      models: { ns },
      samples: 1,
      budget: { seconds: 0.5 },
      evaluateEvery: 1_000_000,
    };
    writeFileSync(file("seconds.json"), JSON.stringify(seconds));
    expect(await study(["run", "seconds.json", "--out", "seconds"])).toMatchObject({ code: 0 });
    const [record] = Object.values(records("seconds")).map((text) => JSON.parse(text) as TrialRecord);
    expect(record).toMatchObject({
      status: "finished",
      evaluations: [{ metrics: { modesCovered: expect.any(Number) } }],
    });
    expect(record.evaluations[0].step).toBeGreaterThan(0);
  });

  it("is not run by two commands at once, and its workers end with it", async () => {
    const workers = new Set<number>();
    let second: Promise<Ended> | undefined;
    const { signal } = await run("killed", (event, child) => {
      if (event.type === "begin") workers.add(Number(event.worker));
      if (event.type !== "step" || second !== undefined) return;
      // It holds the folder, and cannot end the study before the second command has begun.
      child.kill("SIGSTOP");
      second = run("killed").then((ended) => {
        child.kill("SIGKILL");
        return ended;
      });
    });
    expect(await second).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^error: killed: process \d+ is running this study; wait for it or stop it .*\n$/,
      ),
    });
    expect(signal).toBe("SIGKILL");
    expect(workers.size).toBeGreaterThan(0);
    while ([...workers].some(isAlive)) await sleep(50);
    expect((await run("killed")).code).toBe(0);
    expect(records("killed")).toEqual(records("whole"));
  });

  it("stops in one line where the disk is full; with room again it goes on", async (context) => {
    mkdirSync(file("disk"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", file("disk")]);
    if (mounted.status !== 0) {
      const reason = `cannot mount a small file system: ${mounted.error?.message ?? mounted.stderr.toString().trim()}`;
      console.warn(`*** THE TEST OF A STUDY ON A FULL DISK WAS SKIPPED: ${reason} ***`);
      context.skip(reason);
    }
    try {
      const { code, stderr } = await run("disk/study");
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^error: cannot write disk\/study\/\S+: the disk is full; free some space and try again \(ENOSPC\)\n$/,
      );
      expect(spawnSync("mount", ["-o", "remount,size=8m", file("disk")]).status).toBe(0);
      expect((await run("disk/study")).code).toBe(0);
      expect(records("disk/study")).toEqual(records("whole"));
    } finally {
      spawnSync("umount", [file("disk")]);
    }
  });

  describe("ends in one line where", () => {
    beforeAll(() => {
      mkdirSync(file("thesis"));
      writeFileSync(file("thesis", "thesis.tex"), "");
      const { ns } = definition.models;
      const written = (name: string, change: Partial<StudyDefinition>) =>
        writeFileSync(file(name), JSON.stringify({ ...definition, ...change }));
      written("zero.json", { budget: { steps: 0 } });
      written("space.json", { models: { ns: { ...ns, search: { weight: { choice: [] } } } } });
      written("model.json", { models: { ns: { config: { loss: "wgann" } } } });
      written("fit.json", { models: { ns: { config: { model: "dcgan" } } } });
      written("metric.json", { metrics: ["swd", "ms-ssim"] });
    });

    it.each<[string, string[], number, RegExp]>([
      [
        "the folder holds it",
        ["small.json", "--out", "whole"],
        2,
        /whole: it holds this study already; go on with --resume/,
      ],
      [
        "the folder holds another study",
        ["other.json", "--out", "whole", "--resume"],
        2,
        /whole: it holds another study, small: seed, samples differ; choose another --out/,
      ],
      [
        "the folder holds other files",
        ["small.json", "--out", "thesis"],
        2,
        /thesis: expected a new or empty folder; .*thesis\.tex/,
      ],
      [
        "there is no study to go on with",
        ["--resume", "--out", "nowhere"],
        2,
        /nowhere: expected the folder of a study; there is no such folder/,
      ],
      [
        "the file is not there",
        ["nowhere.yaml", "--out", "new"],
        1,
        /cannot read nowhere\.yaml: there is no such file/,
      ],
      [
        "the budget is zero",
        ["zero.json", "--out", "new"],
        2,
        /zero\.json: budget\.steps must be .* at least 1; got 0/,
      ],
      [
        "a space is empty",
        ["space.json", "--out", "new"],
        2,
        /space\.json: models\.ns\.search\.weight\.choice must be at least one value/,
      ],
      [
        "a model is unknown",
        ["model.json", "--out", "new"],
        2,
        /model\.json: models\.ns\.config: loss: unknown loss "wgann"; did you mean "wgan"\?/,
      ],
      [
        "a model does not fit the data",
        ["fit.json", "--out", "new"],
        2,
        /trial ring_ns_sample-0_seed-1: .*dcgan is for images/,
      ],
      [
        "a metric does not fit the data",
        ["metric.json", "--out", "new"],
        2,
        /data\.ring: metric ms-ssim: it is for images/,
      ],
    ])("%s", async (_, args, code, message) => {
      const before = readdirSync(folder);
      const ended = await study(["run", ...args]);
      expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
      expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(readdirSync(folder)).toEqual(before);
    });
  });
});

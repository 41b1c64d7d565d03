/** The command as people run it: killed, interrupted, and fed with what it cannot use. Needs the build (`npx tsc -b`). */
import { type ChildProcess, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { encodeSafetensors, randomStream } from "tsgan";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf, type Ended, runIn } from "../command.test.helpers.ts";

let folder: string;
beforeAll(() => {
  if (!existsSync(fileURLToPath(new URL("../../dist/main.js", import.meta.url)))) {
    throw new Error("packages/cli is not built; run npx tsc -b first");
  }
  folder = mkdtempSync(join(tmpdir(), "tsgan-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in the test's folder. `onLine` sees each line of its output as it comes. */
const tsgan = (
  args: readonly string[],
  onStart?: (child: ChildProcess) => void,
  onLine?: (line: string, child: ChildProcess) => void,
): Promise<Ended> => runIn(folder, args, onStart, onLine);

const file = (...parts: string[]): string => join(folder, ...parts);

const contents = (run: string): Record<string, string> => contentsOf(file(run));

const STEPS = 1000;
const KILLS = 20;

/** A run of some seconds with a checkpoint every few milliseconds. */
const smallRun = (out: string): string[] => [
  ...["train", "--config", "small.json", "--out", out, "--resume", "--json", "--threads", "1"],
];

describe("a run", () => {
  beforeAll(async () => {
    writeFileSync(
      file("small.json"),
      JSON.stringify({
        data: "ring",
        model: { name: "mlp", latent: 2, hidden: [16] },
        batch: 16,
        steps: STEPS,
        sampleEvery: 100,
        checkpointEvery: 10,
        keepCheckpoints: 2,
      }),
    );
    expect(await tsgan(smallRun("whole"))).toMatchObject({ code: 0, stderr: "" });
  });

  it("leaves what it promises", () => {
    expect(Object.keys(contents("whole"))).toEqual([
      "/checkpoints/latest",
      "/checkpoints/step-000990.safetensors",
      "/checkpoints/step-001000.safetensors",
      "/config.json",
      "/generator.onnx",
      "/metrics.jsonl",
      ...Array.from({ length: 11 }, (_, i) => `/samples/step-${String(100 * i).padStart(6, "0")}.png`),
    ]);
    const lines = readFileSync(file("whole", "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).step)).toEqual(
      Array.from({ length: STEPS }, (_, i) => i + 1),
    );
    expect(readFileSync(file("whole", "report.html"), "utf8")).toContain("1\u202f000 of 1\u202f000 steps");
  });

  it("is the same to the byte after kill -9 at 20 random moments", async () => {
    const random = randomStream(7, "kill");
    let kills = 0;
    let started = 0;
    while (kills < KILLS) {
      // Every fourth dies while it starts; the others some steps later, few enough for the run to outlast the kills.
      const early = kills % 4 === 3;
      const after = random.integer(Math.floor((1.2 * STEPS) / KILLS));
      const delay = early ? random.integer(600) : random.integer(12);
      let seen = 0;
      const kill = (child: ChildProcess) => setTimeout(() => child.kill("SIGKILL"), delay);
      const { signal, stderr } = await tsgan(
        smallRun("broken"),
        (child) => early && kill(child),
        (line, child) => {
          if (line.includes('"type":"start"')) started++;
          if (!early && line.includes('"type":"step"') && seen++ === after) kill(child);
        },
      );
      expect(stderr).toBe("");
      if (signal === "SIGKILL") kills++;
      else rmSync(file("broken"), { recursive: true });
    }
    expect(started).toBeGreaterThan(KILLS / 2);
    expect(await tsgan(smallRun("broken"))).toMatchObject({ code: 0, stderr: "" });
    expect(contents("broken")).toEqual(contents("whole"));
  });

  it("saves at Ctrl-C, says how to go on, and ends as if never stopped", async () => {
    let seen = 0;
    const stopped = await tsgan(smallRun("stopped"), undefined, (line, child) => {
      if (line.includes('"type":"step"') && seen++ === 33) child.kill("SIGINT");
    });
    expect(stopped.code).toBe(130);
    const last = JSON.parse(stopped.stdout.trimEnd().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ type: "stopped" });
    expect(last.step).toBeLessThan(STEPS);
    expect(
      existsSync(file("stopped", "checkpoints", `step-${String(last.step).padStart(6, "0")}.safetensors`)),
    ).toBe(true);
    expect(existsSync(file("stopped", "report.html"))).toBe(true);
    expect((await tsgan(smallRun("stopped"))).code).toBe(0);
    expect(contents("stopped")).toEqual(contents("whole"));
  });

  it("stops at once at a second Ctrl-C, and can still be resumed", async () => {
    let seen = 0;
    const killed = await tsgan(smallRun("killed"), undefined, (line, child) => {
      if (line.includes('"type":"step"') && seen++ < 2) child.kill("SIGINT");
    });
    // The first may have been enough, where the step was short.
    expect(killed.signal === "SIGINT" || killed.code === 130).toBe(true);
    expect((await tsgan(smallRun("killed"))).code).toBe(0);
    expect(contents("killed")).toEqual(contents("whole"));
  });

  it("is saved when nobody reads its output any more", async () => {
    let seen = 0;
    const { code, stderr } = await tsgan(smallRun("unread"), undefined, (line, child) => {
      if (line.includes('"type":"step"') && seen++ === 0) child.stdout?.destroy();
    });
    expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
    expect(existsSync(file("unread", "checkpoints", "latest"))).toBe(true);
    expect(existsSync(file("unread", ".lock"))).toBe(false);
  });

  it("is trained by one process at a time", async () => {
    let second: Promise<Ended> | undefined;
    const first = await tsgan([...smallRun("locked"), "--steps", "3000"], undefined, (line, child) => {
      if (second !== undefined || !line.includes('"type":"step"')) return;
      second = tsgan([...smallRun("locked"), "--steps", "3000"]);
      void second.then(() => child.kill("SIGTERM"));
    });
    expect(first.code).toBe(143);
    expect(await second).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: locked: process \d+ is training this run; .*\n$/),
    });
  });

  it("can be made longer, and nothing else, when it is resumed", async () => {
    expect(await tsgan(["train", "--resume", "--out", "stopped", "--steps", "900"])).toMatchObject({
      code: 2,
      stderr: "error: stopped: steps of a run can only be raised when it is resumed; it has 1000, got 900\n",
    });
    expect(await tsgan(["train", "ring", "--resume", "--out", "stopped", "--seed", "2"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^error: stopped: seed must stay as it is when a run is resumed: 1; got 2;.*\n$/,
      ),
    });
    expect((await tsgan(["train", "--resume", "--out", "stopped", "--steps", "1005"])).code).toBe(0);
    const lines = readFileSync(file("stopped", "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1005);
  });

  it("gives samples and its generator at any checkpoint", async () => {
    const sample = ["sample", "whole", "--count", "9", "--seed", "3", "--out", "nine.png", "--json"];
    const { code, stdout } = await tsgan(sample);
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      out: "nine.png",
      count: 9,
      seed: 3,
      step: STEPS,
    });
    expect((await sharp(file("nine.png")).metadata()).format).toBe("png");
    expect((await tsgan(["export", "whole", "--out", "again.onnx"])).code).toBe(0);
    expect(readFileSync(file("again.onnx")).equals(readFileSync(file("whole", "generator.onnx")))).toBe(true);
    expect((await tsgan(["export", "whole", "--step", "990", "--out", "before.onnx"])).code).toBe(0);
    expect(readFileSync(file("before.onnx")).equals(readFileSync(file("again.onnx")))).toBe(false);
    expect(await tsgan(["sample", "whole", "--step", "7"])).toMatchObject({
      code: 2,
      stderr: "error: whole: there is no checkpoint of step 7; it has 990, 1000\n",
    });
  });

  describe("whose checkpoints are not what they should be", () => {
    /** A finished run in a folder of its own. */
    const copy = (name: string): string => {
      spawnSync("cp", ["-r", file("whole"), file(name)]);
      return name;
    };
    const checkpoints = (run: string): string[] =>
      readdirSync(file(run, "checkpoints"))
        .filter((name) => name.endsWith(".safetensors"))
        .map((name) => file(run, "checkpoints", name));
    const resume = (run: string) => tsgan(["train", "--resume", "--out", run]);

    it("goes on from the one before where the last is truncated", async () => {
      const run = copy("cut-once");
      truncateSync(file(run, "checkpoints", "step-001000.safetensors"), 1000);
      const { code, stderr } = await resume(run);
      expect(code).toBe(0);
      expect(stderr).toMatch(/warning: .*step-001000\.safetensors: truncated.*; going on from step 990/);
      expect(contents(run)).toEqual(contents("whole"));
    });

    it.each([
      ["truncated", (path: string) => truncateSync(path, 1000), /none is well: .*truncated/],
      [
        "of another program",
        (path: string) =>
          writeFileSync(
            path,
            encodeSafetensors({ w: { shape: [1], data: Float32Array.of(1) } }, { format: "pt" }),
          ),
        /step-001000\.safetensors: expected a checkpoint written by tsgan .*; got pt/,
      ],
    ])("stops where they are %s, and touches nothing", async (name, spoil, message) => {
      const run = copy(`spoilt ${name}`);
      checkpoints(run).forEach(spoil);
      const before = contents(run);
      const { code, stderr } = await resume(run);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(contents(run)).toEqual(before);
    });

    it("stops where they belong to another model, and names the tensor", async () => {
      const run = copy("other");
      const config = JSON.parse(readFileSync(file(run, "config.json"), "utf8"));
      writeFileSync(
        file(run, "config.json"),
        JSON.stringify({ ...config, model: { ...config.model, hidden: [8] } }),
      );
      const { code, stderr } = await resume(run);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^error: .*step-001000\.safetensors: it belongs to another model: tensor \S+ must be \[.*\]; got \[.*\]/,
      );
    });
  });
});

describe("wrong input ends in one line, with nothing half-written:", () => {
  beforeAll(async () => {
    writeFileSync(file("key.json"), JSON.stringify({ data: "ring", step: 3 }));
    writeFileSync(
      file("type.json"),
      JSON.stringify({
        data: "ring",
        optimizer: {
          generator: { name: "adam", learningRate: "fast" },
          discriminator: { name: "adam", learningRate: 1 },
        },
      }),
    );
    writeFileSync(file("option.json"), JSON.stringify({ data: "ring", model: { name: "mlp", hiden: [3] } }));
    writeFileSync(file("text.json"), "data: ring");
    mkdirSync(file("empty"));
    writeFileSync(file("words.csv"), "x,y\n1,2\n3,four\n");
    writeFileSync(file("missing.csv"), "x;y\n1;NA\n3;4\n");
    writeFileSync(file("one.csv"), "x,y\n1,2\n");
    writeFileSync(file("two.csv"), "x,y\n1,2\n3,4\n");
    writeFileSync(file("same.csv"), "1,2\n1,2\n1,2\n");
    writeFileSync(file("photos.tgz"), Buffer.from([0x1f, 0x8b, 8, 0]));
    mkdirSync(file("full"));
    writeFileSync(file("full", "thesis.tex"), "");
    mkdirSync(file("photos"));
    const pixels = { width: 20, height: 20, channels: 3 } as const;
    for (let i = 0; i < 24; i++) {
      const background = { r: 10 * i, g: 100, b: 250 - 10 * i };
      const image = sharp({
        create: { ...pixels, background, noise: { type: "gaussian", mean: 128, sigma: 40 } },
      });
      await image.png().toFile(file("photos", `${i}.png`));
    }
    truncateSync(file("photos", "3.png"), 60);
    writeFileSync(file("photos", "5.png"), "not an image");
  });

  it.each<[string, string[], number, RegExp]>([
    ["an unknown loss", ["ring", "--loss", "hing"], 2, /unknown loss "hing"; did you mean "hinge"\?/],
    ["an unknown data set", ["mnsit"], 2, /unknown data set "mnsit"; did you mean "mnist"\?/],
    ["an unknown model", ["ring", "--model", "mpl"], 2, /unknown model "mpl"; did you mean "mlp"\?/],
    ["a model for other data", ["ring", "--model", "dcgan"], 2, /model dcgan is for images .*; use mlp/],
    ["no data", [], 2, /data is missing/],
    ["a file that is not there", ["nowhere/points.csv"], 2, /nowhere\/points\.csv: there is no such file/],
    ["an unknown flag", ["ring", "--stepz", "3"], 2, /unknown option '--stepz' \(Did you mean --steps\?\)/],
    ["a flag of the wrong type", ["ring", "--steps", "many"], 2, /'--steps <n>' argument 'many' is invalid/],
    ["a flag out of range", ["ring", "--batch", "0"], 2, /whole number of at least 1/],
    [
      "an unknown device",
      ["ring", "--device", "tpu"],
      2,
      /'tpu' is invalid. Allowed choices are cpu, wasm, webgpu, cuda/,
    ],
    [
      "a wrong key",
      ["--config", "key.json"],
      2,
      /key\.json: step: there is no such key; did you mean "steps"\?/,
    ],
    [
      "a wrong type",
      ["--config", "type.json"],
      2,
      /type\.json: optimizer\.generator: adam: learningRate must be a finite number .*got "fast"/,
    ],
    [
      "a wrong option",
      ["--config", "option.json"],
      2,
      /model: unknown option of mlp "hiden"; did you mean "hidden"\?/,
    ],
    ["a configuration that is not JSON", ["--config", "text.json"], 1, /text\.json: expected JSON/],
    [
      "a configuration that is not there",
      ["--config", "none.json"],
      2,
      /--config none\.json: there is no such file/,
    ],
    ["a folder without images", ["empty"], 1, /empty: expected at least 2 pictures .*; got none/],
    ["a picture", ["photos/0.png"], 2, /photos\/0\.png: it is one picture \(PNG\); .*give the folder/],
    ["an archive of another kind", ["photos.tgz"], 2, /photos\.tgz: .* got gzip; unpack it/],
    ["a half that is not there", ["album/none"], 2, /album\/none: there is no such file or folder/],
    [
      "an impossible size",
      ["photos", "--image-size", "0x8"],
      2,
      /such as 64, or width x height, such as 64x96/,
    ],
    ["an unknown fit", ["photos", "--fit", "crop"], 2, /Allowed choices are cover, contain, stretch/],
    ["labels that are not there", ["photos", "--labels", "no.csv"], 2, /there is no file no\.csv/],
    ["labels of a flat folder", ["photos", "--labels", "folders"], 1, /all pictures lie in one folder/],
    [
      "a size for points",
      ["two.csv", "--image-size", "8"],
      2,
      /size, channels, fit and labels are for images/,
    ],
    ["an unknown column", ["two.csv", "--columns", "x,z"], 2, /there is no column "z"/],
    [
      "words among numbers",
      ["words.csv"],
      1,
      /words\.csv, line 3, column y: expected a finite number; got "four"/,
    ],
    ["a missing value", ["missing.csv"], 1, /missing\.csv, line 2, column y: .*; got no value \("NA"\)/],
    ["a single point", ["one.csv"], 1, /one\.csv: expected at least 2 points; got 1/],
    ["one and the same point", ["same.csv"], 1, /all 3 examples looked at are identical/],
    ["--resume without a folder", ["ring", "--resume"], 2, /--resume needs --out/],
  ])("%s", async (name, args, code, message) => {
    const out = name.replaceAll(" ", "-");
    const resumes = args.includes("--resume");
    const ended = await tsgan(["train", ...args, ...(resumes ? [] : ["--out", out])]);
    const lines = ended.stderr.trimEnd().split("\n");
    expect({ code: ended.code, line: lines.at(-1) }).toEqual({ code, line: expect.stringMatching(message) });
    expect(lines.filter((line) => line.startsWith("error:"))).toHaveLength(1);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(file(out))).toBe(false);
    expect(existsSync(file("runs"))).toBe(false);
  });

  it("a folder with other files is left alone", async () => {
    expect(await tsgan(["train", "ring", "--out", "full"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: full: expected a new or empty folder; .*thesis\.tex.*\n$/),
    });
    expect(readdirSync(file("full"))).toEqual(["thesis.tex"]);
  });

  it("a folder that holds a run is left alone", async () => {
    const small = ["train", "ring", "--steps", "2", "--out", "taken"];
    expect((await tsgan(small)).code).toBe(0);
    const before = contents("taken");
    expect(await tsgan([...small, "--seed", "2"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^error: taken: .*holds a run; continue it with --resume or choose another --out\n$/,
      ),
    });
    expect(contents("taken")).toEqual(before);
  });

  it("damaged images are named and counted, and the run goes on with the others", async () => {
    const args = ["--model", "mlp", "--batch", "8", "--steps", "2", "--image-size", "16", "--out", "album"];
    const { code, stderr } = await tsgan(["train", "photos", ...args]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^photos \(folder\): 22 pictures \(22 PNG\)$/m);
    expect(stderr).toMatch(
      /warning: photos: 2 files cannot be read and are left out: 3\.png \(PNG, cut short\), 5\.png \(no picture but text\)/,
    );
    const report = readFileSync(file("album", "report.html"), "utf8");
    expect(report).toContain("2 files cannot be read");
    expect(report).toContain("photos (folder): 22 pictures (22 PNG)");
    expect(JSON.parse(readFileSync(file("album", "config.json"), "utf8")).dataset.reading).toMatchObject({
      formats: { PNG: 22 },
      unreadable: { count: 2 },
    });
  });

  it("two pictures train, whatever the batch", async () => {
    mkdirSync(file("couple"));
    for (const n of [0, 1]) copyFileSync(file("photos", `${n}.png`), file("couple", `${n}.png`));
    const args = [
      "--model",
      "mlp",
      "--batch",
      "8",
      "--steps",
      "2",
      "--image-size",
      "16x12",
      "--out",
      "of-two",
    ];
    const { code, stderr } = await tsgan(["train", "couple", ...args]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/2 examples are fewer than a batch of 8/);
    expect(stderr).toMatch(/mlp with non-saturating on couple \(2 × \[3,12,16\]\)/);
  });

  it("a run is not resumed with classes of other names", async () => {
    for (const [i, name] of ["cat", "cat", "dog", "dog"].entries()) {
      mkdirSync(file("pets", name), { recursive: true });
      copyFileSync(file("photos", `${i === 3 ? 4 : i}.png`), file("pets", name, `${i}.png`));
    }
    const small = [
      "train",
      "pets",
      "--model",
      "cgan",
      "--batch",
      "4",
      "--image-size",
      "8",
      "--out",
      "of-pets",
    ];
    expect((await tsgan([...small, "--steps", "2"])).code).toBe(0);
    renameSync(file("pets", "cat"), file("pets", "emu"));
    const { code, stderr } = await tsgan(["train", "--resume", "--out", "of-pets", "--steps", "3"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error: of-pets: the run began with classes cat, dog; data set pets has classes dog, emu/,
    );
  });

  it("a run that diverges names step, tensor and last good checkpoint, and still has a report", async () => {
    const rate = ["--learning-rate", "1e30", "--checkpoint-every", "1", "--out", "diverged"];
    const { code, stderr } = await tsgan(["train", "ring", ...rate]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^error: step \d+: .* not finite, first non-finite tensor \S+; (last good checkpoint: step \d+|no checkpoint yet); lower the learning rate/,
    );
    expect(readFileSync(file("diverged", "report.html"), "utf8")).toContain("The run stopped: step");
    expect(existsSync(file("diverged", "generator.onnx"))).toBe(false);
  });

  it("a run that is not one", async () => {
    for (const command of ["sample", "export"]) {
      expect(await tsgan([command, "empty"])).toMatchObject({
        code: 2,
        stderr: "error: empty: expected the folder of a run; the folder has no config.json\n",
      });
    }
  });
});

describe("a full disk", () => {
  const disk = () => file("disk");
  const mount = (): string | undefined => {
    mkdirSync(disk(), { recursive: true });
    const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk()]);
    return status === 0 ? undefined : (error?.message ?? stderr.toString().trim());
  };

  it("ends the run in one line, with whole files only; with room again it goes on", async (context) => {
    const reason = mount();
    if (reason !== undefined) {
      console.warn(
        `*** THE TEST OF A FULL DISK WAS SKIPPED: cannot mount a small file system: ${reason} ***`,
      );
      context.skip(reason);
    }
    try {
      const args = [
        "train",
        "ring",
        "--steps",
        "40",
        "--checkpoint-every",
        "10",
        "--resume",
        "--out",
        "disk/run",
      ];
      const { code, stderr } = await tsgan(args);
      expect(code).toBe(1);
      expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
        /^error: cannot write disk\/run\/\S+: the disk is full; free some space and try again \(ENOSPC\)$/,
      );
      const files = readdirSync(file("disk", "run"), { recursive: true }).map(String);
      expect(files.filter((name) => basename(name).startsWith("."))).toEqual([]);
      const metrics = readFileSync(file("disk", "run", "metrics.jsonl"), "utf8");
      expect(metrics.endsWith("\n")).toBe(true);
      expect(spawnSync("mount", ["-o", "remount,size=8m", disk()]).status).toBe(0);
      expect((await tsgan(args)).code).toBe(0);
    } finally {
      spawnSync("umount", [disk()]);
    }
  });
});

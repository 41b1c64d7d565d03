/**
 * A model of one's own, from the file that the documentation shows, through all that the command does with a built-in one.
 * Needs the build (`npx tsc -b`).
 */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium, openExamplePage, repository } from "tsgan/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf, type Ended, runIn } from "./command.test.helpers.ts";

const own = join(repository, "examples/attention-gan.ts");
const use = ["--use", own];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-own-model-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in the test's folder. `onLine` sees each line of its output as it comes. */
const tsgan = (
  args: readonly string[],
  onLine?: (line: string, child: ChildProcess) => void,
): Promise<Ended> => runIn(folder, args, undefined, onLine);

/** What the command prints when all is well. */
const output = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await tsgan(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};

const contents = (run: string): Record<string, string> => contentsOf(join(folder, run));

const [STEPS, KILL_AT] = [12, 7];
const train = (out: string): string[] => [
  ...["train", "mnist", ...use, "--model", "mine", "--loss", "hinge", "--set", "model.base=4"],
  ...["--steps", String(STEPS), "--checkpoint-every", "3", "--sample-every", "6", "--batch", "8"],
  ...["--threads", "1", "--out", out, "--resume", "--json"],
];

describe("a model of one's own on the command line", () => {
  it("is trained, and after kill -9 goes on to the very bytes of a run that was never stopped", async () => {
    await output(...train("whole"));
    const killed = await tsgan(train("broken"), (line, child) => {
      const event = line.startsWith("{") ? JSON.parse(line) : {};
      if (event.type === "step" && event.step === KILL_AT) child.kill("SIGKILL");
    });
    expect(killed.signal).toBe("SIGKILL");
    expect(contents("broken")["/generator.onnx"]).toBeUndefined();
    await output(...train("broken"));
    expect(contents("broken")).toEqual(contents("whole"));
  });

  it("is written down with its options and the hash of its file", () => {
    const config = JSON.parse(readFileSync(join(folder, "whole/config.json"), "utf8"));
    expect(config.model).toEqual({ name: "mine", latent: 64, latentDistribution: "normal", base: 4 });
    expect(config.uses).toEqual([{ file: own, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it("is not known without the file, which an error says", async () => {
    const { code, stderr } = await tsgan(["evaluate", "whole"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('"mine"');
  });

  it("is judged, diagnosed, sampled and exported", async () => {
    const few = ["--samples", "200", "--metrics", "fid", "--json"];
    const judged = JSON.parse(await output("evaluate", "whole", ...use, ...few));
    expect(judged.figures).toMatchObject([{ key: "fid", value: expect.any(Number) }]);
    const examined = JSON.parse(await output("doctor", "whole", ...use, "--json"));
    expect(examined.verdicts.length).toBeGreaterThan(0);
    await output("sample", "whole", ...use, "--count", "9", "--out", "nine.png");
    await output("export", "whole", ...use, "--out", "mine.onnx");
    const exported = readFileSync(join(folder, "mine.onnx"));
    expect(exported.equals(readFileSync(join(folder, "whole/generator.onnx")))).toBe(true);
  });

  it("says that its file has changed when a run is resumed", async () => {
    const copy = join(folder, "mine.ts");
    writeFileSync(copy, readFileSync(own));
    const short = (...more: string[]) => [
      ...["train", "mnist", "--use", copy, "--model", "mine", "--set", "model.base=4", "--batch", "8"],
      ...["--out", "changed", "--json", ...more],
    ];
    await output(...short("--steps", "2"));
    writeFileSync(copy, `${readFileSync(own, "utf8")}\n// another day\n`);
    expect(await output(...short("--steps", "3", "--resume"))).toContain(
      `${copy} has changed since the run began`,
    );
  });

  it.skipIf(findChromium() === undefined)("is drawn by examples/generate.html", async () => {
    const page = await openExamplePage();
    try {
      const bytes = readFileSync(join(folder, "whole/generator.onnx"));
      await page.give("generator.onnx", bytes, /^64 images in \d+ ms$/);
      expect(await page.canvas()).toMatchObject({ width: 8 * 28 });
      expect((await page.canvas()).values).toBeGreaterThan(2);
    } finally {
      await page.close();
    }
  });
});

/** `tsgan theory` as people run it. Needs the build (`npx tsc -b`). */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/tsgan.js", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-theory-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const theory = (...args: string[]) => {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "theory", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

describe("tsgan theory", () => {
  it("lists the experiments, one a line, with what each shows", () => {
    const { status, stdout } = theory();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^earth-mover +\S.+$/m);
    expect(stdout).toMatch(/^mode-collapse +\S.+\(\d+ min/m);
    expect(JSON.parse(theory("--json").stdout)).toHaveLength(12);
  });

  it("writes data, SVG and a PNG of a slide's width", async () => {
    const { status, stdout } = theory("earth-mover", "--set", "p=3,2,1,4", "q=1,2,4,3", "--out", "piles");
    expect(status).toBe(0);
    expect(stdout).toContain(join("piles", "earth-mover.png"));
    const read = (kind: string): Buffer => readFileSync(join(folder, "piles", `earth-mover.${kind}`));
    expect(JSON.parse(read("json").toString()).distance).toBe(5);
    expect(read("svg").toString()).toMatch(/^<svg /);
    expect(await sharp(read("png")).metadata()).toMatchObject({ format: "png", width: 1600 });
  });

  it("trains in a thread, and gives the same bytes again", () => {
    const short = ["--seed", "3", "--set", "steps=40", "batch=64"];
    const bytes = ["a", "b"].map((out) => {
      expect(theory("optimal-discriminator", ...short, "--out", out).status).toBe(0);
      return readFileSync(join(folder, out, "optimal-discriminator.json"), "utf8");
    });
    expect(bytes[0]).toBe(bytes[1]);
    expect(JSON.parse(bytes[0]).trained.step.length).toBeGreaterThan(1);
  });

  it("lists, describes and runs what a file registers", () => {
    writeFileSync(
      join(folder, "halving.ts"),
      `import { defineExperiment } from "@tsgan/theory";
import { integer } from "tsgan/define";
export const halving = defineExperiment({
  name: "halving",
  title: "A half, again and again",
  options: { steps: integer({ default: 8, least: 1, means: "halvings" }) },
  run: ({ steps }) => Array.from({ length: steps + 1 }, (_, i) => 0.5 ** i),
  figure: (sizes: number[]) => ({ panels: [{ marks: [{ type: "line", x: sizes.map((_, i) => i), y: sizes }] }] }),
});
`,
    );
    const use = ["--use", "halving.ts"];
    expect(theory(...use).stdout).toMatch(/^halving +A half, again and again$/m);
    expect(theory("halving", "--help", ...use).stdout).toContain(
      "steps: halvings; a whole number at least 1 (default 8)",
    );
    const { status, stdout } = theory("halving", ...use, "--set", "steps=2", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([1, 0.5, 0.25]);
    expect(readFileSync(join(folder, "theory", "halving.svg"), "utf8")).toMatch(/^<svg /);
    expect(theory("halving", ...use, "--set", "stepz=2").stderr).toContain('did you mean "steps"?');
  });

  const wrong: [string[], string][] = [
    [["earth-moover"], 'error: unknown experiment "earth-moover"; did you mean "earth-mover"?'],
    [
      ["nash-oscillation", "--set", "learningRate=-0.1"],
      "error: nash-oscillation: learningRate must be a finite number above 0 and below 2; got -0.1",
    ],
    [["weight-clipping", "--set", "bins=1"], "error: weight-clipping: bins must be an integer of at least 2"],
    [
      ["weight-clipping", "--set", "limits="],
      "error: weight-clipping: limits must be a list of at least 1 numbers; got []",
    ],
    [["parallel-lines", "--set", "theta=Infinity"], "error: parallel-lines: theta must be a finite number"],
    [["vanishing-gradient", "--set", "data=mnisst"], 'did you mean "mnist"?'],
    [["all", "--set", "steps=1"], "error: --set: options belong to one experiment"],
    [["earth-mover", "--seed", "x"], "must be a whole number"],
  ];
  it.each(wrong)("refuses %o with one line and exit code 2", (args, message) => {
    const { status, stdout, stderr } = theory(...args, "--out", "wrong");
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.split("\n").filter((line) => line.startsWith("error: "))).toHaveLength(1);
  });
});

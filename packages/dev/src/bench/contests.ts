/** What tsgan is compared in: training and sampling, from the command to the first step, and distances. */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "tsgan/node";
import type { Contest, Measured } from "./compare.ts";
import { type Figure, run, runJson, type Variant, versionOf } from "./peers.ts";
import { workloads } from "./workloads.ts";

const main = fileURLToPath(new URL("main.js", import.meta.url));

const measured = (command: string, args: readonly string[], workload: string): Measured => {
  const report = runJson(command, args);
  return typeof report === "string"
    ? report
    : { figure: report.workloads[workload], version: versionOf(report) };
};

/** A workload in a process of its own on both sides. */
export const trainingContest = (
  workload: string,
  variants: readonly Variant[],
  repeats = workloads[workload].repeats,
): Contest => {
  const settings = ["--only", workload, "--repeats", String(repeats)];
  return {
    name: workload,
    variants: variants.filter(({ images }) => images !== true || !POINTS.has(workload)),
    ours: () => measured(process.execPath, [main, "--json", ...settings], workload),
    theirs: ({ command, args }) => measured(command, [...args, ...settings], workload),
  };
};

/** Workloads without images: the layout of images makes no difference to them. */
const POINTS: ReadonlySet<string> = new Set(["mlp-wgan-gp", "mlp-ns", "table-ctgan"]);

export const FIRST_STEP = "first-step";

const cli = join(createRequire(import.meta.url).resolve("@tsgan/cli/package.json"), "../bin/tsgan.js");

const single = (ms: number): Figure => ({ ms, min: ms, iterations: 1 });

/** From the command to its end, one step of a GAN of points: ours with its run folder, theirs the script of `mlp-ns`. */
export const firstStepContest = (variants: readonly Variant[]): Contest => {
  const timed = (command: string, args: readonly string[]): number | string => {
    const start = performance.now();
    const { failure } = run(command, args);
    return failure ?? performance.now() - start;
  };
  const figure = (ms: number | string, of: string): Measured =>
    typeof ms === "string" ? ms : { figure: single(ms), version: of };
  return {
    name: FIRST_STEP,
    variants: variants.filter(({ images, engine }) => images !== true && engine !== "tsgan"),
    ours: () => {
      const folder = mkdtempSync(join(tmpdir(), "tsgan-bench-"));
      try {
        const args = [cli, "train", "ring", "--steps", "1", "--out", join(folder, "run")];
        return figure(timed(process.execPath, args), `tsgan ${version}`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    theirs: ({ command, args, engine }) =>
      figure(timed(command, [...args, "--only", "mlp-ns", "--repeats", "1"]), engine),
  };
};

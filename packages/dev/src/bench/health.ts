/**
 * Whether `tsgan doctor` is right: runs made to fail in known ways, of points and of images, and healthy ones, each in a
 * folder of its own and judged from that folder alone.
 *
 *     node packages/dev/dist/bench/health.js [OPTIONS]
 *
 * Exit code 1 where fewer than 28 of 30 failures are named first, or a healthy run raises an alarm.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { RunError } from "tsgan";
import { resolveConfig } from "tsgan/config";
import type { Verdict } from "tsgan/metrics";
import { examineRun, startRun } from "tsgan/node";
import { healthyRuns, type Plant, plantedRuns } from "./health-runs.ts";
import { healthPage, type Outcome } from "./health-table.ts";

const isRight = (expected: Outcome["expected"], verdicts: readonly Verdict[]): boolean =>
  expected === "no alarm"
    ? verdicts.every(({ severity }) => severity !== "alarm")
    : verdicts[0].kind === expected && verdicts[0].severity === "alarm";

/** Trains one run in a folder of its own, unless it is there, and examines that folder. */
export const examinePlant = async (
  run: string,
  expected: Outcome["expected"],
  plant: Plant,
  seed: number,
  { threads = 1, runs }: { threads?: number; runs?: string | undefined } = {},
): Promise<Outcome> => {
  const folder =
    runs === undefined
      ? mkdtempSync(join(tmpdir(), "tsgan-health-"))
      : join(runs, `${run.replaceAll(/\W+/g, "-")}-${seed}`);
  const started = performance.now();
  try {
    const out = join(folder, "run");
    if (!existsSync(join(out, "report.html"))) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      try {
        await startRun({ config: resolveConfig({ ...(await plant(seed, folder)), seed }), out, threads });
      } catch (error) {
        // A run that diverges ends so; what it left behind is what is judged.
        if (!(error instanceof RunError)) throw error;
      }
    }
    const { verdicts } = await examineRun(out, { threads });
    const seconds = (performance.now() - started) / 1000;
    return { run, seed, expected, verdicts, seconds, isRight: isRight(expected, verdicts) };
  } finally {
    if (runs === undefined) rmSync(folder, { recursive: true });
  }
};

const NEEDED = 28 / 30;

const HELP = `node packages/dev/dist/bench/health.js [OPTIONS]

Trains runs that fail in known ways and runs that are well, and examines each from its folder alone.

  --only PART[;PART]   runs whose names hold one of these parts
  --seeds 7,8,9        seeds of the failures
  --healthy-seed 301   seed of the first healthy run; each has the next one
  --runs FOLDER        keep the runs there; those that are complete are judged again without training
  --write PAGE         write the table into this page, between <!-- doctor --> and <!-- /doctor -->
  --threads 1          threads of the processor
  --json               print all verdicts as JSON

Levels were set on seeds 11 to 13 of the failures and 101 to 125, 209 to 214, 513 to 528 and 906 of the healthy runs;
seeds 4 to 6 were seen before the last change. Report on others.`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seeds: { type: "string", default: "7,8,9" },
      "healthy-seed": { type: "string", default: "301" },
      runs: { type: "string" },
      threads: { type: "string", default: "1" },
      write: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const isAsked = (name: string): boolean =>
    values.only === undefined || values.only.split(";").some((part) => name.includes(part));
  const outcomes: Outcome[] = [];
  const examine = async (
    run: string,
    expected: Outcome["expected"],
    plant: Plant,
    seed: number,
  ): Promise<void> => {
    const outcome = await examinePlant(run, expected, plant, seed, {
      threads: Number(values.threads),
      runs: values.runs,
    });
    outcomes.push(outcome);
    if (values.json) return;
    const alarms = outcome.verdicts.filter(({ severity }) => severity === "alarm").map(({ kind }) => kind);
    console.log(
      `${outcome.isRight ? "right" : "WRONG"}  ${run.padEnd(38)} seed ${seed}  ${outcome.seconds.toFixed(1).padStart(5)} s  ` +
        `${alarms.join(", ") || "no alarm"}: ${outcome.verdicts[0].title}: ${outcome.verdicts[0].evidence}`,
    );
  };
  for (const [name, { kind, plant }] of Object.entries(plantedRuns)) {
    if (!isAsked(name)) continue;
    for (const seed of values.seeds.split(",").map(Number)) await examine(name, kind, plant, seed);
  }
  for (const [i, [name, plant]] of Object.entries(healthyRuns).entries()) {
    if (isAsked(name)) await examine(name, "no alarm", plant, Number(values["healthy-seed"]) + i);
  }
  const { write } = values;
  if (write !== undefined) writeFileSync(write, healthPage(readFileSync(write, "utf8"), outcomes));
  const count = (healthy: boolean) =>
    outcomes.filter(({ expected }) => (expected === "no alarm") === healthy);
  const [failures, healthy] = [count(false), count(true)];
  const named = failures.filter((outcome) => outcome.isRight).length;
  const quiet = healthy.filter((outcome) => outcome.isRight).length;
  if (values.json)
    console.log(
      JSON.stringify({ named, failures: failures.length, quiet, healthy: healthy.length, outcomes }, null, 2),
    );
  else
    console.log(
      `\n${named} of ${failures.length} failures named first; ${quiet} of ${healthy.length} healthy runs without alarm`,
    );
  if (named < NEEDED * failures.length || quiet < healthy.length) process.exitCode = 1;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

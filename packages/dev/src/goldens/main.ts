/** `npm run goldens -- DIR [--json] [--only a.json,b.json]`: checks the built library against files of golden values. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkAuxiliary } from "./auxiliary.ts";
import type { CaseResult } from "./case.ts";
import { checkDistances } from "./distances.ts";
import { checkLosses } from "./losses.ts";
import { checkMetrics } from "./metrics.ts";
import { checkOps } from "./ops.ts";
import { checkPenalties } from "./penalties.ts";
import { checkTraining } from "./training.ts";

/** Checks a parsed file. A file without a checker counts as one unknown case. */
const checkers: Readonly<Record<string, (json: unknown) => CaseResult[] | Promise<CaseResult[]>>> = {
  "ops.json": checkOps,
  "losses.json": checkLosses,
  "auxiliary.json": checkAuxiliary,
  "penalties.json": checkPenalties,
  "training.json": checkTraining,
  "distances.json": checkDistances,
  "metrics.json": checkMetrics,
};

interface FileReport {
  readonly file: string;
  readonly checked: number;
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  /** Largest error of all cases, in units of the allowed one. */
  readonly largestError: number;
  readonly problems: readonly CaseResult[];
}

const USAGE = "usage: npm run goldens -- DIR [--json] [--only a.json,b.json]";

class Refusal extends Error {}

const checkFile = async (directory: string, file: string): Promise<FileReport> => {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(directory, file), "utf8"));
  } catch (cause) {
    throw new Error(`goldens: ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const missing: CaseResult = {
    id: file,
    status: "unknown",
    error: 0,
    detail: "no checker for this file",
  };
  const results = Object.hasOwn(checkers, file) ? await checkers[file](json) : [missing];
  const count = (status: CaseResult["status"]): number =>
    results.filter((result) => result.status === status).length;
  return {
    file,
    checked: results.length,
    passed: count("passed"),
    failed: count("failed"),
    unknown: count("unknown"),
    largestError: results.reduce((most, { error }) => Math.max(most, error), 0),
    problems: results.filter(({ status }) => status !== "passed"),
  };
};

const filesOf = (directory: string, only: string | undefined): string[] => {
  let present: string[];
  try {
    present = readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch {
    throw new Refusal(`goldens: the folder ${directory} cannot be read`);
  }
  if (present.length === 0) throw new Refusal(`goldens: there are no .json files in ${directory}`);
  if (only === undefined) return present.sort();
  const wanted = only.split(",").map((name) => name.trim());
  const absent = wanted.filter((name) => !present.includes(name));
  if (absent.length > 0) {
    throw new Refusal(`goldens: ${directory} has no ${absent.join(", ")} (it has ${present.join(", ")})`);
  }
  return wanted;
};

const printReport = ({
  file,
  checked,
  passed,
  failed,
  unknown,
  largestError,
  problems,
}: FileReport): void => {
  const counts = `${checked} checked, ${passed} passed, ${failed} failed, ${unknown} unknown`;
  console.log(`${file}: ${counts}; largest error ${largestError.toPrecision(2)} of the allowed one`);
  for (const { id, status, detail } of problems) console.log(`  ${status} ${id}: ${detail ?? ""}`);
};

const main = async (): Promise<number> => {
  const { values, positionals } = (() => {
    try {
      return parseArgs({
        options: { json: { type: "boolean", default: false }, only: { type: "string" } },
        allowPositionals: true,
      });
    } catch (error) {
      throw new Refusal(`goldens: ${(error as Error).message}; ${USAGE}`);
    }
  })();
  if (positionals.length !== 1) throw new Refusal(USAGE);
  const [directory] = positionals;
  const reports: FileReport[] = [];
  for (const file of filesOf(directory, values.only)) {
    const report = await checkFile(directory, file);
    reports.push(report);
    if (!values.json) printReport(report);
  }
  const ok = reports.every(({ failed, unknown }) => failed + unknown === 0);
  // Infinity is no JSON number.
  const plain = (_key: string, value: unknown): unknown =>
    value === Number.POSITIVE_INFINITY ? "Infinity" : value;
  if (values.json) console.log(JSON.stringify({ ok, files: reports }, plain, 2));
  return ok ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof Refusal ? 2 : 1;
}

/** tsgan study report: reads the folder of a study and writes what its trials say. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { RunError } from "tsgan";
import {
  fileIn,
  holdsRun,
  openRunFolder,
  readJson,
  type UsedFile,
  version,
  writeFileAtomic,
} from "tsgan/node";
import {
  type Evaluation,
  modelsCsv,
  type Study,
  type StudySummary,
  stepsPerIteration,
  studyReportHtml,
  summarise,
  type Trial,
  type TrialRecord,
  trialsCsv,
  trialsOf,
} from "../index.ts";
import { checkStudyUses, holdsStudy, openStudyFolder, type StudyFolder } from "./folder.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEvaluation = (value: unknown): value is Evaluation =>
  isObject(value) && typeof value.step === "number" && isObject(value.metrics);

/** The record of a trial from what its file holds. The trial itself is the study's. */
const recordOf = (trial: Trial, value: unknown): TrialRecord => {
  const fail = (expected: string): never => {
    throw new RunError(`expected ${expected}`);
  };
  if (!isObject(value)) return fail("the record of a trial");
  const { status, error, evaluations } = value;
  if (!isObject(value.trial) || value.trial.id !== trial.id) return fail(`the record of ${trial.id}`);
  if (status !== "finished" && status !== "failed" && status !== "stopped") return fail("a status");
  if (!Array.isArray(evaluations) || !evaluations.every(isEvaluation)) return fail("evaluations");
  return { trial, status, ...(typeof error === "string" ? { error } : {}), evaluations };
};

export interface StudyRecords {
  readonly records: readonly TrialRecord[];
  /** What cannot be read, one line each. Their trials count as missing. */
  readonly warnings: readonly string[];
}

/**
 * The records of a study, which may be under way.
 *
 * @param folder the study's folder
 * @param trials those of the study
 */
export const readRecords = (folder: StudyFolder, trials: readonly Trial[]): StudyRecords => {
  const records: TrialRecord[] = [];
  const damaged: string[] = [];
  for (const trial of trials) {
    const file = join(folder.runOf(trial.id), "record.json");
    if (!existsSync(file)) continue;
    try {
      records.push(recordOf(trial, readJson(fileIn(folder.path, relative(folder.path, file)))));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      damaged.push(reason.includes(file) ? reason : `${file}: ${reason}`);
    }
  }
  const known = new Set(trials.map(({ id }) => id));
  const foreign = foldersOf(folder).filter((name) => !known.has(name));
  return {
    records,
    warnings: [
      ...(damaged.length === 0
        ? []
        : [
            `${damaged.length} of ${trials.length} records cannot be read and are left out: ${damaged.join("; ")}`,
          ]),
      ...(foreign.length === 0
        ? []
        : [`trials/ holds what is not of this study and is left out: ${foreign.join(", ")}`]),
    ],
  };
};

const foldersOf = (folder: StudyFolder): string[] => {
  const trials = dirname(folder.runOf("x"));
  if (!statSync(trials, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(trials).filter((name) => !name.startsWith("."));
};

/** Sample grid of a trial at a step of the study's unit, as PNG: the last one up to there. */
const sampleOf = (
  folder: StudyFolder,
  { stepUnit }: Study,
  trial: Trial,
  step: number,
): Uint8Array | undefined => {
  const run = folder.runOf(trial.id);
  if (!holdsRun(run)) return undefined;
  const { criticSteps = 1, generatorSteps = 1 } = trial.config;
  const iteration = step / stepsPerIteration({ criticSteps, generatorSteps }, stepUnit);
  const opened = openRunFolder(run);
  const last = opened.samples().findLast((sample) => sample.step <= iteration);
  return last && opened.readSample(last.step);
};

/** Grids of the best trial of each model on each data set. */
const bestSamples = (
  folder: StudyFolder,
  trials: readonly Trial[],
  { data }: StudySummary,
): Map<string, Uint8Array> => {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const samples = new Map<string, Uint8Array>();
  for (const { best } of data.flatMap(({ models }) => models)) {
    const trial = best === null ? undefined : byId.get(best.id);
    if (trial === undefined || best === null || best.step === null) continue;
    const png = sampleOf(folder, folder.study, trial, best.step);
    if (png !== undefined) samples.set(trial.id, png);
  }
  return samples;
};

export interface StudyReport {
  readonly summary: StudySummary;
  readonly warnings: readonly string[];
  /** Paths of what was written, the page first. */
  readonly files: readonly string[];
}

export interface ReportOptions {
  /** The page; by default report.html in the study's folder. */
  readonly out?: string | undefined;
  /** Key of the figure that models are ranked by. */
  readonly rankBy?: string | undefined;
  /** Files that have registered things which the study names; without it, nobody asks for them. */
  readonly uses?: readonly UsedFile[] | undefined;
}

/**
 * Writes the page, and report.json, trials.csv and models.csv beside it. Each is written whole or not at all.
 *
 * @param path the study's folder
 * @throws UsageError for a folder that is not a study, a figure that does not exist, or a file of the study that is not given
 * @throws RunError for a damaged study.json, or a disk that is full
 */
export const writeStudyReport = (
  path: string,
  { out = join(path, "report.html"), rankBy, uses }: ReportOptions = {},
): StudyReport => {
  const changed = uses === undefined || !holdsStudy(path) ? [] : checkStudyUses(path, uses);
  const folder = openStudyFolder(path);
  const trials = trialsOf(folder.study);
  const read = readRecords(folder, trials);
  const { records } = read;
  const warnings = [...changed, ...read.warnings];
  const summary = summarise(folder.study, records, { rankBy });
  const beside = (name: string): string => join(dirname(out), name);
  const contents: [string, string][] = [
    [out, studyReportHtml({ summary, samples: bestSamples(folder, trials, summary), warnings })],
    [beside("report.json"), `${JSON.stringify({ version, warnings, ...summary }, null, 2)}\n`],
    [beside("trials.csv"), trialsCsv(records)],
    [beside("models.csv"), modelsCsv(summary)],
  ];
  for (const [file, content] of contents) writeFileAtomic(file, content);
  return { summary, warnings, files: contents.map(([file]) => file) };
};

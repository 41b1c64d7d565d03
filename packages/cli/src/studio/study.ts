/** How far a study has come, from its folder: study.json, and trials/ID with a run and, at its end, record.json. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StudyCell, StudyProgress } from "@tsgan/studio/api";
import { rankOf } from "tsgan/metrics";
import { trainingProcess } from "tsgan/node";
import type { Study, TrialRecord } from "tsgan/study";

const LARGEST_FILE = 16 << 20;

/** The object of a JSON file; undefined where there is none, or another thing. */
const readObject = (file: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    if (statSync(file).size > LARGEST_FILE) return undefined;
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not there yet, or damaged: it counts as not ended.
    return undefined;
  }
};

const bestOf = ({ trial, evaluations }: TrialRecord): (StudyCell["best"] & { cost: number }) | undefined => {
  const ranked = evaluations.flatMap(({ metrics }) => {
    const rank = rankOf(metrics);
    return rank === undefined
      ? []
      : [{ figure: rank.key, value: metrics[rank.key], cost: rank.cost, trial: trial.id }];
  });
  return ranked.sort((a, b) => a.cost - b.cost)[0];
};

type Counts = { -readonly [Key in keyof StudyCell]: StudyCell[Key] } & { cost: number };

const isRecord = (value: Readonly<Record<string, unknown>>): boolean => {
  const { trial, status, evaluations } = value as Partial<TrialRecord>;
  return (
    typeof trial?.data === "string" &&
    typeof trial.model === "string" &&
    typeof status === "string" &&
    Array.isArray(evaluations)
  );
};

/** @param path the study's folder, checked; `id` as in the list of runs */
export const studyProgress = (path: string, id: string): StudyProgress => {
  const study = readObject(join(path, "study.json")) as Partial<Study> | undefined;
  const cells = new Map<string, Counts>();
  const cell = (data: string, model: string, planned?: number): Counts => {
    const key = JSON.stringify([data, model]);
    const known = cells.get(key);
    if (known !== undefined) return known;
    const made: Counts = {
      data,
      model,
      ...(planned !== undefined && { planned }),
      running: 0,
      finished: 0,
      failed: 0,
      stopped: 0,
      cost: Number.POSITIVE_INFINITY,
    };
    cells.set(key, made);
    return made;
  };
  const isWhole = Array.isArray(study?.data) && Array.isArray(study.models) && Array.isArray(study.seeds);
  const each = isWhole ? Number(study.samples) * study.seeds!.length : undefined;
  if (isWhole)
    for (const data of study.data!)
      for (const model of study.models!) cell(String(data?.name), String(model?.name), each);

  let trials: string[] = [];
  try {
    trials = readdirSync(join(path, "trials"));
  } catch {
    // Nothing has begun.
  }
  for (const trial of trials) {
    const folder = join(path, "trials", trial);
    const record = readObject(join(folder, "record.json"));
    if (record !== undefined && isRecord(record)) {
      const ended = record as unknown as TrialRecord;
      const counts = cell(ended.trial.data, ended.trial.model);
      if (ended.status === "finished" || ended.status === "failed" || ended.status === "stopped")
        counts[ended.status]++;
      const best = bestOf(ended);
      if (best !== undefined && best.cost < counts.cost) {
        const { cost, ...shown } = best;
        Object.assign(counts, { best: shown, cost });
      }
    } else if (isTraining(folder)) {
      const [data, model] = trial.split("_");
      cell(data, model ?? "").running++;
    }
  }
  return {
    id,
    name: typeof study?.name === "string" ? study.name : id,
    ...(isWhole ? { planned: cells.size * (each ?? 0) } : { problem: "study.json cannot be read" }),
    cells: [...cells.values()].map(({ cost: _, ...shown }) => shown),
  };
};

const isTraining = (folder: string): boolean => {
  try {
    return trainingProcess(folder) !== undefined;
  } catch {
    return false;
  }
};

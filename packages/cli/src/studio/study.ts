/** How far a study has come, from its folder: study.json, and trials/ID with a run and, at its end, record.json. */
import { join } from "node:path";
import type { StudyCell, StudyProgress } from "@tsgan/studio/api";
import { outranks, type Rank, rankOf } from "tsgan/metrics";
import * as z from "zod";
import { breather, fileInside, isTraining, look, namesIn, readJsonInside } from "./disk.ts";

/** Bytes of study.json and record.json, at most, and cells of the table. */
const LARGEST_FILE = 1 << 20;
const MOST_CELLS = 10_000;

const named = z.array(z.object({ name: z.string() })).min(1);
/** What is needed of study.json. */
const storedSchema = z.object({
  study: z.object({
    name: z.string(),
    data: named,
    models: named,
    samples: z.int().min(1),
    seeds: z.array(z.number()).min(1),
  }),
});
/** What is needed of a `TrialRecord`. */
const recordSchema = z.object({
  trial: z.object({ id: z.string(), data: z.string(), model: z.string() }),
  status: z.enum(["finished", "failed", "stopped"]),
  evaluations: z.array(z.object({ metrics: z.record(z.string(), z.unknown()) })),
});

interface Ended {
  readonly data: string;
  readonly model: string;
  readonly status: "finished" | "failed" | "stopped";
  readonly best?: { readonly rank: Rank; readonly trial: string };
}

const endedOf = ({ trial, status, evaluations }: z.infer<typeof recordSchema>): Ended => {
  let best: Rank | undefined;
  for (const { metrics } of evaluations) {
    const rank = rankOf(metrics);
    if (rank !== undefined && outranks(rank, best)) best = rank;
  }
  const own = best && { best: { rank: best, trial: trial.id } };
  return { data: trial.data, model: trial.model, status, ...own };
};

/** A JSON file of a known shape; undefined for anything else. */
const readAs = <Value>(schema: z.ZodType<Value>, folder: string, name: string): Value | undefined => {
  try {
    return schema.safeParse(readJsonInside(folder, name, LARGEST_FILE)).data;
  } catch {
    // Damaged: it counts as not there.
    return undefined;
  }
};

type Counts = { -readonly [Key in keyof StudyCell]: StudyCell[Key] } & { rank?: Rank };

/** Reads studies, and remembers the trials that have ended. */
export const studyReader = (): ((path: string, id: string) => Promise<StudyProgress>) => {
  const known = new Map<string, { readonly modified: number; readonly ended: Ended | undefined }>();

  const ended = (path: string, trial: string): Ended | undefined => {
    const name = `trials/${trial}/record.json`;
    const file = join(path, name);
    const modified = look(file)?.mtimeMs;
    if (modified === undefined) return undefined;
    const before = known.get(file);
    if (before?.modified === modified) return before.ended;
    const record = readAs(recordSchema, path, name);
    const now = record && endedOf(record);
    known.set(file, { modified, ended: now });
    return now;
  };

  return async (path, id) => {
    const stored = readAs(storedSchema, path, "study.json")?.study;
    const isSmall = stored !== undefined && stored.data.length * stored.models.length <= MOST_CELLS;
    const study = isSmall ? stored : undefined;
    const rest = breather();
    const cells = new Map<string, Counts>();
    const cell = (data: string, model: string): Counts => {
      const key = JSON.stringify([data, model]);
      const counts = cells.get(key) ?? {
        data,
        model,
        ...(study && { planned: study.samples * study.seeds.length }),
        running: 0,
        finished: 0,
        failed: 0,
        stopped: 0,
      };
      cells.set(key, counts);
      return counts;
    };
    for (const data of study?.data ?? [])
      for (const model of study?.models ?? []) cell(data.name, model.name);
    const planned = study && cells.size * study.samples * study.seeds.length;

    for (const trial of await namesIn(path, "trials")) {
      await rest();
      const record = ended(path, trial);
      if (record === undefined) {
        // `DATA_MODEL_sample-0_seed-1`
        const [data, model = ""] = trial.split("_");
        if (isTraining(join(path, "trials", trial))) cell(data, model).running++;
        continue;
      }
      const counts = cell(record.data, record.model);
      counts[record.status]++;
      if (record.best !== undefined && outranks(record.best.rank, counts.rank)) {
        const { rank, trial: id } = record.best;
        Object.assign(counts, { rank, best: { figure: rank.key, value: rank.value, trial: id } });
      }
    }
    return {
      id,
      name: study?.name ?? id,
      ...(study === undefined ? { problem: "study.json cannot be read" } : { planned }),
      hasReport: fileInside(path, "report.html") !== undefined,
      cells: [...cells.values()].map(({ rank: _, ...shown }) => shown),
    };
  };
};

/** How far a study has come, from its folder: study.json, and trials/ID with a run and, at its end, record.json. */
import { join } from "node:path";
import type { StudyCell, StudyProgress } from "@tsgan/studio/api";
import { bestBy, figuresOf, rankingKind } from "@tsgan/study";
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
  // Numbers that are none are null in JSON.
  evaluations: z.array(z.object({ metrics: z.record(z.string(), z.number().nullable().catch(null)) })),
});

interface Ended {
  readonly trial: string;
  readonly data: string;
  readonly model: string;
  readonly status: "finished" | "failed" | "stopped";
  /** Of each evaluation. */
  readonly figures: readonly Readonly<Record<string, number>>[];
}

const endedOf = ({ trial, status, evaluations }: z.infer<typeof recordSchema>): Ended => ({
  trial: trial.id,
  data: trial.data,
  model: trial.model,
  status,
  figures: evaluations.map(({ metrics }) =>
    figuresOf({
      metrics: Object.fromEntries(
        Object.entries(metrics).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
      ),
    }),
  ),
});

/** The best trial of a cell by the figure that its data set is ranked by, as the study's report has it. */
const bestOf = (of: readonly Ended[], all: readonly Ended[]): StudyCell["best"] => {
  const kind = rankingKind(all.flatMap(({ figures }) => figures));
  if (kind === null) return undefined;
  // What a failed trial did before does not make up for its end.
  const whole = of.filter(({ status }) => status !== "failed");
  const tops = whole.map(({ figures }) => figures[bestBy(kind, figures) ?? -1] ?? {});
  const at = bestBy(kind, tops);
  return at === undefined
    ? undefined
    : { figure: kind.key, value: tops[at][kind.key], trial: whole[at].trial };
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

type Counts = { -readonly [Key in keyof StudyCell]: StudyCell[Key] };

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

    const byData = new Map<string, Ended[]>();
    // By sample and seed: of equal trials the first is the best, as in the report.
    const byNumber = new Intl.Collator("en", { numeric: true });
    for (const trial of (await namesIn(path, "trials")).toSorted(byNumber.compare)) {
      await rest();
      const record = ended(path, trial);
      if (record === undefined) {
        // `DATA_MODEL_sample-0_seed-1`
        const [data, model = ""] = trial.split("_");
        if (isTraining(join(path, "trials", trial))) cell(data, model).running++;
        continue;
      }
      cell(record.data, record.model)[record.status]++;
      const others = byData.get(record.data) ?? [];
      byData.set(record.data, others);
      others.push(record);
    }
    for (const counts of cells.values()) {
      const all = byData.get(counts.data) ?? [];
      const best = bestOf(
        all.filter(({ model }) => model === counts.model),
        all,
      );
      if (best !== undefined) counts.best = best;
    }
    return {
      id,
      name: study?.name ?? id,
      ...(study === undefined ? { problem: "study.json cannot be read" } : { planned }),
      hasReport: fileInside(path, "report.html") !== undefined,
      cells: [...cells.values()],
    };
  };
};

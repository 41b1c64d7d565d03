/** What the list says of each run: read from its folder when it is asked for, and remembered until the folder changes. */
import { join } from "node:path";
import type { Notes, RunState, RunSummary, Sample } from "@tsgan/studio/api";
import { knownFigures } from "tsgan/metrics";
import { speedometer } from "../progress.ts";
import { fileInside, isTraining, look, namesIn } from "./disk.ts";
import { type Folders, findRun, studyOf } from "./found.ts";
import { lastFigures, lastRecord } from "./metrics-file.ts";
import { readNotes } from "./notes.ts";
import { type Config, type Facts, readConfig } from "./run-config.ts";

const SAMPLE = /^step-(\d{6,15})\.png$/;

export const sampleOf = (path: string, name: string): Sample | undefined => {
  const stats = look(join(path, "samples", name));
  return stats && { step: Number(SAMPLE.exec(name)?.[1]), version: Math.round(stats.mtimeMs).toString(36) };
};

/** Names of sample files by ascending step. */
export const sampleNames = async (path: string): Promise<string[]> =>
  (await namesIn(path, "samples"))
    .filter((name) => SAMPLE.test(name))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));

type Line = Readonly<Record<string, unknown>>;

const lastOf = (path: string): Line | undefined => {
  const file = fileInside(path, "metrics.jsonl");
  try {
    return file === undefined ? undefined : lastRecord(file);
  } catch {
    // No permission, or gone since.
    return undefined;
  }
};

/** Figures that a list can show: those of evaluations, and the losses. */
const listed = (): readonly string[] => [
  ...knownFigures().map(({ key }) => key),
  "discriminatorLoss",
  "generatorLoss",
];

const figuresOf = (path: string): Readonly<Record<string, number>> => {
  const file = fileInside(path, "metrics.jsonl");
  try {
    return file === undefined ? {} : lastFigures(file, listed());
  } catch {
    // No permission, or gone since.
    return {};
  }
};

const stateOf = (path: string, config: Config | string, last: Line | undefined): RunState => {
  if (isTraining(path)) return "running";
  if (typeof config === "string") return "damaged";
  if (typeof last?.failure === "string") return "failed";
  return config.steps !== undefined && Number(last?.step) >= config.steps ? "finished" : "stopped";
};

/** Only what is there: most runs have none. */
const notesOf = (path: string): Partial<Notes> => {
  const { tags, note } = readNotes(path);
  return { ...(tags.length > 0 && { tags }), ...(note !== "" && { note }) };
};

const problemIn = (config: Config | string, last: Line | undefined): string | undefined => {
  if (typeof config === "string") return config;
  return typeof last?.failure === "string" ? last.failure : undefined;
};

interface Remembered {
  readonly version: string;
  readonly processProblem: string | undefined;
  readonly summary: RunSummary;
  readonly speed: ReturnType<typeof speedometer>;
}

export interface RunSummaries {
  /** The configuration of a run; as text, what is wrong with it. */
  configOf(id: string, path: string): Config | string;
  /** Undefined for a run that was removed since. */
  of(id: string, path: string): Promise<RunSummary | undefined>;
  /** What was last said of a run, where it stands still and its folder was of this version. */
  known(id: string, version: string | undefined): RunSummary | undefined;
  /** What a search looks through, in small letters. */
  wordsOf(id: string): string;
  /** Forgets the runs that are not there any more. */
  keepOnly(found: Folders): void;
}

/**
 * @param root the folder that holds the runs
 * @param problemOf what went wrong with a process that the server started for a run
 */
export const runSummaries = (root: string, problemOf: (id: string) => string | undefined): RunSummaries => {
  const configs = new Map<string, { readonly modified: number; readonly config: Config | string }>();
  const remembered = new Map<string, Remembered>();

  const configOf = (id: string, path: string): Config | string => {
    const modified = look(join(path, "config.json"))?.mtimeMs ?? 0;
    const known = configs.get(id);
    if (known?.modified === modified) return known.config;
    const config = readConfig(path);
    configs.set(id, { modified, config });
    return config;
  };

  const summaryOf = async (id: string, path: string): Promise<RunSummary | undefined> => {
    const run = findRun(path);
    // Removed since.
    if (run === undefined) return undefined;
    const { version, updated } = run;
    const before = remembered.get(id);
    const processProblem = problemOf(id);
    const isSame = before?.version === version && before.processProblem === processProblem;
    // A process can end without a trace in its folder.
    if (isSame && before.summary.state !== "running") return before.summary;
    const config = configOf(id, path);
    const last = lastOf(path);
    const state = stateOf(path, config, last);
    const step = typeof last?.step === "number" ? last.step : 0;
    const speed = before?.speed ?? speedometer();
    const newest = (await sampleNames(path)).at(-1);
    const isWell = state === "running" || state === "finished";
    const { raw: _, ...facts } = typeof config === "string" ? { raw: {} } : config;
    const summary: RunSummary = {
      ...facts,
      ...notesOf(path),
      figures: figuresOf(path),
      id,
      version,
      state,
      problem: problemIn(config, last) ?? (isWell ? undefined : processProblem),
      step,
      speed: state === "running" ? speed(step, updated / 1000) : undefined,
      sample: newest === undefined ? undefined : sampleOf(path, newest),
      study: studyOf(root, id),
      updated,
    };
    remembered.set(id, { version, processProblem, summary, speed });
    return summary;
  };

  const wordsOf = (id: string): string => {
    const path = join(root, id);
    const config = configOf(id, path);
    const { data, model, loss } = typeof config === "string" ? ({} as Facts) : config;
    const { tags = [], note } = remembered.get(id)?.summary ?? readNotes(path);
    return [id, data, model, loss, ...tags, note].join(" ").toLowerCase();
  };

  return {
    configOf,
    of: summaryOf,
    known(id, version) {
      const before = remembered.get(id);
      const isSame = before !== undefined && before.version === version;
      // A process can end without a trace in its folder.
      return isSame && before.summary.state !== "running" ? before.summary : undefined;
    },
    wordsOf,
    keepOnly(found) {
      for (const id of remembered.keys()) if (!found.has(id)) remembered.delete(id);
      for (const id of configs.keys()) if (!found.has(id)) configs.delete(id);
    },
  };
};

/**
 * The run folders below one folder, as the page sees them. Made for ten thousand: finding them costs two looks at each, and
 * what is inside is read when it is asked for and remembered until it changes. Nothing in a folder is trusted, and other
 * requests are served while one is answered.
 */
import { join } from "node:path";
import type { Notes, RunDetail, RunList, RunState, RunSummary, Sample } from "@tsgan/studio/api";
import { knownFigures } from "tsgan/metrics";
import { speedometer } from "../progress.ts";
import { breather, fileInside, isFile, isTraining, look, namesIn } from "./disk.ts";
import { type Folders, findFolders, findRun } from "./found.ts";
import { lastFigures, lastRecord } from "./metrics-file.ts";
import { readNotes } from "./notes.ts";
import { sortBy, wantedOf } from "./order.ts";
import { resolveInside } from "./paths.ts";
import { type Config, type Facts, readConfig } from "./run-config.ts";

/** A list younger than this (ms) is not made anew. */
const FRESH = 500;

const SAMPLE = /^step-(\d{6,15})\.png$/;
const CHECKPOINT = /^(?:step-\d{6,15}|best)\.safetensors$/;

const sampleOf = (path: string, name: string): Sample | undefined => {
  const stats = look(join(path, "samples", name));
  return stats && { step: Number(SAMPLE.exec(name)?.[1]), version: Math.round(stats.mtimeMs).toString(36) };
};

/** Names of sample files by ascending step. */
const sampleNames = async (path: string): Promise<string[]> =>
  (await namesIn(path, "samples"))
    .filter((name) => SAMPLE.test(name))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));

/** The study that a run is a trial of. @param id as in the list: `paper/trials/mnist_wgan_sample-0_seed-1` */
export const studyOf = (root: string, id: string): string | undefined => {
  const [, study] = /^(.+)\/trials\/[^/]+$/.exec(id) ?? [];
  return study !== undefined && fileInside(root, `${study}/study.json`) !== undefined ? study : undefined;
};

export interface ListQuery {
  /** Words and comparisons: `mnist fid<50`. */
  readonly search?: string;
  readonly state?: RunState;
  /** "newest", "name", "group" (the same configuration side by side, the newest first), or a figure. */
  readonly order?: string;
  /** The other way round. */
  readonly reverse?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

export interface RunLibrary {
  readonly root: string;
  /** Looks for runs and studies, unless it has just done so. */
  scan(): Promise<Folders>;
  /** Looks at some runs again. @returns all that is known */
  refresh(ids: Iterable<string>): Folders;
  list(query: ListQuery): Promise<RunList>;
  summary(id: string): Promise<RunSummary | undefined>;
  detail(id: string): Promise<RunDetail | undefined>;
  /** The folder of a run; undefined for what is none. */
  folder(id: string): string | undefined;
  /** Looks at everything anew when it is next asked: folders have been moved. */
  renew(): void;
}

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

/**
 * @param root the folder that holds the runs; it need not exist yet
 * @param problemOf what went wrong with a process that the server started for a run
 */
export const openLibrary = (
  root: string,
  problemOf: (id: string) => string | undefined = () => undefined,
): RunLibrary => {
  let found: Folders = new Map();
  let scanned = Number.NEGATIVE_INFINITY;
  let scanning: Promise<Folders> | undefined;
  const configs = new Map<string, { readonly modified: number; readonly config: Config | string }>();
  const remembered = new Map<string, Remembered>();

  const findAnew = async (): Promise<Folders> => {
    const result = await findFolders(root, found);
    for (const id of remembered.keys()) if (!result.has(id)) remembered.delete(id);
    for (const id of configs.keys()) if (!result.has(id)) configs.delete(id);
    return result;
  };

  const scan: RunLibrary["scan"] = () => {
    if (performance.now() - scanned < FRESH) return Promise.resolve(found);
    scanning ??= findAnew()
      .then((result) => {
        found = result;
        scanned = performance.now();
        return result;
      })
      .finally(() => {
        scanning = undefined;
      });
    return scanning;
  };

  const refresh: RunLibrary["refresh"] = (ids) => {
    const next = new Map(found);
    for (const id of ids) {
      const run = findRun(join(root, id));
      if (run === undefined) next.delete(id);
      else next.set(id, run);
    }
    found = next;
    return next;
  };

  const folderOf: RunLibrary["folder"] = (id) => {
    const path = resolveInside(root, id);
    return path !== undefined && isFile(join(path, "config.json")) ? path : undefined;
  };

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

  const summary: RunLibrary["summary"] = async (id) => {
    const path = folderOf(id);
    return path === undefined ? undefined : summaryOf(id, path);
  };

  const detail: RunLibrary["detail"] = async (id) => {
    const path = folderOf(id);
    const short = await summary(id);
    if (path === undefined || short === undefined) return undefined;
    const config = configOf(id, path);
    const rest = breather();
    const samples: Sample[] = [];
    for (const name of await sampleNames(path)) {
      const sample = sampleOf(path, name);
      if (sample !== undefined) samples.push(sample);
      await rest();
    }
    const checkpoints = (await namesIn(path, "checkpoints")).filter((name) => CHECKPOINT.test(name)).sort();
    return {
      ...short,
      ...(typeof config === "object" && { config: config.raw }),
      samples,
      checkpoints: checkpoints.flatMap((name) => {
        const stats = look(join(path, "checkpoints", name));
        return stats === undefined ? [] : { name, bytes: stats.size };
      }),
      hasReport: fileInside(path, "report.html") !== undefined,
      hasGenerator: fileInside(path, "generator.onnx") !== undefined,
    };
  };

  const wordsOf = (id: string): string => {
    const path = join(root, id);
    const config = configOf(id, path);
    const { data, model, loss } = typeof config === "string" ? ({} as Facts) : config;
    const { tags = [], note } = remembered.get(id)?.summary ?? readNotes(path);
    return [id, data, model, loss, ...tags, note].join(" ").toLowerCase();
  };

  /** What is known of a run, looked at again only where something may have changed. */
  const current = async (id: string): Promise<RunSummary | undefined> => {
    const before = remembered.get(id);
    const isSame = before !== undefined && before.version === found.get(id)?.version;
    return isSame && before.summary.state !== "running" ? before.summary : summary(id);
  };

  const inOrder = async (
    ids: readonly string[],
    order: string,
    reverse: boolean,
    rest: () => Promise<void> | undefined,
  ): Promise<readonly string[]> => {
    const newest = sortBy(
      sortBy(ids, (id) => id, false),
      (id) => found.get(id)?.begun,
      true,
    );
    if (order === "newest") return reverse ? newest.reverse() : newest;
    if (order === "name") return sortBy(ids, (id) => id, reverse);
    const runs = new Map<string, RunSummary | undefined>();
    for (const id of newest) {
      await rest();
      runs.set(id, await current(id));
    }
    if (order !== "group") return sortBy(newest, (id) => runs.get(id)?.figures?.[order], reverse);
    const first = new Map<string, number>();
    newest.forEach((id, i) => {
      const group = runs.get(id)?.group ?? id;
      if (!first.has(group)) first.set(group, i);
    });
    return sortBy(newest, (id) => first.get(runs.get(id)?.group ?? id), reverse);
  };

  const list: RunLibrary["list"] = async ({
    search = "",
    state,
    order = "newest",
    reverse = false,
    offset = 0,
    limit = 50,
  }) => {
    const rest = breather();
    const all = [...(await scan())];
    const runs = all.flatMap(([id, { kind }]) => (kind === "run" ? id : []));
    const studies = all.flatMap(([id, { kind }]) => (kind === "study" ? id : []));
    const wanted = wantedOf(search);
    const matching: string[] = [];
    for (const id of runs) {
      if (wanted.words.length > 0) {
        await rest();
        const words = wordsOf(id);
        if (!wanted.words.every((word) => words.includes(word))) continue;
      }
      if (state !== undefined || wanted.comparesFigures) {
        await rest();
        const run = await current(id);
        if (run === undefined || (state !== undefined && run.state !== state) || !wanted.fits(run)) continue;
      }
      matching.push(id);
    }
    const shown: RunSummary[] = [];
    for (const id of (await inOrder(matching, order, reverse, rest)).slice(offset, offset + limit)) {
      await rest();
      const found = await summary(id);
      if (found !== undefined) shown.push(found);
    }
    return {
      runs: shown,
      matching: matching.length,
      total: runs.length,
      studies: studies.sort(),
    };
  };

  const renew = (): void => {
    scanned = Number.NEGATIVE_INFINITY;
  };

  return { root, scan, refresh, list, summary, detail, folder: folderOf, renew };
};

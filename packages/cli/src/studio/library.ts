/**
 * The run folders below one folder, as the page sees them. Made for ten thousand: finding them costs two looks at each, and
 * what is inside is read when it is asked for and remembered until it changes. Nothing in a folder is trusted, and other
 * requests are served while one is answered.
 */
import type { Stats } from "node:fs";
import { join } from "node:path";
import type { RunDetail, RunList, RunState, RunSummary, Sample } from "@tsgan/studio/api";
import { speedometer } from "../progress.ts";
import {
  breather,
  entriesOf,
  fileInside,
  isFile,
  isTraining,
  look,
  namesIn,
  readJsonInside,
} from "./disk.ts";
import { lastRecord } from "./metrics-file.ts";
import { resolveInside } from "./paths.ts";

/** Folders of folders of runs: `group/study/trials/ID`. */
const DEEPEST = 4;
const LARGEST_CONFIG = 1 << 20;
/** A list younger than this (ms) is not made anew. */
const FRESH = 500;

export interface Found {
  readonly kind: "run" | "study";
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly updated: number;
}

/** Changes with every file that is made, replaced or removed in the folder, and with each line of metrics. */
const foundRun = (folder: Stats, metrics: Stats | undefined): Found => ({
  kind: "run",
  version: [folder.ino, folder.mtimeMs, metrics?.size ?? 0, metrics?.mtimeMs ?? 0]
    .map((x) => Math.round(x).toString(36))
    .join("-"),
  begun: folder.birthtimeMs,
  updated: Math.max(folder.mtimeMs, metrics?.mtimeMs ?? 0),
});

type Facts = Pick<RunSummary, "data" | "loss" | "model" | "steps">;

interface Config extends Facts {
  readonly raw: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const nameOf = (value: unknown): string | undefined => (isObject(value) ? text(value.name) : text(value));

/** @returns what is wrong, as text, where it is no configuration */
const readConfig = (path: string): Config | string => {
  try {
    const raw = readJsonInside(path, "config.json", LARGEST_CONFIG);
    if (!isObject(raw)) return "config.json is not a JSON object";
    const { data, model, loss, steps } = raw;
    return {
      raw,
      data: text(data),
      model: nameOf(model),
      loss: nameOf(loss),
      ...(typeof steps === "number" && { steps }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.startsWith("config.json") ? message : `config.json cannot be read: ${message}`;
  }
};

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
  /** Words that must all be in a run's name, data, model or loss. */
  readonly search?: string;
  readonly state?: RunState;
  readonly order?: "newest" | "name";
  readonly offset?: number;
  readonly limit?: number;
}

export interface RunLibrary {
  readonly root: string;
  /** Looks for runs and studies, unless it has just done so. */
  scan(): Promise<ReadonlyMap<string, Found>>;
  /** Looks at some runs again. @returns all that is known */
  refresh(ids: Iterable<string>): ReadonlyMap<string, Found>;
  list(query: ListQuery): Promise<RunList>;
  summary(id: string): Promise<RunSummary | undefined>;
  detail(id: string): Promise<RunDetail | undefined>;
  /** The folder of a run; undefined for what is none. */
  folder(id: string): string | undefined;
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

const stateOf = (path: string, config: Config | string, last: Line | undefined): RunState => {
  if (isTraining(path)) return "running";
  if (typeof config === "string") return "damaged";
  if (typeof last?.failure === "string") return "failed";
  return config.steps !== undefined && Number(last?.step) >= config.steps ? "finished" : "stopped";
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
  let found: ReadonlyMap<string, Found> = new Map();
  let scanned = Number.NEGATIVE_INFINITY;
  let scanning: Promise<ReadonlyMap<string, Found>> | undefined;
  const configs = new Map<string, { readonly modified: number; readonly config: Config | string }>();
  const remembered = new Map<string, Remembered>();

  const scanFolders = async (): Promise<ReadonlyMap<string, Found>> => {
    const result = new Map<string, Found>();
    const rest = breather();
    const visit = async (path: string, id: string, depth: number): Promise<void> => {
      // Links are not followed: what they lead to may lie elsewhere, and would be there twice otherwise.
      for (const name of await entriesOf(path, true)) {
        if (name.startsWith(".")) continue;
        await rest();
        const own = join(path, name);
        const ownId = id === "" ? name : `${id}/${name}`;
        const folder = look(own);
        if (folder === undefined) continue;
        const isRun = found.get(ownId)?.kind === "run" || isFile(join(own, "config.json"));
        if (isRun) {
          result.set(ownId, foundRun(folder, look(join(own, "metrics.jsonl"))));
          continue;
        }
        const study = look(join(own, "study.json"));
        if (study?.isFile()) {
          const version = Math.round(study.mtimeMs).toString(36);
          result.set(ownId, { kind: "study", version, begun: folder.birthtimeMs, updated: study.mtimeMs });
        }
        if (depth < DEEPEST) await visit(own, ownId, depth + 1);
      }
    };
    await visit(root, "", 1);
    for (const id of remembered.keys()) if (!result.has(id)) remembered.delete(id);
    for (const id of configs.keys()) if (!result.has(id)) configs.delete(id);
    return result;
  };

  const scan: RunLibrary["scan"] = () => {
    if (performance.now() - scanned < FRESH) return Promise.resolve(found);
    scanning ??= scanFolders()
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
      const path = join(root, id);
      const folder = look(path);
      if (folder === undefined) next.delete(id);
      else next.set(id, foundRun(folder, look(join(path, "metrics.jsonl"))));
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
    const stats = look(path);
    // Removed since.
    if (stats === undefined) return undefined;
    const { version, updated } = foundRun(stats, look(join(path, "metrics.jsonl")));
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
    const { data, model, loss, steps } = typeof config === "string" ? ({} as Facts) : config;
    const summary: RunSummary = {
      id,
      version,
      state,
      problem: problemIn(config, last) ?? (isWell ? undefined : processProblem),
      step,
      steps,
      speed: state === "running" ? speed(step, updated / 1000) : undefined,
      data,
      model,
      loss,
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
    const config = configOf(id, join(root, id));
    const { data, model, loss } = typeof config === "string" ? ({} as Facts) : config;
    return [id, data, model, loss].join(" ").toLowerCase();
  };

  /** Looks again only where something may have changed. */
  const currentState = async (id: string): Promise<RunState | undefined> => {
    const before = remembered.get(id);
    const isSame = before !== undefined && before.version === found.get(id)?.version;
    return isSame && before.summary.state !== "running" ? before.summary.state : (await summary(id))?.state;
  };

  const list: RunLibrary["list"] = async ({
    search = "",
    state,
    order = "newest",
    offset = 0,
    limit = 50,
  }) => {
    const rest = breather();
    const all = [...(await scan())];
    const runs = all.filter(([, { kind }]) => kind === "run");
    const studies = all.flatMap(([id, { kind }]) => (kind === "study" ? id : []));
    if (order === "name") runs.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
    else runs.sort(([a, one], [b, other]) => other.begun - one.begun || (a < b ? -1 : 1));
    const wanted = search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    let matching = runs.map(([id]) => id);
    if (wanted.length > 0 || state !== undefined) {
      const kept: string[] = [];
      for (const id of matching) {
        await rest();
        const words = wanted.length === 0 ? "" : wordsOf(id);
        if (!wanted.every((word) => words.includes(word))) continue;
        if (state === undefined || (await currentState(id)) === state) kept.push(id);
      }
      matching = kept;
    }
    const shown: RunSummary[] = [];
    for (const id of matching.slice(offset, offset + limit)) {
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

  return { root, scan, refresh, list, summary, detail, folder: folderOf };
};

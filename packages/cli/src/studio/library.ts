/**
 * The run folders below one folder, as the page sees them. Made for ten thousand: finding them costs two looks at each, and
 * what is inside is read when it is asked for and remembered until it changes. Nothing in a folder is trusted, and other
 * requests are served while one is answered.
 */
import { join } from "node:path";
import type { RunDetail, RunList, RunState, RunSummary, Sample } from "@tsgan/studio/api";
import { breather, fileInside, isFile, look, namesIn } from "./disk.ts";
import { type Folders, folderFinder } from "./found.ts";
import { sortBy, wantedOf } from "./order.ts";
import { resolveInside } from "./paths.ts";
import { runSummaries, sampleNames, sampleOf } from "./summaries.ts";

const CHECKPOINT = /^(?:step-\d{6,15}|best)\.safetensors$/;

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

type Rest = ReturnType<typeof breather>;

const samplesOf = async (path: string, rest: Rest): Promise<Sample[]> => {
  const samples: Sample[] = [];
  for (const name of await sampleNames(path)) {
    const sample = sampleOf(path, name);
    if (sample !== undefined) samples.push(sample);
    await rest();
  }
  return samples;
};

const checkpointsOf = async (path: string): Promise<RunDetail["checkpoints"]> =>
  (await namesIn(path, "checkpoints"))
    .filter((name) => CHECKPOINT.test(name))
    .sort()
    .flatMap((name) => {
      const stats = look(join(path, "checkpoints", name));
      return stats === undefined ? [] : { name, bytes: stats.size };
    });

/** Runs with the same configuration side by side, in the order of the first of each group. */
const byGroup = (
  ids: readonly string[],
  groupOf: (id: string) => string | undefined,
  reverse: boolean,
): string[] => {
  const first = new Map<string, number>();
  ids.forEach((id, i) => {
    const group = groupOf(id) ?? id;
    if (!first.has(group)) first.set(group, i);
  });
  return sortBy(ids, (id) => first.get(groupOf(id) ?? id), reverse);
};

/**
 * @param root the folder that holds the runs; it need not exist yet
 * @param problemOf what went wrong with a process that the server started for a run
 */
export const openLibrary = (
  root: string,
  problemOf: (id: string) => string | undefined = () => undefined,
): RunLibrary => {
  const summaries = runSummaries(root, problemOf);
  const finder = folderFinder(root, summaries.keepOnly);

  const folderOf: RunLibrary["folder"] = (id) => {
    const path = resolveInside(root, id);
    return path !== undefined && isFile(join(path, "config.json")) ? path : undefined;
  };

  const summary: RunLibrary["summary"] = async (id) => {
    const path = folderOf(id);
    return path === undefined ? undefined : summaries.of(id, path);
  };

  /** What is known of a run, looked at again only where something may have changed. */
  const current = async (id: string): Promise<RunSummary | undefined> =>
    summaries.known(id, finder.found().get(id)?.version) ?? summary(id);

  const inOrder = async (
    ids: readonly string[],
    order: string,
    reverse: boolean,
    rest: Rest,
  ): Promise<readonly string[]> => {
    const named = sortBy(ids, (id) => id, false);
    const newest = sortBy(named, (id) => finder.found().get(id)?.begun, true);
    if (order === "newest") return reverse ? newest.reverse() : newest;
    if (order === "name") return sortBy(ids, (id) => id, reverse);
    const runs = new Map<string, RunSummary | undefined>();
    for (const id of newest) {
      await rest();
      runs.set(id, await current(id));
    }
    if (order === "group") return byGroup(newest, (id) => runs.get(id)?.group, reverse);
    return sortBy(newest, (id) => runs.get(id)?.figures?.[order], reverse);
  };

  /** The runs that a search and a state ask for. */
  const matching = async (
    ids: readonly string[],
    { search = "", state }: ListQuery,
    rest: Rest,
  ): Promise<readonly string[]> => {
    const wanted = wantedOf(search);
    const found: string[] = [];
    for (const id of ids) {
      if (wanted.words.length > 0) {
        await rest();
        const words = summaries.wordsOf(id);
        if (!wanted.words.every((word) => words.includes(word))) continue;
      }
      if (state !== undefined || wanted.comparesFigures) {
        await rest();
        const run = await current(id);
        if (run === undefined || (state !== undefined && run.state !== state) || !wanted.fits(run)) continue;
      }
      found.push(id);
    }
    return found;
  };

  return {
    root,
    scan: finder.scan,
    refresh: finder.refresh,
    renew: finder.renew,
    folder: folderOf,
    summary,
    async list(query) {
      const { order = "newest", reverse = false, offset = 0, limit = 50 } = query;
      const rest = breather();
      const all = [...(await finder.scan())];
      const runs = all.flatMap(([id, { kind }]) => (kind === "run" ? id : []));
      const studies = all.flatMap(([id, { kind }]) => (kind === "study" ? id : []));
      const found = await matching(runs, query, rest);
      const shown: RunSummary[] = [];
      for (const id of (await inOrder(found, order, reverse, rest)).slice(offset, offset + limit)) {
        await rest();
        const run = await summary(id);
        if (run !== undefined) shown.push(run);
      }
      return { runs: shown, matching: found.length, total: runs.length, studies: studies.sort() };
    },
    async detail(id) {
      const path = folderOf(id);
      const short = await summary(id);
      if (path === undefined || short === undefined) return undefined;
      const config = summaries.configOf(id, path);
      return {
        ...short,
        ...(typeof config === "object" && { config: config.raw }),
        samples: await samplesOf(path, breather()),
        checkpoints: await checkpointsOf(path),
        hasReport: fileInside(path, "report.html") !== undefined,
        hasGenerator: fileInside(path, "generator.onnx") !== undefined,
      };
    },
  };
};

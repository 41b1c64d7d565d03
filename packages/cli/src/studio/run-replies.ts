/** What is answered about runs: those whose folders the library knows, and those whose process has not made one yet. */
import type { RunDetail, RunState } from "@tsgan/studio/api";
import { fileInside } from "./disk.ts";
import type { healthReader } from "./health.ts";
import type { Launcher } from "./launcher.ts";
import type { RunLibrary } from "./library.ts";
import { readLines } from "./metrics-file.ts";
import { reportReply } from "./page-files.ts";
import { json, notFound, Refusal, type Reply, typeOf } from "./reply.ts";

const LONGEST_PAGE = 200;
const STATES: readonly RunState[] = ["starting", "running", "finished", "failed", "stopped", "damaged"];

/** What of a run's folder may be read. */
const RUN_FILES: readonly RegExp[] = [
  /^(?:config\.json|metrics\.jsonl|generator\.onnx|report\.html)$/,
  /^samples\/step-\d{6,15}\.png$/,
  /^checkpoints\/(?:step-\d{6,15}|best)\.safetensors$/,
];

/** A whole number of the query. */
const numberIn = (query: URLSearchParams, name: string, usual: number, most: number): number => {
  const written = query.get(name);
  if (written === null) return usual;
  const value = Number(written);
  if (/^\d{1,15}$/.test(written) && value <= most) return value;
  throw new Refusal(400, `${name}: expected a whole number of at most ${most}; got ${written.slice(0, 40)}`);
};

/** The folder of a run. @throws Refusal where there is none */
export const runFolder = (library: RunLibrary, id: string): string => {
  const path = library.folder(id);
  if (path === undefined) throw notFound(`run ${id}`);
  return path;
};

/** A run that has no folder yet, or will never have one. */
const placeholder = (launcher: Launcher, id: string): RunDetail => {
  const problem = launcher.problem(id);
  return {
    id,
    version: "",
    state: problem === undefined ? "starting" : "failed",
    ...(problem !== undefined && { problem }),
    step: 0,
    updated: 0,
    samples: [],
    checkpoints: [],
    hasReport: false,
    hasGenerator: false,
  };
};

const isPending = (launcher: Launcher, id: string): boolean =>
  launcher.starting().includes(id) || launcher.problem(id) !== undefined;

export const runList = async (
  library: RunLibrary,
  launcher: Launcher,
  query: URLSearchParams,
): Promise<Reply> => {
  const state = STATES.find((name) => name === query.get("state"));
  const list = await library.list({
    search: (query.get("search") ?? "").slice(0, 200),
    ...(state !== undefined && { state }),
    order: (query.get("order") ?? "newest").slice(0, 100),
    reverse: query.get("reverse") === "1",
    offset: numberIn(query, "offset", 0, 1e9),
    limit: numberIn(query, "limit", 50, LONGEST_PAGE),
  });
  const without = [
    ...launcher.starting(),
    ...launcher.failed().filter((id) => library.folder(id) === undefined),
  ];
  return json({ ...list, runs: [...without.map((id) => placeholder(launcher, id)), ...list.runs] });
};

export const runDetail = async (library: RunLibrary, launcher: Launcher, id: string): Promise<Reply> => {
  const known = await library.detail(id);
  const detail = known ?? (isPending(launcher, id) ? placeholder(launcher, id) : undefined);
  if (detail === undefined) throw notFound(`run ${id}`);
  return json(detail);
};

/** Whole lines of metrics.jsonl, and where in the file they are. */
export const runMetrics = async (library: RunLibrary, id: string, query: URLSearchParams): Promise<Reply> => {
  const file = fileInside(runFolder(library, id), "metrics.jsonl");
  const piece =
    file === undefined
      ? { text: "", from: 0, next: 0, size: 0, version: "" }
      : await readLines(
          file,
          numberIn(query, "from", 0, Number.MAX_SAFE_INTEGER),
          query.get("version") ?? undefined,
        );
  return {
    type: "text/plain; charset=utf-8",
    body: piece.text,
    headers: {
      "tsgan-from": String(piece.from),
      "tsgan-next": String(piece.next),
      "tsgan-size": String(piece.size),
      "tsgan-version": piece.version,
    },
  };
};

export const runHealth = async (
  library: RunLibrary,
  examine: ReturnType<typeof healthReader>,
  id: string,
): Promise<Reply> => {
  const path = runFolder(library, id);
  const detail = await library.detail(id);
  const metrics = fileInside(path, "metrics.jsonl");
  return json(detail === undefined || metrics === undefined ? [] : await examine(metrics, detail));
};

/** A file that a run writes. @param relative its path in the run's folder */
export const runFile = (library: RunLibrary, id: string, relative: string): Reply => {
  const path = runFolder(library, id);
  const file = RUN_FILES.some((pattern) => pattern.test(relative)) ? fileInside(path, relative) : undefined;
  if (file === undefined) throw notFound(`file ${relative} of run ${id}`);
  if (relative === "report.html") return reportReply(file);
  return { type: relative.endsWith(".json") ? "text/plain; charset=utf-8" : typeOf(file), body: { file } };
};

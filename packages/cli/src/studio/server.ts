/**
 * The studio's server: the built page, the data sets of this machine, and an API over the run folders. It reads nothing
 * outside these, and changes nothing unless its own page asks.
 *
 *     GET  api/session                                  what the server is, and the token for changes
 *     GET  api/runs?search=&state=&order=&reverse=&offset=&limit=
 *     GET  api/runs/ID                                  ID percent-encoded, slashes too
 *     GET  api/runs/ID/metrics?from=BYTE&version=V      whole lines of metrics.jsonl
 *     GET  api/runs/ID/health
 *     GET  api/runs/ID/files/PATH                       a file that a run writes
 *     GET  api/studies/ID, api/studies/ID/report
 *     GET  api/events                                   server-sent events: which runs have changed
 *     POST api/runs                                     begin a run
 *     POST api/runs/ID/resume, api/runs/ID/stop
 *     POST api/runs/ID/notes                            tags and a note
 *     POST api/runs/ID/rename, api/runs/ID/delete
 *     GET  api/trash                                    deleted runs
 *     POST api/trash/KEY/restore, api/trash/empty
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { RunDetail, RunState, Session, Started } from "@tsgan/studio/api";
import { RunError, UsageError } from "tsgan";
import { recipes } from "tsgan/config";
import { lossNames } from "tsgan/losses";
import { knownFigures, metricCharts } from "tsgan/metrics";
import { version } from "tsgan/node";
import { nothingSchema, parsed, readBody, renameSchema, resumeSchema, startSchema } from "./body.ts";
import { dataFile } from "./data.ts";
import { fileInside } from "./disk.ts";
import { COMMON_HEADERS, checkChange, checkHost, PAGE_POLICY, REPORT_POLICY } from "./guard.ts";
import { healthReader } from "./health.ts";
import { openLauncher } from "./launcher.ts";
import { openLibrary } from "./library.ts";
import { readLines } from "./metrics-file.ts";
import { notesSchema, writeNotes } from "./notes.ts";
import { partsOf, resolveInside } from "./paths.ts";
import { isForeign } from "./peer.ts";
import { errorReply, json, Refusal, type Reply, send, typeOf } from "./reply.ts";
import { openShelf } from "./shelf.ts";
import { studyReader } from "./study.ts";
import { allThings } from "./things.ts";
import { watchLibrary } from "./watch.ts";

export interface StudioOptions {
  /** The folder that holds the runs; it need not exist yet. */
  readonly runs: string;
  /** The built page. */
  readonly page: string;
  /** The script of the command `tsgan`, which trains. */
  readonly bin: string;
  /** Files of things of one's own, which runs that are started from the page are given. */
  readonly uses?: readonly string[];
  /** Names besides addresses and localhost under which the server may be asked. */
  readonly names?: readonly string[];
  /** Where prepared data sets are kept. */
  readonly cache?: string;
  /** Told of faults of the server's own. */
  readonly onFault?: (error: unknown) => void;
}

const MOST_LISTENERS = 64;
/** Milliseconds between signs of life, without which a broken connection is not noticed. */
const HEARTBEAT = 15_000;
const LONGEST_PAGE = 200;

/** What of a run's folder may be read, with its type. */
const RUN_FILES: readonly RegExp[] = [
  /^(?:config\.json|metrics\.jsonl|generator\.onnx|report\.html)$/,
  /^samples\/step-\d{6,15}\.png$/,
  /^checkpoints\/(?:step-\d{6,15}|best)\.safetensors$/,
];

const STATES: readonly RunState[] = ["starting", "running", "finished", "failed", "stopped", "damaged"];

/** A whole number of the query. */
const numberIn = (query: URLSearchParams, name: string, usual: number, most: number): number => {
  const written = query.get(name);
  if (written === null) return usual;
  const value = Number(written);
  if (/^\d{1,15}$/.test(written) && value <= most) return value;
  throw new Refusal(400, `${name}: expected a whole number of at most ${most}; got ${written.slice(0, 40)}`);
};

/** A report is a page of its own, which may come from elsewhere. */
const reportReply = (file: string): Reply => ({
  type: typeOf(file),
  body: { file },
  headers: { "content-security-policy": REPORT_POLICY },
});

const notFound = (what: string): Refusal => new Refusal(404, `there is no ${what}`);

export const createStudio = (options: StudioOptions): Server => {
  const { runs, page, bin, uses = [], names = [], cache, onFault = () => {} } = options;
  const token = randomBytes(24).toString("base64url");
  const launcher = openLauncher(runs, bin, uses, (id) => watch.announce({ changed: [id], listed: true }));
  const library = openLibrary(runs, launcher.problem);
  const watch = watchLibrary(library);
  const shelf = openShelf(runs, launcher.idleFolder);
  const listeners = new Set<ServerResponse>();

  const session: Session = {
    version,
    folder: runs,
    token,
    losses: lossNames(),
    things: allThings(),
    recipes: Object.entries(recipes).map(([name, { title, data }]) => ({ name, title, data })),
    figures: Object.fromEntries(knownFigures().map(({ key, better }) => [key, better])),
    charts: metricCharts(),
  };

  const listRuns = async (query: URLSearchParams): Promise<Reply> => {
    const state = STATES.find((name) => name === query.get("state"));
    const list = await library.list({
      search: (query.get("search") ?? "").slice(0, 200),
      ...(state !== undefined && { state }),
      order: (query.get("order") ?? "newest").slice(0, 100),
      reverse: query.get("reverse") === "1",
      offset: numberIn(query, "offset", 0, 1e9),
      limit: numberIn(query, "limit", 50, LONGEST_PAGE),
    });
    const starting = launcher.starting().map((id) => placeholder(id));
    const failed = launcher
      .failed()
      .flatMap((id) => (library.folder(id) === undefined ? placeholder(id) : []));
    return json({ ...list, runs: [...starting, ...failed, ...list.runs] });
  };

  /** A run that has no folder yet, or will never have one. */
  const placeholder = (id: string): RunDetail => {
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

  const isPending = (id: string): boolean =>
    launcher.starting().includes(id) || launcher.problem(id) !== undefined;

  const runDetail = async (id: string): Promise<Reply> => {
    const detail = (await library.detail(id)) ?? (isPending(id) ? placeholder(id) : undefined);
    if (detail === undefined) throw notFound(`run ${id}`);
    return json(detail);
  };

  const folderOf = (id: string): string => {
    const path = library.folder(id);
    if (path === undefined) throw notFound(`run ${id}`);
    return path;
  };

  const runMetrics = async (id: string, query: URLSearchParams): Promise<Reply> => {
    const path = folderOf(id);
    const file = fileInside(path, "metrics.jsonl");
    if (file === undefined) {
      return {
        type: "text/plain; charset=utf-8",
        body: "",
        headers: { "tsgan-from": "0", "tsgan-next": "0", "tsgan-size": "0", "tsgan-version": "" },
      };
    }
    const from = numberIn(query, "from", 0, Number.MAX_SAFE_INTEGER);
    const piece = await readLines(file, from, query.get("version") ?? undefined);
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

  const examined = healthReader();
  const runHealth = async (id: string): Promise<Reply> => {
    const path = folderOf(id);
    const detail = await library.detail(id);
    const metrics = fileInside(path, "metrics.jsonl");
    return json(detail === undefined || metrics === undefined ? [] : await examined(metrics, detail));
  };

  const runFile = (id: string, relative: string): Reply => {
    const path = folderOf(id);
    const file = RUN_FILES.some((pattern) => pattern.test(relative)) ? fileInside(path, relative) : undefined;
    if (file === undefined) throw notFound(`file ${relative} of run ${id}`);
    if (relative === "report.html") return reportReply(file);
    return { type: relative.endsWith(".json") ? "text/plain; charset=utf-8" : typeOf(file), body: { file } };
  };

  const studyOf = studyReader();
  const studyFolder = (id: string): string => {
    const path = resolveInside(runs, id);
    if (path === undefined || fileInside(path, "study.json") === undefined) throw notFound(`study ${id}`);
    return path;
  };

  const studyReport = (id: string): Reply => {
    const file = fileInside(studyFolder(id), "report.html");
    if (file === undefined) throw notFound(`report of study ${id}`);
    return reportReply(file);
  };

  const events = (request: IncomingMessage, response: ServerResponse): void => {
    if (listeners.size >= MOST_LISTENERS) throw new Refusal(503, "too many pages are open; close some");
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 1000\n\n");
    listeners.add(response);
    const unsubscribe = watch.subscribe((change) => {
      response.write(`data: ${JSON.stringify(change)}\n\n`);
    });
    const heartbeat = setInterval(() => response.write(": alive\n\n"), HEARTBEAT);
    request.on("close", () => {
      clearInterval(heartbeat);
      unsubscribe();
      listeners.delete(response);
    });
  };

  const readApi = async (
    [kind, id, part, ...rest]: readonly string[],
    query: URLSearchParams,
  ): Promise<Reply> => {
    if (kind === "session" && id === undefined) return json(session);
    if (kind === "runs" && id === undefined) return listRuns(query);
    if (kind === "trash" && id === undefined) return json(await shelf.deleted());
    if (kind === "studies" && id !== undefined) {
      if (part === undefined) return json(await studyOf(studyFolder(id), id));
      if (part === "report" && rest.length === 0) return studyReport(id);
    }
    if (kind === "runs" && id !== undefined) {
      if (part === undefined) return runDetail(id);
      if (part === "files") return runFile(id, rest.join("/"));
      if (part === "metrics" && rest.length === 0) return runMetrics(id, query);
      if (part === "health" && rest.length === 0) return runHealth(id);
    }
    throw notFound("such address");
  };

  /** Tells the pages that runs have come, gone or changed their names. */
  const moved = (...ids: readonly string[]): void => {
    library.renew();
    watch.announce({ changed: ids, listed: true });
  };

  const changeTrash = (key: string, action: string | undefined, body: unknown): Reply => {
    parsed(nothingSchema, body);
    if (key === "empty" && action === undefined) {
      shelf.empty();
      return json({});
    }
    if (action !== "restore") throw notFound("such address");
    const id = shelf.restore(key);
    moved(id);
    return json({ id } satisfies Started);
  };

  const changeRun = (id: string, action: string | undefined, body: unknown): Reply => {
    switch (action) {
      case "resume":
        launcher.resume(id, parsed(resumeSchema, body).steps);
        break;
      case "stop":
        launcher.stop(id);
        break;
      case "notes":
        writeNotes(folderOf(id), parsed(notesSchema, body));
        library.renew();
        break;
      case "rename": {
        const renamed = shelf.rename(id, parsed(renameSchema, body).name);
        moved(id, renamed);
        return json({ id: renamed } satisfies Started);
      }
      case "delete": {
        parsed(nothingSchema, body);
        const deleted = shelf.remove(id);
        moved(id);
        return json(deleted);
      }
      default:
        throw notFound("such address");
    }
    watch.announce({ changed: [id], listed: false });
    return json({ id } satisfies Started);
  };

  const changeApi = ([kind, id, action, ...rest]: readonly string[], body: unknown): Reply => {
    if (rest.length > 0) throw notFound("such address");
    if (kind === "trash" && id !== undefined) return changeTrash(id, action, body);
    if (kind !== "runs") throw notFound("such address");
    if (id !== undefined) return changeRun(id, action, body);
    const started = launcher.start(parsed(startSchema, body));
    watch.announce({ changed: [started], listed: true });
    return json({ id: started } satisfies Started, 201);
  };

  const pageFile = async (parts: readonly string[]): Promise<Reply> => {
    const relative = parts.length === 1 && parts[0] === "" ? "index.html" : parts.join("/");
    const own = fileInside(page, relative);
    const file =
      own ?? (parts[0] === "data" && parts.length === 2 ? await dataFile(parts[1], cache) : undefined);
    if (file === undefined) throw notFound("such page");
    // Vite writes a hash of the content into the names of what it makes.
    const isHashed = parts[0] === "assets";
    return {
      type: typeOf(file),
      body: { file },
      headers: {
        "content-security-policy": PAGE_POLICY,
        ...(isHashed && { "cache-control": "public, max-age=31536000, immutable" }),
      },
    };
  };

  const foreign = new WeakSet<Socket>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (foreign.has(request.socket))
      throw new Refusal(403, "this studio is another user's of this machine; start one of your own");
    checkHost(request.headers, names);
    const [path, query = ""] = (request.url ?? "").split(/\?(.*)/s);
    if (!path.startsWith("/")) throw new Refusal(400, "expected a path");
    const parts = partsOf(path.slice(1));
    const isApi = parts[0] === "api";
    if (request.method === "POST" && isApi) {
      checkChange(request.headers, token);
      return send(request, response, changeApi(parts.slice(1), await readBody(request)));
    }
    if (request.method !== "GET" && request.method !== "HEAD")
      throw new Refusal(405, "expected GET, HEAD or POST");
    if (isApi && parts[1] === "events" && parts.length === 2) return events(request, response);
    return send(
      request,
      response,
      isApi ? await readApi(parts.slice(1), new URLSearchParams(query)) : await pageFile(parts),
    );
  };

  const refuse = async (
    request: IncomingMessage,
    response: ServerResponse,
    error: unknown,
  ): Promise<void> => {
    // The browser went away, or a file broke off half-way: nothing more can be said.
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    // What is left of a body that is not wanted is not waited for.
    if (!request.complete) response.setHeader("connection", "close");
    if (error instanceof Refusal) return send(request, response, errorReply(error.status, error.message));
    if (error instanceof UsageError) return send(request, response, errorReply(400, error.message));
    if (error instanceof RunError) return send(request, response, errorReply(409, error.message));
    onFault(error);
    return send(request, response, errorReply(500, "a fault of the server; its terminal says more"));
  };

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    answer(request, response)
      .catch((error: unknown) => refuse(request, response, error))
      .catch(() => response.destroy());
  });
  server.on("connection", (socket: Socket) => {
    if (isForeign(socket)) foreign.add(socket);
  });
  server.requestTimeout = 30_000;
  return server;
};

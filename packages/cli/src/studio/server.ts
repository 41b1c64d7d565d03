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
import type { Session } from "@tsgan/studio/api";
import { RunError, UsageError } from "tsgan";
import { recipes } from "tsgan/config";
import { lossNames } from "tsgan/losses";
import { knownFigures, metricCharts } from "tsgan/metrics";
import { version } from "tsgan/node";
import { readBody } from "./body.ts";
import { changeApi } from "./change-api.ts";
import { eventStream } from "./events.ts";
import { COMMON_HEADERS, checkChange, checkHost } from "./guard.ts";
import { openLauncher } from "./launcher.ts";
import { openLibrary } from "./library.ts";
import { pageReply } from "./page-files.ts";
import { partsOf } from "./paths.ts";
import { isForeign } from "./peer.ts";
import { readApi } from "./read-api.ts";
import { errorReply, Refusal, send } from "./reply.ts";
import { openShelf } from "./shelf.ts";
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

/** What the server is, for its page. */
const sessionOf = (folder: string, token: string): Session => ({
  version,
  folder,
  token,
  losses: lossNames(),
  things: allThings(),
  recipes: Object.entries(recipes).map(([name, { title, data }]) => ({ name, title, data })),
  figures: Object.fromEntries(knownFigures().map(({ key, better }) => [key, better])),
  charts: metricCharts(),
});

/** Says why a request is not answered. @param onFault told of faults of the server's own */
const refuse = async (
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  onFault: (error: unknown) => void,
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

export const createStudio = (options: StudioOptions): Server => {
  const { runs, page, bin, uses = [], names = [], cache, onFault = () => {} } = options;
  const token = randomBytes(24).toString("base64url");
  const launcher = openLauncher(runs, bin, uses, (id) => watch.announce({ changed: [id], listed: true }));
  const library = openLibrary(runs, launcher.problem);
  const watch = watchLibrary(library);
  const shelf = openShelf(runs, launcher.idleFolder);
  const read = readApi({ session: sessionOf(runs, token), library, launcher, shelf });
  const change = changeApi({ library, launcher, shelf, watch });
  const events = eventStream(watch);
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
      return send(request, response, change(parts.slice(1), await readBody(request)));
    }
    if (request.method !== "GET" && request.method !== "HEAD")
      throw new Refusal(405, "expected GET, HEAD or POST");
    if (isApi && parts[1] === "events" && parts.length === 2) return events(request, response);
    return send(
      request,
      response,
      isApi ? await read(parts.slice(1), new URLSearchParams(query)) : await pageReply(page, cache, parts),
    );
  };

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    answer(request, response)
      .catch((error: unknown) => refuse(request, response, error, onFault))
      .catch(() => response.destroy());
  });
  server.on("connection", (socket: Socket) => {
    if (isForeign(socket)) foreign.add(socket);
  });
  server.requestTimeout = 30_000;
  return server;
};

/** The part of the API that changes nothing: its addresses, and who answers each. */
import type { Session } from "@tsgan/studio/api";
import { fileInside } from "./disk.ts";
import { healthReader } from "./health.ts";
import type { Launcher } from "./launcher.ts";
import type { RunLibrary } from "./library.ts";
import { reportReply } from "./page-files.ts";
import { resolveInside } from "./paths.ts";
import { json, notFound, type Reply } from "./reply.ts";
import { runDetail, runFile, runHealth, runList, runMetrics } from "./run-replies.ts";
import type { Shelf } from "./shelf.ts";
import { studyReader } from "./study.ts";

/** The folder of a study. @throws Refusal where there is none */
const studyFolder = (root: string, id: string): string => {
  const path = resolveInside(root, id);
  if (path === undefined || fileInside(path, "study.json") === undefined) throw notFound(`study ${id}`);
  return path;
};

const studyReport = (root: string, id: string): Reply => {
  const file = fileInside(studyFolder(root, id), "report.html");
  if (file === undefined) throw notFound(`report of study ${id}`);
  return reportReply(file);
};

export interface ReadParts {
  readonly session: Session;
  readonly library: RunLibrary;
  readonly launcher: Launcher;
  readonly shelf: Shelf;
}

/** @returns what answers a GET below `api/`, given the parts of its path. It throws Refusal for what is not there */
export const readApi = ({
  session,
  library,
  launcher,
  shelf,
}: ReadParts): ((parts: readonly string[], query: URLSearchParams) => Promise<Reply>) => {
  const examine = healthReader();
  const progressOf = studyReader();
  return async ([kind, id, part, ...rest], query) => {
    if (kind === "session" && id === undefined) return json(session);
    if (kind === "runs" && id === undefined) return runList(library, launcher, query);
    if (kind === "trash" && id === undefined) return json(await shelf.deleted());
    if (kind === "studies" && id !== undefined) {
      if (part === undefined) return json(await progressOf(studyFolder(library.root, id), id));
      if (part === "report" && rest.length === 0) return studyReport(library.root, id);
    }
    if (kind === "runs" && id !== undefined) {
      if (part === undefined) return runDetail(library, launcher, id);
      if (part === "files") return runFile(library, id, rest.join("/"));
      if (part === "metrics" && rest.length === 0) return runMetrics(library, id, query);
      if (part === "health" && rest.length === 0) return runHealth(library, examine, id);
    }
    throw notFound("such address");
  };
};

/** The part of the API that changes something: runs begin, go on, end, are written about, renamed, deleted and put back. */
import type { Started } from "@tsgan/studio/api";
import { nothingSchema, parsed, renameSchema, resumeSchema, startSchema } from "./body.ts";
import type { Launcher } from "./launcher.ts";
import type { RunLibrary } from "./library.ts";
import { notesSchema, writeNotes } from "./notes.ts";
import { json, notFound, type Reply } from "./reply.ts";
import { runFolder } from "./run-replies.ts";
import type { Shelf } from "./shelf.ts";
import type { Watch } from "./watch.ts";

export interface ChangeParts {
  readonly library: RunLibrary;
  readonly launcher: Launcher;
  readonly shelf: Shelf;
  readonly watch: Watch;
}

/** @returns what answers a POST below `api/`, given the parts of its path and its body. It throws Refusal for what may not be done */
export const changeApi = ({
  library,
  launcher,
  shelf,
  watch,
}: ChangeParts): ((parts: readonly string[], body: unknown) => Reply) => {
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
        writeNotes(runFolder(library, id), parsed(notesSchema, body));
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

  const startRun = (body: unknown): Reply => {
    const id = launcher.start(parsed(startSchema, body));
    watch.announce({ changed: [id], listed: true });
    return json({ id } satisfies Started, 201);
  };

  return ([kind, id, action, ...rest], body) => {
    if (rest.length > 0) throw notFound("such address");
    if (kind === "trash" && id !== undefined) return changeTrash(id, action, body);
    if (kind !== "runs") throw notFound("such address");
    return id === undefined ? startRun(body) : changeRun(id, action, body);
  };
};

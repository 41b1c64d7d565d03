/**
 * The folder of a study:
 *
 *     study.json               the study with nothing left open, the version of tsgan, files of --use, a hash of them
 *     trials/ID/               the run of a trial, as `tsgan train` leaves it
 *     trials/ID/record.json    what became of it; a trial has ended when it has one
 *     log.jsonl                what the clock and the machine say: begins, ends, workers, attempts
 *
 * One process writes records and the log: the one that holds the folder's lock.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunError, UsageError } from "tsgan";
import {
  checkEmptyFolder,
  fileError,
  fileIn,
  isUsedFile,
  lockFolder,
  makeFolder,
  noFolderOf,
  openFile,
  openForAppending,
  readInto,
  readJson,
  sweepTemporaries,
  type UsedFile,
  useChanges,
  version,
  writeFileAtomic,
} from "tsgan/node";
import { checkResolved, type Study, type TrialRecord, trialsOf } from "../index.ts";

const STUDY = "study.json";
const RECORD = "record.json";
const LOG = "log.jsonl";
const TRIALS = "trials";

/** A line of log.jsonl, without its time. */
export interface LogLine {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface StudyFolder {
  readonly path: string;
  readonly study: Study;
  /** The files of things of one's own that the study began with. */
  readonly uses: readonly UsedFile[];
  /** Tells studies apart, versions of tsgan, and contents of files of one's own. */
  readonly hash: string;
  /** Folder of a trial's run. */
  runOf(id: string): string;
  /** The records that there are, in the order of the trials. */
  records(): TrialRecord[];
  /** Writes the record of a trial that has none. */
  writeRecord(record: TrialRecord): void;
  log(line: LogLine): void;
}

/** JSON with the keys of objects in order, so that equal values are equal texts. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Hashes of the contents of files, the same in whatever order they are given. */
export const contentsOf = (uses: readonly UsedFile[]): readonly string[] =>
  [...new Set(uses.map(({ sha256 }) => sha256))].sort();

/**
 * 16 hexadecimal digits that differ where the study, the version of tsgan or the files of one's own (`uses`) do: tasks
 * of another study are not taken for one's own.
 */
export const hashOf = (study: Study, uses: readonly UsedFile[] = []): string =>
  createHash("sha256")
    .update(canonical([version, study, ...(uses.length > 0 ? [contentsOf(uses)] : [])]))
    .digest("hex")
    .slice(0, 16);

interface Stored {
  readonly version: string;
  readonly hash: string;
  readonly study: Study;
  readonly uses?: readonly UsedFile[];
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const notOurs = (file: string, got: string, cause?: unknown): RunError =>
  new RunError(`${file}: expected a study as tsgan study run writes it; ${got}`, { cause });

const readStored = (path: string): Stored => {
  const file = join(path, STUDY);
  const stored = readJson(fileIn(path, STUDY));
  if (!isObject(stored) || !("study" in stored) || !("hash" in stored) || !isObject(stored.study)) {
    throw notOurs(file, "got something else");
  }
  const { uses = [] } = stored as Stored;
  if (!Array.isArray(uses) || !uses.every(isUsedFile)) {
    throw new RunError(`${file}: expected uses to be files with their sha256; got something else`);
  }
  return stored as Stored;
};

/** The study of a folder, of which everything can be made that a study is for. */
const readStudy = (path: string): Stored => {
  const stored = readStored(path);
  try {
    checkResolved(stored.study);
  } catch (error) {
    // Of whatever class: anything may be missing in it.
    const flags = (stored.uses ?? []).map(({ file }) => `--use ${file}`).join(" ");
    const reason = error instanceof Error ? error.message : String(error);
    throw notOurs(
      join(path, STUDY),
      flags === "" ? reason : `${reason}; it was run with ${flags}: give it again`,
      error,
    );
  }
  return stored;
};

const append = (file: string, text: string): void => {
  const { handle } = openForAppending(file);
  try {
    writeFileSync(handle, text);
  } catch (error) {
    throw fileError("write", file, error);
  } finally {
    closeSync(handle);
  }
};

const studyFolder = (path: string, study: Study, uses: readonly UsedFile[] = []): StudyFolder => {
  const recordOf = (id: string): string => join(path, TRIALS, id, RECORD);
  return {
    path,
    study,
    uses,
    hash: hashOf(study, uses),
    runOf: (id) => join(path, TRIALS, id),
    records: () =>
      trialsOf(study).flatMap(({ id }) =>
        existsSync(recordOf(id)) ? [readJson(fileIn(path, join(TRIALS, id, RECORD))) as TrialRecord] : [],
      ),
    writeRecord(record) {
      const file = recordOf(record.trial.id);
      if (existsSync(file))
        throw new RunError(`${file}: expected a trial without a record; it has ended before`);
      // What a coordinator left that was killed while it wrote this one.
      if (existsSync(dirname(file))) sweepTemporaries(dirname(file));
      writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`);
    },
    log: (line) =>
      append(join(path, LOG), `${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`),
  };
};

/** Ends the half line that a killed process may have left. */
const mendLog = (path: string): void => {
  const file = join(path, LOG);
  if (!existsSync(file)) return;
  const { handle, stats } = openFile(file);
  const last = Buffer.alloc(1);
  const read = readInto(handle, last, Math.max(0, stats.size - 1));
  closeSync(handle);
  if (read > 0 && last.toString() !== "\n") append(file, "\n");
};

/** Whether the folder at `path` holds a study, that is, a file study.json. */
export const holdsStudy = (path: string): boolean => existsSync(join(path, STUDY));

/**
 * The study of a folder, for those who read.
 *
 * @param path the study's folder
 * @throws UsageError if there is none
 */
export const openStudyFolder = (path: string): StudyFolder => {
  if (!holdsStudy(path)) {
    throw noFolderOf("a study", path, STUDY);
  }
  const { study, uses } = readStudy(path);
  return studyFolder(path, study, uses);
};

/**
 * What is to be said of the files of things of one's own that the study in a folder began with: a line for each that has
 * changed since.
 *
 * @param path the study's folder
 * @param now those that are loaded
 * @throws UsageError for a file that is not given: what the study names may not be known without it
 */
export const checkStudyUses = (path: string, now: readonly UsedFile[]): readonly string[] => {
  const { changed, missing } = useChanges(readStored(path).uses, now, "study");
  if (missing.length > 0) throw new UsageError(`${path}: ${missing.join("; ")}; give it again`);
  return changed;
};

/** Refuses a folder with another study, or with this one where it is not to go on. */
const checkStored = (path: string, study: Study, resume: boolean): void => {
  const stored = readStored(path);
  if (stored.version !== version) {
    throw new UsageError(
      `${path}: the study was begun with tsgan ${stored.version}, this is ${version}, whose results may differ; ` +
        "go on with that version or choose another --out",
    );
  }
  const keys = Object.keys({ ...stored.study, ...study }) as (keyof Study)[];
  const differs = keys.filter((key) => canonical(stored.study[key]) !== canonical(study[key]));
  if (differs.length > 0) {
    throw new UsageError(
      `${path}: it holds another study, ${stored.study.name}: ${differs.join(", ")} differ${differs.length === 1 ? "s" : ""}; choose another --out`,
    );
  }
  if (!resume) {
    throw new UsageError(`${path}: it holds this study already; go on with --resume or choose another --out`);
  }
};

export interface LockedStudy extends StudyFolder {
  /** Gives the lock back. */
  close(): void;
}

/**
 * Begins a study in a folder, or goes on with it, as the only process that does.
 *
 * @param path the study's folder
 * @param uses files of things of one's own that are loaded; those that the study began with stay in study.json
 * @throws UsageError for a folder with another study, with other files, or with this study where `resume` is false
 * @throws RunError where another process runs it, or for a disk that is full
 */
export const lockStudy = (
  path: string,
  study: Study,
  resume: boolean,
  uses: readonly UsedFile[] = [],
): LockedStudy => {
  if (holdsStudy(path)) checkStored(path, study, resume);
  else checkEmptyFolder(path);
  const unlock = lockFolder(path, "running this study");
  try {
    sweepTemporaries(path);
    if (!holdsStudy(path)) {
      const own = uses.length > 0 && { uses };
      const stored: Stored = { version, hash: hashOf(study, uses), study, ...own };
      writeFileAtomic(join(path, STUDY), `${JSON.stringify(stored, null, 2)}\n`);
    }
    makeFolder(join(path, TRIALS));
    mendLog(path);
  } catch (error) {
    unlock();
    throw fileError("write", path, error);
  }
  return { ...studyFolder(path, study, uses), close: unlock };
};

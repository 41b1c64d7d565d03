/**
 * Starts, resumes and stops runs: each is a `tsgan train` of this installation, a process of its own that outlives the
 * server, so that closing the page's server ends no training. It is stopped as Ctrl-C does, which saves.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { StartRequest } from "@tsgan/studio/api";
import { parseConfig, type RunConfig, resolveConfig } from "tsgan/config";
import { catalogue as datasets } from "tsgan/data";
import { holdsRun, lockHolder, makeFolder, makeScratch, type Scratch, stoppableHolder } from "tsgan/node";
import { freeFolder, withSettings } from "../commands/train-config.ts";
import { readEnd } from "./disk.ts";
import { studyOf } from "./found.ts";
import { resolveInside } from "./paths.ts";
import { Refusal } from "./reply.ts";
import { RUN_NAME } from "./shelf.ts";

export interface Launcher {
  /** Begins a run. @returns its id */
  start(request: StartRequest): string;
  resume(id: string, steps: number | undefined): void;
  stop(id: string): void;
  /** The folder of a run that nobody works on or counts on. @throws Refusal for others */
  idleFolder(id: string): string;
  /** Ids of runs whose process has written nothing yet. */
  starting(): readonly string[];
  /** Ids of runs whose process failed. */
  failed(): readonly string[];
  /** What a process that was started here said when it failed. */
  problem(id: string): string | undefined;
}

/** Says nothing but what is wrong, and that in plain text. */
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, NO_COLOR: "1" });

/** The configuration that is asked for, with nothing left open. @throws UsageError, Refusal */
const checkedConfig = ({ config: value, set = {} }: StartRequest): RunConfig => {
  const config = withSettings(resolveConfig(parseConfig(value, "config")), Object.entries(set), "set");
  // Other data are files of this machine, which a page has no business to name.
  if (!datasets.has(config.data)) {
    throw new Refusal(
      400,
      `config: data must be a data set that has a name; got ${config.data}; train on your own data with tsgan train, and watch here`,
    );
  }
  return config;
};

/** What the run is known by: its recipe or loss as they were asked for. */
const shortName = ({ recipe, loss }: StartRequest["config"], config: RunConfig): string =>
  [recipe, loss].find((name) => typeof name === "string") ?? config.loss.name;

/** Bytes at the end of what a process has said. */
const LONGEST_WORDS = 1 << 14;

const lastLines = (file: string): string => {
  const lines = stripVTControlCharacters(readEnd(file, LONGEST_WORDS)).trim().split("\n");
  return (lines.findLast((line) => line.startsWith("error: ")) ?? lines[lines.length - 1]).replace(
    /^error: /,
    "",
  );
};

/**
 * @param bin the script of the command `tsgan`
 * @param uses files of things of one's own, which runs are given with `--use`
 * @param onEnd told when a process ends that was started here
 */
export const openLauncher = (
  root: string,
  bin: string,
  uses: readonly string[],
  onEnd: (id: string) => void,
): Launcher => {
  const useFlags = uses.flatMap((file) => ["--use", file]);
  const children = new Map<string, ChildProcess>();
  const problems = new Map<string, string>();
  /** The process of a run that was asked to stop. */
  const stopping = new Map<string, number>();

  const launch = (id: string, args: readonly string[], files: string): void => {
    const log = join(files, "log");
    const output = openSync(log, "w");
    const child = spawn(process.execPath, [bin, "train", ...args, ...useFlags, "--quiet"], {
      env: environment(),
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    child.unref();
    children.set(id, child);
    problems.delete(id);
    const end = (problem: string | undefined): void => {
      if (problem !== undefined) problems.set(id, problem);
      if (children.get(id) === child) children.delete(id);
      rmSync(files, { recursive: true, force: true });
      onEnd(id);
    };
    child.once("error", ({ message }) => end(`the process could not be started: ${message}`));
    child.once("exit", (code, signal) => {
      const isWell = code === 0 || stopping.get(id) === child.pid;
      end(isWell ? undefined : lastLines(log) || `the process ended with ${signal ?? `exit code ${code}`}`);
    });
  };

  let scratch: Scratch | undefined;
  /** A folder for what the process is given and says: within one that the next server takes away, should this one be killed. */
  const filesFor = (): string => {
    scratch ??= makeScratch("studio");
    return mkdtempSync(join(scratch.path, "run-"));
  };

  const runFolder = (id: string): string => {
    const path = resolveInside(root, id);
    if (path === undefined || !holdsRun(path)) throw new Refusal(404, `there is no run ${id}`);
    return path;
  };

  /** A study counts on its trials to end as it has planned. */
  const refuseTrial = (id: string): void => {
    const study = studyOf(root, id);
    if (study !== undefined)
      throw new Refusal(409, `${id} belongs to the study ${study}; stop and resume that one`);
  };

  const isBusy = (id: string): boolean => {
    const path = resolveInside(root, id);
    return children.has(id) || (path !== undefined && lockHolder(path) !== undefined);
  };

  return {
    start(request) {
      const { name } = request;
      const config = checkedConfig(request);
      if (name !== undefined && !RUN_NAME.test(name)) {
        throw new Refusal(
          400,
          `name: expected letters, digits, ".", "-" and "_", at most 100; got ${JSON.stringify(name)}`,
        );
      }
      makeFolder(root);
      const out =
        name === undefined
          ? freeFolder(config.data, shortName(request.config, config), root)
          : join(root, name);
      const id = out.slice(root.length + 1);
      if (existsSync(out) || children.has(id))
        throw new Refusal(409, `there is a folder ${id} already; choose another name`);
      const files = filesFor();
      writeFileSync(join(files, "config.json"), JSON.stringify(config));
      launch(id, ["--config", join(files, "config.json"), "--out", out], files);
      return id;
    },
    resume(id, steps) {
      const path = runFolder(id);
      refuseTrial(id);
      if (isBusy(id)) throw new Refusal(409, `${id} is being trained already`);
      const more = steps === undefined ? [] : ["--steps", String(steps)];
      launch(id, ["--resume", "--out", path, ...more], filesFor());
    },
    stop(id) {
      refuseTrial(id);
      const child = children.get(id);
      const path = resolveInside(root, id);
      // Of a process that was started elsewhere, the lock says the number.
      const elsewhere = child === undefined && path !== undefined ? stoppableHolder(path) : undefined;
      const pid = child?.pid ?? elsewhere;
      if (pid === undefined || pid === process.pid) throw new Refusal(409, `${id} is not being trained`);
      // A second signal would end it at once, unsaved.
      if (stopping.get(id) === pid) throw new Refusal(409, `${id} is saving already`);
      stopping.set(id, pid);
      process.kill(pid, "SIGINT");
    },
    idleFolder(id) {
      const path = runFolder(id);
      refuseTrial(id);
      if (isBusy(id)) throw new Refusal(409, `${id} is being trained; stop it first`);
      return path;
    },
    starting: () =>
      [...children.keys()].filter((id) => {
        const path = resolveInside(root, id);
        return path === undefined || !holdsRun(path);
      }),
    failed: () => [...problems.keys()],
    problem: (id) => problems.get(id),
  };
};

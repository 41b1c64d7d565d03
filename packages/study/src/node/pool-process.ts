/** One worker process of a pool: what it is told, what it says, and how it ends. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WorkerOrder, WorkerReport } from "./worker.ts";

/** A module that calls `serveTasks`, and what the command line of its processes says. */
export interface WorkerProcess {
  readonly module: URL;
  readonly args: readonly string[];
}

export interface PoolProcess {
  readonly name: string;
  tell(order: WorkerOrder): void;
  /** It ends when it has nothing to do. */
  letGo(): void;
}

const LONGEST_REASON = 300;

/** How a process ended, with its last words. */
const reasonOf = (code: number | null, signal: NodeJS.Signals | null, stderr: string): string => {
  const words = stderr.trim().split("\n").at(-1)?.slice(-LONGEST_REASON) ?? "";
  return `${signal === null ? `exit code ${code}` : signal}${words === "" ? "" : `: ${words}`}`;
};

/**
 * @param on what it says; that it cannot be started or told; that it has ended, and by what
 */
export const startProcess = (
  { module, args }: WorkerProcess,
  on: {
    readonly report: (report: WorkerReport) => void;
    readonly error: (error: unknown) => void;
    readonly end: (reason: string) => void;
  },
): PoolProcess => {
  const child = fork(fileURLToPath(module), [...args], {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr?.on("data", (data) => {
    stderr = `${stderr}${data}`.slice(-4 * LONGEST_REASON);
  });
  child.on("message", on.report);
  child.on("error", on.error);
  child.on("exit", (code, by) => on.end(reasonOf(code, by, stderr)));
  return {
    name: String(child.pid),
    tell(order) {
      // What a process that is gone cannot be told is made good when its exit is heard of.
      child.send(order, () => {});
    },
    letGo: () => child.disconnect(),
  };
};

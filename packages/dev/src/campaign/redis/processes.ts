/** The processes of a fake study: workers, and a coordinator. Any of them may be killed, and another one takes its place. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stoppedInWords } from "./stopped.ts";

const program = fileURLToPath(new URL("./process.js", import.meta.url));

/** Characters of what a process says that are kept: the last ones. */
const MOST_SAID = 10_000;

/** Begins a process whose temporary files go into `folder`, and keeps what it says. */
const begin = (folder: string, args: readonly string[]) => {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      said = (said + data).slice(-MOST_SAID);
    });
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { ended, said: () => said, kill: () => void child.kill("SIGKILL") };
};

/** So many workers. Those that stop in words, for a Redis that they refuse, are replaced: as by whoever reads the words. */
export const crewOf = (size: number, address: string, folder: string) => {
  const workers: ReturnType<typeof begin>[] = [];
  const deaths: string[] = [];
  let isOver = false;
  const hire = (place: number): void => {
    const worker = begin(folder, ["worker", address]);
    workers[place] = worker;
    void worker.ended.then((code) => {
      if (code === null || isOver) return;
      if (stoppedInWords(code, worker.said())) hire(place);
      else deaths.push(`a worker ended with ${code}: ${worker.said().slice(-1000)}`);
    });
  };
  for (let place = 0; place < size; place++) hire(place);
  return {
    size,
    /** Kills one and begins another. */
    replace(place: number): void {
      workers[place].kill();
      hire(place);
    },
    /** What those have said that ended in any other way. */
    deaths: (): readonly string[] => deaths,
    end(): void {
      isOver = true;
      for (const worker of workers) worker.kill();
    },
  };
};

/** The coordinator of a study, which goes on with what is in the folder `out`. */
export const coordinatorOf = (
  address: string,
  folder: string,
  study: { readonly out: string; readonly name: string; readonly trials: number },
) => {
  const args = ["coordinator", address, study.out, study.name, String(study.trials)];
  let current = begin(folder, args);
  return {
    /** Its exit code, once it has ended. */
    ended: (): Promise<number | null> => current.ended,
    said: (): string => current.said(),
    /** Begins another one in the place of one that has ended. */
    again(): void {
      current = begin(folder, args);
    },
    /** Kills it and begins another. */
    async replace(): Promise<void> {
      current.kill();
      await current.ended;
      current = begin(folder, args);
    },
    kill: (): void => current.kill(),
  };
};

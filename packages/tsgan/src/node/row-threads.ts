/** Lines of rows by several threads: onnxruntime-node holds up the one that calls it, and a stretch needs no other. */
import { Worker } from "node:worker_threads";
import { RunError } from "../errors.ts";
import type { Lines, LinesWork, MakeLines } from "./row-lines.ts";

export interface Asked {
  readonly index: number;
  readonly count: number;
}

export type Answer =
  | { readonly index: number; readonly lines: Lines }
  | { readonly index: number; readonly failure: string };

interface Waiting {
  readonly resolve: (lines: Lines) => void;
  readonly reject: (error: Error) => void;
}

export interface LineThreads {
  readonly make: MakeLines;
  dispose(): Promise<void>;
}

/** So many threads, which take turns. */
export const lineThreads = (count: number, work: LinesWork): LineThreads => {
  const waiting = new Map<number, Waiting>();
  let broken: Error | undefined;
  const fail = (error: Error): void => {
    broken = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const threads = Array.from({ length: count }, () => {
    const thread = new Worker(new URL("./row-thread.js", import.meta.url), { workerData: work });
    thread.on("message", (answer: Answer) => {
      const one = waiting.get(answer.index);
      waiting.delete(answer.index);
      if ("lines" in answer) one?.resolve(answer.lines);
      else one?.reject(new RunError(answer.failure));
    });
    thread.on("error", fail);
    return thread;
  });
  return {
    make: (index, rows) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.set(index, { resolve, reject });
        threads[index % count].postMessage({ index, count: rows } satisfies Asked);
      }),
    dispose: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
};

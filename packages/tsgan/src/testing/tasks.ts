/** The worker's side of `startWorker`. */
import { isRuntimeThread } from "../runtime/index.ts";

export type Task = (...args: never[]) => unknown;

/** Answers messages `{ task, args }` with `{ result }` or `{ error }`. */
export const answerTasks = (tasks: Readonly<Record<string, Task>>): void => {
  if (isRuntimeThread()) return;
  const scope = globalThis as unknown as {
    onmessage: (event: { data: { task: string; args: never[] } }) => void;
    postMessage(message: unknown): void;
  };
  const answer = async (name: string, args: never[]): Promise<void> => {
    try {
      scope.postMessage({ result: await tasks[name](...args) });
    } catch (error) {
      scope.postMessage({ error: error instanceof Error ? error.message : String(error) });
    }
  };
  scope.onmessage = ({ data }) => void answer(data.task, data.args);
};

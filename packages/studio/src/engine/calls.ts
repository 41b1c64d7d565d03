/** Calls from a page into its worker, with types on both sides, and events back. */
import type { LoadProgress } from "./fetch-bytes.ts";

/** What a worker answers: its handlers by name. */
// biome-ignore lint/suspicious/noExplicitAny: parameters of handlers are whatever their worker declares
export type Handlers = Readonly<Record<string, (...args: any[]) => unknown>>;

export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Answer<Event> =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly event: Event }
  | { readonly progress: LoadProgress };

/** Why a call has no answer: its worker was closed. */
export class ClosedError extends Error {
  constructor() {
    super("the worker was closed");
  }
}

/** Calls a handler of the worker; rejects with its error, or when the worker ends. */
export type Caller<H extends Handlers> = <Name extends keyof H & string>(
  name: Name,
  ...args: Parameters<H[Name]>
) => Promise<Awaited<ReturnType<H[Name]>>>;

export interface Connection<H extends Handlers> {
  readonly call: Caller<H>;
  /** Ends the worker. */
  close(): void;
}

/** Connects to a worker that uses `answerCalls` (answer-calls.ts). `onFailure`: the worker could not be loaded, or broke. */
export const connect = <H extends Handlers, Event>(
  worker: Worker,
  {
    onEvent,
    onProgress,
    onFailure,
  }: {
    readonly onEvent: (event: Event) => void;
    readonly onProgress: (progress: LoadProgress) => void;
    readonly onFailure: (message: string) => void;
  },
): Connection<H> => {
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;
  const end = (error: Error): void => {
    worker.terminate();
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<Answer<Event>>) => {
    if ("event" in data) return onEvent(data.event);
    if ("progress" in data) return onProgress(data.progress);
    const waiting = open.get(data.id);
    open.delete(data.id);
    if ("error" in data) waiting?.reject(new Error(data.error));
    else waiting?.resolve(data.result as never);
  };
  worker.onerror = (event) => {
    const message = event.message || "the worker could not be loaded";
    onFailure(message);
    end(new Error(message));
  };
  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        const id = next++;
        open.set(id, { resolve, reject });
        worker.postMessage({ id, name, args } satisfies Call);
      }),
    close: () => end(new ClosedError()),
  };
};

/** Calls from a page into its worker, with types on both sides, and events back. */
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
  | { readonly event: Event };

export interface Connection<H extends Handlers> {
  /** Calls a handler of the worker; rejects with its error. */
  call<Name extends keyof H & string>(
    name: Name,
    ...args: Parameters<H[Name]>
  ): Promise<Awaited<ReturnType<H[Name]>>>;
  /** Ends the worker. Calls that are still open are never answered. */
  close(): void;
}

/** Connects to a worker that uses `answerCalls` (answer-calls.ts). `onFailure`: the worker could not be loaded, or broke. */
export const connect = <H extends Handlers, Event>(
  worker: Worker,
  onEvent: (event: Event) => void,
  onFailure: (message: string) => void,
): Connection<H> => {
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer<Event>>) => {
    if ("event" in data) {
      onEvent(data.event);
      return;
    }
    const waiting = open.get(data.id);
    open.delete(data.id);
    if ("error" in data) waiting?.reject(new Error(data.error));
    else waiting?.resolve(data.result as never);
  };
  worker.onerror = (event) => onFailure(event.message || "the worker could not be loaded");
  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        const id = next++;
        open.set(id, { resolve, reject });
        worker.postMessage({ id, name, args } satisfies Call);
      }),
    close: () => worker.terminate(),
  };
};

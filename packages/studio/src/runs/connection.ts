/** The page's end of the studio's server: requests, and the events that tell what has changed. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError, ChangeEvent, Session } from "../api.ts";

/** "none": the page came from a plain web host. "lost": the server was there and does not answer. */
export type Connection = "connecting" | "open" | "lost" | "none";

export const connection = signal<Connection>("connecting");
export const session = signal<Session | undefined>(undefined);

export class ServerRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** `ring`, or `paper/trials/a` as one part of an address. */
export const idPart = (id: string): string => encodeURIComponent(id);

export const apiAddress = (path: string): string => new URL(`api/${path}`, document.baseURI).href;

export const fileAddress = (id: string, file: string, version = ""): string =>
  apiAddress(`runs/${idPart(id)}/files/${file}${version === "" ? "" : `?v=${version}`}`);

const refusalOf = async (response: Response): Promise<ServerRefusal> => {
  const text = await response.text();
  let message = `the server answered ${response.status}`;
  try {
    message = (JSON.parse(text) as ApiError).error ?? message;
  } catch {
    // Not our server.
  }
  return new ServerRefusal(response.status, message);
};

export const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetch(apiAddress(path), init);
  if (!response.ok) throw await refusalOf(response);
  return response;
};

export const read = async <Value>(path: string, abort?: AbortSignal): Promise<Value> =>
  (await request(path, abort === undefined ? {} : { signal: abort })).json() as Promise<Value>;

/** Asks for a change. */
export const change = async <Value>(path: string, body: object): Promise<Value> => {
  const headers = { "content-type": "application/json", "x-tsgan-token": session.peek()?.token ?? "" };
  return (
    await request(path, { method: "POST", headers, body: JSON.stringify(body) })
  ).json() as Promise<Value>;
};

/** "everything": changes may have been missed. */
export type Change = ChangeEvent | "everything";

const listeners = new Set<(change: Change) => void>();
const tell = (what: Change): void => {
  for (const listener of listeners) listener(what);
};

/** Milliseconds until a server that does not answer is asked again. */
const RETRY = 2000;

/**
 * Keeps the connection while the page is seen: asks what the server is, then listens. A browser grants a site six
 * connections, which pages in the background should not hold.
 *
 * @returns what ends it
 */
export const connect = (): (() => void) => {
  let events: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const close = (): void => {
    clearTimeout(retry);
    events?.close();
    events = undefined;
  };

  const open = async (): Promise<void> => {
    try {
      // Another server on the same port has another token.
      session.value = await read<Session>("session");
    } catch (error) {
      if (ended) return;
      const isHost = error instanceof ServerRefusal || error instanceof SyntaxError;
      connection.value = isHost && session.peek() === undefined ? "none" : "lost";
      if (connection.value === "lost") retry = setTimeout(open, RETRY);
      return;
    }
    if (ended || document.hidden) return;
    events = new EventSource(apiAddress("events"));
    events.onopen = () => {
      connection.value = "open";
      tell("everything");
    };
    events.onmessage = ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as ChangeEvent);
    events.onerror = () => {
      close();
      connection.value = "lost";
      retry = setTimeout(open, RETRY);
    };
  };

  const onVisibility = (): void => {
    close();
    if (!document.hidden) void open();
  };
  document.addEventListener("visibilitychange", onVisibility);
  void open();
  return () => {
    ended = true;
    close();
    document.removeEventListener("visibilitychange", onVisibility);
  };
};

/** Milliseconds between two loads of the same thing. */
const PACE = 400;

/**
 * Loads now, and again after changes that concern it; never twice at a time, and at a pace that a run of many steps a
 * second does not set. `key` stands for what is loaded.
 */
export const useLive = (
  key: string,
  load: (abort: AbortSignal) => Promise<void>,
  concerns: (change: ChangeEvent) => boolean,
): { readonly error: string | undefined; readonly reload: () => void } => {
  const [error, setError] = useState<string>();
  const latest = useRef({ load, concerns });
  latest.current = { load, concerns };
  const reload = useRef(() => {});
  useEffect(() => {
    const abort = new AbortController();
    let busy = false;
    let wanted = false;
    const run = async (): Promise<void> => {
      busy = true;
      wanted = false;
      try {
        await latest.current.load(abort.signal);
        setError(undefined);
      } catch (failure) {
        if (abort.signal.aborted) return;
        // A server that is gone is told of once, by the connection.
        if (failure instanceof ServerRefusal) setError(failure.message);
      }
      setTimeout(() => {
        busy = false;
        if (wanted && !abort.signal.aborted) void run();
      }, PACE);
    };
    const ask = (): void => {
      wanted = true;
      if (!busy) void run();
    };
    const listener = (what: Change): void => {
      if (what === "everything" || latest.current.concerns(what)) ask();
    };
    reload.current = ask;
    listeners.add(listener);
    ask();
    return () => {
      abort.abort();
      listeners.delete(listener);
    };
  }, [key]);
  return { error, reload: () => reload.current() };
};

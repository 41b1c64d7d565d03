/** Server-sent events: which runs have changed, for every page that listens. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "./reply.ts";
import type { Watch } from "./watch.ts";

const MOST_LISTENERS = 64;
/** Milliseconds between signs of life, without which a broken connection is not noticed. */
const HEARTBEAT = 15_000;

/** @returns what answers a request for events, and goes on answering until the page goes away. @throws Refusal for too many */
export const eventStream = (watch: Watch): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const listeners = new Set<ServerResponse>();
  return (request, response) => {
    if (listeners.size >= MOST_LISTENERS) throw new Refusal(503, "too many pages are open; close some");
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 1000\n\n");
    listeners.add(response);
    const unsubscribe = watch.subscribe((change) => {
      response.write(`data: ${JSON.stringify(change)}\n\n`);
    });
    const heartbeat = setInterval(() => response.write(": alive\n\n"), HEARTBEAT);
    request.on("close", () => {
      clearInterval(heartbeat);
      unsubscribe();
      listeners.delete(response);
    });
  };
};

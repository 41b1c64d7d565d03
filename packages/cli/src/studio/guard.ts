/**
 * Who may ask for what. The server listens on this machine only, but every page that the user opens can send requests to
 * it: other sites must not read runs, let alone start them.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { Refusal } from "./reply.ts";

/** `example.org`, `127.0.0.1`, `::1` of a Host header, without its port. */
const nameOf = (host: string): string | undefined => {
  const [, ipv6, name] = /^(?:\[([\da-f:.]+)\]|([^:[\]@/\\?#\s]+))(?::\d{1,5})?$/i.exec(host) ?? [];
  return (ipv6 ?? name)?.toLowerCase();
};

/**
 * Refuses a request under a name that is not this server's. A site that makes its own name point to this machine (DNS
 * rebinding) asks under its name; an address as the name cannot be made to point elsewhere.
 */
export const checkHost = (headers: IncomingHttpHeaders, names: readonly string[]): void => {
  const name = headers.host === undefined ? undefined : nameOf(headers.host);
  if (name !== undefined && (isIP(name) !== 0 || name === "localhost" || names.includes(name))) return;
  throw new Refusal(403, `this server is not ${headers.host ?? "without a name"}; open it under its address`);
};

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Refuses a request that changes something unless the server's own page sent it. `checkHost` comes before. */
export const checkChange = (headers: IncomingHttpHeaders, token: string): void => {
  if (headers.origin !== `http://${headers.host}`) {
    throw new Refusal(403, "requests that change something must come from the studio's own page");
  }
  // Another site cannot send this type without being asked about it first, which is refused.
  if (!/^application\/json\b/.test(headers["content-type"] ?? "")) {
    throw new Refusal(415, "expected a body of type application/json");
  }
  if (!same(String(headers["x-tsgan-token"] ?? ""), token)) {
    throw new Refusal(403, "the server was started anew; reload the page");
  }
};

/** Everywhere: no other site may frame, embed or read what is served. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** The page: its own files, WebAssembly, workers, pictures that it makes, and no other machine. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  // Figures carry their own style sheets.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A run's report may come from elsewhere: its scripts run without any access to the server. */
export const REPORT_POLICY =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

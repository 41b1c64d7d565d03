/** What a handler answers with, and how it is sent. */
import { closeSync, createReadStream, type Stats } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import type { ApiError } from "@tsgan/studio/api";
import { openFile } from "tsgan/node";

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The content: bytes, or a file whose path has been checked. */
  readonly body: Uint8Array | string | { readonly file: string };
  readonly type: string;
}

/** A request that is refused, with the status that says why. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, `there is no ${what}`);

export const json = (value: unknown, status = 200): Reply => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

export const errorReply = (status: number, message: string): Reply =>
  json({ error: message } satisfies ApiError, status);

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".jsonl": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export const typeOf = (file: string): string => TYPES[extname(file)] ?? "application/octet-stream";

const isText = (type: string): boolean => /^text\/|json|svg/.test(type);

/** Bytes: shorter ones gain nothing, and longer ones cost more time than they save on a machine's own network. */
const SHORTEST = 1024;
const LONGEST = 32 << 20;

/** Levels that keep up with a disk. */
const encoders = {
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: () => createGzip({ level: 5 }),
} as const;

const encodingFor = (
  request: IncomingMessage,
  type: string,
  bytes: number,
): keyof typeof encoders | undefined => {
  if (bytes < SHORTEST || bytes > LONGEST || !isText(type)) return undefined;
  const accepted = String(request.headers["accept-encoding"] ?? "");
  return (["br", "gzip"] as const).find((name) =>
    new RegExp(`\\b${name}\\b(?!;\\s*q=0(?:\\.0*)?\\b)`).test(accepted),
  );
};

/** A change of a file's content changes its tag: size, time and inode, which an atomic replacement renews. */
const tagOf = ({ size, mtimeMs, ino }: Stats): string =>
  `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}-${ino.toString(36)}"`;

/** Sends a reply; text is compressed where the browser takes that. @throws RunError for a file that is no regular one */
export const send = async (
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> => {
  const { body, type, status = 200 } = reply;
  const file = typeof body === "object" && "file" in body ? openFile(body.file) : undefined;
  const headers: Record<string, string> = {
    "cache-control": "no-cache",
    ...reply.headers,
    "content-type": type,
    ...(file && { etag: tagOf(file.stats) }),
  };
  const bytes = file?.stats.size ?? Buffer.byteLength(body as Uint8Array | string);
  const isKnown = file !== undefined && request.headers["if-none-match"] === headers.etag;
  const encoding = encodingFor(request, type, bytes);
  if (isText(type)) headers.vary = "accept-encoding";
  if (encoding !== undefined) headers["content-encoding"] = encoding;
  else if (!isKnown) headers["content-length"] = String(bytes);
  response.writeHead(isKnown ? 304 : status, headers);
  if (isKnown || request.method === "HEAD" || bytes === 0) {
    if (file !== undefined) closeSync(file.handle);
    response.end();
    return;
  }
  const source =
    file === undefined
      ? Readable.from([body])
      : // It closes the file. One that grows meanwhile is sent as long as it was.
        createReadStream("", { fd: file.handle, start: 0, end: bytes - 1 });
  if (encoding === undefined) await pipeline(source, response);
  else await pipeline(source, encoders[encoding](), response);
};

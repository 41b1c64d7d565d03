/** A registry on this machine: the packed packages, and npm's for all others. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { manifestOf } from "./pack.ts";

export interface Registry {
  /** Address, with its slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** What a registry says of a package that has one version. */
const packument = (tarball: string, url: string): Readonly<Record<string, unknown>> => {
  const manifest = manifestOf(tarball);
  const bytes = readFileSync(tarball);
  const { name, version } = manifest;
  const dist = {
    tarball: `${url}-/${basename(tarball)}`,
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    shasum: createHash("sha1").update(bytes).digest("hex"),
  };
  return {
    name,
    "dist-tags": { latest: version },
    // Some package managers leave out versions of the last days.
    time: { created: "2026-01-01T00:00:00.000Z", [version]: "2026-01-01T00:00:00.000Z" },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
  };
};

/**
 * Serves the packages of these tarballs from 127.0.0.1, and sends those who ask for others to the registry `others`.
 *
 * @param isAnswered whether a request is answered; each without
 */
export const serveRegistry = async (
  tarballs: readonly string[],
  others: string,
  isAnswered: (request: IncomingMessage) => boolean = () => true,
): Promise<Registry> => {
  const named = new Map(tarballs.map((tarball) => [manifestOf(tarball).name, tarball]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://registry").pathname);
    if (!isAnswered(request)) {
      response.writeHead(403).end();
      return;
    }
    const tarball = tarballs.find((file) => path === `/-/${basename(file)}`);
    const ours = named.get(path.slice(1));
    if (tarball !== undefined) {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(readFileSync(tarball));
    } else if (ours !== undefined) {
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(packument(ours, url)));
    } else {
      response.writeHead(302, { location: others.replace(/\/$/, "") + request.url }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** A proxy on this machine: plain requests are passed on with its mark, encrypted ones as a tunnel. */
import { request as ask, createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** What requests that came through the proxy say in their header `via`. */
export const MARK = "tsgan-install-matrix";

export interface Proxy {
  readonly url: string;
  /** How many hosts were asked for through it, by their names. */
  readonly hosts: ReadonlySet<string>;
  close(): Promise<void>;
}

export const serveProxy = async (): Promise<Proxy> => {
  const hosts = new Set<string>();
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? "");
    hosts.add(url.hostname);
    const headers = { ...incoming.headers, via: MARK };
    const outgoing = ask(url, { method: incoming.method ?? "GET", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  });
  const open = new Set<{ destroy(): void }>();
  server.on("connect", ({ url = "" }, socket, head) => {
    const [host, port] = url.split(":");
    hosts.add(host);
    const tunnel = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const each of [socket, tunnel]) {
      open.add(each);
      each.on("error", () => {
        socket.destroy();
        tunnel.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    close: () => {
      for (const each of open) each.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

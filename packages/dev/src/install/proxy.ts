/** A proxy on this machine: plain requests are passed on, encrypted ones and those of some package managers as a tunnel. */
import { request as ask, createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface Proxy {
  readonly url: string;
  /** Hosts that were asked for through it. */
  readonly hosts: ReadonlySet<string>;
  /** Whether a request to a server of this machine came through it. */
  brought(request: IncomingMessage): boolean;
  close(): Promise<void>;
}

export const serveProxy = async (): Promise<Proxy> => {
  const hosts = new Set<string>();
  const ports = new Set<number | undefined>();
  const open = new Set<{ destroy(): void }>();
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? "");
    hosts.add(url.hostname);
    const { method = "GET", headers } = incoming;
    const outgoing = ask(url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("socket", (socket: Socket) => socket.on("connect", () => ports.add(socket.localPort)));
    outgoing.on("error", () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  });
  server.on("connect", ({ url = "" }, socket, head) => {
    const [host, port] = url.split(":");
    hosts.add(host);
    const tunnel = connect(Number(port), host, () => {
      ports.add(tunnel.localPort);
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
    brought: ({ socket }) => ports.has(socket.remotePort),
    close: () => {
      for (const each of open) each.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

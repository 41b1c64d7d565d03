/**
 * Who is at the other end of a connection from this machine. The server listens on the loopback, which every user of a machine
 * may connect to: what is the business of one of them is not that of the others. Linux lists who owns which connection; other
 * systems do not tell a process without rights.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

const ROOT = 0;

interface Entry {
  readonly localPort: number;
  readonly remotePort: number;
  readonly user: number;
  /** 0 of a connection that no process holds any more; its user is not known. */
  readonly inode: number;
}

/** The lines of /proc/net/tcp: number, local and remote `ADDRESS:PORT` in hexadecimal digits, state, …, the 8th the user, the 10th the inode. */
export const parseConnections = (table: string): Entry[] =>
  table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [local, remote] = [fields[1], fields[2]].map((address) =>
        Number.parseInt(address?.split(":")[1] ?? "", 16),
      );
      return fields.length < 10
        ? []
        : { localPort: local, remotePort: remote, user: Number(fields[7]), inode: Number(fields[9]) };
    });

const connections = (): Entry[] =>
  ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => {
    try {
      return parseConnections(readFileSync(file, "latin1"));
    } catch {
      // No Linux, or no such protocol.
      return [];
    }
  });

const isLoopback = (address = ""): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address);

/**
 * Whether a connection is another user's of this machine. Ports are compared, not addresses: should two users have the same
 * one at different addresses, it is not certain, and refused.
 *
 * @param table what the system says of its connections
 */
export const isForeign = (
  { localPort, remotePort, remoteAddress }: Pick<Socket, "localPort" | "remotePort" | "remoteAddress">,
  own = process.getuid?.(),
  table: () => readonly Entry[] = connections,
): boolean => {
  if (own === undefined) return false;
  const all = table();
  const peers = all.filter((entry) => entry.localPort === remotePort && entry.remotePort === localPort);
  if (peers.length > 0)
    return !peers.every(({ user, inode }) => inode !== 0 && (user === own || user === ROOT));
  // Another machine's, which whoever opens the server to a network wants; or a system whose list is of no use.
  const isListed = all.some((entry) => entry.localPort === localPort && entry.remotePort === remotePort);
  return isListed && isLoopback(remoteAddress);
};

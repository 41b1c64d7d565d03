/** A Redis of one's own, for tests and measurements: on a free port, with an append-only file in a temporary folder. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openRedis } from "../redis/connection.ts";

/** Whether there is a redis-server on the path; on Debian: apt-get install redis-server. */
export const hasRedisServer = (): boolean => spawnSync("redis-server", ["--version"]).status === 0;

export interface RedisServer {
  readonly address: string;
  /** Ends it with SIGKILL and starts it again on the same port, from its append-only file. */
  restart(pause?: number): Promise<void>;
  stop(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
};

export const startRedisServer = async (settings: readonly string[] = []): Promise<RedisServer> => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-redis-"));
  const port = await freePort();
  const address = `redis://127.0.0.1:${port}`;
  let server: ChildProcess;

  const start = async (): Promise<void> => {
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
    server = spawn("redis-server", [...options, "--appendonly", "yes", ...settings], { stdio: "ignore" });
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        (await openRedis(address)).disconnect();
        return;
      } catch (error) {
        // It answers, and wants the password of the settings.
        if (String(error).includes("password")) return;
        await sleep(100);
      }
    }
    throw new Error(`redis-server does not answer at ${address}`);
  };
  const kill = async (): Promise<void> => {
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };

  await start();
  return {
    address,
    async restart(pause = 0) {
      await kill();
      await sleep(pause);
      await start();
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** What may happen to a study on Redis, by its name. */
import { setTimeout as sleep } from "node:timers/promises";
import type { openRedis } from "@tsgan/study/redis";
import type { startRedisServer } from "@tsgan/study/testing";
import type { RandomStream } from "tsgan/random";

export type Admin = Awaited<ReturnType<typeof openRedis>>;

export interface Scene {
  readonly server: Awaited<ReturnType<typeof startRedisServer>>;
  readonly admin: Admin;
  readonly random: RandomStream;
  /** Kills one and begins another. */
  replaceWorker(): Promise<void>;
  replaceCoordinator(): Promise<void>;
}

/** Keys of ours, or a part of them. */
const someKeys = async ({ admin, random }: Scene, share: number): Promise<string[]> =>
  (await admin.keys("tsgan:*")).sort().filter(() => random.uniform() < share);

/** For a while, then as it was. */
const forAWhile = async (
  { random }: Scene,
  begin: () => Promise<unknown>,
  end: () => Promise<unknown>,
): Promise<void> => {
  await begin();
  await sleep(100 + random.integer(1200));
  await end();
};

export const faults: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  "a worker is killed": (scene) => scene.replaceWorker(),
  "the coordinator is killed": (scene) => scene.replaceCoordinator(),
  "Redis is killed": ({ server }) => server.restart(),
  "Redis is full": (scene) =>
    forAWhile(
      scene,
      () => scene.admin.config("SET", "maxmemory", "1"),
      () => scene.admin.config("SET", "maxmemory", "0"),
    ),
  "Redis throws things away": (scene) =>
    forAWhile(
      scene,
      () => scene.admin.config("SET", "maxmemory-policy", "allkeys-random", "maxmemory", "900kb"),
      () => scene.admin.config("SET", "maxmemory-policy", "noeviction", "maxmemory", "0"),
    ),
  "Redis is emptied": ({ admin }) => admin.flushall(),
  "Redis stands still": ({ admin, random }) => admin.client("PAUSE", 100 + random.integer(900), "ALL"),
  "connections are cut": ({ admin }) => admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"),
  "keys are deleted": async (scene) => {
    for (const key of await someKeys(scene, 0.3)) await scene.admin.del(key);
  },
  "fields are overwritten": async (scene) => {
    const { admin, random } = scene;
    for (const key of await someKeys(scene, 0.3)) {
      if ((await admin.type(key)) !== "hash") continue;
      for (const field of await admin.hkeys(key))
        if (random.uniform() < 0.3) await admin.hset(key, field, "{poison\u001b[2J");
    }
  },
  "values are overwritten": async (scene) => {
    for (const key of await someKeys(scene, 0.15)) await scene.admin.set(key, "poison");
  },
  "lists hold what is no task": async (scene) => {
    for (const key of await someKeys(scene, 0.5)) {
      if ((await scene.admin.type(key)) === "list") await scene.admin.lpush(key, "nobody", "0:1");
    }
  },
};

/** Takes out what nobody of ours can mend: a key that holds something of another type. */
export const mend = async (admin: Admin): Promise<void> => {
  for (const key of await admin.keys("tsgan:*")) {
    if ((await admin.type(key)) === "string" && (await admin.get(key)) === "poison") await admin.del(key);
  }
};

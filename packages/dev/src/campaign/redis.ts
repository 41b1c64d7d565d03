/**
 * Studies on a Redis to which everything happens: it is killed, full, emptied, told to throw things away; its keys are deleted
 * or hold something else; its connections are cut; workers and coordinators are killed. Trials are trained by nobody (their
 * figures are a function of the trial), so that what is between them is tried. A study ends with the records that it has
 * undisturbed, to the byte, or stops in words with its trials open, and then ends with them when it goes on. A case is one fault.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openRedis } from "@tsgan/study/redis";
import { fakeRecords, fakeStudy, recordsOf, startRedisServer } from "@tsgan/study/testing";
import { type RandomStream, randomStream } from "tsgan/random";
import type { Campaign, Failure } from "./campaign.ts";

const TRIALS = 24;
/** Faults of one study, at most, and milliseconds between two. */
const MOST_FAULTS = 8;
const EVERY = 1200;
/** Parts of a second for which a study may go on after its last fault. */
const PATIENCE = 1800;
const TICK = 100;
const WORKERS = 2;

const program = fileURLToPath(new URL("./redis/process.js", import.meta.url));

type Admin = Awaited<ReturnType<typeof openRedis>>;

interface Scene {
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

const faults: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
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
const mend = async (admin: Admin): Promise<void> => {
  for (const key of await admin.keys("tsgan:*")) {
    if ((await admin.type(key)) === "string" && (await admin.get(key)) === "poison") await admin.del(key);
  }
};

/** What coordinators and workers may stop with, after what BullMQ says by itself, and their exit code then. */
const STOPPED = 3;
const WORDS =
  /^study on Redis: .*go on with --resume$|; the trial is left open: see to the cause, and go on with --resume$|: expected a Redis that can be used: /ms;

export const redis: Campaign = async ({ seed, count, from = 0, progress }) => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-redis-campaign-"));
  const server = await startRedisServer();
  const admin = await openRedis(server.address);
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  let [stops, studies] = [0, 0];

  const begin = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [program, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });

  /** Runs a study through faults. @returns what is wrong */
  const disturb = async (
    name: string,
    random: RandomStream,
    most: number,
    tell: (fault: string) => void,
  ): Promise<string | undefined> => {
    const out = join(folder, name);
    const crew: ChildProcess[] = [];
    let isOver = false;
    /** What workers say that end in any other way than those who stop in words. */
    let deaths = "";
    const hire = (place: number): void => {
      const child = begin("worker", server.address);
      crew[place] = child;
      let last = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (data) => {
          last = (last + data).slice(-1000);
        });
      }
      child.on("close", (code) => {
        if (code === null || isOver) return;
        if (code !== STOPPED || !WORDS.test(last)) deaths += `; a worker ended with ${code}: ${last}`;
        // It has met a Redis that it refused, and whoever reads that begins another one.
        else hire(place);
      });
    };
    for (let place = 0; place < WORKERS; place++) hire(place);
    let coordinator: ChildProcess;
    let isKilled = false;
    let said = "";
    let ended: Promise<number | null>;
    const coordinate = (): void => {
      isKilled = false;
      said = "";
      coordinator = begin("coordinator", server.address, out, name, String(TRIALS));
      for (const stream of [coordinator.stdout, coordinator.stderr]) {
        stream?.on("data", (data) => {
          said += data;
        });
      }
      ended = once(coordinator, "close").then(([code]) => code as number | null);
    };
    const scene: Scene = {
      server,
      admin,
      random,
      async replaceWorker() {
        const victim = random.integer(crew.length);
        crew[victim].kill("SIGKILL");
        hire(victim);
      },
      async replaceCoordinator() {
        isKilled = true;
        coordinator.kill("SIGKILL");
        await ended;
        coordinate();
      },
    };
    coordinate();
    try {
      let given = 0;
      for (let left = PATIENCE; left > 0; left--) {
        const isFault = given < most;
        const wait = isFault ? EVERY * random.uniform() : TICK;
        const code = await Promise.race([ended!, sleep(wait, undefined)]);
        if (code === undefined && !isFault) continue;
        if (code === 0) break;
        if (code !== undefined && !isKilled) {
          if (code !== STOPPED || !WORDS.test(said))
            return `the coordinator ended with ${code}: ${said.slice(-500)}`;
          stops++;
          // As whoever reads the words would.
          await mend(admin);
          coordinate();
          continue;
        }
        const names = Object.keys(faults);
        const fault = names[random.integer(names.length)];
        tell(fault);
        given++;
        left = PATIENCE;
        await faults[fault](scene);
      }
      if (deaths !== "") return deaths.slice(2);
      if (coordinator!.exitCode !== 0) return "it does not end";
      const wanted = JSON.stringify(fakeRecords(fakeStudy(TRIALS, name)));
      const found = recordsOf(out);
      const sorted = JSON.stringify(
        Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1))),
      );
      return sorted === wanted
        ? undefined
        : `its records differ: ${Object.keys(found).length} of ${TRIALS} are there`;
    } finally {
      isOver = true;
      coordinator!.kill("SIGKILL");
      for (const child of crew) child.kill("SIGKILL");
    }
  };

  try {
    for (let number = from; number < from + count; ) {
      const first = number;
      const random = randomStream(seed, "redis", number);
      const done: string[] = [];
      const wrong = await disturb(
        `fake-${first}`,
        random,
        Math.min(MOST_FAULTS, from + count - number),
        (fault) => {
          done.push(fault);
          number++;
          counts.set(fault, (counts.get(fault) ?? 0) + 1);
        },
      );
      studies++;
      progress?.(number - from, failures);
      if (done.length === 0) number++;
      if (wrong !== undefined) {
        failures.push({ case: first, cases: done.length, tried: done.join(", "), message: wrong });
      }
      await admin.config("SET", "maxmemory-policy", "noeviction", "maxmemory", "0");
      await admin.flushall();
    }
  } finally {
    admin.disconnect();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const tried = [...counts].sort().map(([fault, n]) => `${fault.padEnd(32)}${String(n).padStart(6)}`);
  return {
    tried: [
      ...tried,
      `${studies} studies of ${TRIALS} trials; ${stops} times one stopped in words, and went on`,
    ],
    failures,
  };
};

/**
 * Studies on a Redis to which everything happens: it is killed, full, emptied, told to throw things away; its keys are deleted
 * or hold something else; its connections are cut; workers and coordinators are killed. Trials are trained by nobody (their
 * figures are a function of the trial), so that what is between them is tried. A study ends with the records that it has
 * undisturbed, to the byte, or stops in words with its trials open, and then ends with them when it goes on. A case is one fault.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openRedis } from "@tsgan/study/redis";
import { fakeRecords, fakeStudy, recordsOf, startRedisServer } from "@tsgan/study/testing";
import { type RandomStream, randomStream } from "tsgan/random";
import type { Campaign, Failure } from "./campaign.ts";
import { faults, mend, type Scene } from "./redis/faults.ts";
import { coordinatorOf, crewOf } from "./redis/processes.ts";
import { stoppedInWords } from "./redis/stopped.ts";

const TRIALS = 24;
/** Faults of one study, at most, and milliseconds between two. */
const MOST_FAULTS = 8;
const EVERY = 1200;
/** Parts of a second for which a study may go on after its last fault. */
const PATIENCE = 1800;
const TICK = 100;
const WORKERS = 2;

/** What is wrong with the records of a study; undefined where they are those of one that is left alone. */
const differenceOf = (out: string, name: string): string | undefined => {
  const found = Object.entries(recordsOf(out)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (JSON.stringify(Object.fromEntries(found)) === JSON.stringify(fakeRecords(fakeStudy(TRIALS, name)))) {
    return undefined;
  }
  return `its records differ: ${found.length} of ${TRIALS} are there`;
};

interface Disturbance {
  readonly name: string;
  /** Which faults, and when. */
  readonly random: RandomStream;
  /** How many, at most. */
  readonly most: number;
  readonly onFault: (fault: string) => void;
  /** The study has stopped in words, and goes on. */
  readonly onStop: () => void;
}

/** Runs a study through faults. @returns what is wrong */
const disturb = async (
  { server, admin }: Pick<Scene, "server" | "admin">,
  folder: string,
  { name, random, most, onFault, onStop }: Disturbance,
): Promise<string | undefined> => {
  const out = join(folder, name);
  const crew = crewOf(WORKERS, server.address, folder);
  const coordinator = coordinatorOf(server.address, folder, { out, name, trials: TRIALS });
  const scene: Scene = {
    server,
    admin,
    random,
    replaceWorker: async () => crew.replace(random.integer(crew.size)),
    replaceCoordinator: () => coordinator.replace(),
  };
  try {
    let given = 0;
    let code: number | null | undefined;
    for (let left = PATIENCE; left > 0; left--) {
      const isFault = given < most;
      const wait = isFault ? EVERY * random.uniform() : TICK;
      code = await Promise.race([coordinator.ended(), sleep(wait, undefined)]);
      if (code === 0) break;
      if (code !== undefined) {
        const said = coordinator.said();
        if (!stoppedInWords(code, said)) return `the coordinator ended with ${code}: ${said.slice(-500)}`;
        onStop();
        // As whoever reads the words would.
        await mend(admin);
        coordinator.again();
      } else if (isFault) {
        const names = Object.keys(faults);
        const fault = names[random.integer(names.length)];
        onFault(fault);
        given++;
        left = PATIENCE;
        await faults[fault](scene);
      }
    }
    if (crew.deaths().length > 0) return crew.deaths().join("; ");
    return code === 0 ? differenceOf(out, name) : "it does not end";
  } finally {
    coordinator.kill();
    crew.end();
  }
};

export const redis: Campaign = async ({ seed, count, from = 0, progress }) => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-redis-campaign-"));
  const server = await startRedisServer();
  const admin = await openRedis(server.address);
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  let [stops, studies] = [0, 0];
  try {
    for (let number = from; number < from + count; ) {
      const first = number;
      const done: string[] = [];
      const wrong = await disturb({ server, admin }, folder, {
        name: `fake-${first}`,
        random: randomStream(seed, "redis", number),
        most: Math.min(MOST_FAULTS, from + count - number),
        onFault(fault) {
          done.push(fault);
          number++;
          counts.set(fault, (counts.get(fault) ?? 0) + 1);
        },
        onStop() {
          stops++;
        },
      });
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

/** What a study does when Redis is full, is emptied, or holds what nobody of ours has put there. Needs redis-server. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { RunError, UsageError } from "tsgan";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Study } from "../index.ts";
import { hashOf, type StudyEvent } from "../node/index.ts";
import {
  coordinate,
  type FakeWorkers,
  fakeRecords,
  fakeStudy,
  fakeWorkers,
  hasRedisServer,
  type RedisServer,
  recordsOf,
  startRedisServer,
} from "../testing/index.ts";
import { openRedis } from "./connection.ts";
import { runKey, studyKey } from "./queue.ts";

describe.skipIf(!hasRedisServer())("a study on a Redis", () => {
  let folder: string;
  let server: RedisServer;
  let admin: Redis;
  let study: Study;
  let undisturbed: Record<string, string>;
  const before = process.env.TMPDIR;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tsgan-redis-faults-"));
    process.env.TMPDIR = folder;
    server = await startRedisServer();
    admin = await openRedis(server.address);
    study = fakeStudy(6);
    undisturbed = fakeRecords(study);
    expect(Object.keys(undisturbed)).toHaveLength(6);
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    admin.disconnect();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let out: string;
  let events: StudyEvent[];
  const crew: FakeWorkers[] = [];
  let count = 0;
  beforeEach(() => {
    out = join(folder, String(count++));
    events = [];
  });
  afterEach(async () => {
    await admin.config("SET", "maxmemory", "0");
    for (const workers of crew.splice(0)) await workers.stop();
    await admin.flushall();
  });
  const hire = async (options?: Parameters<typeof fakeWorkers>[1]): Promise<FakeWorkers> => {
    const workers = await fakeWorkers(server.address, options);
    crew.push(workers);
    return workers;
  };
  const run = (): ReturnType<typeof coordinate> =>
    coordinate(server.address, study, out, (event) => events.push(event));
  const warnings = ({ events }: FakeWorkers): string[] =>
    events.flatMap((event) => (event.type === "warning" ? event.message : []));
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await sleep(10);
  };
  const records = (): number => (existsSync(join(out, "trials")) ? Object.keys(recordsOf(out)).length : 0);

  it("that is full stops the study in words, with the trials left open, which then end as undisturbed", async () => {
    const workers = await hire({ pause: 50 });
    const stopped = run().then(
      () => undefined,
      (error: unknown) => error,
    );
    await until(() => records() > 0);
    await admin.config("SET", "maxmemory", "1");
    await sleep(3000);
    const left = records();
    expect(left).toBeLessThan(6);
    await admin.config("SET", "maxmemory", "0");
    const error = await stopped;
    // Where it had to write nothing while Redis was full, it has gone through.
    if (error !== undefined) {
      expect(error).toBeInstanceOf(RunError);
      expect(String(error)).toMatch(
        /^RunError: study on Redis: it is full; give it more memory \(maxmemory\)/,
      );
      expect(Object.entries(recordsOf(out)).every(([id, text]) => undisturbed[id] === text)).toBe(true);
      await run();
    }
    expect(recordsOf(out)).toEqual(undisturbed);
    expect(warnings(workers).join("\n")).toContain("it is full; give it more memory");
  });

  it("that is full when the study begins stops it at once", async () => {
    await admin.config("SET", "maxmemory", "1");
    await expect(run()).rejects.toThrow("study on Redis: it is full");
    expect(records()).toBe(0);
  });

  it("that is emptied gives nothing up: what is lost is given out again", async () => {
    await hire({ pause: 50 });
    const running = run();
    await until(() => records() > 0);
    await admin.flushall();
    expect(await running).toMatchObject({ finished: 6, failed: 0, open: 0 });
    expect(recordsOf(out)).toEqual(undisturbed);
    expect(events.filter(({ type }) => type === "lost").length).toBeGreaterThan(0);
  });

  it("with poisoned values under its keys trains on, with the same records", async () => {
    const hash = hashOf(study);
    const [first, second] = Object.keys(undisturbed);
    await admin.hset("tsgan:studies", { other: "{not JSON", more: '{"name": 3}', less: "null" });
    await admin.set(runKey(hash, first), "no hash");
    await admin.hset(runKey(hash, second), "../../outside", "x");
    const workers = await hire({ pause: 30 });
    const running = run();
    await until(() => records() > 1);
    await admin.set(studyKey(hash), '{"name": 1}');
    expect(await running).toMatchObject({ finished: 6, failed: 0, open: 0 });
    expect(recordsOf(out)).toEqual(undisturbed);
    expect(existsSync(join(folder, "outside"))).toBe(false);
    expect(warnings(workers)).toEqual(
      expect.arrayContaining([
        "Redis holds 3 studies of another make",
        `${runKey(hash, first)}: expected the files of a run; got something else`,
        `${runKey(hash, second)}: expected the files of a run; got one with the path "../../outside"`,
      ]),
    );
  });

  it("with a damaged task gives it out again", async () => {
    const running = run();
    await until(async () => (await admin.keys("tsgan:trials-*:*.end")).length === 6);
    const [one, two] = (await admin.keys("tsgan:trials-*:*.end")).sort();
    await admin.hset(one, "data", "{not JSON");
    await admin.hset(two, "data", '{"study": "00", "task": {}}');
    await hire();
    expect(await running).toMatchObject({ finished: 6, failed: 0, open: 0 });
    expect(recordsOf(out)).toEqual(undisturbed);
  });

  it("whose queue is something else stops the study in words", async () => {
    const { version } = await import("tsgan/node");
    await admin.set(`tsgan:trials-${version}:wait`, "no list");
    const workers = await hire();
    await expect(run()).rejects.toThrow(
      'study on Redis: one of its keys that begin with "tsgan" holds something else; delete that key',
    );
    await until(() => warnings(workers).length > 0);
    expect(warnings(workers)[0]).toMatch(/^queue: one of its keys/);
    await admin.del(`tsgan:trials-${version}:wait`);
    expect(await run()).toMatchObject({ finished: 6, open: 0 });
    expect(recordsOf(out)).toEqual(undisturbed);
  });

  it("that is gone for a while is told of by the study and by its workers, and gone on with", async () => {
    const workers = await hire({ pause: 50 });
    const running = run();
    await until(() => records() > 0);
    await server.restart(1500);
    expect(await running).toMatchObject({ finished: 6, failed: 0, open: 0 });
    expect(recordsOf(out)).toEqual(undisturbed);
    const told = events.flatMap((event) => (event.type === "warning" ? event.message : []));
    const gone = /Redis is gone: .*; trying again$/m;
    expect(told.join("\n")).toMatch(gone);
    expect(warnings(workers).join("\n")).toMatch(gone);
  });

  it("names why a trial cannot be trained, and leaves it open", async () => {
    // Whatever is wrong with this machine, it is no result of the trial.
    const redis = await openRedis(server.address);
    const stop = new AbortController();
    const { serveStudies } = await import("./worker.ts");
    const serving = serveStudies({
      redis,
      workers: 6,
      patience: 1000,
      limit: 2 ** 20,
      train: () => Promise.reject(new RunError("cannot write /scratch: the disk is full")),
      signal: stop.signal,
      onEvent: () => {},
    });
    await expect(run()).rejects.toThrow(
      /no worker could train it: cannot write \/scratch: the disk is full; the trial is left open/,
    );
    expect(records()).toBe(0);
    stop.abort();
    await serving;
    redis.disconnect();
    await hire();
    expect(await run()).toMatchObject({ finished: 6, open: 0 });
    expect(recordsOf(out)).toEqual(undisturbed);
  });

  it("leaves nothing of its workers in the system's folder for temporary files", async () => {
    const workers = await hire();
    await run();
    const name = `tsgan-study-${hostname().replace(/[^\w.]+/g, "_")}-`;
    expect(readdirSync(folder).filter((entry) => entry.startsWith(name))).toHaveLength(1);
    crew.splice(crew.indexOf(workers), 1);
    await workers.stop();
    expect(readdirSync(folder).filter((entry) => entry.startsWith(name))).toEqual([]);
  });

  it.each(["allkeys-lru", "volatile-ttl", "allkeys-random"])(
    "that may throw away what it is given is refused, by the name of the setting: %s",
    async (policy) => {
      await admin.config("SET", "maxmemory-policy", policy);
      await expect(openRedis(server.address)).rejects.toThrow(RunError);
      await expect(openRedis(server.address)).rejects.toThrow(
        `its maxmemory-policy is ${policy}, by which it throws tasks and results away when it is full; set it to noeviction`,
      );
      await admin.config("SET", "maxmemory-policy", "noeviction");
    },
  );

  it("without the database that is asked for is refused, and is used in no other", async () => {
    await expect(openRedis(`${server.address}/99`)).rejects.toThrow(
      "it has no database 99; take a lower number, or raise databases in its configuration",
    );
    const third = await openRedis(`${server.address}/3`);
    await third.set("here", "yes");
    expect(await admin.get("here")).toBeNull();
    third.disconnect();
    for (const wrong of ["/x", "/-1", "/1/2", "?db=3"]) {
      await expect(openRedis(`${server.address}${wrong}`)).rejects.toThrow(UsageError);
    }
  });
});

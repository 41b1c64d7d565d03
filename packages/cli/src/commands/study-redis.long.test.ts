/** A study on Redis as people run it: workers, coordinator and Redis killed. Needs the build (`npx tsc -b`) and redis-server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openRedis } from "@tsgan/study/redis";
import { hasRedisServer, type RedisServer, startRedisServer } from "@tsgan/study/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/tsgan.js", import.meta.url));

let folder: string;
const file = (...parts: string[]): string => join(folder, ...parts);
const running = new Set<ChildProcess>();

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** What it has printed so far. */
  output(): string;
}

const tsgan = (...args: string[]): Running => {
  const child = spawn(process.execPath, [bin, "study", ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });
  running.add(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    return { code: code as number | null, stderr };
  });
  return { child, ended, output: () => stdout };
};

/** Waits until a process has printed something. */
const prints = async ({ output, child }: Running, text: string): Promise<void> => {
  while (!output().includes(text)) {
    if (child.exitCode !== null) throw new Error(`ended without ${JSON.stringify(text)}: ${output()}`);
    await sleep(20);
  }
};

const records = (out: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(file(out, "trials")).map((id) => [
      id,
      readFileSync(file(out, "trials", id, "record.json"), "utf8"),
    ]),
  );

/** Two trials of some seconds. */
const STUDY = `
name: redis
data:
  ring: { config: { data: ring, model: { name: mlp, hidden: [64, 64], latent: 2 }, batch: 128 } }
models:
  hinge: { config: { loss: hinge }, search: { learningRate: { logUniform: [0.0001, 0.01] } } }
samples: 2
seeds: 1
budget: { steps: 5000 }
metrics: [modes]
evaluateEvery: 2500
checkpointEvery: 250
evaluateSamples: 200
`;

describe.skipIf(!hasRedisServer())("a study on Redis", () => {
  let redis: RedisServer;
  let undisturbed: Record<string, string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tsgan-redis-study-"));
    writeFileSync(file("study.yaml"), STUDY);
    redis = await startRedisServer();
    const local = await tsgan("run", "study.yaml", "--out", "local").ended;
    expect(local).toMatchObject({ code: 0 });
    undisturbed = records("local");
    expect(Object.keys(undisturbed)).toHaveLength(2);
  });
  afterEach(async () => {
    for (const child of running) child.kill("SIGKILL");
    await (await openRedis(redis.address)).flushall();
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits until Redis holds a run that is under way. */
  const keepsRun = async (): Promise<void> => {
    const connection = await openRedis(redis.address);
    while ((await connection.keys("tsgan:run:*")).length === 0) await sleep(20);
    connection.disconnect();
  };
  const worker = (...more: string[]): Running =>
    tsgan("worker", "--redis", redis.address, "--workers", "2", "--patience", "3", ...more);
  const run = (out: string, ...more: string[]): Running =>
    tsgan("run", "study.yaml", "--out", out, "--redis", redis.address, "--json", ...more);

  it("has the records of a local one, byte for byte, though worker, coordinator and Redis are killed", async () => {
    const [first, coordinator] = [worker(), run("killed")];
    await keepsRun();
    first.child.kill("SIGKILL");
    const second = worker();
    await redis.restart();
    await prints(second, "goes on from its checkpoint");
    coordinator.child.kill("SIGKILL");
    await coordinator.ended;
    expect(await run("killed", "--resume").ended).toMatchObject({ code: 0 });
    expect(records("killed")).toEqual(undisturbed);
    // Nothing is left in Redis but the counters of its queue.
    const connection = await openRedis(redis.address);
    const left = await connection.keys("*");
    connection.disconnect();
    expect(left.filter((key) => !/:(meta|events|id|stalled-check)$/.test(key))).toEqual([]);
  });

  it("gets the trials back at once from a worker that is told to end, and another goes on with them", async () => {
    const [first, coordinator] = [worker("--limit", "1"), run("handed-over")];
    await keepsRun();
    first.child.kill("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(first.output()).toContain(": given back");
    const second = worker();
    expect(await coordinator.ended).toMatchObject({ code: 0 });
    expect(second.output()).toContain(": goes on from its checkpoint");
    expect(records("handed-over")).toEqual(undisturbed);
  });

  it("trains a run that is too large for Redis from its beginning again", async () => {
    const [first, coordinator] = [worker("--limit", "0.001"), run("too-large")];
    await keepsRun();
    first.child.kill("SIGTERM");
    await first.ended;
    expect(first.output()).toContain(
      "its run is larger than 0.001 MiB; Redis keeps it without its checkpoint",
    );
    worker();
    expect(await coordinator.ended).toMatchObject({ code: 0 });
    expect(records("too-large")).toEqual(undisturbed);
  });

  it("refuses a worker of another version", async () => {
    const connection = await openRedis(redis.address);
    await connection.hset("tsgan:studies", "0123", JSON.stringify({ name: "theirs", version: "99.0.0" }));
    connection.disconnect();
    const { code, stderr } = await worker().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: study worker: theirs needs tsgan 99\.0\.0; this is .*; install that version here\n$/,
    );
  });

  it("is trained by workers with the files that it began with, and by no others", async () => {
    const own = (constant: number): void =>
      writeFileSync(
        file("own.ts"),
        `import { add, mean, neg } from "tsgan/graph";
import { defineLoss } from "tsgan/losses";
export const own = defineLoss({
  name: "own-loss",
  title: "a Wasserstein loss that is off by a constant",
  scores: "unbounded",
  options: {},
  create: () => ({
    discriminator: (real, fake) => add(mean(fake), neg(mean(real)), ${constant}),
    generator: (_real, fake) => neg(mean(fake)),
  }),
});`,
      );
    own(1);
    writeFileSync(
      file("own.yaml"),
      STUDY.replace("hinge: { config: { loss: hinge }", "own: { config: { loss: own-loss }").replace(
        /5000|2500|250/g,
        "100",
      ),
    );
    const started = tsgan(
      ...["run", "own.yaml", "--use", "own.ts", "--out", "own"],
      ...["--redis", redis.address, "--json"],
    );
    await prints(started, '"start"');
    const connection = await openRedis(redis.address);
    while ((await connection.exists("tsgan:studies")) === 0) await sleep(20);
    connection.disconnect();
    expect(await worker().ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^error: study worker: redis needs --use own\.ts \(sha256 [0-9a-f]{12} …\); start the worker with the files of the study\n$/,
      ),
    });
    own(2);
    expect((await worker("--use", "own.ts").ended).stderr).toContain(
      "redis needs --use own.ts as it was there (sha256",
    );
    // What it would have trained otherwise is still there.
    expect(existsSync(file("own", "trials"))).toBe(true);
    expect(readdirSync(file("own", "trials"))).toEqual([]);
    own(1);
    worker("--use", "own.ts");
    expect(await started.ended).toMatchObject({ code: 0, stderr: "" });
    const all = Object.values(records("own")).map((text) => JSON.parse(text).status);
    expect(all).toEqual(["finished", "finished"]);
    const [id] = Object.keys(records("own"));
    expect(JSON.parse(readFileSync(file("own", "trials", id, "config.json"), "utf8")).uses).toEqual(
      JSON.parse(readFileSync(file("own", "study.json"), "utf8")).uses,
    );
  });

  it("ends in one line without a Redis that can be used, before anything is written", async () => {
    const locked = await startRedisServer(["--requirepass", "secret"]);
    const port = new URL(locked.address).port;
    for (const [address, code, reason] of [
      ["redis://127.0.0.1:1", 1, "nothing listens there; start Redis or correct the address"],
      [
        locked.address,
        1,
        "it wants a password; write it into the address, as in redis://:PASSWORD@HOST:6379",
      ],
      [`redis://:wrong@127.0.0.1:${port}`, 1, "it does not accept the user name and password of the address"],
      ["localhost", 2, "--redis: expected an address such as redis://HOST:6379; got localhost"],
    ] as const) {
      const ended = await tsgan("run", "study.yaml", "--out", "nowhere", "--redis", address).ended;
      expect(ended.code).toBe(code);
      expect(ended.stderr).toMatch(/^error: .*\n$/);
      expect(ended.stderr).toContain(reason);
      expect(ended.stderr).not.toContain("wrong");
      expect(existsSync(file("nowhere"))).toBe(false);
    }
    await locked.stop();
  });
});

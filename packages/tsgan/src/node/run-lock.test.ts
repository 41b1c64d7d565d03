import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { lockHolder, lockRun, stoppableHolder } from "./run-lock.ts";

let run: string;
let lock: string;
beforeEach(() => {
  run = join(mkdtempSync(join(tmpdir(), "tsgan-lock-")), "run");
  lock = join(run, ".lock");
});
afterEach(() => rmSync(join(run, ".."), { recursive: true, force: true }));

const isLinux = existsSync("/proc/self/stat");

it("makes the folder, keeps others out, and lets them in again", () => {
  const unlock = lockRun(run);
  expect(() => lockRun(run)).toThrow(RunError);
  expect(() => lockRun(run)).toThrow(
    `${run}: process ${process.pid} is training this run; wait for it or stop it`,
  );
  unlock();
  expect(readdirSync(run)).toEqual([]);
  lockRun(run)();
});

it("names the living process that holds a lock, and no other", () => {
  expect(lockHolder(run)).toBeUndefined();
  const unlock = lockRun(run);
  expect(lockHolder(run)).toBe(process.pid);
  unlock();
  expect(lockHolder(run)).toBeUndefined();
});

it("gives back its own lock only", () => {
  const unlock = lockRun(run);
  writeFileSync(lock, "1 1");
  unlock();
  expect(readFileSync(lock, "utf8")).toBe("1 1");
});

it("says what is in the way where the folder is a file", () => {
  writeFileSync(run, "");
  expect(() => lockRun(run)).toThrow(RunError);
});

describe("a lock that was left", () => {
  const longAgo = new Date(Date.now() - 60_000);

  it("is taken over where its process is dead, or died before it wrote its number", () => {
    mkdirSync(run);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const left of [`${pid} 123`, "", "neither number nor nothing"]) {
      writeFileSync(lock, left);
      utimesSync(lock, longAgo, longAgo);
      const unlock = lockRun(run);
      expect(readFileSync(lock, "utf8")).toMatch(new RegExp(`^${process.pid} \\d* \\d+:\\d+$`));
      unlock();
      expect(readdirSync(run)).toEqual([]);
    }
  });

  it("is taken over with what those left behind who died while they took it over", () => {
    lockRun(run);
    const own = readFileSync(lock, "utf8");
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(lock, `${pid} 1`);
    // As the first look names it.
    const found = spawnSync("stat", ["-c", "%i", lock], { encoding: "utf8" }).stdout.trim();
    writeFileSync(join(run, `.lock.${Number(found).toString(36)}-other`), `${pid} 1`);
    lockRun(run);
    expect(readFileSync(lock, "utf8")).toBe(own);
    expect(readdirSync(run)).toEqual([".lock"]);
  });

  it.runIf(isLinux)("is taken over from a dead process whose number another one has now", () => {
    const unlock = lockRun(run);
    writeFileSync(lock, `${process.pid} 1`);
    lockRun(run)();
    unlock();
  });

  it("is held while a process may be about to write into it", () => {
    mkdirSync(run);
    writeFileSync(lock, "");
    expect(() => lockRun(run)).toThrow(
      `${run}: another process is about to begin training this run; try again in 10 s`,
    );
  });

  it.runIf(isLinux)(
    "without content is held for as long as a process has it open, however long",
    async () => {
      mkdirSync(run);
      const opens = `require("fs").openSync(${JSON.stringify(lock)}, "wx"); console.log("open"); setTimeout(() => {}, 60000)`;
      const child = spawn(process.execPath, ["-e", opens]);
      try {
        await new Promise((resolve) => child.stdout.once("data", resolve));
        utimesSync(lock, longAgo, longAgo);
        expect(() => lockRun(run)).toThrow(RunError);
      } finally {
        child.kill();
        await new Promise((resolve) => child.once("exit", resolve));
      }
      lockRun(run)();
    },
  );
});

it("respects a process of another program", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
  try {
    lockRun(run);
    const [, own] = readFileSync(lock, "utf8").split(" ");
    const stat = existsSync("/proc") ? readFileSync(`/proc/${child.pid}/stat`, "utf8") : undefined;
    writeFileSync(lock, `${child.pid} ${stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? own}`);
    expect(() => lockRun(run)).toThrow(`process ${child.pid} is training this run`);
  } finally {
    child.kill();
  }
});

it("belongs to the folder: it goes with it when that is moved, and not into a copy", () => {
  const unlock = lockRun(run);
  const [copy, moved] = [join(run, "../copy"), join(run, "../moved")];
  cpSync(run, copy, { recursive: true });
  expect(existsSync(join(copy, ".lock"))).toBe(true);
  expect(lockHolder(copy)).toBeUndefined();
  expect(stoppableHolder(copy)).toBeUndefined();
  lockRun(copy)();
  expect(lockHolder(run)).toBe(process.pid);
  if (isLinux) expect(stoppableHolder(run)).toBe(process.pid);
  renameSync(run, moved);
  expect(lockHolder(moved)).toBe(process.pid);
  unlock();
});

it.runIf(isLinux && process.getuid?.() === 0)(
  "does not let the lock that another user wrote stop a process (where the test may say who wrote it)",
  async () => {
    lockRun(run);
    const { chownSync } = await import("node:fs");
    chownSync(lock, 65534, 65534);
    expect(lockHolder(run)).toBe(process.pid);
    expect(stoppableHolder(run)).toBeUndefined();
  },
);

describe.runIf(isLinux)("something else under the lock's name", () => {
  const makers: Record<string, () => void> = {
    "a pipe": () => spawnSync("mkfifo", [lock]),
    "a link": () => symlinkSync("/dev/zero", lock),
    "a folder": () => mkdirSync(lock),
    "one of 1000 bytes": () => writeFileSync(lock, "1".repeat(1000)),
  };
  it.each(Object.keys(makers))("%s is named, and neither waited for nor read", (kind) => {
    mkdirSync(run);
    makers[kind]();
    for (const ask of [lockRun, lockHolder, stoppableHolder]) {
      expect(() => ask(run)).toThrow(`${lock}: expected a lock that tsgan wrote; got ${kind}; remove it`);
    }
  });
});

it("has one owner, whenever processes reach for what a dead one left", { timeout: 120_000 }, async () => {
  mkdirSync(run);
  const source = fileURLToPath(new URL("./run-lock.ts", import.meta.url));
  const script = join(run, "../reach.ts");
  // All look at a clock that they share, take the lock at the same moment, and hold it until all have tried.
  writeFileSync(
    script,
    `
    import { lockRun } from ${JSON.stringify(source)};
    process.on("message", ({ folder, at }) => {
      while (performance.timeOrigin + performance.now() < at);
      let unlock;
      try {
        unlock = lockRun(folder);
      } catch (error) {
        if (!/is training this run|is about to begin/.test(error.message)) throw error;
      }
      process.send({ owns: unlock !== undefined });
      process.once("message", () => {});
    });
    process.send("ready");
    `,
  );
  const program = join(run, "../reach.mjs");
  buildSync({ entryPoints: [script], outfile: program, bundle: true, platform: "node", format: "esm" });
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const heard = (child: ChildProcess): Promise<unknown> =>
    new Promise((resolve) => child.once("message", resolve));
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [program], { stdio: ["ignore", "ignore", "inherit", "ipc"] }),
  );
  try {
    await Promise.all(children.map(heard));
    for (let round = 0; round < 100; round++) {
      const folder = join(run, String(round));
      mkdirSync(folder);
      writeFileSync(join(folder, ".lock"), `${pid} 1`);
      const answers = children.map(heard);
      for (const child of children) child.send({ folder, at: Date.now() + 20 });
      const owners = (await Promise.all(answers)).filter((answer) => (answer as { owns: boolean }).owns);
      expect(owners).toHaveLength(1);
    }
  } finally {
    for (const child of children) child.kill();
  }
});

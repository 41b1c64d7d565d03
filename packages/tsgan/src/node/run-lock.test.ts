import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { lockRun, trainingProcess } from "./run-lock.ts";

let run: string;
let lock: string;
beforeEach(() => {
  run = join(mkdtempSync(join(tmpdir(), "tsgan-lock-")), "run");
  lock = join(run, ".lock");
});
afterEach(() => rmSync(join(run, ".."), { recursive: true, force: true }));

it("makes the folder, keeps others out, and lets them in again", () => {
  const unlock = lockRun(run);
  expect(() => lockRun(run)).toThrow(RunError);
  expect(() => lockRun(run)).toThrow(
    `${run}: process ${process.pid} is training this run; wait for it or stop it`,
  );
  unlock();
  expect(existsSync(lock)).toBe(false);
  lockRun(run)();
});

it("names the living process that holds a lock, and no other", () => {
  expect(trainingProcess(run)).toBeUndefined();
  const unlock = lockRun(run);
  expect(trainingProcess(run)).toBe(process.pid);
  unlock();
  expect(trainingProcess(run)).toBeUndefined();
});

it("takes over from a process that is dead, or that died before it wrote its number", () => {
  mkdirSync(run);
  const { pid } = spawnSync(process.execPath, ["--version"]);
  for (const left of [`${pid} 123`, ""]) {
    writeFileSync(lock, left);
    const unlock = lockRun(run);
    expect(readFileSync(lock, "utf8")).toMatch(new RegExp(`^${process.pid} `));
    unlock();
  }
});

it.runIf(existsSync("/proc/self/stat"))(
  "takes over from a dead process whose number another one has now",
  () => {
    const unlock = lockRun(run);
    writeFileSync(lock, `${process.pid} 1`);
    lockRun(run)();
    unlock();
  },
);

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

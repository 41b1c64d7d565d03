import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeScratch } from "./scratch.ts";

let parent: string;
const before = process.env.TMPDIR;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "scratch-test-"));
  process.env.TMPDIR = parent;
});
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(parent, { recursive: true, force: true });
});

it("is a folder of its own that goes when it is no longer needed", () => {
  const [one, other] = [makeScratch("study"), makeScratch("study")];
  expect(one.path).not.toBe(other.path);
  writeFileSync(join(one.path, "file"), "");
  one.remove();
  expect(existsSync(one.path)).toBe(false);
  expect(existsSync(other.path)).toBe(true);
  other.remove();
  expect(readdirSync(parent)).toEqual([]);
});

it("takes those away that killed processes of this machine left, and no others", () => {
  const longAgo = new Date(Date.now() - 600_000);
  const host = hostname().replace(/[^\w.]+/g, "_");
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const left = (name: string, lock?: string): void => {
    mkdirSync(join(parent, name));
    if (lock !== undefined) writeFileSync(join(parent, name, ".lock"), lock);
    utimesSync(join(parent, name), longAgo, longAgo);
  };
  left(`tsgan-study-${host}-killed`, `${pid} 1`);
  left(`tsgan-study-${host}-before-its-lock`);
  left("tsgan-study-another.host-killed", `${pid} 1`);
  left(`tsgan-studio-${host}-killed`, `${pid} 1`);
  mkdirSync(join(parent, `tsgan-study-${host}-just-begun`));
  const live = makeScratch("study");
  utimesSync(live.path, longAgo, longAgo);
  makeScratch("study").remove();
  expect(
    readdirSync(parent)
      .map((name) => name.replace(host, "HOST"))
      .sort(),
  ).toEqual(
    [
      live.path.slice(parent.length + 1).replace(host, "HOST"),
      "tsgan-studio-HOST-killed",
      "tsgan-study-HOST-just-begun",
      "tsgan-study-another.host-killed",
    ].sort(),
  );
});

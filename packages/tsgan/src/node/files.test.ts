import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import {
  beginFile,
  fileError,
  fileIn,
  insideOf,
  makeFolder,
  readBytes,
  readJson,
  readText,
  sweepTemporaries,
  writeFileAtomic,
} from "./files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failure = (code: string) => Object.assign(new Error(`${code}: as the system puts it`), { code });

describe("writeFileAtomic", () => {
  it("writes text and bytes, makes folders, and leaves no temporary file", () => {
    writeFileAtomic(join(folder, "a", "b", "text"), "grün");
    writeFileAtomic(join(folder, "a", "b", "bytes"), Uint8Array.of(1, 2, 255));
    expect(readText(join(folder, "a", "b", "text"))).toBe("grün");
    expect([...readBytes(join(folder, "a", "b", "bytes"))]).toEqual([1, 2, 255]);
    expect(readdirSync(join(folder, "a", "b")).sort()).toEqual(["bytes", "text"]);
  });

  it("keeps the old content and no temporary file when it fails", () => {
    const path = join(folder, "file");
    writeFileAtomic(path, "old");
    // What writeFileSync does when it is handed something that it cannot write.
    expect(() => writeFileAtomic(path, 5 as unknown as string)).toThrow(`cannot write ${path}: `);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("is not stopped by what a killed process of the same number left", () => {
    for (let n = 0; n < 100; n++) writeFileSync(join(folder, `.file.${process.pid}-${n}.tmp`), "half");
    writeFileAtomic(join(folder, "file"), "whole");
    expect(readText(join(folder, "file"))).toBe("whole");
  });

  it("says what is in the way where a folder is a file", () => {
    writeFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "below");
    expect(() => writeFileAtomic(path, "x")).toThrow(RunError);
    const way = `cannot create ${join(folder, "file")}: it is a file, not a folder`;
    expect(() => writeFileAtomic(path, "x")).toThrow(way);
  });
});

describe("makeFolder", () => {
  it("makes those above, too, and leaves what is there as it is", () => {
    const path = join(folder, "a", "b", "c");
    makeFolder(path);
    writeFileSync(join(path, "file"), "x");
    makeFolder(path);
    expect(readdirSync(path)).toEqual(["file"]);
  });

  // In such places mkdir with `recursive` never returns.
  it.runIf(existsSync("/proc/self"))("ends where a folder that is there takes no names", () => {
    expect(() => makeFolder("/proc/tsgan/run")).toThrow(
      "cannot create /proc/tsgan/run: there is no such file or folder (ENOENT)",
    );
  });

  it("says what is in the way", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => makeFolder(join(folder, "file", "a", "b"))).toThrow(
      `cannot create ${join(folder, "file")}: it is a file, not a folder`,
    );
  });
});

describe("beginFile", () => {
  it("shows nothing under the file's name before commit, and everything after", () => {
    const path = join(folder, "file");
    const file = beginFile(path);
    writeSync(file.handle, "one ");
    writeSync(file.handle, "two");
    expect(existsSync(path)).toBe(false);
    file.commit();
    file.abandon();
    expect(readFileSync(path, "utf8")).toBe("one two");
  });

  it("leaves nothing when abandoned", () => {
    const file = beginFile(join(folder, "file"));
    writeSync(file.handle, "half");
    file.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves nothing when the file cannot get its name", () => {
    const file = beginFile(join(folder, "taken"));
    writeFileAtomic(join(folder, "taken", "inside"), "");
    expect(() => file.commit()).toThrow();
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  it("lets what a killed process left be swept, and nothing else", () => {
    const file = beginFile(join(folder, "file"));
    closeSync(file.handle);
    writeFileSync(join(folder, ".hidden.tmp"), "");
    expect(readdirSync(folder)).toHaveLength(2);
    sweepTemporaries(folder);
    expect(readdirSync(folder)).toEqual([".hidden.tmp"]);
  });
});

describe("fileError", () => {
  it.each([
    ["ENOSPC", "cannot write a/b: the disk is full; free some space and try again (ENOSPC)"],
    ["EACCES", "cannot write a/b: permission denied; check who owns it (EACCES)"],
    ["EROFS", "cannot write a/b: the file system is read-only; choose another folder (EROFS)"],
    ["EWEIRD", "cannot write a/b: EWEIRD: as the system puts it"],
  ])("puts %s in words", (code, message) => {
    expect(fileError("write", "a/b", failure(code)).message).toBe(message);
  });

  it("passes on a message that is readable already", () => {
    const error = new RunError("x: is damaged");
    expect(fileError("read", "y", error)).toBe(error);
  });

  it.runIf(existsSync("/dev/full"))("recognises a full disk (where the system has /dev/full)", () => {
    const handle = openSync("/dev/full", "w");
    let caught: unknown;
    try {
      writeSync(handle, "x");
    } catch (error) {
      caught = error;
    } finally {
      closeSync(handle);
    }
    expect(fileError("write", "f", caught).message).toContain("the disk is full");
  });
});

describe("reading", () => {
  it("says that a file does not exist", () => {
    const path = join(folder, "none");
    expect(() => readText(path)).toThrow(`cannot read ${path}: there is no such file or folder (ENOENT)`);
    expect(() => readJson(path)).toThrow(RunError);
  });

  it("says that a folder is not a file", () => {
    expect(() => readBytes(folder)).toThrow(`cannot read ${folder}: it is a folder, not a file (EISDIR)`);
  });

  it.runIf(process.platform !== "win32")("neither opens nor waits for what is no regular file", () => {
    const pipe = join(folder, "pipe");
    spawnSync("mkfifo", [pipe]);
    symlinkSync("/dev/zero", join(folder, "device"));
    symlinkSync("loop", join(folder, "loop"));
    expect(() => readBytes(pipe)).toThrow(
      `cannot read ${pipe}: expected a file; got a pipe; save what it gives as a file, and name that`,
    );
    expect(() => readJson(join(folder, "device"))).toThrow("expected a file; got a device; save");
    expect(() => readText(join(folder, "loop"))).toThrow("its links lead to each other (ELOOP)");
  });

  it("asks for no memory for a file that is larger than it may be", () => {
    const path = join(folder, "large");
    writeFileSync(path, "");
    truncateSync(path, 2 ** 40);
    expect(() => readBytes(path)).toThrow(
      `cannot read ${path}: expected at most 2147483647 bytes; it has 1099511627776`,
    );
    expect(() => readJson(path)).toThrow("expected at most 67108864 bytes");
    expect(() => readText(path, 10)).toThrow(RunError);
  });

  it("does not follow links out of a folder, and those inside it", () => {
    const inner = join(folder, "inner");
    mkdirSync(join(inner, "a"), { recursive: true });
    writeFileSync(join(folder, "secret"), "secret");
    writeFileSync(join(inner, "a", "file"), "inside");
    symlinkSync(join(folder, "secret"), join(inner, "out"));
    symlinkSync("..", join(inner, "up"));
    symlinkSync(join("a", "file"), join(inner, "in"));
    symlinkSync(inner, join(folder, "link"));
    expect(readText(fileIn(inner, "in"))).toBe("inside");
    expect(readText(fileIn(join(folder, "link"), "in"))).toBe("inside");
    expect(insideOf(inner, "a/file")).toBe(join(inner, "a", "file"));
    for (const path of ["out", "up/secret", "../secret", "."]) {
      expect(insideOf(inner, path)).toBeUndefined();
      expect(() => fileIn(inner, path)).toThrow(`it leads out of ${inner}`);
    }
    expect(() => fileIn(inner, "none")).toThrow("there is no such file or folder (ENOENT)");
  });

  it.runIf(process.getuid?.() !== 0)("says that permission is denied (root may read everything)", () => {
    const path = join(folder, "secret");
    writeFileSync(path, "");
    chmodSync(path, 0);
    expect(() => readText(path)).toThrow("permission denied");
  });

  it("names the file whose JSON is broken", () => {
    const path = join(folder, "a.json");
    writeFileSync(path, '{"a": 1,}');
    expect(() => readJson(path)).toThrow(`${path}: expected JSON; `);
    writeFileSync(path, " \n");
    expect(() => readJson(path)).toThrow(`${path}: expected JSON; the file is empty`);
    writeFileSync(path, '{"a": [1, null]}');
    expect(readJson(path)).toEqual({ a: [1, null] });
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "tsgan";
import { afterAll, beforeAll, expect, it } from "vitest";
import { useFiles } from "./use.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-use-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.runIf(process.platform !== "win32")("neither waits for nor reads what is no file", async () => {
  spawnSync("mkfifo", [join(folder, "pipe.ts")]);
  symlinkSync("/dev/zero", join(folder, "device.ts"));
  mkdirSync(join(folder, "folder.ts"));
  for (const [name, reason] of [
    ["pipe.ts", "expected a file; got a pipe"],
    ["device.ts", "expected a file; got a device"],
    ["folder.ts", "it is a folder, not a file"],
    ["none.ts", "there is no such file"],
  ]) {
    const file = join(folder, name);
    await expect(useFiles([file])).rejects.toThrow(UsageError);
    await expect(useFiles([file])).rejects.toThrow(`--use ${file}: ${reason}`);
  }
});

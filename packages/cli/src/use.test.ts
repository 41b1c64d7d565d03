import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

it("says in which line a file is no program, and which word of a definition is none", async () => {
  const syntax = join(folder, "syntax.ts");
  writeFileSync(syntax, "export const a = 1;\nconst b: = 2;\n");
  await expect(useFiles([syntax])).rejects.toThrow(
    `--use ${syntax}: it cannot be loaded: line 2: ParseError`,
  );
  const loss = join(folder, "loss.ts");
  writeFileSync(
    loss,
    'import { defineLoss } from "tsgan/losses";\nexport const own = defineLoss({ name: "own", scores: "unbouded", options: {} });\n',
  );
  await expect(useFiles([loss])).rejects.toThrow(
    `--use ${loss}: loss own: unknown kind of scores "unbouded"; did you mean "unbounded"?`,
  );
});

/** The command as a shell runs it. Needs the build (`npx tsc -b`). */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const bin = fileURLToPath(new URL("../bin/tsgan.js", import.meta.url));

it.runIf(existsSync("/bin/bash"))("ends without a word when its reader has seen enough", () => {
  for (const [args, reader] of [
    ["losses", "head -1"],
    ["losses", "true"],
    ["train --recipe help", "head -1"],
    ["losses --json", "head -c 10"],
  ]) {
    const command = `"$0" "${bin}" ${args} | ${reader} > /dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("/bin/bash", ["-c", command, process.execPath], {
      encoding: "utf8",
    });
    expect([stdout, stderr]).toEqual(["0\n", ""]);
  }
});

it.runIf(existsSync("/dev/full"))("says in a line where what it prints to takes no more", () => {
  for (const args of ["losses", "losses --json", "train ring --print-config"]) {
    const { status, stderr } = spawnSync(
      "/bin/bash",
      ["-c", `"$0" "${bin}" ${args} > /dev/full`, process.execPath],
      { encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([
      1,
      "error: cannot write to standard output: the disk is full; free some space and try again (ENOSPC)\n",
    ]);
  }
});

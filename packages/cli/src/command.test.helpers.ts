/** The built command as people run it, in a folder of a test. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/tsgan.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a folder, with its cache there. `onLine` sees each line of its output as it comes. */
export const runIn = (
  folder: string,
  args: readonly string[],
  onStart: (child: ChildProcess) => void = () => {},
  onLine: (line: string, child: ChildProcess) => void = () => {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, TSGAN_CACHE: join(folder, "cache"), NO_COLOR: "1" };
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env });
    let [stdout, stderr, rest] = ["", "", ""];
    child.stdout.on("data", (data) => {
      stdout += data;
      const lines = `${rest}${data}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line, child);
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    onStart(child);
  });

/** All that a run leaves but its report, which tells the time: paths within its folder, and bytes. */
export const contentsOf = (run: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(run, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "report.html")
      .map((entry): [string, string] => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(run.length), readFileSync(path).toString("base64")];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

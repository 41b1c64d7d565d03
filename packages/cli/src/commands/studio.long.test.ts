/** The command as people run it. Needs the build (`npm run build:web`). */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/tsgan.js", import.meta.url));

let folder: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-studio-cli-"));
});
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tsgan studio`; `onAddress` is given the address that it prints. */
const studio = (
  args: readonly string[],
  onAddress: (url: string, child: ChildProcess) => unknown = () => {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, "studio", ...args], { cwd: folder });
    started.push(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      const before = stdout;
      stdout += data;
      const [, url] = /studio: (\S+)\n[\s\S]*\n/.exec(stdout) ?? [];
      if (url !== undefined && !/studio: (\S+)\n[\s\S]*\n/.test(before)) onAddress(url, child);
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });

it("serves the page on this machine alone, until Ctrl-C", async () => {
  let page = "";
  let runs: unknown;
  const { code, stdout, stderr } = await studio(["--runs", "mine", "--port", "0"], async (url, child) => {
    page = await (await fetch(url)).text();
    runs = await (await fetch(`${url}api/runs`)).json();
    // A page that listens does not keep it from ending.
    const listening = await fetch(`${url}api/events`);
    child.kill("SIGINT");
    expect(listening.status).toBe(200);
  });
  expect(stdout).toMatch(/^studio: http:\/\/127\.0\.0\.1:\d+\/\nruns: {3}\S+mine\n$/);
  expect(page).toContain("<title>tsgan studio</title>");
  expect(runs).toMatchObject({ total: 0 });
  expect([code, stderr]).toEqual([0, ""]);
});

it("warns where it is opened to a network", async () => {
  const { stderr } = await studio(["--host", "0.0.0.0", "--port", "0"], (_, child) => child.kill("SIGINT"));
  expect(stderr).toMatch(
    /^warning: whoever reaches port \d+ of 0\.0\.0\.0 can read these runs, and start and stop training\n$/,
  );
});

it("says in a line what is wrong", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  mkdirSync(join(folder, "run"));
  writeFileSync(join(folder, "run/config.json"), "{}");
  expect(await studio(["--port", String(port)])).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: port ${port} is taken; choose another --port, or leave it out\n`,
  });
  taken.close();
  expect(await studio(["--runs", "run"])).toMatchObject({
    code: 2,
    stderr:
      "error: --runs: expected a folder that holds runs; run is a run itself; give the folder above it\n",
  });
  const { code, stderr } = await studio(["--host", "no.such.host.invalid"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: cannot listen on no\.such\.host\.invalid: .*\n$/);
});

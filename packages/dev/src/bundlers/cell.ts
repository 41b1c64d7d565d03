/** One template in a clean folder: installed, built, served, and ten steps in a browser. */
import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { folder as filesOf, LEARNT, serve, trainAt } from "tsgan/testing";
import { run } from "../install/run.ts";
import type { Template, Way } from "./templates.ts";

/** The command that a template names, of the packages in its folder. */
const commandOf = (project: string, [name, ...args]: readonly string[]): readonly string[] =>
  name === "node" ? [process.execPath, ...args] : [join(project, "node_modules/.bin", name), ...args];

/** Copies a template, and installs it with the tarball of tsgan. */
export const installTemplate = async (
  { folder, packages, changes = [] }: Template,
  {
    examples,
    project,
    tarball,
    npm,
  }: Record<"examples" | "project" | "tarball", string> & { npm: readonly string[] },
): Promise<void> => {
  cpSync(join(examples, folder), project, { recursive: true });
  for (const [file, text, other] of changes) {
    const path = join(project, file);
    const before = readFileSync(path, "utf8");
    if (!before.includes(text)) throw new Error(`${file} does not hold ${text}`);
    writeFileSync(path, before.replace(text, other));
  }
  const manifest = join(project, "package.json");
  const { devDependencies, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
  // Those of the page are of several bundlers: only the one that is tried is installed.
  const kept = packages.length === 0 ? { devDependencies } : {};
  writeFileSync(manifest, JSON.stringify({ ...rest, ...kept }));
  await run(
    [
      ...npm,
      "install",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--prefer-offline",
      tarball,
      ...packages,
    ],
    {
      cwd: project,
      env: { HOME: project },
    },
  );
};

/** A server that a command starts, once it has named its address. */
const startServer = (
  project: string,
  command: readonly string[],
): Promise<{ url: string; close(): Promise<void> }> => {
  const [file, ...args] = commandOf(project, command);
  const child = spawn(file, args, { cwd: project, detached: true, env: { ...process.env, NO_COLOR: "1" } });
  let output = "";
  const close = async (): Promise<void> => {
    // Its own children go with it.
    const ended = new Promise<void>((done) => child.on("close", () => done()));
    if (child.pid === undefined || child.exitCode !== null) return;
    process.kill(-child.pid);
    await ended;
  };
  return new Promise((resolve, reject) => {
    const listen = (text: Buffer): void => {
      output += text;
      const [url] = /http:\/\/(?:127\.0\.0\.1|localhost):\d+\/?/.exec(output) ?? [];
      if (url !== undefined) resolve({ url: url.endsWith("/") ? url : `${url}/`, close });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`${command.join(" ")}: exit code ${code}\n${output.slice(-2000)}`)),
    );
  });
};

/** Builds and serves in one way; what the page says. */
export const tryWay = async (
  project: string,
  { build = [], site }: Way,
  browser: Browser,
): Promise<string> => {
  for (const name of ["dist", "build", ".next"])
    rmSync(join(project, name), { recursive: true, force: true });
  for (const command of build)
    await run(commandOf(project, command), { cwd: project, env: { HOME: project } });
  const server =
    typeof site === "string" ? await serve(filesOf(join(project, site))) : await startServer(project, site);
  try {
    const said = await trainAt(browser, server.url);
    if (!LEARNT.test(said)) throw new Error(said);
    return said;
  } finally {
    await server.close();
  }
};

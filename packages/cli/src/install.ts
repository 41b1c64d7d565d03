/** Installing a package of data where somebody wants it: asked for on a terminal, or told by a flag; never of itself. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { RunError } from "tsgan";
import { type Failure, packageFolder } from "tsgan/node";
import { plain } from "./text.ts";

/** What package managers leave in a project, and the command that adds a package. */
const MANAGERS: readonly (readonly [file: string, ...command: string[]])[] = [
  ["pnpm-lock.yaml", "pnpm", "add"],
  ["yarn.lock", "yarn", "add"],
  ["bun.lock", "bun", "add"],
  ["bun.lockb", "bun", "add"],
  ["package-lock.json", "npm", "install"],
];

/** What npm calls a package. */
const NAME = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/;

/** The command that adds packages to the project of a folder: its own package manager's; npm's where it has none. */
export const installCommand = (folder: string, packages: readonly string[]): readonly string[] => {
  for (let place = folder; ; place = dirname(place)) {
    const found = MANAGERS.find(([file]) => existsSync(join(place, file)));
    if (found !== undefined) return [...found.slice(1), ...packages];
    if (dirname(place) === place) return ["npm", "install", ...packages];
  }
};

/**
 * Installs packages for the current folder, without their scripts: data needs none. What the package manager says goes to stderr.
 *
 * @throws RunError where it fails
 */
export const installPackages = async (packages: readonly string[]): Promise<void> => {
  const wrong = packages.find((name) => !NAME.test(name));
  if (wrong !== undefined) throw new RunError(`install: expected names of packages; got ${plain(wrong)}`);
  const [manager, ...args] = installCommand(process.cwd(), packages);
  const text = [manager, ...args].join(" ");
  process.stderr.write(`${text}\n`);
  const child = spawn(manager, args, {
    stdio: ["ignore", 2, 2],
    // On Windows package managers are scripts, which only a shell starts.
    shell: process.platform === "win32",
    env: { ...process.env, npm_config_ignore_scripts: "true", YARN_ENABLE_SCRIPTS: "false" },
  });
  const code = await new Promise<number | string>((resolve) => {
    child.on("error", ({ message }) => resolve(message));
    child.on("close", (code, signal) => resolve(code ?? signal ?? 1));
  });
  if (code !== 0) {
    throw new RunError(`"${text}" failed (${plain(String(code))}); what it said is above; run it yourself`);
  }
  for (const name of packages) packageFolder(name, `"${text}" ended well, but this folder still`);
};

/** Whether there is somebody to ask. */
const mayAsk = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env.CI;

const ask = (question: string): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    // Ctrl-C and the end of the input answer no.
    lines.on("close", () => resolve(false));
    lines.question(question, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      lines.close();
    });
  });
};

/**
 * Installs what a command failed for, where that is a package that is missing and it is wanted.
 *
 * @param failure what the command failed with
 * @param isTold whether a flag says so; without one somebody is asked, on a terminal only
 * @returns whether it is there now
 * @throws RunError where it cannot be installed
 */
export const installMissing = async (
  { message, package: name }: Failure,
  isTold = false,
): Promise<boolean> => {
  if (name === undefined) return false;
  if (!isTold) {
    if (!mayAsk()) return false;
    const command = installCommand(process.cwd(), [name]).join(" ");
    const [what] = message.split(": npm install");
    if (
      !(await ask(
        `${plain(what)}, which is not installed.\nRun "${command}" in ${plain(process.cwd())}? [y/N] `,
      ))
    )
      return false;
  }
  await installPackages([name]);
  return true;
};

/** The published packages as `npm publish` would send them. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { run } from "./run.ts";

/** What is published. */
export const PUBLISHED = ["tsgan", "theory", "study", "studio", "cli"] as const;

export interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** The package.json in a tarball. */
export const manifestOf = (tarball: string): Manifest =>
  JSON.parse(execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" }));

/** The npm that runs this process, as a command; the one on the path where none does. */
export const npmCommand = (): readonly string[] => {
  const cli = process.env.npm_execpath;
  return cli?.endsWith("npm-cli.js") ? [process.execPath, cli] : ["npm"];
};

/** Packs one package of a built checkout into `to`; the tarball. */
export const packOne = async (
  repository: string,
  name: string,
  npm: readonly string[],
  to: string,
): Promise<string> => {
  const cwd = join(repository, "packages", name);
  const output = await run([...npm, "pack", "--json", "--pack-destination", to], { cwd });
  return join(to, JSON.parse(output.slice(output.indexOf("[")))[0].filename);
};

/** Packs what is published of a built checkout into `to`; the tarballs. */
export const packAll = async (repository: string, npm: readonly string[], to: string): Promise<string[]> => {
  const tarballs: string[] = [];
  for (const name of PUBLISHED) tarballs.push(await packOne(repository, name, npm, to));
  return tarballs;
};

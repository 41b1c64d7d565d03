/**
 * What the workflow `release` runs: publishes the packages of a tag, in the order in which they need one another, with where and of
 * what they were built (https://docs.npmjs.com/generating-provenance-statements). A version that is there already is passed over, so that
 * a workflow that failed half-way can be run again.
 *
 *     node packages/dev/dist/release/publish.js v0.2.0
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "tsgan/testing";
import { npmCommand, PUBLISHED } from "../install/pack.ts";
import { run } from "../install/run.ts";
import { notesOf } from "./release.ts";

const read = (file: string): string => readFileSync(join(repository, file), "utf8");
const { version } = JSON.parse(read("packages/tsgan/package.json"));
const [tag] = process.argv.slice(2);
if (tag !== `v${version}`) {
  console.error(`release: expected the tag v${version}, as the packages say; got ${tag ?? "none"}`);
  process.exit(2);
}
console.log(notesOf(read("CHANGELOG.md"), version));

/** npm's own variables name the registry and who publishes. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      /^(HOME|CI|NODE_AUTH_TOKEN|NPM_|npm_config_|GITHUB_|ACTIONS_|RUNNER_)/.test(entry[0]),
  ),
);
const npm = (name: string, ...args: readonly string[]): Promise<string> =>
  run([...npmCommand(), ...args], { cwd: join(repository, "packages", name), env });

for (const folder of PUBLISHED) {
  const { name } = JSON.parse(read(`packages/${folder}/package.json`));
  const isThere = await npm(folder, "view", `${name}@${version}`, "version").catch(() => "");
  if (isThere.trim() === version) {
    console.log(`${name}@${version} is there already`);
    continue;
  }
  // npm compares it with where the workflow runs.
  const url = `repository.url=git+https://github.com/${process.env.GITHUB_REPOSITORY}.git`;
  await npm(folder, "pkg", "set", "repository.type=git", url, `repository.directory=packages/${folder}`);
  console.log(await npm(folder, "publish", "--provenance", "--access", "public"));
}

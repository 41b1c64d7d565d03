/**
 * npm run release -- patch|minor|major
 *
 * Gives all packages the next version, with what names it, and puts what was unreleased in CHANGELOG.md under it. What is left to do is
 * said at the end: look at it, commit, tag, push; the workflow `release` publishes the tag.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "tsgan/testing";
import { bumpManifest, cutChangelog, KINDS, nextVersion } from "./release.ts";

const kind = KINDS.find((each) => each === process.argv[2]);
if (kind === undefined) {
  console.error(`release: expected ${KINDS.join(", ")}; got ${process.argv[2] ?? "nothing"}`);
  process.exit(2);
}

const change = (file: string, to: (text: string) => string): void => {
  const path = join(repository, file);
  writeFileSync(path, to(readFileSync(path, "utf8")));
};

const { version: from } = JSON.parse(readFileSync(join(repository, "packages/tsgan/package.json"), "utf8"));
const to = nextVersion(from, kind);
change("CHANGELOG.md", (text) => cutChangelog(text, to, new Date().toISOString().slice(0, 10)));
for (const folder of ["packages", "examples"]) {
  for (const name of readdirSync(join(repository, folder))) {
    const file = join(folder, name, "package.json");
    if (existsSync(join(repository, file))) change(file, (text) => bumpManifest(text, from, to));
  }
}
change("examples/train.html", (text) => text.replace(`tsgan@${from}/`, `tsgan@${to}/`));
console.log(`${from} → ${to}; now:

  npm install --package-lock-only
  npm test
  git commit -am "release: ${to}" && git tag v${to} && git push --follow-tags`);

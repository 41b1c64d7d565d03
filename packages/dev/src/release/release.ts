/** What a release changes: the version of all packages, of what names it, and the changelog. */

export const KINDS = ["patch", "minor", "major"] as const;
export type Kind = (typeof KINDS)[number];

/** The version after another one (https://semver.org). @throws RangeError for what is no version */
export const nextVersion = (version: string, kind: Kind): string => {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (parts === undefined) throw new RangeError(`release: expected a version such as 1.2.3; got ${version}`);
  const place = 2 - KINDS.indexOf(kind);
  return parts.map((part, i) => (i < place ? part : i === place ? part + 1 : 0)).join(".");
};

/** The names of the packages of this repository, which have one version together. */
const OURS = /^(tsgan|@tsgan\/\w+)$/;

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const KINDS_OF_DEPENDENCIES = [
  "dependencies",
  "peerDependencies",
  "optionalDependencies",
  "devDependencies",
] as const;

/** A package.json with the next version, its own and that of the other packages; `^` stays where it is. */
export const bumpManifest = (text: string, from: string, to: string): string => {
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.version === from) manifest.version = to;
  for (const kind of KINDS_OF_DEPENDENCIES) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      if (OURS.test(name)) (manifest[kind] as Record<string, string>)[name] = range.replace(from, to);
    }
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
};

const UNRELEASED = "## Unreleased";

/**
 * The changelog with what was unreleased under a version.
 *
 * @throws RangeError where nothing is
 */
export const cutChangelog = (text: string, version: string, date: string): string => {
  const [before, after] = text.split(`${UNRELEASED}\n`);
  if (after === undefined || after.split(/^## /m)[0].trim() === "") {
    throw new RangeError(`release: expected changes under "${UNRELEASED}" in CHANGELOG.md; got none`);
  }
  return `${before}${UNRELEASED}\n\n## ${version} (${date})\n${after}`;
};

/** What a version changed, for its page. @throws RangeError where the changelog does not have it */
export const notesOf = (text: string, version: string): string => {
  const section = text.split(/^## /m).find((each) => each.startsWith(`${version} `));
  if (section === undefined)
    throw new RangeError(`release: expected ${version} in CHANGELOG.md; it is not there`);
  return section.slice(section.indexOf("\n") + 1).trim();
};

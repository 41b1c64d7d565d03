import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "tsgan/testing";
import { describe, expect, it } from "vitest";
import { PUBLISHED } from "../install/pack.ts";
import { bumpManifest, cutChangelog, nextVersion, notesOf } from "./release.ts";

const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(repository, "packages", name, "package.json"), "utf8"));

describe("a release", () => {
  it("has the next version", () => {
    expect([
      nextVersion("0.2.9", "patch"),
      nextVersion("0.2.9", "minor"),
      nextVersion("0.2.9", "major"),
    ]).toEqual(["0.2.10", "0.3.0", "1.0.0"]);
    expect(() => nextVersion("0.2", "patch")).toThrow("release: expected a version such as 1.2.3; got 0.2");
  });

  it("gives it to all packages and to what names it, and to nothing else", () => {
    const text = JSON.stringify({
      version: "0.2.0",
      dependencies: { tsgan: "^0.2.0", "@tsgan/study": "0.2.0", other: "0.2.0" },
      peerDependencies: { tsgan: "0.2.0" },
      engines: { node: ">=0.2.0" },
    });
    expect(JSON.parse(bumpManifest(text, "0.2.0", "0.3.0"))).toEqual({
      version: "0.3.0",
      dependencies: { tsgan: "^0.3.0", "@tsgan/study": "0.3.0", other: "0.2.0" },
      peerDependencies: { tsgan: "0.3.0" },
      engines: { node: ">=0.2.0" },
    });
  });

  it("puts what was unreleased under it, and is refused where nothing is", () => {
    const text = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n";
    const cut = cutChangelog(text, "0.2.0", "2026-02-01");
    expect(cut).toBe(
      "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-01)\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n",
    );
    expect(notesOf(cut, "0.2.0")).toBe("- new");
    expect(() => notesOf(cut, "0.3.0")).toThrow("it is not there");
    expect(() => cutChangelog(cut, "0.2.1", "2026-02-02")).toThrow("got none");
  });

  it("is of packages that have one version, which they name of one another, and may be published", () => {
    const { version } = manifestOf("tsgan");
    for (const name of PUBLISHED) {
      const manifest = manifestOf(name);
      expect(manifest.version, name).toBe(version);
      expect(manifest.private, name).toBeUndefined();
      const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
      const all = { ...dependencies, ...peerDependencies, ...optionalDependencies, ...devDependencies };
      for (const [other, range] of Object.entries(all)) {
        if (/^(tsgan$|@tsgan\/)/.test(other)) expect(range, `${name}: ${other}`).toBe(version);
      }
    }
  });

  it("is published by the workflow in the order in which packages need one another, with provenance", () => {
    const workflow = readFileSync(join(repository, ".github/workflows/release.yml"), "utf8");
    expect(workflow).toContain("id-token: write");
    expect(workflow).toContain("node packages/dev/dist/release/publish.js");
    for (const [i, name] of PUBLISHED.entries()) {
      const { dependencies = {} } = manifestOf(name);
      const later = PUBLISHED.slice(i).map((each) => manifestOf(each).name);
      expect(
        Object.keys(dependencies).filter((each) => later.includes(each)),
        name,
      ).toEqual([]);
    }
  });
});

/** docs/security.md names tests: they are there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "tsgan/testing";
import { expect, it } from "vitest";

const page = readFileSync(join(repository, "docs/security.md"), "utf8");
const rows = [...page.matchAll(/^\|[^|]*\| `([^`|]+\.test\.ts)`\s*\| ([^|]+?)\s*\|$/gm)].map(
  ([, file, name]) => [file, name] as const,
);

it("the page of security names tests", () => {
  expect(rows.length).toBeGreaterThan(30);
});

it.each(rows)("%s holds that it: %s", (file, name) => {
  expect(readFileSync(join(repository, "packages", file), "utf8")).toContain(name);
});

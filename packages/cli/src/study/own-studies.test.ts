import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readStudyFile } from "./study-file.ts";

const folder = fileURLToPath(new URL("../../../../studies", import.meta.url));

/** What chose the defaults: docs/effort.md names them. */
describe("the studies of the repository", () => {
  it.each(readdirSync(folder))("%s can be run", async (name) => {
    const study = await readStudyFile(join(folder, name));
    expect(Object.keys(study.models).length).toBeGreaterThan(1);
  });
});

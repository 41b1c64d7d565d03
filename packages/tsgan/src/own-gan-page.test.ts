import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ownGanPage, shownExamples } from "./testing/own-gan-page.ts";
import { repository } from "./testing/repository.ts";

it("docs/your-own-gan.md shows the programs of examples/ as they are", async () => {
  await expect(ownGanPage()).toMatchFileSnapshot("../../../docs/your-own-gan.md");
});

it("shows all of them", () => {
  const files = readdirSync(join(repository, "examples")).filter((file) => file.endsWith(".ts"));
  const shown = Object.values(shownExamples).flat();
  expect(shown.map((name) => `${name}.ts`).sort()).toEqual(files.sort());
});

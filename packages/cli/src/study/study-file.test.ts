import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paperBudgets, paperStudy, resolveStudy, type StudyDefinition } from "@tsgan/study";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { studyYaml } from "./init.ts";
import { parseStudy, readStudyFile } from "./study-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-study-file-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const definition: StudyDefinition = {
  name: "small",
  data: { ring: null },
  models: { ns: { config: { loss: "hinge" }, search: { criticSteps: { choice: [1, 5] } } } },
  budget: { steps: 100 },
  metrics: ["swd"],
};
const json = JSON.stringify(definition);

describe("a study file", () => {
  it.each([
    [
      "small.yaml",
      `
name: small
data: { ring: }
models:
  ns:
    config: { loss: hinge }
    search: { criticSteps: { choice: [1, 5] } } # as in the paper
budget: { steps: 100 }
metrics: [swd]
`,
    ],
    ["small.json", json],
    ["small.mjs", `export default ${json};`],
    ["small.ts", `const study: { name: string } = ${json};\nexport default study;`],
  ])("may be %s", async (name, text) => {
    expect(await readStudyFile(written(name, text))).toEqual(resolveStudy(definition));
  });

  it.each(paperBudgets)("that study init writes is the paper's study (%s)", async (budget) => {
    const study = paperStudy({ budget });
    expect(await readStudyFile(written(`paper-${budget}.yaml`, studyYaml(study)))).toEqual(
      resolveStudy(study),
    );
  });

  it.each<[string, object, string]>([
    ["a wrong key", { sampels: 3 }, 'my.yaml: sampels: there is no such key; did you mean "samples"?'],
    ["a missing part", { budget: undefined }, "my.yaml: budget: expected {steps: N} or {seconds: N}"],
    [
      "half a range",
      { models: { ns: { config: {}, search: { beta1: { uniform: [0] } } } } },
      "my.yaml: models.ns.search.beta1.uniform: expected two numbers, [low, high]",
    ],
    [
      "a wrong key of a configuration",
      { models: { ns: { config: { bach: 3 } } } },
      'my.yaml: models.ns.config: bach: there is no such key; did you mean "batch"?',
    ],
    [
      "what no study can be",
      { models: { ns: { config: { loss: "hing" } } } },
      'my.yaml: models.ns.config: loss: unknown loss "hing"; did you mean "hinge"?',
    ],
  ])("with %s is refused", (_, change, message) => {
    expect(() => parseStudy({ ...definition, ...change }, "my.yaml")).toThrow(message);
  });

  it.each([
    ["another kind of file", "small.toml", "", /small\.toml: expected a study file, \.yaml, \.yml/],
    ["no YAML", "broken.yaml", "name: [", /broken\.yaml: expected YAML; .+ at line 1/],
    [
      "a module that fails",
      "broken.ts",
      'throw new Error("not today");',
      /broken\.ts: expected a module with a study .*not today/,
    ],
    ["nothing", "empty.yaml", "", /empty\.yaml: expected object, received null/],
  ])("that is %s is refused", async (_, name, text, message) => {
    const error = await readStudyFile(written(name, text)).catch((caught: Error) => caught);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain("\n");
  });
});

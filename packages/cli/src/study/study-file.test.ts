import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paperBudgets, paperStudy, resolveStudy, type StudyDefinition } from "@tsgan/study";
import { UsageError } from "tsgan";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkStudy } from "./check.ts";
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

  it("has names as they are written, though YAML would take them for numbers", async () => {
    const text = (name: string): string =>
      `name: small\ndata: { ring: }\nmodels: { ${name}: { config: { loss: hinge } } }\nbudget: { steps: 4 }\nmetrics: [swd]`;
    for (const name of ["2e5", "012", "1.0", "0x10", "true", "null"]) {
      const study = await readStudyFile(written("names.yaml", text(name)));
      expect(study.models.map((model) => model.name)).toEqual([name]);
    }
    await expect(readStudyFile(written("names.yaml", text("a").replace("small", "2e5")))).rejects.toThrow(
      "names.yaml: name: expected string, received number; write it in quotes",
    );
  });

  it.each([
    [
      "a misspelt key, before what is missing for its sake",
      "modls: {}",
      'modls: there is no such key; did you mean "models"?',
    ],
    ["a missing key", "name: small", "data: it is missing; expected entries by name"],
    ["an empty file", "", "expected a study; got nothing"],
  ])("names %s", async (_, text, message) => {
    await expect(readStudyFile(written("s.yaml", text))).rejects.toThrow(message);
  });

  it.each<[string, string, string]>([
    ["an alias without its anchor", "name: *nothing", "Unresolved alias"],
    ["an alias within its anchor", "name: &a [*a]", "an alias stands within what it is the name of"],
    [
      "aliases that unfold to gigabytes",
      ["a: &a [x, x, x, x, x, x, x, x, x]", ..."bcdefghi"]
        .map((line, i, all) =>
          line.length > 1 ? line : `${line}: &${line} [${`*${all[i - 1][0]}, `.repeat(9)}x]`,
        )
        .join("\n"),
      "its aliases unfold to more than there is room for",
    ],
    ["nested", `a: ${"[1,\n ".repeat(5000)}`, "it is nested too deeply"],
    [
      "nested on a line without an end",
      '{"a":'.repeat(25_000),
      "line 1 has 125000 characters, more than 5000: break it",
    ],
    ["a list of a list of a list", "- ".repeat(2000), "more than 500 signs follow one another"],
    ["nothing but quotation marks", '"'.repeat(4001), "more than 500 signs follow one another"],
    [
      "a line on which names name names",
      "<<: ".repeat(30_000),
      "line 1 has 120000 characters, more than 5000: break it",
    ],
    ["several documents", "---\na: 1\n---\nb: 2", "multiple documents"],
  ])("that is %s is refused in words", async (_, text, message) => {
    const file = written("strange.yaml", text);
    await expect(readStudyFile(file)).rejects.toThrow(UsageError);
    await expect(readStudyFile(file)).rejects.toThrow(`${file}: expected YAML; `);
    await expect(readStudyFile(file)).rejects.toThrow(message);
  });

  it.each<[string, object, string]>([
    ["seeds", { seeds: 1e15 }, "my.yaml: seeds must be at most 100000; got 1000000000000000"],
    [
      "samples",
      { samples: 1e15 },
      "my.yaml: samples must be such that there are at most 100000 trials; got 1000000000000000",
    ],
    [
      "seeds and samples",
      { samples: 1000, seeds: 1000 },
      "1 data sets, 1 models and 1000 seeds make 1000000",
    ],
  ])(
    "that asks for more trials than anybody has time for is refused before they are made: %s",
    (_, more, message) => {
      expect(() => parseStudy({ ...definition, ...more }, "my.yaml")).toThrow(message);
    },
  );

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
      "a wrong key of a space",
      { models: { ns: { config: {}, search: { beta1: { unifrom: [0, 1] } } } } },
      "my.yaml: models.ns.search.beta1.unifrom: there is no such key",
    ],
    [
      "another word than auto",
      { models: { ns: { config: {}, search: { beta1: "all" } } } },
      "my.yaml: models.ns.search.beta1: ",
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
    ["nothing", "empty.yaml", "", /empty\.yaml: expected a study; got nothing/],
  ])("that is %s is refused", async (_, name, text, message) => {
    const error = await readStudyFile(written(name, text)).catch((caught: Error) => caught);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain("\n");
  });
});

describe("a choice", () => {
  const study = (search: object) =>
    parseStudy(
      { ...definition, models: { ns: { config: { loss: "hinge", model: "mlp" }, search } } },
      "my.yaml",
    );

  it.each([
    [["fast", 0.1], 'choice[0] must be a finite number of at least 0; got "fast"'],
    [[0.1, "0.2"], 'choice[1] must be a finite number of at least 0; got "0.2"'],
    [[0.1, -1], "choice[1] must be a finite number above 0; got -1"],
  ])("is refused with a value that the option does not take, drawn or not: %j", (choice, message) => {
    expect(() => study({ learningRate: { choice } })).toThrow(
      `my.yaml: models.ns.search.learningRate.${message}`,
    );
  });

  it("is checked before the study begins in all its values, drawn or not", async () => {
    const search = { "model.discriminatorOutput": { choice: ["score", "embedding"] } };
    await expect(checkStudy(study(search))).rejects.toThrow(
      'study: models.ns.search.model.discriminatorOutput.choice, "embedding": ',
    );
  });
});

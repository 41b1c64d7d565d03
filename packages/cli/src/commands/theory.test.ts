import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { experimentNamed, experiments } from "@tsgan/theory";
import { describe, expect, it } from "vitest";
import { experimentOptions } from "./theory.ts";

describe("the options of an experiment", () => {
  it("are its defaults where nothing is said", async () => {
    const experiment = experimentNamed("mode-collapse");
    expect(await experimentOptions(experiment, {})).toEqual(experiment.defaults);
  });

  it("are read as what their defaults are: numbers, lists of numbers, texts", async () => {
    const options = await experimentOptions(experimentNamed("vanishing-gradient"), {
      seed: 7,
      set: ["lengths=10,20", "data=fashion-mnist", "learningRate=1e-3"],
    });
    expect(options).toMatchObject({ seed: 7, lengths: [10, 20], data: "fashion-mnist", learningRate: 1e-3 });
  });

  const wrong: [string, string[], string][] = [
    ["nash-oscillation", ["learningrate=1"], 'did you mean "learningRate"?'],
    [
      "nash-oscillation",
      ["steps=many"],
      'nash-oscillation: steps must be a value of type number; got "many"',
    ],
    ["nash-oscillation", ["steps"], '--set: expected option=value; got "steps"'],
  ];
  it.each(wrong)("are refused by %s: %o", async (name, set, message) => {
    await expect(experimentOptions(experimentNamed(name), { set })).rejects.toThrow(message);
  });

  it("have a seed only where something is random", async () => {
    await expect(experimentOptions(experimentNamed("earth-mover"), { seed: 2 })).rejects.toThrow(
      "--seed: earth-mover draws no random numbers; leave it out",
    );
  });
});

it("docs/theory.md names every experiment in the order of the story, and all of its options", () => {
  const path = fileURLToPath(new URL("../../../../docs/theory.md", import.meta.url));
  const [, ...sections] = readFileSync(path, "utf8").split(/^### \d+\. /m);
  const all = Object.values(experiments);
  expect(sections.map((section) => section.match(/^`(.+)`$/m)?.[1])).toEqual(all.map(({ name }) => name));
  all.forEach(({ defaults }, i) => {
    for (const option of Object.keys(defaults)) expect(sections[i]).toContain(`\`${option}\``);
  });
});

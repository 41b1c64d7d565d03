import { experimentNamed } from "tsgan/theory";
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

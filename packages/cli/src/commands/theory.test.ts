import { defineExperiment, experiments } from "@tsgan/theory";
import { CommanderError } from "commander";
import { register } from "tsgan/define";
import { describe, expect, it } from "vitest";
import { helpLists } from "../help-lists.ts";
import { experimentWith, theoryCommand } from "./theory.ts";

describe("the options of an experiment", () => {
  it("are its defaults where nothing is said", async () => {
    const factory = experiments.get("mode-collapse");
    expect((await experimentWith(factory, {})).options).toEqual(factory.create().options);
  });

  it("are read as what the schema says: numbers, lists of numbers, texts", async () => {
    const { options } = await experimentWith(experiments.get("vanishing-gradient"), {
      seed: 7,
      set: ["lengths=10,2e1", "data=fashion-mnist", "learningRate=1e-3"],
    });
    expect(options).toMatchObject({ seed: 7, lengths: [10, 20], data: "fashion-mnist", learningRate: 1e-3 });
  });

  const wrong: [string, string[], string][] = [
    ["nash-oscillation", ["learningrate=1"], 'did you mean "learningRate"?'],
    [
      "nash-oscillation",
      ["steps=many"],
      'nash-oscillation: steps must be an integer of at least 1 and at most 100000; got "many"',
    ],
    ["nash-oscillation", ["steps"], '--set: expected option=value; got "steps"'],
  ];
  it.each(wrong)("are refused by %s: %o", async (name, set, message) => {
    await expect(experimentWith(experiments.get(name), { set })).rejects.toThrow(message);
  });

  it("have a seed only where something is random", async () => {
    await expect(experimentWith(experiments.get("earth-mover"), { seed: 2 })).rejects.toThrow(
      "--seed: earth-mover draws no random numbers; leave it out",
    );
  });
});

describe("the help", () => {
  /** What `tsgan theory … --help` prints. */
  const help = async (...args: string[]): Promise<string> => {
    const theory = theoryCommand(await helpLists("theory")).exitOverride();
    let told = "";
    theory.configureOutput({
      writeOut: (text) => {
        told += text;
      },
    });
    await expect(theory.parseAsync([...args, "--help"], { from: "user" })).rejects.toThrow(CommanderError);
    return told;
  };

  it("of an experiment has its options, with what they mean and take", async () => {
    expect((await help("parallel-lines")).replace(/\n {4}/g, " ")).toContain(
      "Options of parallel-lines (--set):\n" +
        "  theta (θ): the lines are compared at distances from −theta to theta; a number above 0 (default 1)\n",
    );
  });

  it("names all experiments, those that are registered too", async () => {
    const undo = register(
      defineExperiment({
        name: "mine",
        title: "",
        options: {},
        run: () => 0,
        figure: () => ({ panels: [] }),
      }),
    );
    expect(await help()).toMatch(/Experiments: divergences, [\s\S]*created-equal,\s+mine\n/);
    expect(await help("mine")).toContain("Options of mine (--set):\n  none\n");
    undo();
  });
});

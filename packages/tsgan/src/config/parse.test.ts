import { describe, expect, it } from "vitest";
import { defaults, parseConfig, resolveConfig } from "./index.ts";

const adam = { name: "adam", learningRate: 1e-3 };

const problem = (value: unknown): string => {
  try {
    parseConfig(value, "my.json");
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
};

describe("a configuration file", () => {
  it("may hold all that a run writes to its config.json", () => {
    const config = resolveConfig({ data: "mnist", loss: "wgan-gp" });
    const written = { version: "0.1.0", ...config, dataset: { name: "mnist", shape: [1, 28, 28] } };
    expect(parseConfig(JSON.parse(JSON.stringify(written)), "config.json")).toEqual(config);
  });

  it.each(Object.entries(defaults))("accepts the defaults for %s", (_, config) => {
    expect(parseConfig(config, "config.json")).toEqual(config);
  });

  it("may name a loss or a model alone", () => {
    expect(parseConfig({ loss: "hinge", model: "mlp" }, "my.json")).toEqual({ loss: "hinge", model: "mlp" });
  });

  it("may hold schedules", () => {
    const player = { name: "adam", learningRate: { kind: "linear", from: 1e-3, to: 0 } };
    const config = { optimizer: { generator: player, discriminator: player } };
    expect(parseConfig(config, "my.json")).toEqual(config);
  });

  it.each<[string, unknown, string]>([
    ["a wrong key", { step: 3 }, 'my.json: step: there is no such key; did you mean "steps"?'],
    ["a key like no other", { colour: 3 }, "my.json: colour: there is no such key"],
    [
      "a wrong key further down",
      { criticSteps: { steps: 5, burst: 100, first: 25, every: 500, last: 1 } },
      'my.json: criticSteps: it must be a whole number, or {"steps", "burst", "first", "every"}; got the key "last"',
    ],
    ["what is neither of two kinds", { criticSteps: [5] }, "my.json: criticSteps: it must be a whole number"],
    [
      "a preset's name, misspelt",
      { loss: "wgann" },
      'my.json: loss: unknown loss "wgann"; did you mean "wgan"?',
    ],
    [
      "a wrong type",
      { batch: "64" },
      'my.json: batch: it must be an integer of at least 1 and at most 1000000; got "64"',
    ],
    [
      "a wrong type further down",
      { penalties: [{ name: "r1" }, { weight: 3 }] },
      "my.json: penalties.1.name: expected a name; got undefined",
    ],
    [
      "a missing part",
      { optimizer: { generator: adam } },
      "my.json: optimizer.discriminator: expected an optimiser",
    ],
    [
      "a list in place of an object",
      [],
      "my.json: expected an object with the keys of a configuration; got a list",
    ],
  ])("names the path of %s", (_, value, message) => {
    expect(problem(value)).toContain(message);
  });

  it("says everything that is wrong at once, a line each", () => {
    expect(problem({ step: 3, batch: 0, data: 7 }).split("\n")).toHaveLength(3);
  });
});

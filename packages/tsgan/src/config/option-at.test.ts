import { describe, expect, it } from "vitest";
import { optionsAt, resolveConfig, thingsOf } from "./index.ts";

const config = resolveConfig({
  data: "ring",
  loss: "began",
  penalties: ["r1"],
  optimizer: { name: "adam", learningRate: 1e-3, links: [{ name: "clip" }] },
});

describe("the options at a path", () => {
  it.each([
    ["batch", ["examples of a step"]],
    ["dataOptions.modes", [""]],
    ["loss.gamma", ["E f / E r that is held"]],
    ["penalties.0.weight", ["weight of the penalty"]],
    ["penalties.*.every", ["acts in every"]],
    ["optimizer.*.beta1", ["", ""]],
    ["optimizer.generator.links.0.limit", [""]],
    ["model.hidden", ["widths of the hidden layers"]],
    ["penalties.7.weight", []],
    ["optimizer.*.learningRate.from", []],
    ["nowhere", []],
  ])("%s are those of all that it leads to", (path, means) => {
    const found = optionsAt(config, path).map((option) => option.means);
    expect(found).toHaveLength(means.length);
    found.forEach((each, i) => {
      expect(each).toContain(means[i]);
    });
  });

  it("are refused with the nearest where a thing has no such option", () => {
    expect(() => optionsAt(config, "loss.gama")).toThrow(
      'unknown option of began "gama"; did you mean "gamma"?',
    );
  });

  it("cover each thing of a configuration", () => {
    expect(thingsOf(config).map(({ path }) => path)).toEqual([
      "dataOptions",
      "model",
      "loss",
      "penalties.0",
      "techniques.0",
      "optimizer.generator",
      "optimizer.generator.links.0",
      "optimizer.discriminator",
      "optimizer.discriminator.links.0",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import * as losses from "../losses/index.ts";
import * as penalties from "../penalties/index.ts";
import { lossesPage } from "../testing/losses-page.ts";
import { lossPresets, pointPresets, recipes, topics, topicsOf } from "./index.ts";

const namesOf = (name: string): string[] => topicsOf(name).map((topic) => topic.name);

describe("the reference", () => {
  it("has each loss, penalty and constraint once", () => {
    const names = topics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const named = [...losses.catalogue.names, ...penalties.catalogue.names];
    expect(names).toEqual(expect.arrayContaining(named));
  });

  it.each(topics.map((topic) => [topic.name, topic] as const))("says all about %s", (_, topic) => {
    const { title, formulas, symbols, approximates, scores, failure, use, papers } = topic;
    for (const { of, text, latex } of formulas)
      for (const part of [of, text, latex]) expect(part).not.toBe("");
    for (const text of [title, symbols, approximates, scores, failure, use]) expect(text).toMatch(/[^.]$/);
    expect([formulas.length, papers.length].every((count) => count > 0)).toBe(true);
  });

  it("names functions that exist where something has no name in a configuration", () => {
    for (const { functions = [] } of [...losses.auxiliaryLosses, ...losses.distributionLosses]) {
      for (const name of functions) expect(losses).toHaveProperty(name);
    }
    for (const { functions = [] } of penalties.constraints) {
      for (const name of functions) expect(penalties).toHaveProperty(name);
    }
  });

  it("has every preset at its loss, for images and for points", () => {
    for (const name of Object.keys({ ...lossPresets, ...pointPresets })) {
      const [preset] = topicsOf(name).flatMap(({ presets }) => presets.filter((each) => each.name === name));
      expect([preset.images, preset.points]).toEqual([lossPresets[name], pointPresets[name]]);
    }
  });

  it("has every recipe at its loss", () => {
    for (const [name, { config }] of Object.entries(recipes)) {
      expect(topicsOf(config.loss?.name ?? "")[0].recipes).toContain(name);
    }
  });
});

describe("a name in the reference", () => {
  it("stands for what has that name, and for a preset's loss and penalties", () => {
    expect(namesOf("hinge")).toEqual(["hinge"]);
    expect(namesOf("wgan-gp")).toEqual(["wasserstein", "gradient-penalty"]);
    expect(namesOf("dragan")).toEqual(["non-saturating", "dragan"]);
    expect(namesOf("rpgan-r1-r2")).toEqual(["relativistic-paired", "r1", "r2"]);
    expect(namesOf("spectral-norm")).toEqual(["spectral-norm"]);
  });

  it("is corrected when it is misspelt", () => {
    expect(() => topicsOf("wgan-gpp")).toThrow('unknown loss or penalty "wgan-gpp"; did you mean "wgan-gp"?');
  });
});

it("docs/losses.md holds the catalogue as it is", async () => {
  await expect(lossesPage()).toMatchFileSnapshot("../../../../docs/losses.md");
});

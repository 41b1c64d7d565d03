import { describe, expect, it } from "vitest";
import { type ConfigInput, ganOf, resolveConfig } from "../config/index.ts";
import { healthFacts } from "./examine.ts";

const factsOf = (config: Partial<ConfigInput>, size = Number.POSITIVE_INFINITY, shape = [2]) =>
  healthFacts(ganOf(resolveConfig({ data: "ring", penalties: [], techniques: [], ...config }), { shape }), {
    size,
  });

describe("healthFacts", () => {
  it("knows what a run is trained with, so that no advice asks for it", () => {
    expect(factsOf({}).settings).toEqual({
      limits: [],
      criticSteps: 1,
      generatorSteps: 1,
      augments: false,
      cutsGradients: false,
      couldPack: true,
      mixesLosses: false,
    });
    const clip = { name: "adam", links: [{ name: "clip", limit: 1 }] };
    const facts = factsOf(
      {
        data: "mnist",
        model: { name: "dcgan", discriminatorNorm: "spectral" },
        penalties: [{ name: "gradient-penalty" }, { name: "balanced-consistency" }],
        techniques: [{ name: "diff-augment", policy: "color" }],
        optimizer: { generator: clip, discriminator: clip },
        criticSteps: 5,
        generatorSteps: 2,
      },
      1000,
      [1, 28, 28],
    );
    expect(facts.settings).toEqual({
      limits: ["gradient-penalty", "spectral norm"],
      criticSteps: 5,
      generatorSteps: 2,
      augments: true,
      cutsGradients: true,
      couldPack: true,
      mixesLosses: false,
    });
  });

  it("knows that models with classes or codes, and those that pack already, are not to be packed", () => {
    const packs = (config: Partial<ConfigInput>) => factsOf(config, 1000, [1, 28, 28]).settings.couldPack;
    expect(packs({ data: "mnist", model: { name: "dcgan", base: 8 } })).toBe(true);
    expect(packs({ data: "mnist", model: { name: "infogan", base: 8 } })).toBe(false);
    expect(factsOf({ techniques: [{ name: "packing", count: 2 }] }).settings.couldPack).toBe(false);
  });

  it("knows whose loss holds more than the adversarial one", () => {
    const mixes = (name: string) =>
      healthFacts(
        ganOf(resolveConfig({ data: "mnist", model: { name } }), { shape: [1, 28, 28], classes: 10 }),
        { size: 1000 },
      ).settings.mixesLosses;
    const names = ["dcgan", "cgan", "acgan", "sgan", "infogan"];
    expect(names.map(mixes)).toEqual([false, false, true, true, true]);
  });

  it("waits for a first pass over the data, and of images for some ten thousand of them", () => {
    expect(factsOf({ batch: 128 }).earliest).toBe(100);
    expect(factsOf({ batch: 10 }, 3000).earliest).toBe(300);
    expect(factsOf({ batch: 10, criticSteps: 3 }, 3000).earliest).toBe(100);
    const digits = { data: "mnist", model: { name: "dcgan", base: 8 } };
    expect(factsOf({ ...digits, batch: 64 }, 60_000, [1, 28, 28]).earliest).toBe(938);
    expect(factsOf({ ...digits, batch: 64 }, 200, [1, 28, 28]).earliest).toBe(500);
    expect(factsOf({ ...digits, batch: 64 }, 10_000_000, [1, 28, 28]).earliest).toBe(5000);
  });
});

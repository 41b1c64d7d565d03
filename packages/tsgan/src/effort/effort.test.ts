import { describe, expect, it } from "vitest";
import { ganOf, resolveConfig } from "../config/index.ts";
import { type Schedule, scheduled } from "../nn/index.ts";
import { type EffortData, effortSettings, efforts } from "./effort.ts";

const kinds: readonly (readonly [string, EffortData])[] = [
  ["mnist", { kind: "images", shape: [1, 32, 32] }],
  ["mnist", { kind: "images", shape: [1, 32, 32], classes: 10, examples: 300 }],
  ["pokemon", { kind: "images", shape: [3, 32, 32], examples: 1332 }],
  ["pokemon", { kind: "images", shape: [3, 32, 32], examples: 100 }],
  ["pokemon", { kind: "images", shape: [3, 32, 32], classes: 3, examples: 30 }],
  ["ring", { kind: "points", shape: [2] }],
];

describe.each(kinds)("an effort for %s %j", (data, facts) => {
  it.each(efforts)("%s makes a GAN, whose rates for points and pictures end at 0", (effort) => {
    const config = resolveConfig(effortSettings(effort, facts), { data });
    const gan = ganOf(config, { shape: facts.shape, classes: facts.classes });
    expect(gan.batch).toBeLessThanOrEqual(facts.examples ?? Number.POSITIVE_INFINITY);
    const { learningRate } = config.optimizer.generator as { learningRate?: Schedule };
    expect(scheduled(learningRate!, config.steps, config.steps)).toBe(0);
  });

  it("is more work the more is asked for", () => {
    const steps = efforts.map((effort) => effortSettings(effort, facts).steps!);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps).size).toBe(efforts.length);
  });
});

describe("an effort for pictures", () => {
  const of = (facts: Partial<EffortData>) =>
    effortSettings("good", { kind: "images", shape: [3, 32, 32], ...facts });

  it("uses labels where there are labels", () => {
    for (const examples of [undefined, 1000, 100]) {
      const shape = [1, 28, 28];
      expect(of({ shape, classes: 10, examples }).model).toMatchObject({ name: "acgan", projection: true });
      expect(of({ classes: 10, examples }).model).toMatchObject({
        name: "cgan",
        conditioning: "concatenate",
      });
    }
    expect(of({}).model).toMatchObject({ name: "dcgan" });
  });

  it("puts grey pictures without labels into groups, where they are enough and nothing else is said", () => {
    const shape = [1, 32, 32];
    expect(of({ shape, examples: 30_000 })).toMatchObject({ labels: "clusters", model: { name: "acgan" } });
    for (const facts of [
      { shape, examples: 40 },
      { shape, examples: 30_000, mayGroup: false },
      { shape, examples: 30_000, classes: 5 },
      { examples: 30_000 },
    ]) {
      expect(of(facts)).not.toHaveProperty("labels");
    }
  });

  it("takes a plain DCGAN for pictures in colour of 32 px, which is neither held nor augmented", () => {
    const wanted = { model: { name: "dcgan", base: 32 }, loss: { name: "non-saturating" } };
    const quick = effortSettings("quick", { kind: "images", examples: 3000, shape: [3, 32, 32] });
    for (const config of [quick, of({ examples: 3000 }), of({})]) {
      expect(config).toMatchObject({ ...wanted, techniques: [{ name: "ema" }] });
      expect(config).not.toHaveProperty("penalties");
    }
    const best = effortSettings("best", { kind: "images", examples: 3000, shape: [3, 32, 32] });
    expect(best).toMatchObject({ ...wanted, model: { name: "dcgan", base: 48 } });
    expect(effortSettings("quick", { kind: "images", shape: [3, 64, 64] }).model).toMatchObject({ base: 16 });
    expect(of({ examples: 3000, shape: [1, 32, 32] })).toMatchObject({ labels: "clusters" });
    expect(of({ examples: 40 }).model).toEqual({ name: "dcgan", base: 24 });
  });

  it("holds the discriminator of larger ones by R1 and R2, the same for each pixel at all sides, and augments", () => {
    const at = (side: number) => of({ examples: 3000, shape: [3, side, side] });
    expect(at(64)).toMatchObject({
      model: { name: "dcgan", base: 24, discriminatorNorm: "none" },
      loss: { name: "relativistic-paired" },
      penalties: [
        { name: "r1", weight: 0.8 },
        { name: "r2", weight: 0.8 },
      ],
      techniques: [{ name: "ema" }, { name: "diff-augment" }],
    });
    expect(at(128)).toMatchObject({ penalties: [{ weight: 3.2 }, { weight: 3.2 }] });
    expect(at(256)).toMatchObject({ model: { base: 16 } });
  });

  it("has networks for few of them, whose discriminator is as wide at its last map at all sides", () => {
    const at = (side: number) => of({ examples: 100, shape: [3, side, side] });
    expect(at(32)).toMatchObject({
      model: { name: "fastgan", base: 24, discriminatorWidth: 3, discriminatorNorm: "none" },
      loss: { name: "relativistic-paired" },
      penalties: [
        { name: "r1", weight: 0.02 },
        { name: "r2", weight: 0.02 },
      ],
    });
    expect(at(64)).toMatchObject({
      model: { discriminatorWidth: 1.5 },
      penalties: [{ weight: 0.08 }, { weight: 0.08 }],
    });
    expect(of({ examples: 200 }).model).toMatchObject({ name: "dcgan" });
  });

  it("takes no more pictures at once than there are", () => {
    expect(of({ examples: 20 }).batch).toBe(20);
  });
});

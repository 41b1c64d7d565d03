import { ganOf, resolveConfig } from "tsgan/config";
import { effortSettings } from "tsgan/effort";
import { type Schedule, scheduled } from "tsgan/nn";
import { describe, expect, it } from "vitest";
import { byData, type ImagesFacts, wordsOf } from "./by-data.ts";
import { configOf, usualSettings } from "./settings.ts";

const sets: Readonly<Record<string, ImagesFacts>> = {
  "many in colour": { channels: 3, count: 3786 },
  "a hundred in colour": { channels: 3, count: 100 },
  "a few in colour": { channels: 3, count: 12 },
  "in colour with classes": { channels: 3, count: 600, classes: 4 },
  "many in grey": { channels: 1, count: 5000 },
  "a few in grey": { channels: 1, count: 40 },
  "in grey with classes": { channels: 1, count: 10_000, classes: 10 },
};

describe.each(Object.entries(sets))("what the data choose: %s", (_, facts) => {
  const settings = { ...usualSettings("own"), by: "data", seed: 7 } as const;
  const config = configOf(settings, facts);
  const shape = [facts.channels, settings.size, settings.size];
  const command = resolveConfig(
    { data: "own", seed: 7 },
    effortSettings("quick", { kind: "images", shape, classes: facts.classes, examples: facts.count }),
  );

  it("is what the command takes, but for the end of the run and of its rates", () => {
    const { steps: _steps, optimizer: _optimizer, ...ours } = config;
    const { steps, optimizer, ...theirs } = command;
    expect(ours).toEqual(theirs);
    for (const player of ["generator", "discriminator"] as const) {
      const [mine, its] = [config.optimizer[player], optimizer[player]];
      expect({ ...mine, learningRate: 0 }).toEqual({ ...its, learningRate: 0 });
      const at = (step: number): number => scheduled(mine.learningRate as Schedule, step, config.steps);
      const first = scheduled(its.learningRate as Schedule, 0, steps);
      expect(at(0)).toBe(first);
      expect(at(steps / 2)).toBeCloseTo(0.55 * first, 9);
      for (const step of [steps, 10 * steps]) expect(at(step)).toBeCloseTo(0.1 * first, 9);
    }
    expect(byData(settings, facts).steps).toBe(steps);
  });

  it("makes a GAN, and says what it is", () => {
    const classes = config.labels === "clusters" ? 32 : facts.classes;
    const gan = ganOf(config, { shape, classes });
    expect(gan.batch).toBeLessThanOrEqual(facts.count);
    expect(gan.model.classes).toBe(classes);
    expect(wordsOf(config)).toContain(`of ${config.model.base} filters`);
  });
});

it("what the data choose is said in words", () => {
  const words = (name: string): string =>
    wordsOf(configOf({ ...usualSettings("own"), by: "data" }, sets[name]));
  expect(words("many in colour")).toBe("DCGAN of 32 filters, non-saturating, EMA, batches of 32");
  expect(words("a hundred in colour")).toBe(
    "FastGAN of 16 filters, relativistic-paired, R1, R2, EMA, DiffAugment, batches of 16",
  );
  expect(words("many in grey")).toBe(
    "AC-GAN of 16 filters on groups of images that look alike, non-saturating, EMA, batches of 64",
  );
});

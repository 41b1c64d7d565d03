import { expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { ring } from "../data/index.ts";
import { matrix } from "../distances/index.ts";
import { countModes } from "../metrics/index.ts";
import { trainerOf } from "./train.ts";

it("non-saturating with R1 covers all modes of the ring with at least 85 % high-quality samples", async () => {
  const dataset = ring();
  const config = resolveConfig({ data: "ring", loss: "non-saturating-r1", steps: 4000 });
  const trainer = trainerOf({ config, dataset, threads: 1 });
  for (let i = 0; i < config.steps; i++) await trainer.iterate();
  const samples = matrix(2500, 2, await trainer.sample(2500));
  const centres = matrix(dataset.centres.length, 2, dataset.centres.flat());
  const count = countModes(samples, centres, dataset.deviation);
  expect(count.modesCovered).toBe(8);
  expect(Math.min(...count.counts)).toBeGreaterThan(0.5 * (2500 / 8));
  expect(count.highQualityFraction).toBeGreaterThan(0.85);
  await trainer.dispose();
});

/**
 * What the experiments that train claim, with several seeds, at sizes at which it already shows. The bench `theory` of
 * the command line measures all of it at full size.
 */

import type { Settings } from "tsgan/define";
import { openDataset } from "tsgan/node";
import { expect, it } from "vitest";
import { experiments, holds } from "./index.ts";

interface Case {
  readonly name: string;
  readonly options: Settings;
  /** Default 1, 2; the bench takes as many as it is told. */
  readonly seeds?: readonly number[];
  /** How the claims begin for which the sizes do; default: all. */
  readonly claims?: string;
}

const cases: readonly Case[] = [
  { name: "optimal-discriminator", options: { steps: 800 } },
  { name: "low-dimensional-supports", options: { steps: 800 } },
  { name: "vanishing-gradient", options: { lengths: [50], steps: 800, base: 8 } },
  {
    name: "mode-collapse",
    options: { ringSteps: 800, pointBatch: 128, gridSteps: 1, imageSteps: 1 },
    seeds: [1],
    claims: "ring: ",
  },
  {
    name: "mode-collapse",
    options: { ringSteps: 1, gridSteps: 1, imageSteps: 320 },
    seeds: [1],
    claims: "mnist: ",
  },
  {
    name: "weight-clipping",
    options: { deepSteps: 500, shallowSteps: 500, shallowWidth: 32, resolution: 4 },
  },
  {
    name: "critic-estimate",
    options: { base: 8, wassersteinSteps: 100, standardSteps: 200, points: 16, samples: 256 },
  },
  // Fewer runs of a loss than these say nothing about its spread.
  { name: "created-equal", options: { trials: 6, steps: 400, width: 64 }, seeds: [1] },
];

it("is looked into for every experiment that claims something", () => {
  const claiming = experiments.all.filter(({ definition }) => definition.minutes !== undefined);
  expect(new Set(cases.map(({ name }) => name))).toEqual(
    new Set(claiming.map(({ definition }) => definition.name)),
  );
});

const runs = cases.flatMap(({ seeds = [1, 2], claims = "", ...rest }) =>
  seeds.map((seed) => ({ ...rest, claims, seed })),
);

it.each(runs)("$name shows what it claims with seed $seed ($claims)", async (run) => {
  const experiment = experiments.get(run.name).create({ ...run.options, seed: run.seed });
  const found = experiment.claims?.(await experiment.run({ openDataset })) ?? [];
  const claims = found.filter(({ text }) => text.startsWith(run.claims));
  expect(claims).not.toEqual([]);
  expect(claims.filter((claim) => !holds(claim))).toEqual([]);
});

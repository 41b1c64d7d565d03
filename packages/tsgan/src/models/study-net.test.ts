import { expect, it } from "vitest";
import { input } from "../graph/index.ts";
import { collectVariables } from "../nn/index.ts";
import { catalogue } from "./index.ts";

const countsOf = (shape: readonly number[], options: Record<string, unknown> = {}) => {
  const { generator, discriminator, latent } = catalogue.get("study-net").create(options).for({ shape });
  const parametersOf = (build: Parameters<typeof collectVariables>[0]) =>
    collectVariables(build).parameterCount;
  return {
    generator: parametersOf((scope) => generator({ z: input("z", [2, latent.size]) }, scope)),
    discriminator: parametersOf((scope) => discriminator({ x: input("x", [2, ...shape]) }, scope).scores),
  };
};

/** Batch norm's scales and shifts are not in the authors' millions. */
const NORMS = 0.02;

it.each<[string, readonly number[], Record<string, unknown>, number, number]>([
  ["digits", [1, 28, 28], {}, 6.63, 6.56],
  ["CIFAR-10", [3, 32, 32], {}, 8.6, 8.52],
  ["CIFAR-10, BEGAN", [3, 32, 32], { discriminatorOutput: "reconstruction" }, 8.6, 1.33],
])("has as many parameters as the authors' networks: %s", (_, shape, options, generator, discriminator) => {
  const counts = countsOf(shape, options);
  expect(Math.abs(counts.generator / 1e6 - generator)).toBeLessThan(NORMS);
  expect(Math.abs(counts.discriminator / 1e6 - discriminator)).toBeLessThan(NORMS);
});

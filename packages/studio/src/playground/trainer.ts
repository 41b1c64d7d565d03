/** The trainer that settings ask for. */
import type { Dataset } from "tsgan/data";
import type { Gan } from "tsgan/gan";
import { catalogue as losses } from "tsgan/losses";
import { mlp } from "tsgan/models";
import { createOptimizer, type Optimizer } from "tsgan/nn";
import { catalogue as penaltiesByName } from "tsgan/penalties";
import type { Device } from "tsgan/runtime";
import { ema } from "tsgan/techniques";
import { createGanTrainer, type GanTrainer } from "tsgan/train";
import type { Named } from "./named.ts";
import type { GanSettings } from "./settings.ts";

/** Size of the data: the networks work with coordinates divided by it. */
const SCALE = 2;

const optimizer = ({ name, options }: Named, rate: number, decay: number): Optimizer =>
  createOptimizer({
    ...options,
    name,
    learningRate: decay === 0 ? rate : { kind: "linear", from: rate, to: 0 },
  });

/** What a loss reads decides what the discriminator gives. */
const outputFor = (loss: Named): "score" | "reconstruction" | "embedding" => {
  const { scores } = losses.get(loss.name).definition;
  if (scores === "energy") return "reconstruction";
  return scores === "embedding" ? "embedding" : "score";
};

/** Made of the things themselves: a configuration would bring along all that can be named. */
export const ganFor = (settings: GanSettings): Gan => {
  const { decay, loss, batch } = settings;
  const penalties = settings.penalties.map(({ name, options }) => penaltiesByName.get(name).create(options));
  const architecture = mlp({
    latent: settings.latentSize,
    latentDistribution: settings.latentDistribution,
    hidden: settings.generator,
    discriminatorHidden: settings.discriminator,
    activation: settings.activation,
    spectralNorm: settings.spectralNorm === "on",
    discriminatorOutput: outputFor(loss),
    code: settings.code,
    scale: SCALE,
  });
  return {
    model: architecture.for({
      shape: [2],
      perExample: penalties.some(({ perExample }) => perExample === true),
    }),
    loss: losses.get(loss.name).create(loss.options),
    penalties,
    terms: [],
    adversarialWeight: 1,
    techniques: settings.ema === 0 ? [] : [ema({ decay: settings.ema })],
    optimizer: {
      generator: optimizer(settings.generatorOptimizer, settings.generatorRate, decay),
      discriminator: optimizer(settings.discriminatorOptimizer, settings.discriminatorRate, decay),
    },
    criticSteps: settings.criticSteps,
    generatorSteps: 1,
    batch,
    generatorBatch: batch,
  };
};

export const trainerFor = (
  settings: GanSettings,
  dataset: Dataset,
  { device, threads }: { readonly device?: Device; readonly threads?: number },
): GanTrainer =>
  createGanTrainer({
    gan: ganFor(settings),
    real: dataset,
    seed: settings.seed,
    steps: Math.max(1, settings.decay),
    device,
    threads,
  });

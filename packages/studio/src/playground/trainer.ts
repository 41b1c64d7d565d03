/** The trainer that settings ask for. */
import { ganOf, resolveConfig } from "tsgan/config";
import type { Dataset } from "tsgan/data";
import type { Gan } from "tsgan/gan";
import { catalogue } from "tsgan/losses";
import type { OptimizerConfig } from "tsgan/nn";
import type { Device } from "tsgan/runtime";
import { createGanTrainer, type GanTrainer } from "tsgan/train";
import type { Named } from "./named.ts";
import type { GanSettings } from "./settings.ts";

/** Size of the data: the networks work with coordinates divided by it. */
const SCALE = 2;

const flat = ({ name, options }: Named) => ({ ...options, name });

const optimizer = (named: Named, rate: number, decay: number): OptimizerConfig => ({
  ...flat(named),
  learningRate: decay === 0 ? rate : { kind: "linear", from: rate, to: 0 },
});

/** What a loss reads decides what the discriminator gives. */
const outputFor = (loss: Named): "score" | "reconstruction" | "embedding" => {
  const { scores } = catalogue.get(loss.name).definition;
  if (scores === "energy") return "reconstruction";
  return scores === "embedding" ? "embedding" : "score";
};

export const ganFor = (settings: GanSettings): Gan => {
  const { decay, loss, penalties } = settings;
  const config = resolveConfig({
    data: "ring",
    model: {
      name: "mlp",
      latent: settings.latentSize,
      latentDistribution: settings.latentDistribution,
      hidden: settings.generator,
      discriminatorHidden: settings.discriminator,
      activation: settings.activation,
      spectralNorm: settings.spectralNorm === "on",
      discriminatorOutput: outputFor(loss),
      code: settings.code,
      scale: SCALE,
    },
    loss: flat(loss),
    penalties: penalties.map(flat),
    optimizer: {
      generator: optimizer(settings.generatorOptimizer, settings.generatorRate, decay),
      discriminator: optimizer(settings.discriminatorOptimizer, settings.discriminatorRate, decay),
    },
    criticSteps: settings.criticSteps,
    batch: settings.batch,
    techniques: settings.ema === 0 ? [] : [{ name: "ema", decay: settings.ema }],
  });
  return ganOf(config, { shape: [2] });
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

/** The trainer that settings ask for. */
import type { Dataset } from "tsgan/data";
import { catalogue } from "tsgan/losses";
import type { Device } from "tsgan/runtime";
import {
  createTrainer,
  type OptimizerConfig,
  type Plan,
  planOf,
  resolveConfig,
  type Trainer,
} from "tsgan/train";
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

export const planFor = (settings: GanSettings): Plan => {
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
    batch: settings.batch,
    emaDecay: settings.ema,
  });
  return planOf(config, [2]);
};

export const trainerFor = (
  settings: GanSettings,
  dataset: Dataset,
  { device, threads }: { readonly device?: Device; readonly threads?: number },
): Trainer =>
  createTrainer({
    plan: planFor(settings),
    dataset,
    seed: settings.seed,
    steps: Math.max(1, settings.decay),
    iteration: () => ({ discriminatorSteps: settings.criticSteps, generatorSteps: 1 }),
    device,
    threads,
  });

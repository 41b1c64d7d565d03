/** A GAN of a record, trained to its last step on the whole of its data. */
import { type ConfigInput, resolveConfig } from "tsgan/config";
import { dataOptions, openDataset } from "tsgan/node";
import { type GanTrainer, trainerOf } from "tsgan/train";
import type { Run } from "./record.ts";

export const trained = async (input: ConfigInput, { seed, threads }: Run): Promise<GanTrainer> => {
  const config = resolveConfig(input, { seed });
  const dataset = await openDataset(config.data, dataOptions(config));
  const trainer = trainerOf({ config, dataset, threads });
  while (trainer.progress.step < config.steps) await trainer.iterate();
  return trainer;
};

/** The pictures that a run draws of its samples as it trains: how many samples, beside which data, and how they stand. */
import type { Dataset } from "../data/index.ts";
import { isTable } from "../tables/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { sampleColumns, samplePng } from "./sample-png.ts";
import { someRows, tablePng } from "./table-png.ts";
import { translationPng } from "./translation.ts";

/** Samples in each picture; with classes a whole number of rows of them. */
const SAMPLES = { images: 64, pairs: 16, points: 1000 } as const;

export interface RunPictures {
  /** Samples in each. */
  readonly count: number;
  /** Names of the classes, one a column of images; undefined where there are none. */
  readonly titles: readonly string[] | undefined;
  /** PNG of so many samples. */
  draw(samples: Float32Array): Promise<Uint8Array>;
}

/** @param seed which of the data stand beside the samples */
export const runPictures = async (
  dataset: Dataset,
  { model }: GanTrainer["gan"],
  seed: number,
): Promise<RunPictures> => {
  const columns = sampleColumns(model, dataset.classes);
  const usual = SAMPLES[dataset.pairs ? "pairs" : dataset.shape.length === 3 ? "images" : "points"];
  const count = columns === undefined ? usual : columns.count * Math.ceil(usual / columns.count);
  const titles = columns?.titles;
  if (isTable(dataset)) {
    const real = await someRows(dataset, seed, count);
    return { count, titles, draw: async (samples) => tablePng(dataset.table, samples, real) };
  }
  const { examples: real } = await dataset.draw(seed, 0, count);
  return {
    count,
    titles,
    draw: async (samples) =>
      dataset.pairs
        ? translationPng(real, samples, dataset.shape)
        : samplePng(samples, dataset.shape, real, columns),
  };
};

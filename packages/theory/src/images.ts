/** Images in experiments. */

import { UsageError } from "tsgan";
import type { Dataset } from "tsgan/data";
import type { RunContext } from "./experiment.ts";

export type ImageShape = readonly [channels: number, height: number, width: number];

/** The data set of images that an experiment's option names, and the shape of one. */
export const openImages = async (
  where: string,
  name: string,
  { openDataset }: RunContext,
): Promise<{ dataset: Dataset; shape: ImageShape }> => {
  if (openDataset === undefined) {
    throw new UsageError(`${where}: it trains on the data set ${name}; pass openDataset, which opens it`);
  }
  const dataset = await openDataset(name);
  const [channels, height, width] = dataset.shape;
  if (dataset.shape.length !== 3) {
    throw new UsageError(
      `${where}: data must consist of images; got ${name} with examples of shape [${dataset.shape.join(",")}]`,
    );
  }
  return { dataset, shape: [channels, height, width] };
};

/** Grey values 0 … 15 of the first channel, row by row. */
export const thumbnail = (image: Float32Array, height: number, width: number): number[][] =>
  Array.from({ length: height }, (_, r) =>
    Array.from(image.subarray(r * width, (r + 1) * width), (value) => Math.round(((value + 1) / 2) * 15)),
  );

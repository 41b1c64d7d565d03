/** Classifiers that tsgan trained (`trainClassifier`) and carries along, for small images on which Inception's features mean little. */
import type { FeatureData, FeatureFunctions } from "../feature-source.ts";
import { classifierExtractor, stackedExtractor } from "./classifier-extractor.ts";

const SIDE = 28;

const hasShape = ({ shape }: FeatureData, channels: number): boolean =>
  shape.join() === [channels, SIDE, SIDE].join();

/** Whether data of this name have the shape that their classifier is for. */
export const isUsual =
  (name: string, channels: number) =>
  (data: FeatureData): boolean =>
    data.name === name && hasShape(data, channels);

/** The classifier of an asset, for images of so many channels; more than one are taken one by one. */
export const classifierOf = (asset: string, channels: number): FeatureFunctions => ({
  unfit: (data) =>
    hasShape(data, channels)
      ? undefined
      : `it is for images of [${channels},${SIDE},${SIDE}]; the data have [${data.shape.join(",")}]`,
  open: async ({ asset: read, device, threads }) => {
    const inner = await classifierExtractor(await read(asset), asset, {
      ...(device && { device }),
      ...(threads !== undefined && { threads }),
    });
    return channels === 1 ? inner : stackedExtractor(inner, channels);
  },
});

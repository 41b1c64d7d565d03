/** Feature extractors by name, and which one some data are judged by. */
import { type Catalogue, catalogueOf } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import type { FeatureData, FeatureFactory, FeatureSource } from "./feature-source.ts";
import { builtIn } from "./features/built-in.ts";
import { pixelsFeatures } from "./features/pixels.ts";

/** All feature extractors, built in and registered. */
export const featureCatalogue: Catalogue<FeatureFactory> = catalogueOf("features", builtIn);

/** What data are judged by where nobody has said. */
export const usualFeatures = (data: FeatureData): FeatureSource =>
  (
    featureCatalogue.all.findLast(({ definition }) => definition.usualFor?.(data) === true) ?? pixelsFeatures
  ).create();

/**
 * The features that data are judged by: those that are asked for, or the usual ones of such data.
 *
 * @param data shape, classes and name of the data
 * @param asked the name of an extractor, the path of an ONNX file, or an extractor itself; what is usual for the data without
 * @param layer tensor or node of the ONNX file
 * @param preset the network in the ONNX file, whose range, sides and layer are known
 * @throws UsageError for a layer or a preset of what is no file
 */
export const chosenFeatures = (
  data: FeatureData,
  asked: string | FeatureSource | undefined,
  layer?: string | undefined,
  preset?: string | undefined,
): FeatureSource => {
  const isFile = typeof asked === "string" && !featureCatalogue.has(asked);
  if (layer !== undefined && !isFile) {
    throw new UsageError("--layer names a layer of an ONNX file: give --features FILE, too");
  }
  if (preset !== undefined && !isFile) {
    throw new UsageError(
      "--preset says how a network in an ONNX file wants its pictures: give --features FILE, too",
    );
  }
  if (isFile) return featureCatalogue.get("onnx").create({ file: asked, layer, preset });
  if (asked === undefined) return usualFeatures(data);
  return typeof asked === "string" ? featureCatalogue.get(asked).create() : asked;
};

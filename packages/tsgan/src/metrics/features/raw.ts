import { matrix } from "../../distances/index.ts";
import { sizeOf } from "../../graph/index.ts";
import { countOf, type FeatureExtractor } from "../extractor.ts";
import { resizeImages } from "../resize.ts";

/** Most features that are taken of raw pixels: a covariance has their square. */
const MOST_PIXELS = 1024;

/**
 * The examples themselves: coordinates of points, or pixels, averaged down to at most 1,024 values. Pixels know nothing
 * of what an image shows: good enough to tell collapse and noise, not to rank good generators.
 *
 * @param shape of one example: [C, H, W], or [d]
 */
export const rawExtractor = (shape: readonly number[]): FeatureExtractor => {
  const [channels, height, width] = shape.length === 3 ? shape : [1, 1, sizeOf(shape)];
  let side = Math.max(height, width);
  const isImage = shape.length === 3;
  while (isImage && channels * side * side > MOST_PIXELS) side--;
  const reduced = isImage && side < Math.max(height, width);
  const to = reduced ? ([side, side] as const) : ([height, width] as const);
  const dimension = channels * to[0] * to[1];
  return {
    name: isImage ? "pixels" : "coordinates",
    description: isImage
      ? `raw pixels${reduced ? `, averaged down to ${side} × ${side}` : ""}: they know nothing of what an image shows`
      : "the coordinates themselves",
    inputShape: shape,
    features: async (examples) => {
      const count = countOf("pixels", examples, shape);
      const values = reduced ? resizeImages(examples, [channels, height, width], to, "area") : examples;
      return { features: matrix(count, dimension, values) };
    },
    dispose: async () => {},
  };
};

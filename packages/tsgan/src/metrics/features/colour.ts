import { defineFeatures, type FeatureData } from "../feature-source.ts";
import { resizeImages } from "../resize.ts";
import { onnxExtractor } from "./onnx-extractor.ts";

/** Sides of the pictures that the network has learnt from. */
const SIDE = 64;
/** Of smaller pictures pixels say as much. */
const LEAST = 16;

const isPicture = ({ shape }: FeatureData): boolean =>
  shape.length === 3 && (shape[0] === 3 || shape[0] === 1) && Math.min(shape[1], shape[2]) >= LEAST;

/**
 * What a small network sees that tsgan trained to tell kinds of emoji, digits and clothing, and how much a picture was spoilt.
 * Larger pictures are averaged down to 64 × 64, smaller ones enlarged.
 */
export const colourFeatures = defineFeatures({
  name: "colour",
  title: "three layers (608) of a small network that tsgan trained on emoji, digits and clothing",
  notes: "ranks what is spoilt, and models, better than pixels; not Inception, whose figures are others",
  suits: `pictures of ${LEAST} × ${LEAST} and more; taken for colour`,
  usualFor: (data) => isPicture(data) && data.shape[0] === 3,
  options: {},
  create: () => ({
    unfit: (data) =>
      isPicture(data)
        ? undefined
        : `it is for pictures of [1 or 3,${LEAST} or more,${LEAST} or more]; the data have [${data.shape.join(",")}]`,
    open: async ({ data: { shape }, asset, device, threads }) => {
      const [channels, height, width] = shape;
      const [rows, columns] = [Math.min(height, SIDE), Math.min(width, SIDE)];
      const inner = await onnxExtractor(await asset("colour.onnx"), {
        file: "colour.onnx",
        shape: [channels, rows, columns],
        ...(device && { device }),
        ...(threads !== undefined && { threads }),
      });
      return {
        ...inner,
        name: "colour",
        description: "a small network trained by tsgan on emoji, digits and clothing, not Inception",
        inputShape: shape,
        features: (examples) =>
          inner.features(resizeImages(examples, [channels, height, width], [rows, columns], "area")),
      };
    },
  }),
});

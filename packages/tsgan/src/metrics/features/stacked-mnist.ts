import { defineFeatures } from "../feature-source.ts";
import { classifierOf, isUsual } from "./classifiers.ts";

/** What a classifier of digits sees in each channel. */
export const stackedMnistFeatures = defineFeatures({
  name: "stacked-mnist",
  title: "the classifier of digits for each channel (192 features), and the 1,000 combinations of classes",
  suits: "colour images of 28 × 28; taken for stacked-mnist",
  usualFor: isUsual("stacked-mnist", 3),
  options: {},
  create: () => classifierOf("mnist.onnx", 3),
});

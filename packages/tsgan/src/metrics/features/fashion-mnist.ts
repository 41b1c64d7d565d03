import { defineFeatures } from "../feature-source.ts";
import { classifierOf, isUsual } from "./classifiers.ts";

/** What a classifier of articles of clothing sees. */
export const fashionMnistFeatures = defineFeatures({
  name: "fashion-mnist",
  title: "last hidden layer (64) of a classifier of clothing that tsgan trained, and its classes",
  suits: "grey images of 28 × 28; taken for fashion-mnist",
  usualFor: isUsual("fashion-mnist", 1),
  options: {},
  create: () => classifierOf("fashion-mnist.onnx", 1),
});

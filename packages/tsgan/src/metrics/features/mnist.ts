import { defineFeatures } from "../feature-source.ts";
import { classifierOf, isUsual } from "./classifiers.ts";

/** What a classifier of digits sees. */
export const mnistFeatures = defineFeatures({
  name: "mnist",
  title: "last hidden layer (64) of a classifier of digits that tsgan trained, and its classes",
  suits: "grey images of 28 × 28; taken for mnist",
  usualFor: isUsual("mnist", 1),
  options: {},
  create: () => classifierOf("mnist.onnx", 1),
});

/** The built-in feature extractors, in the order in which they are listed. */
import type { FeatureFactory } from "../feature-source.ts";
import { colourFeatures } from "./colour.ts";
import { fashionMnistFeatures } from "./fashion-mnist.ts";
import { mnistFeatures } from "./mnist.ts";
import { onnxFeatures } from "./onnx.ts";
import { pixelsFeatures } from "./pixels.ts";
import { stackedMnistFeatures } from "./stacked-mnist.ts";

export const builtIn: readonly FeatureFactory[] = [
  pixelsFeatures,
  colourFeatures,
  mnistFeatures,
  fashionMnistFeatures,
  stackedMnistFeatures,
  onnxFeatures,
];

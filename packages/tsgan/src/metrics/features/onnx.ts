import { auto, choice, text } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import { defineFeatures } from "../feature-source.ts";
import { onnxExtractor } from "./onnx-extractor.ts";
import { featurePresetNames } from "./presets.ts";

/** A layer of a model of one's own. */
export const onnxFeatures = defineFeatures({
  name: "onnx",
  title: "a layer of an ONNX model: --features FILE, --layer NAME, --preset NETWORK",
  notes: "one input [batch, channels, height, width] with 1 or 3 channels, float32 in [−1, 1] or uint8",
  suits: "images",
  options: {
    file: text({ default: "", means: "path of the model" }),
    layer: auto(text({ default: "", means: "tensor or node whose values are taken" }), "the first output"),
    preset: auto(
      choice(featurePresetNames, {
        default: "inception",
        means: "the network, whose range, sides and layer are known",
      }),
      "none: pictures in [−1, 1], of the model's sides",
    ),
  },
  create: ({ file, layer, preset }) => ({
    open: async ({ data: { shape }, read, device, threads }) => {
      if (file === "")
        throw new UsageError("features onnx: the model's file is missing; give --features FILE");
      const name = file.split(/[\\/]/).at(-1) as string;
      return onnxExtractor(await read(file), {
        file: name,
        layer,
        preset,
        shape,
        ...(device && { device }),
        ...(threads !== undefined && { threads }),
      });
    },
  }),
});

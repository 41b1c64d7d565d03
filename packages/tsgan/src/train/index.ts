/** The trainer, the training loop, and checkpoints. */
export * from "./checkpoint.ts";
export type { Computable, Computed, ComputeOptions } from "./compute.ts";
export * from "./create-trainer.ts";
export * from "./drawn-rows.ts";
export * from "./gan-trainer.ts";
export * from "./generator-file.ts";
export { type ImportedGenerator, type ImportOptions, importGenerator } from "./import-generator.ts";
export { type ImageLayout, type ImageRange, imageLayouts, imageRanges } from "./import-output.ts";
export * from "./network-programs.ts";
export * from "./not-finite.ts";
export * from "./row-maker.ts";
export * from "./run.ts";
export { decodeSafetensors, encodeSafetensors, type Safetensors, type TensorData } from "./safetensors.ts";
export * from "./train.ts";
export * from "./trainer.ts";

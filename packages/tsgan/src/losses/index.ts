/** Adversarial losses: two pure functions of scores each; and the losses that stand beside them. */
export * from "./auxiliary/index.ts";
export { catalogue, terms } from "./catalogue.ts";
export { combine, type WeightedLoss } from "./combine.ts";
export { type CustomLoss, custom } from "./custom.ts";
export * from "./divergences/index.ts";
export * from "./list.ts";
export * from "./loss.ts";
export { pointModel, pointOptimizer } from "./preset-parts.ts";
export { lossNames, type Preset, presets } from "./presets.ts";
export * from "./term.ts";

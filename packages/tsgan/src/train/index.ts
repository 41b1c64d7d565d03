/** The trainer, the training loop, configurations and checkpoints. */
export * from "./checkpoint.ts";
export * from "./config.ts";
export { type FeedSpec, type ScalarSpec, scalarVector } from "./feeds.ts";
export { latentFill } from "./latent.ts";
export * from "./plan.ts";
export { type Recipe, recipeOf, recipes } from "./recipes.ts";
export { type Preset, settingsOf, type Topic, topics, topicsOf } from "./reference.ts";
export { decodeSafetensors, encodeSafetensors, type Safetensors, type TensorData } from "./safetensors.ts";
export { buildIteration, type Iteration, type Networks, networksOf, stateSizes } from "./step.ts";
export { createTerm, type PlanTerm, termNames } from "./terms.ts";
export * from "./train.ts";
export * from "./trainer.ts";

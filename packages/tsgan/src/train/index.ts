/** The trainer, the training loop, configurations and checkpoints. */
export * from "./checkpoint.ts";
export * from "./config.ts";
export { type FeedSpec, type ScalarSpec, scalarVector } from "./feeds.ts";
export { latentFill } from "./latent.ts";
export * from "./plan.ts";
export { type Recipe, recipeOf, recipes } from "./recipes.ts";
export { settingsOf, type Topic, type TopicOption, topics, topicsOf } from "./reference.ts";
export { decodeSafetensors, encodeSafetensors, type Safetensors, type TensorData } from "./safetensors.ts";
export { buildIteration, type Iteration, type Networks, networksOf, stateSizes } from "./step.ts";
export * from "./train.ts";
export * from "./trainer.ts";

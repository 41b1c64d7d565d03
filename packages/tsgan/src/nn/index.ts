/** Layers, initialisers, normalisation, optimisers and schedules. */
export * from "./augment.ts";
export * from "./augmentation.ts";
export * as augmentations from "./augmentations/built-in.ts";
export * from "./initializers.ts";
export type { Layer } from "./layers.ts";
export * as layers from "./layers.ts";
export * as links from "./links/built-in.ts";
export { clipByNorm } from "./links/clip.ts";
export * from "./moving-average.ts";
export * from "./normalization.ts";
export * from "./optimization.ts";
export * from "./optimizer.ts";
export { adam, adamW, rmsProp, sgd } from "./optimizers/built-in.ts";
export * from "./schedule.ts";
export * from "./scheduled.ts";
export * as schedules from "./schedules/built-in.ts";
export * from "./scope.ts";
export * from "./techniques.ts";

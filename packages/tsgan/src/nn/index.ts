/** Layers, initialisers, normalisation, optimisers and schedules. */
export * from "./augment.ts";
export * from "./augmentation.ts";
export * as augmentations from "./augmentations/built-in.ts";
export * from "./initializers.ts";
export type { Layer } from "./layers.ts";
export * as layers from "./layers.ts";
export * from "./normalization.ts";
export * from "./optimizers.ts";
export * from "./schedules.ts";
export * from "./scope.ts";
export * from "./techniques.ts";

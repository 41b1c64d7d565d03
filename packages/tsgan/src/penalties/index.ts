/** Gradient penalties, regularisers and constraints of the discriminator. */
export { catalogue, create } from "./catalogue.ts";
export { constraints } from "./described.ts";
export * from "./gradient.ts";
export * from "./penalty.ts";
export type { Points } from "./points.ts";
export * from "./regularizers.ts";

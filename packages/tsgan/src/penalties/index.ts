/** Gradient penalties, regularisers and constraints of the discriminator. */
export { catalogue } from "./catalogue.ts";
export { consensus } from "./consensus.ts";
export * from "./list.ts";
export * from "./penalty.ts";
export { SCORES as scoresText } from "./shared-facts.ts";

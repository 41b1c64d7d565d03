/** Games of any number of players: networks, objectives, techniques, and their moves as a graph. */
export { isTensor } from "../graph/index.ts";
export * from "./feeds.ts";
export * from "./game.ts";
export * from "./latent.ts";
export * from "./network.ts";
export * from "./program.ts";
export * from "./state.ts";
export * from "./technique.ts";
export * from "./types.ts";
export { type Named, reservedNames, type ViewOf } from "./view.ts";

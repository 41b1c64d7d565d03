/** The two-player GAN as a game. */
export * from "./gan.ts";
export * from "./scores.ts";

/** Adversarial losses: two pure functions of scores each. */
export * from "./classic.ts";
export * from "./loss.ts";
export * from "./relativistic.ts";

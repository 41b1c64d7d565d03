/** The built-in links of an optimiser's chain: one row each. */
export { clip } from "./clip.ts";
export { decay } from "./decay.ts";
export { ema } from "./ema.ts";
export { extragradient } from "./extragradient.ts";
export { lookahead } from "./lookahead.ts";
export { optimistic } from "./optimistic.ts";

/** The built-in penalties and constraints. */
export { balancedConsistency } from "./balanced-consistency.ts";
export { consistency } from "./consistency.ts";
export { dragan } from "./dragan.ts";
export { gradientPenalty } from "./gradient-penalty.ts";
export { lazyR1 } from "./lazy-r1.ts";
export { orthogonal } from "./orthogonal.ts";
export { r1 } from "./r1.ts";
export { r2 } from "./r2.ts";
export { weightClipping } from "./weight-clipping.ts";
export { wganDiv } from "./wgan-div.ts";
export { wganLp } from "./wgan-lp.ts";
export { zeroCentred } from "./zero-centred.ts";

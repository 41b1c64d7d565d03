/** Adversarial losses: two pure functions of scores each; and the losses that stand beside them. */
export type { Catalogue, Described, Description, Entry, Formula, Paper } from "../catalogue.ts";
export * from "./auxiliary.ts";
export { catalogue, create } from "./catalogue.ts";
export * from "./classic.ts";
export { combine, type Term } from "./combine.ts";
export { type CustomLoss, custom } from "./custom.ts";
export { auxiliaryLosses, distributionLosses } from "./described.ts";
export * from "./distribution.ts";
export * from "./energy.ts";
export { type Equilibrium, equilibriumOf } from "./equilibrium.ts";
export { type FGanDivergence, type FGanOptions, fGan, fGanDivergences } from "./f-gan.ts";
export * from "./loss.ts";
export { type MmdOptions, mmdGan } from "./mmd.ts";
export * from "./relativistic.ts";
export { type SinkhornOptions, sinkhorn } from "./sinkhorn.ts";

/** Figures: plain data in, SVG out. */
export { type HistogramOptions, histogram } from "./histogram.ts";
export { figure } from "./render.ts";
export type * from "./spec.ts";
export { escapeText, parseRuns, plainText, type Run } from "./text.ts";
export { formatFixed } from "./ticks.ts";

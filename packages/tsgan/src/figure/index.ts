/** Figures: plain data in, SVG out. */
export { meaningOf, seriesColor, seriesColors } from "./color.ts";
export { type HistogramOptions, histogram } from "./histogram.ts";
export { type Frame, figure, frames } from "./render.ts";
export { aroundBounds } from "./scale.ts";
export type * from "./spec.ts";
export { escapeText, markup, parseRuns, plainText, type Run } from "./text.ts";
export { formatFixed } from "./ticks.ts";

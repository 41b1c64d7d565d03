/** Where the marks of a panel are drawn. */
import type { Scale } from "./scale.ts";
import type { Numbers } from "./spec.ts";

/** The plotting area of a panel: scales onto its pixels, x to the right and y downwards from the top left corner. */
export interface Frame {
  x: Scale;
  y: Scale;
  width: number;
  height: number;
}

/** Pixels of what is written within a panel. */
export const NOTE_SIZE = 13;

/** The column as numbers, null as NaN. */
export const values = (column: Numbers): number[] => Array.from(column, (value) => value ?? Number.NaN);

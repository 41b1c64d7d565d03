/** The figures that trials are compared by: what they are called, and which way is better. */
import { type Better, knownFigures } from "tsgan/metrics";
import type { Evaluation } from "./record.ts";

export interface FigureKind {
  /** Name in metrics.jsonl: "fid". */
  readonly key: string;
  readonly label: string;
  readonly better: Exclude<Better, "neither">;
}

/**
 * All figures that have a better way, of built-in metrics and registered ones, the most telling first: a data set's models are
 * ranked by the first of these that tells its trials apart.
 */
export const figureKinds = (): readonly FigureKind[] =>
  knownFigures().flatMap(({ key, label, better }) => (better === "neither" ? [] : [{ key, label, better }]));

/** The finite figures of an evaluation, with those that follow from others, such as F1 from precision and recall. */
export const figuresOf = ({ metrics }: Evaluation): Record<string, number> => {
  const figures: Record<string, number> = {};
  for (const [key, value] of Object.entries(metrics)) if (Number.isFinite(value)) figures[key] = value;
  for (const { key, from } of knownFigures()) {
    const value = figures[key] === undefined ? from?.(figures) : undefined;
    if (value !== undefined && Number.isFinite(value)) figures[key] = value;
  }
  return figures;
};

/** Lower is better of all costs. */
export const costOf = ({ better }: FigureKind, value: number): number =>
  better === "lower" ? value : 0 - value;

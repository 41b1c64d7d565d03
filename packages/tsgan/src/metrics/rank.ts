/** Which of two evaluations is the better one. */
import { knownFigures } from "./catalogue.ts";

/** How an evaluation compares with others: by its most telling figure. */
export interface Rank {
  readonly key: string;
  readonly value: number;
  /** The value, with its sign turned where higher is better. */
  readonly cost: number;
  /** Place of the figure among all: 0 is the most telling one. */
  readonly place: number;
}

/**
 * How an evaluation compares with others: by the most telling figure that it has and that has a better way. Undefined
 * where it has none.
 *
 * @param figures by their keys; a record of a run will do
 */
export const rankOf = (figures: Readonly<Record<string, unknown>>): Rank | undefined => {
  for (const [place, { key, better }] of knownFigures().entries()) {
    const value = figures[key];
    if (better === "neither" || typeof value !== "number" || !Number.isFinite(value)) continue;
    return { key, value, cost: better === "lower" ? value : 0 - value, place };
  }
  return undefined;
};

/** Whether the first is better than the second. Figures of two kinds do not compare: the more telling one counts. */
export const outranks = (first: Rank, second: Rank | undefined): boolean => {
  if (second === undefined || first.place < second.place) return true;
  return first.place === second.place && first.cost < second.cost;
};

/** How near samples are to training examples, for metrics and diagnoses. */
import type { Matrix } from "../distances/index.ts";
import { median } from "../statistics/index.ts";
import { nearestInSet, nearestOther } from "./nearest.ts";
import { firstRows } from "./rows.ts";

const QUERIES = 500;

/**
 * Distances of samples to their nearest training example, in units of the data's own distance between neighbours that
 * are not copies of each other. Where all training examples are equal there is no such unit, and the ratio is NaN.
 *
 * @param most samples and examples whose neighbours are looked for, at most; 500 without
 */
export const neighbours = (
  samples: Matrix,
  training: Matrix,
  most = QUERIES,
): { readonly ratio: number; readonly copies: number } => {
  const queries = firstRows(samples, most);
  const own = nearestOther(training, Math.min(most, training.rows)).filter((d) => d > 0);
  const distances = nearestInSet(queries, training).squaredDistances.map(Math.sqrt);
  const unit = own.length === 0 ? 0 : Math.sqrt(median(own));
  return {
    ratio: unit === 0 ? Number.NaN : median(distances) / unit,
    copies: distances.filter((distance) => distance === 0 || distance < unit / 10).length / distances.length,
  };
};

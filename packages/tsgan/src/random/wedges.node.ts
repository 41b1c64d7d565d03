/** Where a point beside the sure part of a strip of the ziggurat lies under the curve, without the curve for nearly all. */
import { edges, STRIPS, sure } from "./ziggurat.ts";

/** Places along a wedge at which its curve is looked at. */
const PLACES = 64;
/** What is added to the range of the differences that were met: far more than the curve bends between two places. */
const SPARE = 0.01;

/**
 * Beside the sure part a strip's number u, with v uniform in [0, 1), counts where 1 − v < (f(|u| e) − low) / (high − low): f goes from
 * `high` to `low`, nearly straight. With t = slope |u| + start, which goes from 0 to 1, it counts for sure where v − t > `above`, and for
 * sure does not where v − t < `below`. The tail (strip 0) is never decided.
 */
export const wedges = () => {
  const table = (): Float64Array => new Float64Array(STRIPS);
  const [slopes, starts, above, below] = [table(), table(), table(), table()];
  above[0] = Number.POSITIVE_INFINITY;
  below[0] = Number.NEGATIVE_INFINITY;
  for (let strip = 1; strip < STRIPS; strip++) {
    const f = (x: number): number => Math.exp(-0.5 * x * x);
    const [low, high] = [f(edges[strip]), f(edges[strip + 1])];
    slopes[strip] = 1 / (1 - sure[strip]);
    starts[strip] = -sure[strip] * slopes[strip];
    const bends = Array.from({ length: PLACES + 1 }, (_, i) => {
      const t = i / PLACES;
      const x = edges[strip + 1] + t * (edges[strip] - edges[strip + 1]);
      return 1 - (f(x) - low) / (high - low) - t;
    });
    above[strip] = Math.max(...bends) + SPARE;
    below[strip] = Math.min(...bends) - SPARE;
  }
  return { slopes, starts, above, below };
};

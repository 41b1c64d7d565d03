/** The built-in losses. */

export { began, beganMeasure } from "./began.ts";
export { ebgan } from "./ebgan.ts";
export {
  fganGan,
  fganJensenShannon,
  fganKl,
  fganPearson,
  fganReverseKl,
  fganSquaredHellinger,
  fganTotalVariation,
} from "./f-gan.ts";
export { hinge } from "./hinge.ts";
export { leastSquares } from "./least-squares.ts";
export { minimax } from "./minimax.ts";
export { mmdGan } from "./mmd-gan.ts";
export { nonSaturating } from "./non-saturating.ts";
export { relativisticAverage } from "./relativistic-average.ts";
export { relativisticAverageHinge } from "./relativistic-average-hinge.ts";
export { relativisticAverageLeastSquares } from "./relativistic-average-least-squares.ts";
export { relativisticPaired } from "./relativistic-paired.ts";
export { sinkhorn } from "./sinkhorn.ts";
export { wasserstein } from "./wasserstein.ts";
export { labelledMean, wassersteinLabels } from "./wasserstein-labels.ts";

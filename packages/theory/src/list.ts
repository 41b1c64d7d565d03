/** The built-in experiments. */
import { createdEqual } from "./created-equal.ts";
import { criticEstimate } from "./critic-estimate.ts";
import { divergences } from "./divergences.ts";
import { earthMover } from "./earth-mover.ts";
import { generatorGradients } from "./generator-gradients.ts";
import { lowDimensionalSupports } from "./low-dimensional-supports.ts";
import { modeCollapse } from "./mode-collapse.ts";
import { nashOscillation } from "./nash-oscillation.ts";
import { optimalDiscriminator } from "./optimal-discriminator.ts";
import { parallelLines } from "./parallel-lines.ts";
import { vanishingGradient } from "./vanishing-gradient.ts";
import { weightClipping } from "./weight-clipping.ts";

export {
  createdEqual,
  criticEstimate,
  divergences,
  earthMover,
  generatorGradients,
  lowDimensionalSupports,
  modeCollapse,
  nashOscillation,
  optimalDiscriminator,
  parallelLines,
  vanishingGradient,
  weightClipping,
};

/** In the order in which they tell the story. */
export const builtIn = [
  divergences,
  optimalDiscriminator,
  nashOscillation,
  lowDimensionalSupports,
  vanishingGradient,
  modeCollapse,
  earthMover,
  parallelLines,
  weightClipping,
  criticEstimate,
  generatorGradients,
  createdEqual,
];

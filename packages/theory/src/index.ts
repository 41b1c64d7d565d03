/** The theory lab: experiments that explain GANs, each returning data and a figure. */
import { unknownName } from "tsgan";
import { createdEqual } from "./created-equal.ts";
import { criticEstimate } from "./critic-estimate.ts";
import { divergences } from "./divergences.ts";
import { earthMover } from "./earth-mover.ts";
import type { Experiment } from "./experiment.ts";
import { generatorGradients } from "./generator-gradients.ts";
import { lowDimensionalSupports } from "./low-dimensional-supports.ts";
import { modeCollapse } from "./mode-collapse.ts";
import { nashOscillation } from "./nash-oscillation.ts";
import { optimalDiscriminator } from "./optimal-discriminator.ts";
import { parallelLines } from "./parallel-lines.ts";
import { vanishingGradient } from "./vanishing-gradient.ts";
import { weightClipping } from "./weight-clipping.ts";

export {
  type CreatedEqualData,
  type CreatedEqualOptions,
  createdEqual,
  type Settings,
} from "./created-equal.ts";
export {
  type CriticEstimateData,
  type CriticEstimateOptions,
  criticEstimate,
  type EstimateCurve,
} from "./critic-estimate.ts";
export { type DivergencesData, type DivergencesOptions, divergences } from "./divergences.ts";
export { type EarthMoverData, type EarthMoverOptions, earthMover } from "./earth-mover.ts";
export { type Claim, type Experiment, holds, type Progress, type RunContext } from "./experiment.ts";
export {
  type CostCurve,
  type GeneratorGradientsData,
  type GeneratorGradientsOptions,
  generatorGradients,
} from "./generator-gradients.ts";
export {
  type LowDimensionalSupportsData,
  type LowDimensionalSupportsOptions,
  lowDimensionalSupports,
  type SupportsCase,
} from "./low-dimensional-supports.ts";
export {
  type CollapseCurve,
  type ImageRun,
  type ModeCollapseData,
  type ModeCollapseOptions,
  modeCollapse,
  type PointCollapse,
  type PointRun,
} from "./mode-collapse.ts";
export {
  type NashOscillationData,
  type NashOscillationOptions,
  nashOscillation,
  type Trajectory,
} from "./nash-oscillation.ts";
export {
  type OptimalDiscriminatorData,
  type OptimalDiscriminatorOptions,
  optimalDiscriminator,
} from "./optimal-discriminator.ts";
export { withDefaults } from "./options.ts";
export { constraintColor, constraintName, mosaic, pointPanel } from "./panels.ts";
export { type ParallelLinesData, type ParallelLinesOptions, parallelLines } from "./parallel-lines.ts";
export { type StoryItem, story } from "./story.ts";
export {
  type VanishingGradientData,
  type VanishingGradientOptions,
  vanishingGradient,
} from "./vanishing-gradient.ts";
export {
  type ConstrainedCritic,
  type ValueSurface,
  type WeightClippingData,
  type WeightClippingOptions,
  weightClipping,
} from "./weight-clipping.ts";

/** An experiment whose types of options and data are not known where it is driven: by a command or a page. */
export type AnyExperiment = Experiment<object, unknown>;

/** All experiments by name, in the order in which they tell the story. */
export const experiments: Readonly<Record<string, AnyExperiment>> = Object.fromEntries(
  (
    [
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
    ] satisfies AnyExperiment[]
  ).map((experiment): [string, AnyExperiment] => [experiment.name, experiment]),
);

/** The experiment of that name; throws UsageError with the nearest known name if there is none. */
export const experimentNamed = (name: string): AnyExperiment => {
  if (!Object.hasOwn(experiments, name)) throw unknownName("experiment", name, Object.keys(experiments));
  return experiments[name];
};

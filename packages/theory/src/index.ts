/** The theory lab: experiments that explain GANs, each returning data and a figure. */
import { type Catalogue, catalogueOf } from "tsgan/define";
import type { ExperimentFactory } from "./experiment.ts";
import { builtIn } from "./list.ts";

export type { CreatedEqualData, Settings } from "./created-equal.ts";
export type { CriticEstimateData, EstimateCurve } from "./critic-estimate.ts";
export type { DivergencesData } from "./divergences.ts";
export type { EarthMoverData } from "./earth-mover.ts";
export {
  type Claim,
  defineExperiment,
  type Experiment,
  type ExperimentDefinition,
  type ExperimentFactory,
  type ExperimentInput,
  holds,
  type Progress,
  type RunContext,
  sourceOf,
} from "./experiment.ts";
export type { CostCurve, GeneratorGradientsData } from "./generator-gradients.ts";
export * from "./list.ts";
export type { LowDimensionalSupportsData, SupportsCase } from "./low-dimensional-supports.ts";
export type { CollapseCurve, ImageRun, ModeCollapseData, PointCollapse, PointRun } from "./mode-collapse.ts";
export type { NashOscillationData, Trajectory } from "./nash-oscillation.ts";
export type { OptimalDiscriminatorData } from "./optimal-discriminator.ts";
export { constraintColor, constraintName, mosaic, pointPanel } from "./panels.ts";
export type { ParallelLinesData } from "./parallel-lines.ts";
export { type StoryItem, story, storyItem } from "./story.ts";
export type { VanishingGradientData } from "./vanishing-gradient.ts";
export type { ConstrainedCritic, WeightClippingData } from "./weight-clipping.ts";
export type { ValueSurface } from "./weight-clipping-critics.ts";

/** All experiments by name: the built-in ones in the order in which they tell the story, then those that are registered. */
export const experiments: Catalogue<ExperimentFactory> = catalogueOf("experiment", builtIn);

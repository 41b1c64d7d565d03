/** Data sets: synthetic distributions, examples in memory, IDX, and what is checked before training. */

export { catalogue } from "./catalogue.ts";
export { type CheckOptions, checkDataset, type Finding } from "./check.ts";
export { type Batch, checkBatch, type Dataset, requireDataset } from "./dataset.ts";
export {
  type DataContext,
  type DataFiles,
  type DataPackage,
  type DatasetDefinition,
  type DatasetFactory,
  type DatasetInput,
  defineDataset,
  describeDataset,
} from "./definition.ts";
export {
  type FiniteDataset,
  type FiniteSource,
  finite,
  fromExamples,
  fromPixels,
  scalePixels,
} from "./finite.ts";
export { encodeIdx, type Idx, imagesFromIdx, parseIdx, resizePixels } from "./idx.ts";
export { labelledSubset } from "./labelled-subset.ts";
export type { PathLabels } from "./labels-of-paths.ts";
export {
  alignedPairs,
  type ImageMap,
  independentPairs,
  invertAndTurn,
  mappedPairs,
  outline,
  splitOff,
} from "./pairs.ts";
export { fillPolygons, type PolygonOptions, polygons } from "./polygons.ts";
export type { Counts, Fit, Labelling, PictureFacts, Reading, TableFacts, Unreadable } from "./reading.ts";
export { grid } from "./sets/grid.ts";
export { line } from "./sets/line.ts";
export { moons } from "./sets/moons.ts";
export { ring } from "./sets/ring.ts";
export { spiral } from "./sets/spiral.ts";
export { type ImageSize, type Sides, sidesOf, sizeOf } from "./size.ts";
export { stackChannels } from "./stacked.ts";
export { type MixtureDataset, mixture } from "./synthetic.ts";

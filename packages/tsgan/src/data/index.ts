/** Data sets: synthetic distributions, examples in memory, IDX, and what is checked before training. */
export { type CheckOptions, checkDataset, type Finding } from "./check.ts";
export type { Batch, Dataset } from "./dataset.ts";
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
export { builtInDatasets, drawnNames, imageNames, pairNames, syntheticNames } from "./names.ts";
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
export { type ImageSize, type Sides, sidesOf, sizeOf } from "./size.ts";
export { stackChannels } from "./stacked.ts";
export { grid, line, type MixtureDataset, mixture, moons, ring, spiral } from "./synthetic.ts";

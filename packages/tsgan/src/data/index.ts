/** Data sets: synthetic distributions, examples in memory, IDX and CSV, and what is checked before training. */
export { type CheckOptions, checkDataset, type Finding } from "./check.ts";
export type { Batch, Dataset } from "./dataset.ts";
export { decodeText } from "./decode-text.ts";
export { type Dialect, dialectOf, eachRow } from "./dialect.ts";
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
export { labelsOfNames, labelsOfPaths, type PathLabels, type Split } from "./labels-of-paths.ts";
export { labelsOfTable } from "./labels-of-table.ts";
export { builtInDatasets, drawnNames, imageNames, pairNames, syntheticNames } from "./names.ts";
export { naturalOrder } from "./natural-order.ts";
export {
  type ArrayPictures,
  arrayPictures,
  type ByteScale,
  byteScale,
  type NpyHeader,
  npyLabels,
  readNpyHeader,
  typeName,
  valueReader,
} from "./npy.ts";
export { type PairLayout, type PairPlace, pairLayout } from "./pair-layout.ts";
export {
  alignedPairs,
  type ImageMap,
  independentPairs,
  invertAndTurn,
  mappedPairs,
  outline,
  splitOff,
} from "./pairs.ts";
export { pointsFromCsv, pointsOfTable } from "./points.ts";
export { fillPolygons, type PolygonOptions, polygons } from "./polygons.ts";
export {
  type Counts,
  describeReading,
  type Fit,
  type Labelling,
  type PictureFacts,
  type Reading,
  type ReadingContext,
  readingWarnings,
  type TableFacts,
  type Unreadable,
} from "./reading.ts";
export { type ImageSize, type Sides, sidesOf, sizeOf } from "./size.ts";
export { stackChannels } from "./stacked.ts";
export { grid, line, type MixtureDataset, mixture, moons, ring, spiral } from "./synthetic.ts";
export { type Column, describeTable, readTable, type Table, type TableOptions } from "./table.ts";
export { usedRange } from "./used-range.ts";

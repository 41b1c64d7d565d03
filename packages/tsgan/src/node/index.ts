/** What needs Node.js: data sets on disk, caches, run folders, PNG files. */
export { cacheFolder } from "./cache.ts";
export { type Compared, type CompareOptions, type Comparison, comparePaths } from "./compare.ts";
export { type Conditions, changedConditions, conditionsOf } from "./conditions.ts";
export { type DatasetOptions, openDataset } from "./datasets.ts";
export { type Examination, examineGameRun, examineRun } from "./doctor.ts";
export { type Environment, environmentOf, version } from "./environment.ts";
export {
  type EvaluateRunOptions,
  type Evaluation,
  evaluateRun,
  extractorFor,
  type FeatureChoice,
  type Judge,
  type JudgeOptions,
  openJudge,
} from "./evaluate.ts";
export { describeFailure, type Failure } from "./failure.ts";
export {
  fileError,
  fileIn,
  insideOf,
  isMissing,
  makeFolder,
  openFile,
  openForAppending,
  readBytes,
  readInto,
  readJson,
  readText,
  sweepTemporaries,
  writeFileAtomic,
} from "./files.ts";
export { checkEmptyFolder, noFolderOf } from "./folders.ts";
export {
  type GameRunOptions,
  type GameRunResult,
  type OpenedGameRun,
  openGameRun,
  startGameRun,
} from "./game-run.ts";
export type { ImageOptions } from "./images.ts";
export { importGeneratorFile, type SampleFormat, sampleGeneratorFile } from "./import-generator.ts";
export { linesOf, recordOf, thinner } from "./metrics-file.ts";
export { type OpenedRun, type OpenRunOptions, openRun } from "./open-run.ts";
export { hasPackage, MissingPackageError, packageFolder } from "./packages.ts";
export { type Bitmap, type ImageGridOptions, imageGrid, imageGridPng } from "./png.ts";
export { type PicturesRead, readPictures } from "./read-pictures.ts";
export { type RunOptions, type RunResult, startRun } from "./run.ts";
export { dataOptions } from "./run-data.ts";
export type { RunEvent } from "./run-events.ts";
export {
  type Checkpoint,
  createRunFolder,
  holdsRun,
  type LatestCheckpoint,
  type MetricsLine,
  noRunIn,
  openRunFolder,
  type RunFolder,
} from "./run-folder.ts";
export { lockFolder, lockHolder, stoppableHolder } from "./run-lock.ts";
export { pointsCsv } from "./sample-csv.ts";
export { type SampleColumns, sampleColumns, samplePng } from "./sample-png.ts";
export { planOfRun, type WriteRowsOptions, type WrittenRows, writeRows } from "./sample-rows.ts";
export { makeScratch, type Scratch } from "./scratch.ts";
export { cachedReference } from "./statistics-cache.ts";
export { completeForData, storedConfig } from "./stored-config.ts";
export { parseStoredGame, type StoredGame } from "./stored-game.ts";
export { svgPng } from "./svg-png.ts";
export { type InspectedTable, inspectTable, recognisedAs, recogniseFile } from "./table-file.ts";
export { type EventWriter, eventWriter } from "./tensorboard.ts";
export {
  type TranslatedPicture,
  type TranslatedPictures,
  type TranslateOptions,
  translatePictures,
} from "./translate-pictures.ts";
export { type TranslationError, type Translations, translatePairs, translationPng } from "./translation.ts";
export { isUsedFile, type UseChanges, type UsedFile, useChanges } from "./uses.ts";
export { type WalkFormat, walkPicture } from "./walk.ts";

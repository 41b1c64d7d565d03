/** What needs Node.js: data sets on disk, caches, run folders, PNG files. */
export { cacheFolder } from "./cache.ts";
export { type DatasetOptions, openDataset } from "./datasets.ts";
export { fileError, readBytes, readJson, readText, writeFileAtomic } from "./files.ts";
export { type ImageDataset, type ImageOptions, openImageFolder } from "./image-folder.ts";
export { type Bitmap, type ImageGridOptions, imageGrid, imageGridPng } from "./png.ts";
export {
  type Checkpoint,
  createRunFolder,
  holdsRun,
  type LatestCheckpoint,
  type MetricsLine,
  openRunFolder,
  type RunFolder,
} from "./run-folder.ts";

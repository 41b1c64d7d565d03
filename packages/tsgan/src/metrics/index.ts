/** Metrics: what judges a generator, from features, class probabilities, images or points. */
export { type Classifier, type ClassifierOptions, mostProbable, trainClassifier } from "./classifier.ts";
export { type Fid, fid } from "./fid.ts";
export { type InceptionScore, inceptionScore } from "./inception-score.ts";
export { type Kid, type KidSubset, kid, kidSubsets } from "./kid.ts";
export { countLabelModes, countModes, klToUniform, type ModeCount } from "./modes.ts";
export { type Nearest, nearestInSet } from "./nearest.ts";
export { type Polygon, type PrecisionRecallF1, precisionRecallF1, rasterise } from "./polygons.ts";
export { type PrdCurve, prdCurve, prdFScore } from "./prd.ts";
export {
  type Boundary,
  type PrecisionRecall,
  type PrecisionRecallOptions,
  precisionRecall,
} from "./precision-recall.ts";
export {
  type ImageShape,
  type MsSsim,
  type MsSsimOptions,
  msSsim,
  msSsimWeights,
  type PairwiseSimilarity,
  pairwiseMsSsim,
  ssim,
} from "./ssim.ts";

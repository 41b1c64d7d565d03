/** Metrics: what judges a generator, from features, class probabilities, images or points. */

export { type ByClass, type ByClassOptions, type ClassJudgement, evaluateClasses } from "./by-class.ts";
export {
  catalogue,
  type KnownFigure,
  knownFigures,
  type MetricChoice,
  metricCharts,
  metricOf,
} from "./catalogue.ts";
export { chartsOf, type MetricChart } from "./charts.ts";
export { type ClassAccuracyOptions, classAccuracy } from "./class-accuracy.ts";
export { type Classifier, type ClassifierOptions, mostProbable, trainClassifier } from "./classifier.ts";
export { type CompareImagesOptions, compareImages, type Images } from "./compare-images.ts";
export {
  checkMetrics,
  type EvaluateOptions,
  evaluate,
  type Figure,
  type Judgement,
  type LeftOut,
  needsFeatures,
} from "./evaluate.ts";
export {
  type ExamineOptions,
  examine,
  examineGame,
  type GameHealthSettings,
  gameHealthFacts,
  type HealthFacts,
  healthFacts,
} from "./examine.ts";
export type { ExtractorOptions, FeatureExtractor, Features } from "./extractor.ts";
export { chosenFeatures, featureCatalogue, usualFeatures } from "./feature-catalogue.ts";
export * from "./feature-source.ts";
export { classifierExtractor, stackedExtractor } from "./features/classifier-extractor.ts";
export { type OnnxExtractorOptions, onnxExtractor } from "./features/onnx-extractor.ts";
export { rawExtractor } from "./features/raw.ts";
export { type Fid, fid } from "./fid.ts";
export {
  diagnose,
  type HealthInput,
  type HealthKind,
  type HealthRecord,
  type HealthSettings,
  type Verdict,
  watchHealth,
} from "./health.ts";
export { type InceptionScore, inceptionScore } from "./inception-score.ts";
export { type InversionOptions, invertGenerator } from "./inversion.ts";
export { type Kid, type KidSubset, kid, kidSubsets } from "./kid.ts";
export * from "./metric.ts";
export { countLabelModes, countModes, klToUniform, type ModeCount } from "./modes.ts";
export { type Nearest, nearestInSet, nearestOther } from "./nearest.ts";
export { neighbours } from "./neighbours.ts";
export { distancesToPolygons, type PolygonFitOptions } from "./polygon-fit.ts";
export { type Polygon, type PrecisionRecallF1, precisionRecallF1, rasterise } from "./polygons.ts";
export { type PrdCurve, prdCurve, prdFScore } from "./prd.ts";
export {
  type Boundary,
  type PrecisionRecall,
  type PrecisionRecallOptions,
  precisionRecall,
} from "./precision-recall.ts";
export { psnr } from "./psnr.ts";
export { outranks, type Rank, rankOf } from "./rank.ts";
export {
  type Multiply,
  noReference,
  REFERENCE_SEED,
  type Reference,
  type ReferenceOptions,
  referenceOf,
} from "./reference.ts";
export { type SampleEvidence, sampleEvidence } from "./sample-evidence.ts";
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
export {
  type Membership,
  membershipAttack,
  type RareLeaks,
  rareLeaks,
  rareValues,
} from "./table-attacks.ts";
export { type Detection, detectionFolds, logisticDetection } from "./table-detection.ts";
export {
  baselineProtection,
  type ClosestRecords,
  closestRecords,
  closestRecordTest,
  exactCopies,
  newRowSynthesis,
  overfittingProtection,
  randomFrame,
} from "./table-privacy.ts";
export {
  associations,
  type ColumnScore,
  correlation,
  ksComplement,
  type PairScore,
  type QualityOptions,
  type TableQuality,
  tableQuality,
  tvComplement,
} from "./table-quality.ts";
export { type Sharing, type SharingFacts, sharingOf } from "./table-sharing.ts";
export {
  type ClassificationScores,
  classificationEfficacy,
  type Efficacy,
  efficacyOf,
  regressionEfficacy,
  usefulnessOf,
} from "./table-usefulness.ts";

/** The built-in metrics, in the order in which they are listed and computed. */
import type { MetricFactory } from "../metric.ts";
import { cmmdMetric } from "./cmmd.ts";
import { fidMetric } from "./fid.ts";
import { inceptionScoreMetric } from "./inception-score.ts";
import { kidMetric } from "./kid.ts";
import { modesMetric } from "./modes.ts";
import { msSsimMetric } from "./ms-ssim.ts";
import { nearestMetric } from "./nearest.ts";
import { polygonsMetric } from "./polygons.ts";
import { precisionRecallMetric } from "./precision-recall.ts";
import { slicedWassersteinMetric } from "./sliced-wasserstein.ts";
import { tableDetectionMetric } from "./table-detection.ts";
import { tablePrivacyMetric } from "./table-privacy.ts";
import { tableQualityMetric } from "./table-quality.ts";
import { tableUsefulnessMetric } from "./table-usefulness.ts";

export const builtIn: readonly MetricFactory[] = [
  fidMetric,
  kidMetric,
  cmmdMetric,
  inceptionScoreMetric,
  precisionRecallMetric,
  slicedWassersteinMetric,
  msSsimMetric,
  modesMetric,
  nearestMetric,
  polygonsMetric,
  tableQualityMetric,
  tableDetectionMetric,
  tableUsefulnessMetric,
  tablePrivacyMetric,
];

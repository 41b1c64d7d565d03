/** The figures that trials are compared by: what they are called, and which way is better. */
import { type Better, metricFigures } from "tsgan/metrics";
import type { Evaluation } from "./record.ts";

export interface FigureKind {
  /** Name in metrics.jsonl: "fid". */
  readonly key: string;
  readonly label: string;
  readonly better: Exclude<Better, "neither">;
}

/**
 * Labels of the figures that have a better way, the most telling first: a data set's models are ranked by the first of these that
 * tells its trials apart.
 */
const LABELS: Readonly<Record<string, string>> = {
  polygonF1: "polygon F1",
  fid: "FID",
  coverage: "coverage",
  kid: "KID",
  slicedWasserstein: "sliced Wasserstein",
  f1: "F1",
  precision: "precision",
  recall: "recall",
  density: "density",
  polygonPrecision: "polygon precision",
  polygonRecall: "polygon recall",
  inceptionScore: "Inception score",
  modesCovered: "modes covered",
  highQuality: "high quality",
  klToUniform: "KL to even modes",
  copies: "copies",
};

const directions: Readonly<Record<string, Better>> = Object.assign(
  { f1: "higher" },
  ...Object.values(metricFigures),
);

/** In the order of `LABELS`. */
export const figureKinds: readonly FigureKind[] = Object.entries(LABELS).flatMap(([key, label]) => {
  const better = directions[key];
  return better === undefined || better === "neither" ? [] : [{ key, label, better }];
});

/**
 * The finite figures of an evaluation, with F1 = 2 · precision · recall / (precision + recall), 0 where both are 0, beside
 * precision and recall.
 */
export const figuresOf = ({ metrics }: Evaluation): Record<string, number> => {
  const figures: Record<string, number> = {};
  for (const [key, value] of Object.entries(metrics)) if (Number.isFinite(value)) figures[key] = value;
  const { precision, recall } = figures;
  if (precision !== undefined && recall !== undefined) {
    figures.f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  }
  return figures;
};

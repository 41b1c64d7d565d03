import { integer } from "../../define/index.ts";
import { randomStream } from "../../random/index.ts";
import type { Frame } from "../../tables/index.ts";
import { defineMetric, unlessTable } from "../metric.ts";
import { detectionFolds, logisticDetection } from "../table-detection.ts";
import { someOfFrame } from "../table-usefulness.ts";
import { framesOf } from "./table-quality.ts";

/** At most so many rows, chosen by the seed. */
export const chosenRows = (frame: Frame, most: number, seed: number, purpose: string): Frame =>
  frame.rows <= most
    ? frame
    : someOfFrame(frame, randomStream(seed, purpose).permutation(frame.rows).slice(0, most));

/** Whether a classifier can tell synthetic rows from real ones. */
export const tableDetectionMetric = defineMetric({
  name: "table-detection",
  title: "how well a classifier tells synthetic rows from real ones (SDMetrics' LogisticDetection)",
  notes:
    "logistic regression looks at each column by itself: what is wrong with pairs of columns does not show, and it is easily led by one column",
  papers: [
    {
      authors: "Lopez-Paz, Oquab",
      year: 2017,
      title: "Revisiting classifier two-sample tests",
      arxiv: "1610.06545",
    },
  ],
  suits: "tables of mixed columns",
  ofRows: true,
  figures: {
    detection: { label: "detection", better: "higher", rank: 8 },
    detectionAuc: { label: "detection AUC", better: "neither" },
  },
  unasked: ({ dataset }) => unlessTable({ dataset }) === undefined,
  options: {
    samples: integer({
      default: 5000,
      least: 6,
      means: "rows of either kind that the classifier sees, at most",
    }),
  },
  create: ({ samples }) => ({
    unfit: unlessTable,
    compute: (context) => {
      const { synthetic, training } = framesOf(context);
      const { seed } = context;
      const real = chosenRows(training!, samples, seed, "detection/training");
      const made = chosenRows(synthetic, samples, seed, "detection/synthetic");
      const { score, auc } = logisticDetection(real, made, detectionFolds(real.rows, made.rows, seed));
      return [
        {
          key: "detection",
          value: score,
          note: "1 − mean of 2 max(½, AUC) − 1 over three folds; 1 where the two cannot be told apart, 0 where they always are",
        },
        {
          key: "detectionAuc",
          value: auc,
          note: `share of pairs of ${real.rows} real and ${made.rows} synthetic rows that are put in order; 0.5 is guessing`,
        },
      ];
    },
  }),
});

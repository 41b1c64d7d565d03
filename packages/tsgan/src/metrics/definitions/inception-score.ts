import { auto, integer } from "../../define/index.ts";
import type { Matrix } from "../../distances/index.ts";
import { inceptionScore } from "../inception-score.ts";
import { defineMetric } from "../metric.ts";

/** exp(E KL(p(y|x) ‖ p(y))) of a classifier's probabilities. */
export const inceptionScoreMetric = defineMetric({
  name: "is",
  title: "Inception score (Salimans et al. 2016)",
  papers: [
    {
      authors: "Salimans et al.",
      year: 2016,
      title: "Improved techniques for training GANs",
      arxiv: "1606.03498",
      where: "§4",
    },
  ],
  notes: "at most the number of classes; blind to copies within a class and to the data",
  suits: "data with a classifier",
  figures: { inceptionScore: { label: "Inception score", better: "higher", rank: 120 } },
  options: {
    splits: auto(
      integer({ default: 10, least: 1, most: 10_000, means: "parts of the samples that it is the mean of" }),
      "10, or as many as have ten samples each",
    ),
  },
  create: ({ splits: asked }) => ({
    unfit: ({ extractor }) =>
      extractor.classes !== undefined
        ? undefined
        : `it needs a classifier; the features are ${extractor.name}`,
    compute: async (context) => {
      const probabilities = (await context.features()).probabilities as Matrix;
      const classes = probabilities.columns;
      const { mean, std, scores, bound } = inceptionScore(probabilities, asked);
      const { length: splits } = scores;
      const spread = splits === 1 ? "1 split" : `± ${std.toPrecision(2)} over ${splits} splits`;
      return [
        {
          key: "inceptionScore",
          value: mean,
          note: `${spread}, at most ${bound}, classes by ${context.extractor.name}; blind to copies within a class`,
          ...(bound < classes && {
            unreliable: `${bound} samples a split cannot show ${classes} classes: it is at most ${bound}`,
          }),
        },
      ];
    },
  }),
});

import { frechetTermsAsync } from "../../distances/index.ts";
import { defineMetric, isImages } from "../metric.ts";
import { momentsOf, productFor } from "../reference.ts";

/** Why figures of normal laws fitted to so few samples are not to be relied on. */
const tooFewFor = (features: number, samples: number, examples: number): string | undefined => {
  const [few, what] = samples <= examples ? [samples, "samples"] : [examples, "training examples"];
  return few > features
    ? undefined
    : `${features} features of only ${few} ${what}: a covariance of so few is singular, and the figure far too high`;
};

/** The squared Fréchet distance of the normal laws fitted to the features of samples and of the data. */
export const fidMetric = defineMetric({
  name: "fid",
  title: "Fréchet distance of features (Heusel et al. 2017)",
  papers: [
    {
      authors: "Heusel et al.",
      year: 2017,
      title: "GANs trained by a two time-scale update rule converge to a local Nash equilibrium",
      arxiv: "1706.08500",
      where: "eq. 6",
    },
  ],
  notes: "falls as samples grow, means what the features mean: compare only at the same count and features",
  suits: "images; points when asked for",
  figures: { fid: { label: "FID", better: "lower", rank: 20 } },
  inTraining: true,
  // Of points, two moments say little.
  unasked: isImages,
  byClass: true,
  options: {},
  create: () => ({
    compute: async (context) => {
      const { extractor, reference } = context;
      const { features } = await context.features();
      const multiply = productFor(features.columns, context.multiply);
      const moments = await momentsOf(features, multiply);
      const { value } = await frechetTermsAsync(reference.moments, moments, multiply);
      return [
        {
          key: "fid",
          value,
          note: `${features.rows} samples against ${reference.count}, features: ${extractor.name}; compare only at the same count and features`,
          unreliable: tooFewFor(features.columns, features.rows, reference.count),
        },
      ];
    },
  }),
});

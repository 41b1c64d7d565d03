import { integer } from "../../define/index.ts";
import { kid } from "../kid.ts";
import { defineMetric, isImages } from "../metric.ts";

/** The unbiased MMD² of features with the kernel (x·y/d + 1)³, averaged over subsets. */
export const kidMetric = defineMetric({
  name: "kid",
  title: "kernel distance of features (Bińkowski et al. 2018)",
  papers: [
    {
      authors: "Bińkowski et al.",
      year: 2018,
      title: "Demystifying MMD GANs",
      arxiv: "1801.01401",
      where: "§4",
    },
  ],
  notes: "unbiased, may be below 0",
  suits: "images; points when asked for",
  figures: { kid: { label: "KID", better: "lower", rank: 40 } },
  unasked: isImages,
  byClass: true,
  options: {
    subsets: integer({ default: 20, least: 1, most: 10_000, means: "subsets that it is the mean of" }),
    size: integer({ default: 1000, least: 2, means: "rows of a subset, at most" }),
  },
  create: ({ subsets, size: most }) => ({
    compute: async (context) => {
      const { extractor, reference, seed } = context;
      const { features } = await context.features();
      const size = Math.min(most, features.rows, reference.features.rows);
      const { mean, std } = kid(reference.features, features, { subsets, size, seed });
      return [
        {
          key: "kid",
          value: mean,
          note: `± ${std.toPrecision(2)} over ${subsets} subsets of ${size}, features: ${extractor.name}; unbiased, so it may be below 0`,
        },
      ];
    },
  }),
});

import { integer } from "../../define/index.ts";
import { RunError } from "../../errors.ts";
import { isTable } from "../../tables/index.ts";
import { defineMetric } from "../metric.ts";
import { neighbours } from "../neighbours.ts";

/** Distances of samples to their nearest training examples: near ones are copies. */
export const nearestMetric = defineMetric({
  name: "nearest",
  title: "nearest training neighbours (memorisation)",
  notes: "the ratio is near 1 for fresh examples, far below 1 for copies",
  suits: "finite data",
  figures: {
    nearestRatio: { label: "nearest neighbour", better: "neither" },
    copies: { label: "copies", better: "lower", rank: 160 },
  },
  unasked: ({ dataset }) => !isTable(dataset),
  options: { queries: integer({ default: 500, least: 1, means: "samples that are looked at" }) },
  create: ({ queries }) => ({
    unfit: ({ dataset }) =>
      Number.isFinite(dataset.size) ? undefined : "the data are drawn afresh: there is nothing to memorise",
    compute: async (context) => {
      const { reference, extractor, dataset } = context;
      const { features } = await context.features();
      const { ratio, copies } = neighbours(features, reference.features, queries);
      if (Number.isNaN(ratio)) {
        throw new RunError("nearest: all training examples are alike, so that none of them is near or far");
      }
      const looked = Math.min(queries, features.rows);
      const whole = reference.features.rows === dataset.size ? "all" : `${reference.features.rows} of`;
      return [
        {
          key: "nearestRatio",
          value: ratio,
          note: `median distance of ${looked} samples to ${whole} ${dataset.size} training examples, in units of the data's own (features: ${extractor.name}); far below 1 they are copies`,
        },
        {
          key: "copies",
          value: copies,
          note: "share of samples nearer to a training example than a tenth of the data's own distance",
        },
      ];
    },
  }),
});

import { integer } from "../../define/index.ts";
import { randomStream } from "../../random/index.ts";
import { defineMetric, unlessImages } from "../metric.ts";
import { type ImageShape, pairwiseMsSsim } from "../ssim.ts";

/** Mean multi-scale structural similarity of random pairs of samples. */
export const msSsimMetric = defineMetric({
  name: "ms-ssim",
  title: "MS-SSIM of pairs (Odena et al. 2017)",
  papers: [
    {
      authors: "Odena et al.",
      year: 2017,
      title: "Conditional image synthesis with auxiliary classifier GANs",
      arxiv: "1610.09585",
      where: "§4.2",
    },
  ],
  notes: "compare with the figure of the data in the note",
  suits: "images",
  figures: { msSsim: { label: "MS-SSIM of pairs", better: "neither" } },
  options: { pairs: integer({ default: 100, least: 1, most: 1_000_000, means: "random pairs" }) },
  create: ({ pairs: pairCount }) => ({
    unfit: unlessImages,
    compute: async ({ samples, dataset, seed, count }) => {
      const shape = dataset.shape as ImageShape;
      const similarity = (images: Float32Array, number: number) => {
        const random = randomStream(seed, "ms-ssim");
        const pairs = Array.from({ length: pairCount }, () => {
          const i = random.integer(number);
          return [i, (i + 1 + random.integer(number - 1)) % number] as const;
        });
        return pairwiseMsSsim(images, shape, { dataRange: 2 }, pairs).mean;
      };
      // No more than there are, so that an example is not compared with itself.
      const examples = Math.min(count, dataset.size);
      const ofData = similarity((await dataset.draw(seed, 0, examples)).examples, examples);
      return [
        {
          key: "msSsim",
          value: similarity(samples, count),
          note: `${pairCount} pairs; ${ofData.toPrecision(3)} for the data; far above it, samples resemble each other too much`,
        },
      ];
    },
  }),
});

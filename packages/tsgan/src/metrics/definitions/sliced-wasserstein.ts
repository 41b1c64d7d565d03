import { integer } from "../../define/index.ts";
import { matrix, randomDirections, slicedWasserstein } from "../../distances/index.ts";
import { randomStream } from "../../random/index.ts";
import { isTable } from "../../tables/index.ts";
import { defineMetric, isImages } from "../metric.ts";
import { firstRows } from "../rows.ts";

/** The root mean of W₂² along random directions, of the examples themselves. */
export const slicedWassersteinMetric = defineMetric({
  name: "swd",
  title: "sliced Wasserstein distance (Rabin et al. 2011)",
  papers: [
    {
      authors: "Rabin et al.",
      year: 2011,
      title: "Wasserstein barycenter and its application to texture mixing",
    },
  ],
  notes: "W₂, of pixels or coordinates, whatever the features",
  suits: "points; images by pixels",
  figures: { slicedWasserstein: { label: "sliced Wasserstein", better: "lower", rank: 50 } },
  charts: [
    { title: "Sliced Wasserstein distance", label: "distance", series: { slicedWasserstein: "distance" } },
  ],
  inTraining: true,
  unasked: (terms) => !isTable(terms.dataset) && (!isImages(terms) || terms.extractor.name === "pixels"),
  options: {
    directions: integer({ default: 128, least: 1, most: 100_000, means: "random directions" }),
    most: integer({ default: 5000, least: 2, means: "samples and examples that are looked at" }),
  },
  create: ({ directions, most }) => ({
    compute: async (context) => {
      const { dataset, seed, rows } = context;
      const fake = firstRows(rows, most);
      const { examples } = await dataset.draw(seed, 0, Math.min(most, fake.rows));
      const real = matrix(examples.length / fake.columns, fake.columns, examples);
      const along = randomDirections(randomStream(seed, "slices"), directions, fake.columns);
      const { distance } = slicedWasserstein(real, fake, along);
      return [
        {
          key: "slicedWasserstein",
          value: distance,
          note: `W₂ along ${directions} directions of ${isImages(context) ? "raw pixels" : "the coordinates"}, ${fake.rows} samples against ${real.rows}`,
        },
      ];
    },
  }),
});

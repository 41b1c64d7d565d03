import { polygons } from "../../data/index.ts";
import { integer, number } from "../../define/index.ts";
import { defineMetric, type Subject } from "../metric.ts";
import { distancesToPolygons } from "../polygon-fit.ts";
import { precisionRecallF1 } from "../polygons.ts";

/** Side for which `delta` is meant. */
const SIDE = 28;

/** Samples near the triangles of the data set, and triangles that the generator comes near. */
export const polygonsMetric = defineMetric({
  name: "polygons",
  title: "precision, recall and F1 of convex polygons (Lucic et al. 2018)",
  papers: [
    {
      authors: "Lucic et al.",
      year: 2018,
      title: "Are GANs created equal? A large-scale study",
      arxiv: "1711.10337",
      where: "§5",
    },
  ],
  notes:
    "recall is by descent on z, a lower bound; the distance counts in proportion to the number of pixels",
  suits: "`polygons`",
  figures: {
    polygonPrecision: { label: "polygon precision", better: "higher", rank: 100 },
    polygonRecall: { label: "polygon recall", better: "higher", rank: 110 },
    polygonF1: { label: "polygon F1", better: "higher", rank: 10 },
  },
  charts: [
    {
      title: "Precision, recall and F1 of polygons",
      label: "share",
      series: { polygonPrecision: "precision", polygonRecall: "recall", polygonF1: "F1" },
    },
  ],
  options: {
    images: integer({
      default: 256,
      least: 1,
      most: 10_000,
      means: "samples, and test images, that are looked at",
    }),
    delta: number({
      default: 0.75,
      above: 0,
      means: "squared distance up to which an image of 28 px with values in [0, 1] is near",
      symbol: "δ",
    }),
  },
  create: ({ images, delta: published }) => ({
    unfit: ({ dataset, invert }) => {
      if (dataset.name !== "polygons") return "it is for the data set polygons";
      return invert === undefined ? "it needs the generator itself, not only samples" : undefined;
    },
    compute: async ({ samples, dataset, seed, invert }) => {
      const [, side] = dataset.shape;
      const generated = distancesToPolygons(samples.subarray(0, images * side * side), side);
      const { examples } = await polygons({ split: "test", size: side }).draw(seed, 0, images);
      const inverted = await (invert as NonNullable<Subject["invert"]>)(examples);
      // The threshold is for images in [0, 1]; ours span 2.
      const test = inverted.map((distance) => distance / 4);
      // A squared distance is a sum over pixels: smaller images have smaller ones.
      const delta = published * (side / SIDE) ** 2;
      const { precision, recall, f1 } = precisionRecallF1(generated, test, delta);
      return [
        {
          key: "polygonPrecision",
          value: precision,
          note: `share of ${generated.length} samples within ${delta} of a triangle, fitted to each`,
        },
        {
          key: "polygonRecall",
          value: recall,
          note: `share of ${test.length} test images that the generator comes within ${delta} of, by descent on z: a lower bound`,
        },
        { key: "polygonF1", value: f1, note: "harmonic mean of both" },
      ];
    },
  }),
});

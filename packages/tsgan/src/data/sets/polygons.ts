import { choice, integer, number } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import { defineDataset } from "../definition.ts";
import { polygons } from "../polygons.ts";

/** Random convex polygons, on which precision and recall of a generator can be measured. */
export const polygonsData = defineDataset({
  name: "polygons",
  title: "gray-scale triangles (Lucic et al. 2018)",
  holds: "images",
  shape: [1, 28, 28],
  examples: { train: 60_000, test: 10_000 },
  resizable: true,
  papers: [
    {
      authors: "Lucic et al.",
      year: 2018,
      title: "Are GANs created equal? A large-scale study",
      arxiv: "1711.10337",
      where: "§5.2",
    },
  ],
  options: {
    vertices: integer({ default: 3, least: 3, most: 100, means: "corners" }),
    minimumAngle: number({ default: 20, least: 0, means: "degrees, at most 360 / vertices" }),
    scale: number({
      default: 0.75,
      above: 0,
      most: 1,
      means: "diameter of the circle of the corners, in sides",
    }),
    subpixels: integer({ default: 8, least: 1, most: 64, means: "points a pixel, along each side" }),
    rotation: choice(["as-published", "uniform"], {
      default: "as-published",
      means: "by 6.28° at most as the published code turns them, or in any direction",
    }),
  },
  open: (options, { split, size, channels }) => {
    if (channels === 3) throw new UsageError("data set polygons: it is grey; leave channels out");
    if (typeof size === "string")
      throw new UsageError("data set polygons: it is square; give one side as its size");
    return polygons({ ...options, ...(split && { split }), ...(size && { size }) });
  },
});

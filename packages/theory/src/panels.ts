/** Parts of figures that the experiments share with each other and with pages that show them. */
import { type Panel, seriesColor } from "tsgan/figure";

/**
 * Images side by side in a square, as one grid of cells with the upper edge last.
 *
 * @param title that of the panel
 * @param images grey values by row and column
 */
export const mosaic = (title: string, images: readonly number[][][]): Panel => {
  const across = Math.ceil(Math.sqrt(images.length));
  const [height, width] = [images[0].length, images[0][0].length];
  const down = Math.ceil(images.length / across);
  const values = Array.from({ length: down * height }, (_, r) =>
    Array.from(
      { length: across * width },
      (_, c) => images[Math.floor(r / height) * across + Math.floor(c / width)]?.[r % height][c % width] ?? 0,
    ),
  ).reverse();
  return {
    title,
    aspect: "equal",
    x: { ticks: [] },
    y: { ticks: [] },
    marks: [
      {
        type: "heatmap",
        x: [0, across * width],
        y: [0, down * height],
        values,
        domain: [0, 15],
        picture: true,
      },
    ],
  };
};

/**
 * Samples in the plane with the modes of their data.
 *
 * @param title that of the panel
 * @param points samples, [x, y] each
 * @param centres the modes of the data
 */
export const pointPanel = (
  title: string,
  points: readonly (readonly number[])[],
  centres: readonly (readonly number[])[],
): Panel => {
  const reach = 1.35 * Math.max(...centres.flat());
  return {
    title,
    aspect: "equal",
    x: { label: "x_{1}", domain: [-reach, reach] },
    y: { label: "x_{2}", domain: [-reach, reach] },
    marks: [
      {
        type: "scatter",
        x: points.map(([x]) => x),
        y: points.map(([, y]) => y),
        color: 1,
        radius: 1.8,
      },
      {
        type: "scatter",
        x: centres.map(([x]) => x),
        y: centres.map(([, y]) => y),
        label: "modes of the data",
        symbol: "cross",
        color: 0,
        radius: 4,
      },
    ],
  };
};

/** What a critic is called in a figure: its weights have at most the value `limit`, or, for null, a gradient penalty holds it. */
export const constraintName = (limit: number | null): string =>
  limit === null ? "gradient penalty" : `c = ${limit}`;

/**
 * The colour of the i-th critic, an index into the palette: the first of the series' is the penalty's.
 *
 * @param limit largest absolute value of a weight, where they are clipped; null for the gradient penalty
 */
export const constraintColor = (limit: number | null, i: number): number =>
  seriesColor(limit === null ? 0 : i + 1);

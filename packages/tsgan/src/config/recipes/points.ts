/**
 * Recipes for points. Where code and paper disagree the recipe says which it follows. In comments, R marks what was read in the
 * named code, U what is recalled from a paper and has not been checked.
 */
import { type RecipeGroup, wganGp } from "./recipe.ts";

export const points: RecipeGroup = {
  "wgan-gp-toy": {
    title: "WGAN-GP for points",
    config: {
      ...wganGp,
      model: { name: "mlp", latent: 2, hidden: [512, 512, 512] },
      penalties: [{ name: "gradient-penalty", weight: 0.1 }],
      batch: 256,
      steps: 100_000,
    },
  },
};

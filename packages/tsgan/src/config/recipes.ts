/** Recipes: what the papers' authors trained with, as data. One file a group in `recipes/`. */
import { unknownName } from "../errors.ts";
import { conditionalRecipes } from "./recipes/conditional.ts";
import { firstImages } from "./recipes/first-images.ts";
import { otherImages } from "./recipes/other-images.ts";
import { pairs } from "./recipes/pairs.ts";
import { points } from "./recipes/points.ts";
import type { Recipe } from "./recipes/recipe.ts";

export type { Recipe } from "./recipes/recipe.ts";

const conditional = (
  name: keyof typeof conditionalRecipes,
  words: Omit<Recipe, "config" | "data">,
): [string, Omit<Recipe, "data">] => [name, { ...words, config: conditionalRecipes[name] }];

const labelled = Object.fromEntries([
  conditional("cgan", {
    title: "conditional GAN with the label concatenated",
    source: "Newmu/dcgan_code, mnist/train_cond_dcgan.py (read); Mirza & Osindero 2014, arXiv:1411.1784",
    notes:
      "Follows the code, but the label enters at the first layer instead of at every one, and weights do not decay.",
  }),
  conditional("acgan", {
    title: "auxiliary classifier GAN",
    source: "Odena et al. 2017, arXiv:1610.09585, appendix (recalled, not checked)",
    notes:
      "Follows the paper's weight 1 of the classes in both losses, of real and of generated images in the discriminator's; " +
      "the discriminator has batch norm instead of dropout.",
  }),
  conditional("sgan", {
    title: "semi-supervised GAN with 100 labels a class",
    source:
      "openai/improved-gan, train_mnist_feature_matching.py (read); Salimans et al. 2016, arXiv:1606.03498",
    notes: "Follows the code's losses; the networks and the learning rate are tsgan's own.",
  }),
]);

const withCodes = Object.fromEntries([
  conditional("infogan", {
    title: "InfoGAN for digits",
    source: "openai/InfoGAN, launchers/run_mnist_exp.py (read); Chen et al. 2016, arXiv:1606.03657",
    notes:
      "Follows the code, networks included, but for the category's one-hot vector, which is √62/3 long, so that it is not lost " +
      "beside the noise. Images of more than 32 × 32 get DCGAN's networks.",
  }),
]);

const withData = (
  data: Recipe["data"],
  group: Readonly<Record<string, Omit<Recipe, "data">>>,
): [string, Recipe][] => Object.entries(group).map(([name, recipe]) => [name, { ...recipe, data }]);

export const recipes: Readonly<Record<string, Recipe>> = Object.fromEntries([
  ...withData("images", firstImages),
  ...withData("images", otherImages),
  ...withData("images", withCodes),
  ...withData("labelled images", labelled),
  ...withData("pairs of images", pairs),
  ...withData("points", points),
]);

/** The recipe that is called `name`. @throws UsageError with the nearest name where there is none */
export const recipeOf = (name: string): Recipe => {
  if (Object.hasOwn(recipes, name)) return recipes[name];
  throw unknownName("recipe", name, Object.keys(recipes));
};

/** Recipes: what the papers' authors trained with, as data. One file a group in `recipes/`; what is said of them in `recipe-words.ts`. */
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
  title: string,
): [string, Omit<Recipe, "data">] => [name, { title, config: conditionalRecipes[name] }];

const labelled = Object.fromEntries([
  conditional("cgan", "conditional GAN with the label concatenated"),
  conditional("acgan", "auxiliary classifier GAN"),
  conditional("sgan", "semi-supervised GAN with 100 labels a class"),
]);

const withCodes = Object.fromEntries([conditional("infogan", "InfoGAN for digits")]);

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

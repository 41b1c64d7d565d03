/** The recipes as a page of the documentation. */
import { type Recipe, recipes, recipeWords, settingsOf } from "../config/index.ts";

const section = (name: string, { title, config, data }: Recipe): string =>
  [
    `## ${name}`,
    `${title}, for ${data}.`,
    settingsOf(config)
      .map((setting) => `- ${setting}`)
      .join("\n"),
    recipeWords[name].notes,
    `Source: ${recipeWords[name].source}.`,
  ].join("\n\n");

/** The whole page, as Markdown. */
export const recipesPage = (): string =>
  `${[
    "# Recipes",
    "What the papers' authors trained with. `tsgan train DATA --recipe NAME` trains a recipe, `--print-config` prints all " +
      "of it, and every flag, `--set` and `--config` change a part of it. Where code and paper disagree, the recipe says " +
      'which it follows. "Read" marks what was seen in the named code; "recalled" what is remembered of a paper and has ' +
      "not been checked against its text. What a recipe does not name comes from the defaults.",
    "This page is made from `packages/tsgan/src/config/recipes.ts`: `npx vitest run --project unit recipes -u` writes it " +
      "anew, and a test fails where the two differ.",
    ...Object.entries(recipes).map(([name, recipe]) => section(name, recipe)),
  ].join("\n\n")}\n`;

/** The recipes as a page of the documentation. */
import { type Recipe, recipes } from "../train/index.ts";

const value = (x: unknown): string => {
  if (Array.isArray(x)) return x.length === 0 ? "none" : x.map(value).join("; ");
  if (typeof x !== "object" || x === null) return String(x);
  return Object.entries(x)
    .map(([key, inner]) => (key === "name" ? String(inner) : `${key} ${value(inner)}`))
    .join(", ");
};

const settings = ({ optimizer, ...config }: Recipe["config"]): string[] => {
  const { generator, discriminator } = optimizer ?? {};
  const same = JSON.stringify(generator) === JSON.stringify(discriminator);
  const players = same ? { optimizer: generator } : { "generator's optimizer": generator, discriminator };
  return Object.entries({ ...config, ...players }).map(([key, x]) => `- ${key}: ${value(x)}`);
};

const section = (name: string, { title, source, notes, config, data }: Recipe): string =>
  [`### ${name}`, `${title}, for ${data}.`, settings(config).join("\n"), notes, `Source: ${source}.`].join(
    "\n\n",
  );

/** The whole page, as Markdown. */
export const recipesPage = (): string =>
  `${[
    "# Recipes",
    "What the papers' authors trained with. `tsgan train DATA --recipe NAME` trains a recipe, `--print-config` prints all " +
      "of it, and every flag, `--set` and `--config` change a part of it. Where code and paper disagree, the recipe says " +
      'which it follows. "Read" marks what was seen in the named code; "recalled" what is remembered of a paper and has ' +
      "not been checked against its text. What a recipe does not name comes from the defaults.",
    "This page is made from `packages/tsgan/src/train/recipes.ts`: `npx vitest run --project unit recipes -u` writes it " +
      "anew, and a test fails where the two differ.",
    ...Object.entries(recipes).map(([name, recipe]) => section(name, recipe)),
  ].join("\n\n")}\n`;

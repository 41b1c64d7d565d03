/** The catalogue of models as a page of the documentation. */

import { recipes } from "../config/index.ts";
import { catalogue, type ModelDefinition } from "../models/index.ts";
import { cite, optionTable, sentence } from "./page-parts.ts";

const kinds: Readonly<Record<ModelDefinition["data"], string>> = {
  any: "images and points",
  images: "images",
  points: "points",
  pairs: "pairs of images",
};

const section = ({
  name,
  title,
  data,
  needsLabels,
  papers = [],
  notes,
  options,
}: ModelDefinition): string => {
  const own = Object.entries(recipes).flatMap(([recipe, { config }]) =>
    config.model?.name === name ? [`[${recipe}](recipes.md#${recipe})`] : [],
  );
  const facts = [
    `For ${kinds[data]}${needsLabels === true ? " with labels" : ""}.`,
    ...(notes === undefined ? [] : [`${notes}.`]),
    ...papers.map((paper) => `Paper: ${cite(paper)}.`),
    ...(own.length === 0 ? [] : [`Recipes: ${own.join(", ")}.`]),
  ];
  return [
    `## ${name}`,
    sentence(title),
    facts.map((fact) => `- ${fact}`).join("\n"),
    optionTable(options),
  ].join("\n\n");
};

/** The whole page, as Markdown. */
export const modelsPage = (): string =>
  `${[
    "# Models",
    "`tsgan train DATA --model NAME` takes a model with its defaults, `--set model.OPTION=VALUE` changes one. In the library " +
      "`models.dcgan({ base: 32 })` is an architecture, and `.for({ shape: [1, 28, 28] })` the model for data of that shape, whose " +
      "`options` have every value; `models.defineModel` makes one's own ([your-own-gan.md](your-own-gan.md)). Convolutional networks make images of any sides that are " +
      "multiples of 4 (of 2 for `began`), square or not, and name the nearest for others. What labels and codes do is in " +
      "[conditional.md](conditional.md), translation in [translation.md](translation.md).",
    "This page is made from the definitions in `packages/tsgan/src/models`: `npx vitest run --project unit models -u` writes it " +
      "anew, and a test fails where the two differ.",
    ...catalogue.all.map(({ definition }) => section(definition)),
  ].join("\n\n")}\n`;

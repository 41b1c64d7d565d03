import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { optionsOf } from "tsgan/config";
import { markup } from "tsgan/figure";
import { expect, it } from "vitest";
import { type ExperimentDefinition, experiments } from "./index.ts";

const path = fileURLToPath(new URL("../../../docs/theory.md", import.meta.url));

/** The experiments stand between these two headings. */
const START = "## The story\n";
const END = "## What was measured\n";

const cited = ({ papers = [] }: ExperimentDefinition): string =>
  papers
    .map(({ authors, year, title, arxiv, where }) =>
      [
        `${authors} ${year}`,
        arxiv === undefined ? `“${title}”` : `[“${title}”](https://arxiv.org/abs/${arxiv})`,
        where,
      ]
        .filter((part) => part !== undefined)
        .join(", "),
    )
    .join("; ");

const section = (definition: ExperimentDefinition, i: number): string => {
  const { name, title, explanation = "", minutes, options } = definition;
  return [
    `### ${i + 1}. \`${name}\``,
    `**${title}.** ${markup(explanation)}`,
    `Source: ${cited(definition)}.${minutes === undefined ? "" : ` Trains for about ${Math.max(1, Math.round(60 * minutes))} s.`}`,
    optionsOf(options)
      .map(
        ({ name: option, symbol, meaning, takes, default: usual }) =>
          `- \`${option}\`${symbol === undefined ? "" : ` (${symbol})`}: ${meaning}; ${takes}, by default ${usual}.`,
      )
      .join("\n"),
  ].join("\n\n");
};

it("docs/theory.md holds the experiments as they are, in the order of the story", async () => {
  const page = readFileSync(path, "utf8");
  const made = [
    page.slice(0, page.indexOf(START) + START.length),
    "\nMade from the definitions in `packages/theory/src`: `npx vitest run --project unit theory/src/page -u` writes it anew.\n\n",
    `${experiments.all.map(({ definition }, i) => section(definition, i)).join("\n\n")}\n\n`,
    page.slice(page.indexOf(END)),
  ].join("");
  await expect(made).toMatchFileSnapshot(path);
});

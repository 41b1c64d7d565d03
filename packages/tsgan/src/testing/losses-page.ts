/** The catalogue of losses, penalties and constraints as a page of the documentation. */

import { settingsOf, type Topic, type TopicOption, topics } from "../config/index.ts";
import { cite, sentence } from "./page-parts.ts";

const headings: Readonly<Record<Topic["kind"], string>> = {
  "adversarial loss": "Adversarial losses",
  penalty: "Penalties",
  constraint: "Constraints",
  "auxiliary loss": "Auxiliary losses",
  "distribution loss": "Distribution losses",
};

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

const presetLines = ({ name, images, points, source }: Topic["presets"][number]): string[] => [
  ...Object.entries({ images, points }).flatMap(([data, config]) =>
    config === undefined ? [] : [`\`--loss ${name}\` for ${data}: ${settingsOf(config).join(" · ")}`],
  ),
  ...(source === undefined ? [] : [`Source of \`${name}\`: ${source}`]),
];

const optionLine = ({ name, symbol, meaning, takes, default: usual }: TopicOption): string =>
  `Option \`${name}\`${symbol === undefined ? "" : ` (${symbol})`}: ${meaning}; ${takes}, by default ${usual}.`;

const section = (topic: Topic): string => {
  const { name, title, formulas = [], symbols, notes, use, options, recipes, papers = [] } = topic;
  const width = Math.max(...formulas.map(({ of }) => of.length));
  // A penalty's presets are spelt out at their loss.
  const presets =
    topic.kind === "adversarial loss"
      ? topic.presets.flatMap(presetLines)
      : topic.presets.map((preset) => `Part of \`--loss ${preset.name}\``);
  const facts = [
    `Approximates: ${topic.approximates}.`,
    ...(topic.scores === undefined ? [] : [`Scores: ${topic.scores}.`]),
    `Fails: ${topic.failure}.`,
    ...(notes === undefined ? [] : [notes]),
    `Use: ${use}.`,
    ...(topic.functions === undefined
      ? []
      : [`Functions: ${topic.functions.map((each) => `\`${each}\``).join(", ")}.`]),
    ...options.map(optionLine),
    ...presets.map((preset) => `${preset}.`),
    ...(recipes.length === 0
      ? []
      : [`Recipes: ${recipes.map((recipe) => `[${recipe}](recipes.md#${recipe})`).join(", ")}.`]),
    ...papers.map((paper) => `Paper: ${cite(paper)}.`),
  ];
  return [
    `### ${name}`,
    sentence(title),
    ["```text", ...formulas.map(({ of, text }) => `${of.padEnd(width)}  ${text}`), "```"].join("\n"),
    `${symbols}.`,
    bullets(facts),
  ].join("\n\n");
};

/** The whole page, as Markdown. */
export const lossesPage = (): string =>
  `${[
    "# Losses, penalties and constraints",
    "What `tsgan losses` prints. Formulas are of raw scores, and each player minimises its own. `--loss NAME` and the other " +
      "flags are those of `tsgan train`; a preset is a loss with what it needs around it. How the losses compare on mixtures of " +
      "Gaussians is in [losses-matrix.md](losses-matrix.md).",
    "This page is made from the definitions in `packages/tsgan/src`: `npx vitest run --project unit reference -u` writes it " +
      "anew, and a test fails where the two differ.",
    ...(Object.keys(headings) as Topic["kind"][]).flatMap((kind) => [
      `## ${headings[kind]}`,
      ...topics()
        .filter((topic) => topic.kind === kind)
        .map(section),
    ]),
  ].join("\n\n")}\n`;

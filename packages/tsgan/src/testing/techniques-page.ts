/** The catalogue of techniques as a page of the documentation. */
import { recipes } from "../config/index.ts";
import { catalogue } from "../techniques/index.ts";
import { cite, optionTable, sentence } from "./page-parts.ts";

type Definition = (typeof catalogue.all)[number]["definition"];

const recipesWith = (name: string): readonly string[] =>
  Object.entries(recipes).flatMap(([recipe, { config }]) =>
    (config.techniques ?? []).some((each) => (typeof each === "string" ? each : each.name) === name)
      ? [`[${recipe}](recipes.md#${recipe})`]
      : [],
  );

const section = ({
  name,
  title,
  formulas = [],
  symbols,
  notes,
  papers = [],
  options,
}: Definition): string => {
  const width = Math.max(...formulas.map(({ of }) => of.length));
  const own = recipesWith(name);
  const facts = [
    ...(notes === undefined ? [] : [`${sentence(notes)}`]),
    `Use: \`--set 'techniques=[{"name":"${name}"}]'\`.`,
    ...(own.length === 0 ? [] : [`Recipes: ${own.join(", ")}.`]),
    ...papers.map((paper) => `Paper: ${cite(paper)}.`),
  ];
  return [
    `### ${name}`,
    sentence(title),
    ["```text", ...formulas.map(({ of, text }) => `${of.padEnd(width)}  ${text}`), "```"].join("\n"),
    `${symbols}.`,
    facts.map((fact) => `- ${fact}`).join("\n"),
    optionTable(options),
  ].join("\n\n");
};

/** The whole page, as Markdown. */
export const techniquesPage = (): string =>
  `${[
    "# Techniques",
    'What is added to a game without changing who plays it: `--set \'techniques=[{"name":"ema"}]\'` for `tsgan train`, ' +
      "`techniques: [techniques.ema({ decay: 0.99 })]` in a program, any number of them, in order. `techniques.defineTechnique` makes " +
      "one's own ([your-own-gan.md](your-own-gan.md)). Penalties and constraints are with the [losses](losses.md).",
    "Games of two numbers, the Dirac-GAN of Mescheder et al. (2018, [arXiv:1801.04406](https://arxiv.org/abs/1801.04406)), show what acts " +
      "on the players: all data lie at 0, the generator makes one point θ, and the discriminator is D(x) = ψx.",
    "This page is made from the definitions in `packages/tsgan/src/techniques`: `npx vitest run --project unit techniques/page -u` writes it " +
      "anew, and a test fails where the two differ.",
    "## By name",
    ...catalogue.all.map(({ definition }) => section(definition)),
    "## Without a name",
    "### two-time-scales",
    "Learning rates of their own for both players (TTUR).",
    "```text\ndiscriminator  ψ ← ψ − η_D ∇_ψ L_D\ngenerator      θ ← θ − η_G ∇_θ L_G\n```",
    "η_D, η_G: learning rates; a discriminator that is faster stays near its best, so that the generator's gradient means something.",
    [
      "Use: `--set optimizer.discriminator.learningRate=4e-4 --set optimizer.generator.learningRate=1e-4`; `criticSteps`, more moves of the " +
        "discriminator, is the other way.",
      "Paper: Heusel et al. (2017), GANs trained by a two time-scale update rule converge to a local Nash equilibrium, " +
        "[arXiv:1706.08500](https://arxiv.org/abs/1706.08500), §2.",
    ]
      .map((fact) => `- ${fact}`)
      .join("\n"),
  ].join("\n\n")}\n`;

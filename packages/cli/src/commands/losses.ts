/** tsgan losses */
import { Command } from "commander";
import type { Topic } from "tsgan";
import type { Settings } from "tsgan/define";
import { jsonOption, useOption } from "../options.ts";
import { optionLine, printJson, printStyled, wrap } from "../text.ts";

export const lossesCommand = (): Command =>
  new Command("losses")
    .description("List the losses, penalties and constraints, or say everything about one.")
    .argument("[NAME]", "name of a loss or penalty, or of a loss with all that its authors train with")
    .addOption(useOption())
    .addOption(jsonOption("print as JSON"))
    .action(run);

/** Width of the column of labels, the indent included. */
const LABELS = 17;

/** `label   text`, the text in a column of its own. */
const labelled = (label: string, text: string): string =>
  wrap(text, " ".repeat(LABELS)).replace(" ".repeat(LABELS), `  ${label}`.padEnd(LABELS));

const said = (label: string, text: string | undefined): string[] =>
  text === undefined ? [] : [labelled(label, text)];

const cite = ({ authors, year, title, arxiv, where }: NonNullable<Topic["papers"]>[number]): string =>
  [`${authors} (${year}), ${title}`, arxiv && `arXiv:${arxiv}`, where].filter(Boolean).join(", ");

const formulas = (topic: Topic): string[] => (topic.formulas ?? []).map(({ of, text }) => labelled(of, text));

/** What the list says about a topic. */
const summary = (topic: Topic): string[] => [
  ...formulas(topic),
  ...said("approximates", topic.approximates),
  ...said("scores", topic.scores),
  ...said("fails", topic.failure),
  ...(topic.papers ?? []).map((paper) => labelled("paper", cite(paper))),
];

interface LossesFlags {
  readonly use?: readonly string[];
  readonly json?: boolean;
}

const run = async (name: string | undefined, flags: LossesFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { losses, recipes, recipeWords, settingsOf, topics, topicsOf } = await import("tsgan");
  const { default: pc } = await import("picocolors");
  const show = (...lines: readonly string[]): void => {
    printStyled(`${lines.join("\n")}\n`);
  };
  const found = name === undefined ? topics() : topicsOf(name);
  if (flags.json) {
    printJson(found, 2);
    return;
  }
  const heading = (topic: Topic): string => `${pc.bold(topic.name)}  ${topic.title}, ${topic.kind}`;
  if (name === undefined) {
    for (const topic of found) show(heading(topic), ...summary(topic), "");
    show(
      `With all that their authors train with: ${losses
        .presets()
        .map((preset) => preset.name)
        .join(", ")}.`,
    );
    show("tsgan losses NAME says more about one.");
    return;
  }
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) show("", pc.bold(title), ...lines);
  };
  const paragraph = (text: string | undefined): string[] => (text === undefined ? [] : [wrap(text, "  ")]);
  for (const [i, topic] of found.entries()) {
    if (i > 0) show("");
    const lines = [...formulas(topic), ...paragraph(topic.symbols)];
    show(heading(topic), ...(lines.length === 0 ? [] : ["", ...lines]));
    section("Scores", paragraph(topic.scores));
    section("Approximates", paragraph(topic.approximates));
    section("Fails", paragraph(topic.failure));
    section("Notes", paragraph(topic.notes));
    section(
      "Options",
      topic.options.map((option) => wrap(optionLine(option), "  ")),
    );
    section("Use", paragraph(topic.use));
    section("Functions", paragraph(topic.functions?.join(", ")));
    // Settings stand at the loss; a penalty names what it is part of.
    const isLoss = topic.kind === "adversarial loss";
    const inFull = (config: Settings): string[] => settingsOf(config).map((line) => wrap(line, "    "));
    const presets = topic.presets.filter((preset) => topic.name === name || preset.name === name);
    section(
      "Presets",
      presets.flatMap((preset) =>
        isLoss
          ? [
              ...(["images", "points"] as const).flatMap((data) => {
                const config = preset[data];
                return config === undefined
                  ? []
                  : [`  --loss ${preset.name}, for ${data}`, ...inFull(config)];
              }),
              ...(preset.source === undefined ? [] : [wrap(`Source: ${preset.source}`, "    ")]),
            ]
          : [`  --loss ${preset.name}`],
      ),
    );
    section(
      "Recipes (tsgan train DATA --recipe NAME; --print-config prints one)",
      topic.recipes.flatMap((recipe) => {
        const { title, config } = recipes[recipe];
        const { notes, source } = recipeWords[recipe];
        const line = wrap(`${recipe}: ${title}`, "  ");
        if (!isLoss || (recipe !== name && topic.recipes.length > 1)) return [line];
        return [line, ...inFull(config), wrap(notes, "    "), wrap(`Source: ${source}`, "    ")];
      }),
    );
    section("Papers", (topic.papers ?? []).map(cite).flatMap(paragraph));
  }
};

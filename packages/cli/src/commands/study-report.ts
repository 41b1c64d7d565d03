/** tsgan study report */
import { Command } from "commander";
import { fileOf, jsonOption, useOption } from "../options.ts";
import { formatNumber } from "../progress.ts";
import { plain, plainTexts, print, printJson, printStyled, wrap } from "../text.ts";

interface ReportFlags {
  readonly use?: readonly string[];
  readonly out?: string;
  readonly rankBy?: string;
  readonly json?: boolean;
}

export const studyReportCommand = (): Command =>
  new Command("report")
    .description("Say what a study shows: a page with figures and tests, tables as CSV, all of it as JSON.")
    .argument("<DIR>", "folder of a study, finished or not")
    .option(
      "--out <file>",
      "the page (default: report.html in DIR); report.json, trials.csv and models.csv go beside it",
      fileOf(".html", ".htm"),
    )
    .option(
      "--rank-by <figure>",
      "figure to rank by, where there is one: fid, f1, coverage … (default: the most telling)",
    )
    .addOption(useOption())
    .addOption(jsonOption("print the summary as JSON, too"))
    .addHelpText(
      "after",
      `
Examples:
  tsgan study report studies/paper
  tsgan study report studies/paper --out paper.html --json`,
    )
    .action(run);

const run = async (path: string, { use, out, rankBy, json }: ReportFlags): Promise<void> => {
  const { writeStudyReport } = await import("@tsgan/study/node");
  const { useFiles } = await import("../use.ts");
  const uses = await useFiles(use);
  const { summary, warnings, files } = writeStudyReport(path, { out, rankBy, uses });
  for (const warning of warnings) process.stderr.write(`warning: ${plain(warning)}\n`);
  if (json) {
    printJson(summary, 2);
    return;
  }
  const { default: pc } = await import("picocolors");
  const { finished, expected, failed, stopped, missing } = summary.trials;
  const counts = [
    `${finished} of ${expected} trials finished`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stopped > 0 ? [`${stopped} stopped early`] : []),
    ...(missing > 0 ? [`${missing} not there yet: the study is not finished`] : []),
  ];
  print(`${summary.name}: ${counts.join(", ")}\n`);
  for (const { data, metric, models, comparison } of plainTexts(summary.data)) {
    printStyled(`\n${pc.bold(data)}${metric === null ? "" : `, ${metric.label}`}\n`);
    if (metric === null) {
      print("no trial has a figure to compare by yet\n");
      continue;
    }
    const width = Math.max(...models.map(({ model }) => model.length));
    const cell = (text: string): string => text.padStart(10);
    printStyled(pc.dim(`${"".padEnd(width)}${["best", "median", "failed"].map(cell).join("")}\n`));
    for (const { model, figures, trials } of models) {
      const spread = figures.find(({ key }) => key === metric.key);
      const number = (value: number | undefined): string =>
        cell(value === undefined ? "–" : formatNumber(value));
      print(
        `${model.padEnd(width)}${number(spread?.best)}${number(spread?.median)}${cell(String(trials.failed))}\n`,
      );
    }
    if (comparison !== null) print(`${wrap(comparison.sentence, "")}\n`);
  }
  print(`\nreport: ${files[0]}\ntables: ${files.slice(1).join(", ")}\n`);
};

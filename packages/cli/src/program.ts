/** The commands. Each is a file of its own that declares its arguments at once and loads what it needs when it runs. */
import { createRequire } from "node:module";
import { Command } from "commander";
import { benchCommand } from "./commands/bench.ts";
import { dataCommand } from "./commands/data.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { lossesCommand } from "./commands/losses.ts";
import { sampleCommand } from "./commands/sample.ts";
import { studioCommand } from "./commands/studio.ts";
import { studyCommand } from "./commands/study.ts";
import { tableCommand } from "./commands/table.ts";
import { theoryCommand } from "./commands/theory.ts";
import { trainCommand } from "./commands/train.ts";
import { translateCommand } from "./commands/translate.ts";
import type { HelpLists } from "./help-lists.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** How errors end a command holds for the commands within it, too. */
const inherit = (parent: Command): void => {
  for (const command of parent.commands) inherit(command.copyInheritedSettings(parent));
};

/** @param lists what there is of each kind, where help is asked for */
export const createProgram = (lists?: HelpLists): Command => {
  const program = new Command("tsgan")
    .description("Train, judge and understand generative adversarial networks.")
    .version(version)
    .exitOverride()
    // Errors are one line, the hint after them included.
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll("\n", " ")}\n`) })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", "\ntsgan COMMAND --help says more about a command.");
  for (const command of [
    trainCommand(lists),
    sampleCommand(),
    translateCommand(),
    evaluateCommand(),
    doctorCommand(),
    exportCommand(),
    importCommand(),
    lossesCommand(),
    dataCommand(),
    tableCommand(),
    benchCommand(),
    theoryCommand(lists),
    studyCommand(),
    studioCommand(),
  ]) {
    program.addCommand(command);
  }
  inherit(program);
  return program;
};

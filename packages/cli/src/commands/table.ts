/** tsgan table */
import { Command } from "commander";
import { fileOf, jsonOption, names } from "../options.ts";
import { print, printJson, wrap } from "../text.ts";

interface InspectFlags {
  readonly columns?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

export const tableCommand = (): Command =>
  new Command("table").description("Look at tables: what their columns are.").addCommand(
    new Command("inspect")
      .description("Say what the columns of a .csv file are, and write it as a schema to correct.")
      .argument("<FILE>", "a table")
      .option("--columns <a,b>", "columns to take, by name or number", names)
      .option("--out <file>", "schema to write, for tsgan train --schema", fileOf(".json"))
      .addOption(jsonOption("print the schema as JSON"))
      .addHelpText(
        "after",
        `
Kinds of columns: number, date, category, boolean, constant, identifier (a pattern takes its place), text and omit (left
out). A schema may name some of the columns; the others are recognised.

Examples:
  tsgan table inspect customers.csv
  tsgan table inspect customers.csv --out schema.json
  tsgan train customers.csv --schema schema.json`,
      )
      .action(inspect),
  );

const inspect = async (path: string, { columns, out, json }: InspectFlags): Promise<void> => {
  const { inspectTable, writeFileAtomic } = await import("tsgan/node");
  const { schema, described, lines } = inspectTable(path, { columns });
  if (out !== undefined) writeFileAtomic(out, `${JSON.stringify(schema, null, 2)}\n`);
  if (json) {
    printJson(schema, 2);
    return;
  }
  print(`${wrap(described, "")}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  if (out !== undefined) print(`schema:    ${out}\n`);
};

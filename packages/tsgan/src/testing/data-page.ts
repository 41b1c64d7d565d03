/** The tables of docs/data.md. */
import { catalogue, type DatasetDefinition } from "../data/index.ts";
import { markdownTable, optionsTable } from "./tables.ts";

const count = (n: number): string => n.toLocaleString("en");

const examplesOf = ({ examples }: DatasetDefinition): string => {
  if (examples === undefined) return "drawn afresh";
  const { train, test } = examples;
  return test === undefined ? count(train) : `${count(train)} + ${count(test)} for tests`;
};

export const datasetsTable = (): string =>
  markdownTable([
    ["name", "what it is", "holds", "shape", "classes", "examples", "package"],
    ...catalogue.all.map(({ definition }) => {
      const { name, title, holds, shape = [], classes, package: source } = definition;
      return [
        `\`${name}\``,
        title,
        holds,
        `[${shape.join(", ")}]`,
        classes === undefined ? "" : count(classes),
        examplesOf(definition),
        source === undefined ? "" : `\`${source}\``,
      ];
    }),
  ]);

export const datasetOptionsTable = (): string => optionsTable("data set", catalogue.all);

/** What pages of the documentation that are made of definitions have in common. */
import { describeOption, formatOption, type Option, type OptionTable, type Paper } from "../define/index.ts";

/** A paper with a link to it. */
export const cite = ({ authors, year, title, arxiv, where }: Paper): string => {
  const link = arxiv && `[arXiv:${arxiv}](https://arxiv.org/abs/${arxiv})`;
  return [`${authors} (${year}), ${title}`, link, where].filter(Boolean).join(", ");
};

const optionRow = ([name, option]: readonly [string, Option<unknown>]): readonly string[] => [
  `\`${name}\``,
  describeOption(option).replaceAll('"', ""),
  option.otherwise ?? formatOption(option, option.default),
  option.means,
];

/** Cells padded to one width a column. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const [head, ...rest] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
};

/** The options of a definition. */
export const optionTable = (options: OptionTable): string =>
  table([["option", "takes", "default", "meaning"], ...Object.entries(options).map(optionRow)]);

/** A sentence of a title. */
export const sentence = (title: string): string => `${title[0].toUpperCase()}${title.slice(1)}.`;

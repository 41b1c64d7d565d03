/** Tables of documentation pages that are made from definitions, the text around them being written by hand. */
import { describeOption, formatOption, type OptionTable } from "../define/index.ts";

/**
 * Cells padded to one width a column, as the formatter does.
 *
 * @param numbersFrom columns from this one on hold numbers, which end at one place
 */
export const markdownTable = (
  rows: readonly (readonly string[])[],
  numbersFrom = Number.POSITIVE_INFINITY,
): string => {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => [...row[i]].length)));
  const padded = (cell: string, i: number): string => {
    const room = " ".repeat(widths[i] - [...cell].length);
    return i < numbersFrom ? cell + room : room + cell;
  };
  const line = (cells: readonly string[]): string => `| ${cells.map(padded).join(" | ")} |`;
  const rule = widths.map((width, i) => (i < numbersFrom ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const [head, ...rest] = rows;
  return [line(head), line(rule), ...rest.map(line)].join("\n");
};

interface WithOptions {
  readonly definition: { readonly name: string; readonly options: OptionTable };
}

/** A row for each option of things of a kind. @param kind heads their names */
export const optionsTable = (kind: string, things: readonly WithOptions[]): string =>
  markdownTable([
    [kind, "option", "takes", "default", "meaning"],
    ...things.flatMap(({ definition: { name, options } }) =>
      Object.entries(options).map(([option, about]) => [
        `\`${name}\``,
        `\`${option}\``,
        describeOption(about),
        about.otherwise ?? formatOption(about, about.default),
        about.means,
      ]),
    ),
  ]);

/** The page with the tables between `<!-- NAME -->` and `<!-- /NAME -->` made anew. */
export const withTables = (page: string, tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables).reduce((text, [name, table]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`the page has no ${open} … ${close}`);
    return `${text.slice(0, from + open.length)}\n\n${table}\n\n${text.slice(to)}`;
  }, page);

/** The rules of health that know tables. */
import type { Rule } from "./health-rule.ts";
import { percent } from "./health-run.ts";
import { either } from "./health-signs.ts";
import { areCopies } from "./table-sharing.ts";

export const copiedRows: Rule = {
  kind: "copied-rows",
  severity: "alarm",
  title: "rows are rows of the table",
  look: ({ table }) => {
    if (table?.copies === undefined || !areCopies(table.copies, table.byChance, table.heldOut))
      return undefined;
    const chance =
      table.byChance === undefined ? "" : `, and ${percent(table.byChance)} of held-out rows by chance`;
    return `${percent(table.copies)} of the rows equal a row of training in all columns${chance}`;
  },
  advise: () =>
    `do not share them: ${either("more rows", "a smaller model (hidden)", "an earlier checkpoint (--step)", "differential privacy (--private)")}`,
};

export const collapsedColumn: Rule = {
  kind: "collapsed-column",
  severity: "alarm",
  title: "columns have collapsed to one value",
  passes: true,
  look: ({ table }) =>
    table === undefined || table.collapsed.length === 0
      ? undefined
      : `of ${table.columns} columns: ${table.collapsed
          .map(
            ({ column, share, real }) =>
              `${column} (one value in ${percent(share)} of the rows, ${percent(real)} in the table)`,
          )
          .join(", ")}`,
  advise: ({ settings }) =>
    `the generator runs ahead: ${either(
      "a lower learning rate for it",
      settings.criticSteps < 5 && "more critic steps",
      "a larger batch",
    )}; a column of many rare values is better left out (a schema with kind omit)`,
};

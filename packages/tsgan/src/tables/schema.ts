/** What the columns of a table are: a schema, which is guessed from the table and may be corrected in a file. */
import { nearest, UsageError } from "../errors.ts";
import type { TableSchema } from "./check-schema.ts";

export type { ColumnKind, ColumnSchema, DateSchema, NumberSchema, TableSchema } from "./check-schema.ts";

/**
 * A schema from a value of unknown shape.
 *
 * @param where what it is called in errors: the file's name
 * @throws UsageError with a line for each thing that is wrong, by its path
 */
export const parseSchema = async (value: unknown, where: string): Promise<TableSchema> =>
  (await import("./check-schema.ts")).checkSchema(value, where);

/**
 * A guessed schema with what a person says about some of its columns.
 *
 * @param given what the person says, column by column
 * @param where what errors begin with
 * @throws UsageError for a column that the table does not have
 */
export const overridden = (guessed: TableSchema, given: TableSchema, where: string): TableSchema => {
  const names = guessed.columns.map((each) => each.name);
  const check = (each: string): void => {
    if (names.includes(each)) return;
    const meant = nearest(each, names);
    throw new UsageError(
      `${where}: there is no column "${each}"${meant === undefined ? "" : `; did you mean "${meant}"?`} (columns: ${names.slice(0, 20).join(", ")})`,
    );
  };
  for (const each of given.columns) check(each.name);
  for (const { below, sum } of given.constraints ?? []) for (const each of below ?? sum ?? []) check(each);
  const own = new Map(given.columns.map((each) => [each.name, each]));
  const constraints = given.constraints ?? guessed.constraints;
  return {
    columns: guessed.columns.map((each) => own.get(each.name) ?? each),
    ...(constraints && { constraints }),
  };
};

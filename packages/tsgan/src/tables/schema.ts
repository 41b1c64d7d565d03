/** What the columns of a table are: a schema, which is guessed from the table and may be corrected in a file. */
import { nearest, UsageError } from "../errors.ts";
import type { ColumnSchema, TableSchema } from "./check-schema.ts";

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
  const own = new Map<string, ColumnSchema>();
  for (const each of given.columns) {
    check(each.name);
    if (own.has(each.name)) {
      throw new UsageError(`${where}: column "${each.name}" is described twice; leave one of them out`);
    }
    own.set(each.name, each);
  }
  const columns = guessed.columns.map((each) => own.get(each.name) ?? each);
  for (const { below, sum } of given.constraints ?? []) {
    const kinds = (below ?? sum ?? []).map((each) => {
      check(each);
      return columns.find(({ name }) => name === each)?.kind;
    });
    if (below === undefined) continue;
    const [low, high] = kinds;
    if (below[0] === below[1] || low !== high || (low !== "number" && low !== "date")) {
      throw new UsageError(
        `${where}: below: expected two columns of numbers, or two of dates; got ${below.map((each, i) => `${each} (${kinds[i]})`).join(" and ")}`,
      );
    }
  }
  const constraints = given.constraints ?? guessed.constraints;
  return { columns, ...(constraints && { constraints }) };
};

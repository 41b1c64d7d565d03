import { UsageError } from "tsgan";

/** Refuses a part of a study by its path. */
export const fail = (path: string, expected: string, got: unknown, remedy?: string): never => {
  const said = got === undefined ? "nothing" : JSON.stringify(got);
  throw new UsageError(
    `study: ${path} must be ${expected}; got ${said}${remedy === undefined ? "" : `; ${remedy}`}`,
  );
};

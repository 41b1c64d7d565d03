/** What the numbers of a column lie between, of those that are sampled. */
import { RunError } from "../errors.ts";
import { parseDate, resolutionOf } from "./dates.ts";
import type { DateSchema, NumberSchema } from "./schema.ts";

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What a product may be off the whole number that it stands for. */
const SLACK = 1e-9;

/**
 * Bounds that can be written as the schema says, so that what is rounded stays within them: those that a schema gives are the
 * outermost values within them, others the nearest.
 */
const writable = ({ low, high }: Bounds, schema: NumberSchema | DateSchema): Bounds => {
  const { kind } = schema;
  if (kind === "number" && schema.decimals === undefined) return { low, high };
  const [scale, step] =
    kind === "number" ? [10 ** (schema.decimals ?? 0), 1] : [1, resolutionOf(schema.format)];
  const [below, above] = [low, high].map((end) => (end * scale) / step);
  const first = schema.low === undefined ? Math.round(below) : Math.ceil(below - SLACK);
  const last = schema.high === undefined ? Math.round(above) : Math.floor(above + SLACK);
  // Without the sign that a zero may have.
  const numberAt = (count: number): number => (count / scale) * step + 0;
  return first > last ? { low, high } : { low: numberAt(first), high: numberAt(last) };
};

const meanOf = (some: Float64Array): number => some.reduce((sum, x) => sum + x / some.length, 0);

/**
 * What a schema says, else the mean of so many of the least numbers, and of the largest: the extremes themselves are of single
 * rows.
 *
 * @param where what errors begin with
 * @param sorted the numbers of the column, at least one
 * @param least rows from which on a value is common
 * @throws RunError where no number of the table can lie between the bounds
 */
export const boundsOf = (
  where: string,
  sorted: Float64Array,
  least: number,
  schema: NumberSchema | DateSchema,
): Bounds => {
  const count = Math.min(least, Math.ceil(sorted.length / 2));
  const given = (value: number | string | undefined): number | undefined =>
    typeof value === "string" ? parseDate(value, (schema as DateSchema).format) : value;
  const low = given(schema.low) ?? meanOf(sorted.subarray(0, count));
  const high = given(schema.high) ?? meanOf(sorted.subarray(sorted.length - count));
  if (low > high) {
    const end = schema.low === undefined ? `high ${schema.high}` : `low ${schema.low}`;
    throw new RunError(
      `${where}: expected bounds that values of the table lie within; got ${end} in the schema`,
    );
  }
  return writable({ low, high }, schema);
};

/** Schemas of tables that come from outside. Loaded when there is one, since zod is large. */
import { z } from "zod";
import { UsageError, unknownName } from "../errors.ts";
import { shownValue } from "../options.ts";
import { isDateFormat, parseDate } from "./dates.ts";
import { LONGEST_PATTERN } from "./patterns.ts";
import { LARGEST } from "./plan.ts";

const name = z.string();
/** Texts that stand among numbers or dates, such as "" and "unknown": values of their own. */
const texts = z.array(z.string()).optional();

const bound = z.number().min(-LARGEST).max(LARGEST).optional();

const number = z.strictObject({
  name,
  kind: z.literal("number"),
  /** Digits behind the decimal mark; as many as a number needs without. */
  decimals: z.int().min(0).max(15).optional(),
  /** Whether trailing zeros are written. */
  fixed: z.boolean().optional(),
  low: bound,
  high: bound,
  texts,
});
const date = z.strictObject({
  name,
  kind: z.literal("date"),
  /** Such as YYYY-MM-DD or D.M.YYYY hh:mm */
  format: z.string().refine(isDateFormat, {
    error: "expected a format of YYYY, MM, DD, hh, mm, ss, each of them once",
    // No bound is read by a format that is none.
    abort: true,
  }),
  low: z.string().optional(),
  high: z.string().optional(),
  texts,
});
const category = z.strictObject({ name, kind: z.enum(["category", "boolean"]) });
const constant = z.strictObject({ name, kind: z.literal("constant"), value: z.string() });
const identifier = z.strictObject({
  name,
  kind: z.literal("identifier"),
  /** counter, email, url, uuid, or a mask of A, a and 9 */
  pattern: z.string().min(1).max(LONGEST_PATTERN),
});
const omitted = z.strictObject({ name, kind: z.enum(["text", "omit"]) });

const column = z
  .discriminatedUnion("kind", [number, date, category, constant, identifier, omitted])
  .superRefine((each, context) => {
    if (each.kind !== "number" && each.kind !== "date") return;
    const [low, high] = (["low", "high"] as const).map((end) => {
      const given = each[end];
      if (typeof given !== "string" || each.kind !== "date") return given;
      const seconds = parseDate(given, each.format);
      if (seconds === undefined) {
        context.addIssue({
          code: "custom",
          path: [end],
          message: `expected a date of the format ${each.format}`,
        });
      }
      return seconds;
    });
    if (low !== undefined && high !== undefined && low >= high) {
      context.addIssue({ code: "custom", path: ["high"], message: "expected more than low" });
    }
  });

const constraint = z
  .strictObject({
    /** The first of the two columns is at most the second. */
    below: z.tuple([z.string(), z.string()]).optional(),
    /** The first of the columns is the sum of the others. */
    sum: z.array(z.string()).min(3).optional(),
  })
  .refine(({ below, sum }) => (below === undefined) !== (sum === undefined), "expected one of below and sum");

const tableSchema = z.strictObject({
  columns: z.array(column).min(1),
  constraints: z.array(constraint).optional(),
});

export type NumberSchema = z.infer<typeof number>;
export type DateSchema = z.infer<typeof date>;
export type ColumnSchema = z.infer<typeof column>;
export type ColumnKind = ColumnSchema["kind"];
export type TableSchema = z.infer<typeof tableSchema>;

const columnKinds = [
  "number",
  "date",
  "category",
  "boolean",
  "constant",
  "identifier",
  "text",
  "omit",
] as const satisfies readonly ColumnKind[];

/** What stands at a path of a value. */
const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

/**
 * A schema from a value of unknown shape.
 *
 * @param where what it is called in errors: the file's name
 * @throws UsageError with a line for each thing that is wrong, by its path
 */
export const checkSchema = (value: unknown, where: string): TableSchema => {
  const result = tableSchema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message, code }) => {
    const place = path.length === 0 ? "" : ` ${path.map(String).join(".")}:`;
    const isKind = code === "invalid_union" && path.at(-1) === "kind";
    const text = isKind
      ? unknownName("kind of column", shownValue(at(value, path)), columnKinds).message
      : message.replace(/^Invalid input: /, "");
    return `${where}:${place} ${text}`;
  });
  throw new UsageError(lines.join("\n"));
};

/** Plans that come from outside: what was written down of a table once, and may have been changed by anybody since. */
import type * as Zod from "zod";
import { RunError } from "../errors.ts";
import { isDateFormat } from "./dates.ts";
import { LONGEST_PATTERN } from "./patterns.ts";
import { LARGEST, type TablePlan } from "./plan.ts";

/** zod itself, which is large: whoever checks loads it when there is something to check. */
export type ZodModule = Pick<typeof Zod, "z">;

const KINDS = "number, category, sum, constant, identifier or omitted";

const planSchema = ({ z }: ZodModule) => {
  const name = z.string();
  const texts = z.array(z.string());
  const number = z.number().min(-LARGEST).max(LARGEST);
  const counts = z.array(z.int().min(0)).min(1);
  const form = { decimals: z.int().min(0).max(100).optional(), fixed: z.boolean().optional() };

  /** As many counts as there are choices. */
  const checkCounts = (
    { issues }: { readonly issues: { push(issue: Zod.core.$ZodRawIssue): unknown } },
    input: { readonly counts: readonly number[] },
    choices: number,
    path: readonly string[] = [],
  ): void => {
    if (input.counts.length === choices) return;
    const message = `expected ${choices} counts, one for each choice; got ${input.counts.length}`;
    issues.push({ code: "custom", path: [...path, "counts"], message, input });
  };

  const numbers = z
    .looseObject({
      kind: z.literal("number"),
      name,
      ...form,
      format: z.string().refine(isDateFormat, "expected a format of dates").optional(),
      normals: z.array(z.looseObject({ mean: number, deviation: number.gt(0), weight: number.min(0) })),
      values: z.array(number),
      texts,
      counts,
      low: number,
      high: number,
    })
    .check((context) => {
      const { normals, values, texts: words, low, high } = context.value;
      checkCounts(context, context.value, normals.length + values.length + words.length);
      if (low <= high) return;
      const message = `expected at least low (${low}); got ${high}`;
      context.issues.push({ code: "custom", path: ["high"], message, input: high });
    });
  const category = z
    .looseObject({
      kind: z.literal("category"),
      name,
      values: texts,
      counts,
      others: z.looseObject({ values: texts, counts }).optional(),
    })
    .check((context) => {
      const { values, others } = context.value;
      checkCounts(context, context.value, values.length + (others === undefined ? 0 : 1));
      if (others !== undefined) checkCounts(context, others, others.values.length, ["others"]);
    });
  const sum = z.looseObject({
    kind: z.literal("sum"),
    name,
    ...form,
    of: texts,
    low: number.optional(),
    high: number.optional(),
  });
  const constant = z.looseObject({ kind: z.literal("constant"), name, value: z.string() });
  const identifier = z.looseObject({
    kind: z.literal("identifier"),
    name,
    pattern: z.string().max(LONGEST_PATTERN),
  });
  const omitted = z.looseObject({ kind: z.literal("omitted"), name });
  const column = z.discriminatedUnion("kind", [numbers, category, sum, constant, identifier, omitted], {
    error: `expected a column of the kind ${KINDS}`,
  });
  return z
    .looseObject({
      columns: z.array(column),
      rows: z.int().min(0),
      separator: z.string(),
      decimal: z.enum([".", ","]),
      constraints: z.array(z.looseObject({ below: z.tuple([z.string(), z.string()]) })).optional(),
      alone: z.boolean().optional(),
      asIs: z.boolean().optional(),
    })
    .check(({ value: { columns }, issues }) => {
      const parts = new Set(columns.filter(({ kind }) => kind !== "sum").map((each) => each.name));
      columns.forEach((each, i) => {
        if (each.kind !== "sum") return;
        const wrong = each.of.find((part) => !parts.has(part));
        if (wrong === undefined) return;
        const message = `expected columns that are there, none of them a sum; got "${wrong.slice(0, 40)}"`;
        issues.push({ code: "custom", path: ["columns", i, "of"], message, input: each.of });
      });
    });
};

let known: { readonly zod: ZodModule["z"]; readonly schema: ReturnType<typeof planSchema> } | undefined;

/** Made once: it takes longer than a plan to check. */
const schemaOf = (zod: ZodModule): ReturnType<typeof planSchema> => {
  if (known?.zod !== zod.z) known = { zod: zod.z, schema: planSchema(zod) };
  return known.schema;
};

/**
 * A plan from a value of unknown shape.
 *
 * @param zod what checks it
 * @param where what it is called in errors: the file's name and what of it
 * @throws RunError with the first thing that is wrong, by its path
 */
export const checkPlan = (zod: ZodModule, value: unknown, where: string): TablePlan => {
  const result = schemaOf(zod).safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new RunError(
    `${[where, ...path.map(String)].join(".")}: ${message.replace(/^Invalid input: /, "")}; put the file back as it was, or train anew`,
  );
};

/**
 * How a table's columns are encoded, from a value of unknown shape: of a run's `config.json`, or wherever a program keeps it.
 *
 * @param value what JSON gave
 * @param where what it is called in errors
 * @throws RunError with the first thing that is wrong, by its path, in one line
 */
export const parsePlan = async (value: unknown, where: string): Promise<TablePlan> =>
  checkPlan(await import("zod"), value, where);

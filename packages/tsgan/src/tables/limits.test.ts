/** Numbers of any size, and schemas that ask for what cannot be. */
import { describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { parseDate } from "./dates.ts";
import { isDateFormat, parseSchema, rowsFromCsv } from "./index.ts";

/** A table of two columns. */
const csv = (number: (row: number) => number | string): string =>
  [
    "a,b,day",
    ...Array.from({ length: 60 }, (_, row) => `${number(row)},${"xy"[row % 2]},2024-01-${10 + (row % 20)}`),
  ].join("\n");
const read = async (text: string, schema?: unknown): Promise<unknown> =>
  rowsFromCsv(
    text,
    "t.csv",
    schema === undefined ? {} : { schema: await parseSchema(schema, "s.json"), schemaName: "s.json" },
  );

describe("numbers of a column", () => {
  const spread = (scale: number) => (row: number) => `${(row * 37) % 59}e${scale}`;

  it.each([98, 0, -90])("may be of the order of 1e%i", async (scale) => {
    await expect(read(csv(spread(scale)))).resolves.toBeDefined();
  });

  it.each([300, 101, -103, -315])("are refused of the order of 1e%i, in words", async (scale) => {
    const refused = read(csv(spread(scale)));
    await expect(refused).rejects.toThrow(RunError);
    await expect(refused).rejects.toThrow(
      /^t.csv, column a: expected numbers up to 1e\+100 that are not all within 1e-100; got/,
    );
  });

  it("may be tiny beside larger ones, as probabilities are", async () => {
    await expect(read(csv((row) => `1e-${row * 5}`))).resolves.toBeDefined();
  });
});

const column = (each: object): unknown => ({ columns: [each] });

it.each<[string, unknown, string]>([
  [
    "bounds the wrong way round",
    column({ name: "a", kind: "number", low: 5, high: 1 }),
    "s.json: columns.0.high: expected more than low",
  ],
  [
    "a bound without end",
    column({ name: "a", kind: "number", low: -1e308 }),
    "s.json: columns.0.low: Too small",
  ],
  [
    "a bound beyond the table",
    column({ name: "a", kind: "number", low: 1000 }),
    "t.csv, column a: expected bounds that values of the table lie within; got low 1000 in the schema",
  ],
  [
    "a date that is none",
    column({ name: "day", kind: "date", format: "YYYY-MM-DD", low: "soon" }),
    "s.json: columns.0.low: expected a date of the format YYYY-MM-DD",
  ],
  [
    "dates the wrong way round",
    column({ name: "day", kind: "date", format: "YYYY", low: "2024", high: "2023" }),
    "expected more than low",
  ],
  [
    "a format of one part many times",
    column({ name: "day", kind: "date", format: "YYYY".repeat(20) }),
    "expected a format of YYYY, MM, DD, hh, mm, ss, each of them once",
  ],
  [
    "a pattern without end",
    column({ name: "b", kind: "identifier", pattern: "9".repeat(1e6) }),
    "s.json: columns.0.pattern: Too big",
  ],
  [
    "a column twice",
    {
      columns: [
        { name: "a", kind: "number" },
        { name: "a", kind: "omit" },
      ],
    },
    's.json: column "a" is described twice',
  ],
  [
    "a column below itself",
    { ...(column({ name: "a", kind: "number" }) as object), constraints: [{ below: ["a", "a"] }] },
    "below: expected two columns of numbers, or two of dates; got a (number) and a (number)",
  ],
  [
    "a word below a number",
    { ...(column({ name: "a", kind: "number" }) as object), constraints: [{ below: ["b", "a"] }] },
    "got b (category) and a (number)",
  ],
])("a schema with %s is refused", async (_, schema, message) => {
  const refused = read(
    csv((row) => row / 7),
    schema,
  );
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toThrow(message.startsWith("t.csv") ? RunError : UsageError);
});

it("the signs of a date's format stand for themselves", () => {
  expect(parseDate("(2024)+", "(YYYY)+")).toBe(Date.UTC(2024) / 1000);
  expect(parseDate("2024-", "YYYY-?")).toBeUndefined();
  expect(isDateFormat("DMDMDMDM")).toBe(false);
});

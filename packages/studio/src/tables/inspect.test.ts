import { readTable, recognise } from "tsgan/tables";
import { describe, expect, it } from "vitest";
import { exampleTables, shopOrders } from "./examples.ts";
import { inspect } from "./inspect.ts";

const seen = (text: string, name = "table.csv") => {
  const table = readTable(text, name);
  const schema = recognise(table);
  return inspect(table, schema, schema);
};

describe("what is seen of a table", () => {
  it("is for each column its kind, examples, the share that is missing, and the range as it is written", () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i % 4 === 0 ? "NA" : `1${i % 9},50`};${i % 2 ? "b" : "a"}`,
    );
    const { columns, described } = seen(`price;word\n${rows.join("\n")}`);
    expect(described).toContain("separated by semicolons, decimal comma");
    expect(columns[0]).toMatchObject({
      says: 'numbers of 2 decimals, or "NA"',
      examples: ["11,50", "12,50", "13,50"],
      missing: 0.25,
      drawn: { range: ["10,50", "18,50"] },
    });
    expect(columns[1]).toMatchObject({ says: "categories", distinct: 2, missing: 0 });
  });

  it("draws no column that is not learnt", () => {
    const { columns } = seen(shopOrders(200));
    const kinds = columns.map(({ schema: { name, kind }, drawn }) => [name, kind, drawn !== undefined]);
    expect(kinds).toEqual([
      ["order_id", "identifier", false],
      ["email", "identifier", false],
      ["country", "category", true],
      ["device", "category", true],
      ["age", "number", true],
      ["ordered", "date", true],
      ["items", "number", true],
      ["total", "number", true],
      ["discount", "number", true],
      ["member", "boolean", true],
      ["note", "text", false],
    ]);
  });

  it("is of the same examples each time", async () => {
    const first = await (await exampleTables[0].load()).text();
    expect(first).toBe(shopOrders());
    expect(first.trimEnd().split("\n").length).toBe(5001);
  });
});

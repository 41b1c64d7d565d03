import type { TableSchema } from "tsgan/tables";
import { expect, it } from "vitest";
import { boundOf, type Rule, rulesOf, withoutRule, withRule } from "./rules.ts";

const schema: TableSchema = {
  columns: [
    { name: "a", kind: "number", decimals: 2 },
    { name: "b", kind: "number", low: 0 },
    { name: "day", kind: "date", format: "YYYY-MM-DD", high: "2024-12-31" },
    { name: "kind", kind: "category" },
  ],
  constraints: [{ below: ["a", "b"] }, { sum: ["b", "a", "c"] }],
};
const ranges: readonly Rule[] = [
  { range: { column: "b", low: 0, high: undefined } },
  { range: { column: "day", low: undefined, high: "2024-12-31" } },
];
const constraints = schema.constraints!.map((constraint): Rule => ({ constraint }));

it("are the bounds of columns and the constraints of a schema", () => {
  expect(rulesOf(schema)).toEqual([...ranges, ...constraints]);
  expect(rulesOf({ columns: schema.columns.slice(0, 1) })).toEqual([]);
});

it("are taken away and put back, and nothing else changes", () => {
  const bare = rulesOf(schema).reduce(withoutRule, schema);
  expect(rulesOf(bare)).toEqual([]);
  expect(bare).toEqual({
    columns: [
      { name: "a", kind: "number", decimals: 2 },
      { name: "b", kind: "number" },
      { name: "day", kind: "date", format: "YYYY-MM-DD" },
      { name: "kind", kind: "category" },
    ],
  });
  expect(rulesOf(schema).reduce((made, rule) => withRule(made, rule), bare)).toEqual(schema);
  // Once more is no second one.
  expect(withRule(schema, constraints[0])).toEqual(schema);
});

it("are changed in their place, or into another kind", () => {
  const below: Rule = { constraint: { below: ["b", "a"] } };
  expect(withRule(schema, below, constraints[0]).constraints).toEqual([
    { below: ["b", "a"] },
    { sum: ["b", "a", "c"] },
  ]);
  const range: Rule = { range: { column: "a", low: 1, high: 9 } };
  expect(rulesOf(withRule(schema, range, ranges[0]))).toEqual([range, ranges[1], ...constraints]);
  expect(rulesOf(withRule(schema, range, constraints[1]))).toEqual([range, ...ranges, constraints[0]]);
  expect(rulesOf(withRule(schema, below, ranges[0]))).toEqual([ranges[1], ...constraints, below]);
});

it("have bounds of numbers, with a comma or a point, or of dates as they are written", () => {
  const [a, , day] = schema.columns as Parameters<typeof boundOf>[1][];
  expect([boundOf(" 1,5 ", a), boundOf("-2.25", a), boundOf(" ", a)]).toEqual([1.5, -2.25, undefined]);
  expect([boundOf("2024-01-02", day), boundOf("", day)]).toEqual(["2024-01-02", undefined]);
  expect(() => boundOf("ten", a)).toThrow("column a: expected a number as its bound; got “ten”");
});

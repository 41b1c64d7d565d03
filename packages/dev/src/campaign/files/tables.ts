/** Tables that are right, and what is kept of them. */
import { rowsFromCsv, type TablePlan } from "tsgan/tables";

export const table = `name;age;city;height\nAda;36;"London; UK";1,65\nGrace;;New York;1,70\n"Alan ""T""";41;Wilmslow;\n`;
export const points = Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${Math.cos(i)}\n`).join("");

/** A column of each kind that a plan has, a sum and a constraint between them. */
const planned = Array.from(
  { length: 40 },
  (_, i) =>
    `${i + 7000};${i * 1.5};${i * 1.5 + 2};${i % 5 ? "a" : "b"};x;2024-01-${(i % 28) + 1};${i % 9 ? i : "?"};note ${i} of ${i * i} words\n`,
);
export const { table: plan } = rowsFromCsv(`id;n;all;c;k;date;m;text\n${planned.join("")}`, "t.csv", {
  schema: {
    columns: [{ name: "n", kind: "number", decimals: 1, low: 0, high: 70 }],
    constraints: [{ below: ["n", "m"] }],
  },
});
export const many: TablePlan = {
  ...plan,
  columns: [
    ...plan.columns,
    { kind: "sum", name: "total", of: ["n", "m"], decimals: 1, fixed: true, low: 0, high: 90 },
    {
      kind: "category",
      name: "town",
      values: ["Ulm", "Bonn"],
      counts: [20, 10, 10],
      others: { values: ["Hof", "Au"], counts: [6, 4] },
    },
  ],
};

export const mixed = `id,country,age,joined,paid
${Array.from({ length: 30 }, (_, i) => `${1000 + i},${["DE", "FR", ""][i % 3]},${20 + (i % 40)},2024-02-${(i % 28) + 1},${i % 4 ? (i * 9.99).toFixed(2) : 0}`).join("\n")}
`;
export const schema = {
  columns: [
    { name: "id", kind: "identifier", pattern: "counter" },
    { name: "country", kind: "category" },
    { name: "age", kind: "number", decimals: 0, low: 18, high: 99 },
    { name: "joined", kind: "date", format: "YYYY-MM-DD", low: "2024-01-01" },
    { name: "paid", kind: "number", decimals: 2, fixed: true },
  ],
  constraints: [{ below: ["age", "paid"] }],
};

import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { byteSink } from "./bytes.ts";
import { numberText, rowReader } from "./decode.ts";
import { drawnRows, type EncodedRows } from "./encoded.ts";
import { arrange, type NumberPlan, type TablePlan } from "./plan.ts";
import { type RowFormat, rowWriter } from "./write.ts";

const normal = { mean: 0, deviation: 250, weight: 1 };
const numbers = (name: string, more: Partial<NumberPlan>): NumberPlan => ({
  ...{ kind: "number", name, normals: [normal], values: [], texts: [], counts: [10] },
  ...{ low: -1000, high: 1000 },
  ...more,
});

const plan: TablePlan = {
  rows: 40,
  separator: ",",
  decimal: ".",
  columns: [
    { kind: "identifier", name: "id", pattern: "counter" },
    { kind: "identifier", name: "mail", pattern: "email" },
    { kind: "identifier", name: "code", pattern: "A9,a" },
    { kind: "constant", name: 'a "name", of three', value: "x,y" },
    {
      kind: "category",
      name: "word",
      values: ["plain", 'q"uote', " spaced", "", "Ümlaut €"],
      counts: [9, 9, 9, 9, 9],
    },
    numbers("whole", { decimals: 0 }),
    numbers("fixed", { decimals: 2, fixed: true }),
    numbers("loose", { decimals: 3 }),
    numbers("many", { decimals: 9 }),
    numbers("free", {}),
    numbers("small", { normals: [{ ...normal, deviation: 0.01 }], decimals: 2, fixed: true }),
    numbers("mixed", { values: [0], texts: ["NA", "-"], counts: [9, 9, 9, 9], decimals: 1, fixed: true }),
    numbers("huge", { normals: [{ ...normal, mean: 1e16 }], low: 0, high: 1e17, decimals: 0 }),
    numbers("day", { normals: [{ ...normal, deviation: 1e7 }], low: -1e9, high: 1e9, format: "MMM D, YYYY" }),
  ],
};

/** Rows of choices in turn and of numbers over all of the range, its ends and 0 among them. */
const rows = (of: TablePlan): EncodedRows => {
  const count = 400;
  return {
    count,
    columns: arrange(of).slots.map(({ size, number }) => ({
      choice: Uint16Array.from({ length: count }, (_, row) => (size === 0 ? 0 : row % size)),
      ...(number !== undefined && {
        number: Float32Array.from({ length: count }, (_, row) => (row - 200) / 200),
      }),
    })),
  };
};

const linesOf = (of: TablePlan, format: RowFormat, separator = of.separator): string[] => {
  const reader = rowReader(of);
  const decoded = reader.decode(rows(of), 7, 1);
  const { header, write } = rowWriter(reader, { format, separator, decimal: of.decimal });
  const sink = byteSink();
  sink.text(header);
  for (let row = 0; row < decoded.count; row++) write(decoded, row, sink);
  return new TextDecoder().decode(sink.take()).split("\n").slice(0, -1);
};

const cellsOf = (of: TablePlan) => {
  const reader = rowReader(of);
  const decoded = reader.decode(rows(of), 7, 1);
  return Array.from({ length: decoded.count }, (_, row) => reader.cells(decoded, row));
};

const quoted = (text: string, separator: string): string =>
  /["\r\n]/.test(text) || text.includes(separator) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text;

describe("rows are written", () => {
  it.each<[string, TablePlan, string]>([
    ["with commas", plan, ","],
    ["with tabs", plan, "\t"],
    ["with decimal commas", { ...plan, decimal: ",", separator: ";" }, ";"],
    ["with decimal commas between commas", { ...plan, decimal: "," }, ","],
  ])("as CSV, byte for byte what their cells are: %s", (_, of, separator) => {
    const [header, ...lines] = linesOf(of, "csv", separator);
    expect(header).toBe(of.columns.map(({ name }) => quoted(name, separator)).join(separator));
    expect(lines).toEqual(
      cellsOf(of).map((cells) => cells.map(({ text }) => quoted(text, separator)).join(separator)),
    );
  });

  it.each<TablePlan>([plan, { ...plan, decimal: "," }])(
    "as JSON lines, numbers as numbers, what is missing as null",
    (of) => {
      const lines = linesOf(of, "jsonl");
      expect(lines.length).toBe(400);
      cellsOf(of).forEach((cells, row) => {
        const parsed = JSON.parse(lines[row]);
        cells.forEach(({ text, value }, i) => {
          const { name } = of.columns[i];
          if (value !== undefined && name !== "day")
            expect(parsed[name]).toBe(Number(text.replace(",", ".")) + 0);
          else expect(parsed[name]).toBe(["", "NA", "-"].includes(text) ? null : text);
        });
      });
    },
  );

  it("with the digits that toFixed gives, wherever a value lies", () => {
    const random = randomStream(1, "numbers");
    const sink = byteSink();
    for (let i = 0; i < 20_000; i++) {
      const decimals = random.integer(7);
      const n = Math.round((random.uniform() - 0.5) * 10 ** random.integer(15));
      const fixed = random.integer(2) === 1;
      sink.decimal(n, decimals, fixed, 46);
      const own = numbers("x", { decimals, fixed });
      expect(new TextDecoder().decode(sink.take())).toBe(numberText(own, n / 10 ** decimals, "."));
    }
  });
});

it("choices are drawn as often as they are likely, and never what is impossible", () => {
  const of: TablePlan = {
    ...plan,
    columns: [{ kind: "category", name: "a", values: ["u", "v", "w", "x"], counts: [1, 1, 1, 1] }],
  };
  const likely = Float32Array.from({ length: 4 * 20_000 }, (_, i) => [0.1, 0.6, 0.3, 0][i % 4]);
  const { count, columns } = drawnRows(of)(likely, randomStream(3, "choice"));
  const times = [0, 0, 0, 0];
  for (const choice of columns[0].choice) times[choice]++;
  expect(count).toBe(20_000);
  [0.1, 0.6, 0.3, 0].forEach((share, i) => {
    expect(Math.abs(times[i] / count - share)).toBeLessThanOrEqual(
      4 * Math.sqrt((share * (1 - share)) / count),
    );
  });
});

import { expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import {
  checkConstraints,
  heldConstraints,
  parseSchema,
  readTable,
  recognise,
  rowReader,
  rowsFromCsv,
  rowsOfSamples,
  sampleRows,
  type TableDataset,
  type TableSchema,
} from "./index.ts";

const ROWS = 200;
const random = randomStream(7, "test constraints");
const day = (number: number): string => new Date(Date.UTC(2024, 0, 1 + number)).toISOString().slice(0, 10);

/** Stays of a made-up hotel: they end after they begin, and the bill is the room and the extras. */
const stays = (change: (row: number, cells: Record<string, string>) => void = () => {}): string => {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const [from, nights] = [random.integer(300), 1 + random.integer(14)];
    const [room, extras] = [nights * (4000 + random.integer(9000)), random.integer(30_000)];
    const cells: Record<string, string> = {
      arrival: day(from),
      departure: day(from + nights),
      nights: String(nights),
      room: (room / 100).toFixed(2),
      extras: (extras / 100).toFixed(2),
      bill: ((room + extras) / 100).toFixed(2),
      guest: ["adult", "child", "senior"][row % 3],
    };
    change(row, cells);
    return Object.values(cells).join(",");
  });
  return `arrival,departure,nights,room,extras,bill,guest\n${rows.join("\n")}\n`;
};

const table = readTable(stays(), "stays.csv");
const schemaOf = async (more: object): Promise<TableSchema> =>
  parseSchema({ columns: [{ name: "guest", kind: "category" }], ...more }, "s.json");

it("are guessed where all rows keep them, but for chance and for ranges that lie apart", () => {
  expect(heldConstraints(table, recognise(table))).toEqual([
    { sum: ["bill", "room", "extras"] },
    { below: ["arrival", "departure"] },
  ]);
});

it("are not guessed where one row breaks them, of a column with itself, or twice", () => {
  const broken = readTable(
    stays((row, cells) => {
      if (row !== 150) return;
      cells.departure = day(0);
      cells.arrival = day(9);
      cells.bill = "1.00";
    }),
    "stays.csv",
  );
  expect(heldConstraints(broken, recognise(broken))).toEqual([]);
  const own = { ...recognise(table), constraints: [{ sum: ["bill", "extras", "room"] }] };
  expect(heldConstraints(table, own)).toEqual([{ below: ["arrival", "departure"] }]);
  const twice = readTable(
    `a,b,c\n${Array.from({ length: ROWS }, (_, i) => `${i % 50},${i % 50},${(i % 50) + (i % 7)}`).join("\n")}`,
    "t.csv",
  );
  expect(heldConstraints(twice, recognise(twice))).toEqual([{ below: ["a", "c"] }, { below: ["b", "c"] }]);
});

it("that rows break are refused with the first, or said where they are learnt all the same", async () => {
  const text = stays((row, cells) => {
    if (row === 3 || row === 9) cells.departure = "2023-12-31";
  });
  const constraints = [{ below: ["arrival", "departure"] }];
  const broken = readTable(text, "stays.csv");
  const schema = {
    ...recognise(broken),
    ...(await schemaOf({ constraints })),
    columns: recognise(broken).columns,
  };
  const message =
    /^stays\.csv, line 5: expected arrival to be at most departure as the schema says; got 2024-\d\d-\d\d and 2023-12-31 \(and so in 1 more\)/;
  expect(() => checkConstraints(broken, schema)).toThrow(message);
  expect(() => checkConstraints(broken, schema)).toThrow(/; mend the rows, or leave the constraint out$/);
  const { reading } = rowsFromCsv(text, "stays.csv", { schema });
  expect(
    reading?.notes?.some((note) => message.test(note) && note.endsWith("; such rows are not made")),
  ).toBe(true);
  checkConstraints(table, { ...recognise(table), constraints: schema.constraints });
});

/** Rows of a data set, by draws of the table itself. */
const sampled = async (dataset: TableDataset, rows: number): Promise<Record<string, number>[]> => {
  const make = async (index: number, count: number) =>
    rowsOfSamples(dataset.table)((await dataset.draw(index, 0, count)).examples);
  const { names } = rowReader(dataset.table);
  const { stretches } = sampleRows(dataset.table, make, { rows, seed: 1 });
  const made: Record<string, number>[] = [];
  for await (const stretch of stretches()) {
    for (const cells of stretch.rows)
      made.push(Object.fromEntries(cells.map(({ value }, i) => [names[i], value ?? Number.NaN])));
  }
  return made;
};

it("of a range hold for values that come often, and for those that are rounded", async () => {
  const schema = await schemaOf({
    columns: [
      // Fourteen different numbers, each a choice of its own.
      { name: "nights", kind: "number", decimals: 0, low: 3, high: 9 },
      { name: "extras", kind: "number", decimals: 0, low: 20.4, high: 80.6 },
    ],
  });
  const made = await sampled(rowsFromCsv(stays(), "stays.csv", { schema }), 2000);
  const of = (name: string): number[] => made.map((row) => row[name]);
  expect([Math.min(...of("nights")), Math.max(...of("nights"))]).toEqual([3, 9]);
  expect([Math.min(...of("extras")), Math.max(...of("extras"))]).toEqual([21, 80]);
});

it("of a range hold for a sum, too: rows beyond it are made again", async () => {
  const schema = await schemaOf({
    columns: [{ name: "bill", kind: "number", decimals: 2, fixed: true, low: 400, high: 900 }],
    constraints: [{ sum: ["bill", "room", "extras"] }],
  });
  const dataset = rowsFromCsv(stays(), "stays.csv", { schema });
  for (const { bill, room, extras } of await sampled(dataset, 500)) {
    expect(bill).toBeGreaterThanOrEqual(400);
    expect(bill).toBeLessThanOrEqual(900);
    expect(bill).toBeCloseTo(room + extras, 2);
  }
});

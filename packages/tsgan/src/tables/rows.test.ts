import { describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { conditionSize, rowSize } from "../layout.ts";
import {
  arrange,
  type ColumnSchema,
  isMixed,
  parseCondition,
  parseSchema,
  readTable,
  recognise,
  rowReader,
  rowsFromCsv,
  rowsOfSamples,
  sampleRows,
  type TableDataset,
  type TablePlan,
} from "./index.ts";

/** A table of `count` rows, a function of the row's number for each column. */
const csv = (count: number, columns: Readonly<Record<string, (row: number) => unknown>>): string =>
  [
    Object.keys(columns).join(","),
    ...Array.from({ length: count }, (_, row) =>
      Object.values(columns)
        .map((column) => String(column(row)))
        .join(","),
    ),
  ].join("\n");

const kindOf = (column: (row: number) => unknown, count = 60, name = "x"): ColumnSchema =>
  recognise(readTable(csv(count, { [name]: column, other: (row) => row * 1.5 }), "t.csv")).columns[0];

const cycle =
  <T>(...values: readonly T[]) =>
  (row: number) =>
    values[row % values.length];

describe("recognises", () => {
  it.each<[string, (row: number) => unknown, Partial<ColumnSchema>]>([
    ["whole numbers", (row) => (row * 7) % 50, { kind: "number", decimals: 0 }],
    ["decimals", (row) => (row * 0.37).toFixed(2), { kind: "number", decimals: 2, fixed: true }],
    ["decimals that come and go", (row) => row * 0.5 + 1, { kind: "number", decimals: 1 }],
    ["exponents", (row) => `${row + 1}.5e-3`, { kind: "number" }],
    [
      "numbers, some of which are missing",
      (row) => (row % 5 ? row * 2 : ""),
      { kind: "number", texts: [""] },
    ],
    ["numbers with a word among them", (row) => (row % 5 ? row * 2 : "unknown"), { texts: ["unknown"] }],
    ["categories", cycle("red", "green", "blue"), { kind: "category" }],
    ["codes with leading zeros", cycle("007", "012", "099"), { kind: "category" }],
    ["two values", cycle("yes", "no"), { kind: "boolean" }],
    ["dates", (row) => `2024-01-${String((row % 28) + 1).padStart(2, "0")}`, { format: "YYYY-MM-DD" }],
    ["dates by the day", (row) => `${(row % 28) + 1}.3.2021`, { format: "D.M.YYYY" }],
    ["times", (row) => `${10 + (row % 10)}:30`, { format: "hh:mm" }],
    ["days above 12 as days", (row) => `${13 + (row % 9)}/05/2020`, { format: "DD/MM/YYYY" }],
    ["constants", () => "EUR", { kind: "constant", value: "EUR" }],
    ["nothing but missing values", () => "NA", { kind: "constant", value: "NA" }],
    ["a count of the rows", (row) => row + 100, { kind: "identifier", pattern: "counter" }],
    ["e-mail addresses", (row) => `p${row}@mail.org`, { kind: "identifier", pattern: "email" }],
    ["e-mail addresses that come again", (row) => `p${row % 9}@mail.org`, { kind: "identifier" }],
    ["codes", (row) => `AB-${1000 + row * 13}`, { kind: "identifier", pattern: "AA-9999" }],
    ["names", (row) => `Person of the name ${"abcdefghij"[row % 10]}${row}x`, { kind: "text" }],
    ["phones", (row) => 491_700_000_000 + row * 977, { kind: "identifier", pattern: "999999999999" }],
  ])("%s", (_, column, expected) => {
    expect(kindOf(column)).toMatchObject(expected);
  });

  it("different whole numbers under a name that says so as identifiers, and as numbers under another", () => {
    const spread = (row: number) => row * row + 3;
    expect(kindOf(spread, 60, "customer_id").kind).toBe("identifier");
    expect(kindOf(spread, 60, "area").kind).toBe("number");
  });

  it.each<[boolean, string, (row: number) => unknown]>([
    [true, "categories", cycle("a", "b")],
    [true, "missing values", (row) => (row % 5 ? row * 2 : "")],
    [false, "numbers alone", (row) => row * 1.25],
    [false, "a single slip of the pen", (row) => (row === 7 ? "1.2.3x" : row * 1.25)],
  ])("mixed tables: %s, %s", (mixed, _, column) => {
    expect(isMixed(readTable(csv(60, { x: column, y: (row) => row * 3.5 }), "t.csv"))).toBe(mixed);
  });
});

describe("a schema", () => {
  it.each<[unknown, string]>([
    [{ columns: [] }, "s.json: columns: Too small: expected array to have >=1 items"],
    [
      { columns: [{ name: "a", kind: "categroy" }] },
      's.json: columns.0.kind: unknown kind of column "categroy"; did you mean "category"?',
    ],
    [
      { columns: [{ name: "a", kind: "date", format: `YYYY${"x".repeat(100_000)}`, low: "2024" }] },
      "s.json: columns.0.format: expected a format of YYYY, MM, DD, hh, mm, ss, each of them once",
    ],
    [
      { columns: [{ name: "a", kind: { toString: 1 } }] },
      's.json: columns.0.kind: unknown kind of column "{"toString":1}"',
    ],
    [
      { columns: [{ name: "a", kind: "number", decimal: 2 }] },
      's.json: columns.0: Unrecognized key: "decimal"',
    ],
  ])("is refused where it is wrong: %j", async (value, message) => {
    const parsed = parseSchema(value, "s.json");
    await expect(parsed).rejects.toThrow(message);
    await expect(parsed).rejects.toThrow(UsageError);
  });

  it("overrides what was guessed, and names the nearest column where there is none", async () => {
    const text = csv(40, { age: (row) => 20 + (row % 30), note: (row) => `text ${row} of its own` });
    const plan = async (schema: unknown): Promise<TablePlan> =>
      rowsFromCsv(text, "t.csv", { schema: await parseSchema(schema, "s.json") }).table;
    const given = { columns: [{ name: "age", kind: "number", low: 0, high: 120, decimals: 1 }] };
    expect((await plan(given)).columns[0]).toMatchObject({ kind: "number", low: 0, high: 120, decimals: 1 });
    await expect(plan({ columns: [{ name: "agge", kind: "omit" }] })).rejects.toThrow(
      'schema: there is no column "agge"; did you mean "age"? (columns: age, note)',
    );
  });
});

const table = (count = 90): TableDataset & { read: NonNullable<TableDataset["read"]> } =>
  rowsFromCsv(
    csv(count, {
      id: (row) => row + 1,
      country: cycle("DE", "DE", "FR", "FR", "FR", "IT"),
      age: (row) => (row % 9 === 0 ? "" : 18 + ((row * 7) % 60)),
      paid: cycle("yes", "no"),
      price: (row) => (row % 3 === 0 ? "0.00" : (5 + ((row * 37) % 90) / 7).toFixed(2)),
      joined: (row) => `2020-0${1 + (row % 9)}-1${row % 10}`,
      currency: () => "EUR",
      mail: (row) => `person${row}@mail.org`,
    }),
    "t.csv",
  ) as never;

const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

describe("encoded and decoded again", () => {
  const dataset = table();
  const rows = async () => {
    const { examples } = await dataset.read(all(90));
    return rowReader(dataset.table).read(examples, 0, 1);
  };

  it("categories, single numbers and missing values are what they were", async () => {
    const read = await rows();
    read.forEach((cells, row) => {
      expect(cells[1].text).toBe(["DE", "DE", "FR", "FR", "FR", "IT"][row % 6]);
      expect(cells[3].text).toBe(["yes", "no"][row % 2]);
      expect(cells[2].text === "").toBe(row % 9 === 0);
      expect(cells[4].text === "0.00").toBe(row % 3 === 0);
      expect(cells[6].text).toBe("EUR");
    });
  });

  it("numbers and dates come back to within the precision of float32, written as they were", async () => {
    (await rows()).forEach((cells, row) => {
      // The three least and greatest are of single rows, and are not written.
      if (row % 9 !== 0)
        expect(Math.abs(Number(cells[2].text) - (18 + ((row * 7) % 60)))).toBeLessThanOrEqual(3);
      expect(cells[4].text).toMatch(/^\d+\.\d\d$/);
      expect(cells[5].text).toMatch(/^2020-0\d-\d\d$/);
    });
  });

  it.each<[string, (row: number) => string, RegExp, string?]>([
    [
      "of few letters and digits",
      (row) => `R-${String((row * 7) % 100).padStart(2, "0")}`,
      /^Z-\d\d$/,
      "A-99",
    ],
    [
      "of which all letters come",
      (row) => `${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[row % 26]}7${row % 10}`,
      /^[A-Z]8\d$/,
    ],
    [
      "of which all come, in every place",
      (row) => `${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[row % 26]}${(row * 3) % 10}${(row * 7) % 10}`,
      /^[A-Z]\d\d\d$/,
    ],
  ])("codes %s are none of the table's, either", async (_, code, form, pattern = "A99") => {
    const text = csv(100, { code, x: (row) => (row * 3) % 40 });
    const schema = await parseSchema({ columns: [{ name: "code", kind: "identifier", pattern }] }, "s");
    const dataset = rowsFromCsv(text, "t.csv", { schema, holdOut: 0.2 });
    const { examples } = await dataset.draw(1, 0, 2000);
    const known = new Set(text.split("\n").map((line) => line.split(",")[0]));
    const made = rowReader(dataset.table)
      .read(examples, 0, 1)
      .map(([{ text: own }]) => own);
    expect(made.filter((own) => known.has(own))).toEqual([]);
    expect(made.filter((own) => !form.test(own))).toEqual([]);
  });

  it("rows that come again are counted", () => {
    const text = csv(60, { x: (row) => (row < 50 ? row * 2 : 8), y: (row) => (row < 50 ? "a" : "b") });
    const notes = (more: string) => rowsFromCsv(`${text}${more}`, "t.csv").reading?.notes ?? [];
    expect(notes("").filter((note) => /again/.test(note))).toEqual(["9 rows come again"]);
    expect(notes("\n2,a\n").filter((note) => /again/.test(note))).toEqual(["10 rows come again"]);
  });

  it("identifiers are none of the table's", async () => {
    (await rows()).forEach((cells, row) => {
      expect(cells[0].text).toBe(String(row + 1));
      expect(cells[7].text).toBe(`user${row + 1}@example.com`);
    });
  });

  it("rows have the layout that they say, with one-hot choices", async () => {
    const { layout } = arrange(dataset.table);
    const [width] = dataset.shape;
    expect(width).toBe(rowSize(layout) + conditionSize(layout));
    const { examples } = await dataset.read(all(90));
    for (let row = 0; row < 90; row++) {
      let begin = row * width + layout.numbers;
      for (const size of layout.choices) {
        const choice = examples.subarray(begin, begin + size);
        expect(choice.reduce((sum, v) => sum + v, 0)).toBe(1);
        begin += size;
      }
      expect(examples.subarray(begin, (row + 1) * width).reduce((sum, v) => sum + v, 0)).toBe(1);
    }
  });
});

it("a plan that was made before encodes a table that has changed since, and refuses one without its columns", async () => {
  const { table: plan } = rowsFromCsv(csv(60, { a: cycle("x", "y", "z"), b: (row) => row * 1.5 }), "t.csv");
  const changed = rowsFromCsv(csv(40, { b: (row) => row * 2, a: cycle("x", "new") }), "t.csv", { plan });
  expect(changed.table).toBe(plan);
  expect(changed.size).toBe(40);
  const { examples } = await changed.draw(1, 0, 50);
  expect(examples.length).toBe(50 * changed.shape[0]);
  expect(() => rowsFromCsv(csv(40, { b: (row) => row * 2, c: cycle("x", "y") }), "t.csv", { plan })).toThrow(
    "t.csv: expected the column a of the table that the run began with; got b, c",
  );
});

describe("drawn", () => {
  const dataset = table();
  const { layout, slots } = arrange(dataset.table);
  const [width] = dataset.shape;

  it("is a pure function of seed and position", async () => {
    const [whole, part] = [await dataset.draw(3, 0, 20), await dataset.draw(3, 15, 5)];
    expect(part.examples).toEqual(whole.examples.slice(15 * width));
    expect((await dataset.draw(4, 0, 20)).examples).not.toEqual(whole.examples);
  });

  it("has rows that meet their conditions, and rare choices as often as the logarithm of their counts says", async () => {
    const count = 6000;
    const { examples } = await dataset.draw(1, 0, count);
    const country = slots.find(({ plan }) => plan.name === "country")!;
    const size = rowSize(layout);
    const asked = [0, 0, 0];
    for (let row = 0; row < count; row++) {
      for (let choice = 0; choice < country.size; choice++) {
        if (examples[row * width + size + country.condition! + choice] !== 1) continue;
        asked[choice]++;
        expect(examples[row * width + country.begin + choice]).toBe(1);
      }
    }
    const logarithms = country.plan.counts.map((each) => Math.log(each + 1));
    const sum = logarithms.reduce((a, b) => a + b);
    const whole = asked.reduce((a, b) => a + b);
    expect(whole / count).toBeCloseTo(1 / layout.conditions, 1);
    asked.forEach((each, i) => {
      expect(Math.abs(each / whole - logarithms[i] / sum)).toBeLessThan(0.03);
    });
  });

  it("samples are conditioned as often as the table has each choice", () => {
    const count = 6000;
    const conditions = dataset.conditions!(1, count);
    const length = conditionSize(layout);
    const country = slots.find(({ plan }) => plan.name === "country")!;
    const times = country.plan.counts.map((_, choice) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += conditions[i * length + country.condition! + choice];
      return sum;
    });
    const whole = times.reduce((a, b) => a + b);
    times.forEach((each, i) => {
      expect(Math.abs(each / whole - country.plan.counts[i] / 90)).toBeLessThan(0.03);
    });
  });
});

describe("what belongs to single rows is never written:", () => {
  it("rare categories, and the extremes of numbers", async () => {
    const dataset = rowsFromCsv(
      csv(100, {
        city: (row) => (row === 5 ? "Atlantis" : ["Rome", "Oslo"][row % 2]),
        income: (row) => (row === 7 ? 9_999_999 : 1000 + row * 10.5),
      }),
      "t.csv",
    );
    const { examples } = await dataset.read(all(100));
    const read = rowReader(dataset.table).read(examples, 0, 1);
    for (const cells of read) {
      expect(["Rome", "Oslo"]).toContain(cells[0].text);
      expect(Number(cells[1].text)).toBeLessThanOrEqual((9_999_999 + 2 * 2039.5) / 3);
    }
    expect(JSON.stringify(dataset.table)).not.toContain("Atlantis");
  });
});

describe("refused, with the remedy:", () => {
  it.each<[string, string, string]>([
    ["3 rows", csv(3, { a: cycle("x", "y"), b: (row) => row }), "expected at least 10 rows; got 3"],
    ["nothing but missing values", csv(30, { a: () => "NA", b: () => "" }), "expected a column of numbers"],
    [
      "nothing but texts",
      csv(30, { a: (row) => `e${row}@x.org`, b: () => 1 }),
      "expected a column of numbers",
    ],
  ])("%s", (_, text, message) => {
    expect(() => rowsFromCsv(text, "t.csv")).toThrow(message);
  });

  it("a column that is no number, against its schema", async () => {
    const schema = await parseSchema({ columns: [{ name: "a", kind: "number" }] }, "s.json");
    expect(() => rowsFromCsv(csv(30, { a: cycle("x", "y"), b: (row) => row }), "t.csv", { schema })).toThrow(
      't.csv, column a: expected a number; got none ("x" …)',
    );
    expect(() => rowsFromCsv(csv(3, { a: cycle("x", "y") }), "t.csv")).toThrow(RunError);
  });
});

it("takes one column, an all-missing one, and 50,000 categories of which the rare share a choice", () => {
  const one = rowsFromCsv(csv(30, { a: cycle("x", "y") }), "t.csv");
  expect(one.layout).toEqual({ numbers: 0, choices: [2], conditions: 1 });
  const many = rowsFromCsv(
    csv(160_000, { a: (row) => `c${row < 10_000 ? row % 5 : row % 50_000}`, none: () => "" }),
    "t.csv",
  );
  expect(many.layout?.choices).toEqual([201]);
  expect(many.table.columns[1]).toEqual({ kind: "constant", name: "none", value: "" });
});

it("a constraint keeps one column at most as large as another: rows that break it are made again", async () => {
  const text = csv(60, {
    from: (row) => row * 1.5,
    to: (row) => row * 1.5 + (row % 2 ? 7 : -7),
    kind: cycle("a", "b"),
  });
  const schema = await parseSchema(
    { columns: [{ name: "kind", kind: "category" }], constraints: [{ below: ["from", "to"] }] },
    "s",
  );
  const dataset = rowsFromCsv(text, "t.csv", { schema });
  const make = async (index: number, count: number) => {
    const { examples } = await dataset.draw(index, 0, count);
    return rowsOfSamples(dataset.table)(examples);
  };
  const { stretches } = sampleRows(dataset.table, make, { rows: 50, seed: 1 });
  const read: number[][] = [];
  for await (const { rows } of stretches())
    read.push(...rows.map((cells) => cells.map(({ value = 0 }) => value)));
  expect(read.length).toBe(50);
  for (const [from, to] of read) expect(from).toBeLessThanOrEqual(to);
  const wrong = await parseSchema(
    { columns: [{ name: "kind", kind: "category" }], constraints: [{ below: ["from", "too"] }] },
    "s",
  );
  expect(() => rowsFromCsv(text, "t.csv", { schema: wrong })).toThrow(
    'there is no column "too"; did you mean "to"?',
  );
});

describe("a column that others add up to", () => {
  const rows = (total = (row: number): number | string => (row * 7 + (row % 5) * 25) / 100) =>
    csv(60, {
      total,
      price: (row) => ((row * 7) / 100).toFixed(2),
      tax: (row) => (row === 3 ? "" : (row % 5) / 4),
      kind: cycle("a", "b"),
    });
  const schema = (sum: readonly string[]) =>
    parseSchema({ columns: [{ name: "kind", kind: "category" }], constraints: [{ sum }] }, "s.json");

  it("is not learnt, but added up, and missing where a part is", async () => {
    const text = rows((row) => (row === 3 ? "" : ((row * 7 + (row % 5) * 25) / 100).toFixed(2)));
    const dataset = rowsFromCsv(text, "t.csv", { schema: await schema(["total", "price", "tax"]) });
    expect(dataset.table.columns[0]).toEqual({
      ...{ kind: "sum", name: "total", of: ["price", "tax"], decimals: 2, fixed: true },
    });
    const { examples } = await dataset.draw(1, 0, 500);
    let missing = 0;
    for (const [total, price, tax] of rowReader(dataset.table).read(examples, 0, 1)) {
      if (tax.value === undefined) {
        missing++;
        expect(total).toEqual({ text: "" });
        continue;
      }
      expect(total.text).toBe((price.value! + tax.value).toFixed(2));
    }
    expect(missing).toBeGreaterThan(0);
    const make = async (index: number, count: number) => {
      const { examples: some } = await dataset.draw(index, 0, count);
      return rowsOfSamples(dataset.table)(some);
    };
    const where = [parseCondition("total>=3")];
    for await (const stretch of sampleRows(dataset.table, make, { rows: 20, seed: 1, where }).stretches()) {
      for (const [total] of stretch.rows) expect(Number(total.text)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each<[string, readonly string[], string]>([
    [
      "of a row that is another sum",
      ["total", "price", "tax"],
      "t.csv, line 9: expected total to be price + tax as the schema says; got 9 and 0.49 + 0.5",
    ],
    [
      "of words",
      ["total", "price", "kind"],
      "t.csv: a sum must be one of numbers; got kind (category) in total = price + kind",
    ],
    ["of itself", ["total", "price", "total"], "t.csv: a sum must be one of other columns that are no sums"],
    [
      "of what is not there",
      ["total", "price", "taxx"],
      'schema: there is no column "taxx"; did you mean "tax"?',
    ],
  ])("is refused where it is none: %s", async (_, sum, message) => {
    const text = rows((row) => (row === 7 ? 9 : (row * 7 + (row % 5) * 25) / 100));
    const given = await schema(sum);
    expect(() => rowsFromCsv(text, "t.csv", { schema: given })).toThrow(message);
  });

  it("is refused of fewer than two columns", async () => {
    await expect(schema(["total", "price"])).rejects.toThrow("s.json: constraints.0.sum:");
    await expect(
      parseSchema({ columns: [{ name: "a", kind: "category" }], constraints: [{}] }, "s.json"),
    ).rejects.toThrow("s.json: constraints.0: expected one of below and sum");
  });
});

describe("odd columns", () => {
  const plansOf = (columns: Parameters<typeof csv>[1], rows = 60) =>
    rowsFromCsv(csv(rows, columns), "t.csv").table.columns;
  const k = cycle("a", "b", "c");

  it("dates of no known format are texts: digits in their place would be no dates", () => {
    const [d] = plansOf({ d: (row) => `2020-01-${10 + (row % 20)} at ${row}`, k });
    expect(d).toEqual({ kind: "omitted", name: "d" });
  });

  it("two columns of one name are told apart", () => {
    const text = `x,x,y\n${Array.from({ length: 40 }, (_, i) => `${i * 1.5},${i * 2.5},${k(i)}`).join("\n")}`;
    expect(rowsFromCsv(text, "t.csv").table.columns.map(({ name }) => name)).toEqual(["x", "x (2)", "y"]);
  });

  it("whole numbers beyond float64 are identifiers, and none of them comes again", async () => {
    const big = (row: number) => `${123456789012345678901234567890n + BigInt(row) * 7919n}`;
    const dataset = rowsFromCsv(csv(60, { n: big, k }), "t.csv");
    expect(dataset.table.columns[0]).toEqual({ kind: "identifier", name: "n", pattern: "9".repeat(30) });
    const known = new Set(Array.from({ length: 60 }, (_, row) => big(row)));
    const { examples } = await dataset.draw(1, 0, 300);
    for (const [cell] of rowReader(dataset.table).read(examples, 0, 1))
      expect(known.has(cell.text)).toBe(false);
  });

  it("thousands are told from decimals in both ways of writing them", () => {
    const us = csv(60, { a: (row) => `"1,${100 + row},200.50"`, k });
    const eu = csv(60, { a: (row) => `1.${100 + row}.200,50`, k }).replaceAll(/,(?=[abc]$|k$)/gm, ";");
    for (const text of [us, eu]) {
      const [a] = rowsFromCsv(text, "t.csv").table.columns;
      expect(a).toMatchObject({ kind: "number", decimals: 2 });
      expect((a as { low: number }).low).toBeCloseTo(1_101_200.5, 1);
    }
  });

  it("texts of a hundred thousand characters, and line ends in fields, are read", () => {
    const [t, line] = plansOf({
      t: (row) => `"${"lorem ipsum ".repeat(10_000)}${row}"`,
      line: (row) => `"two\n${k(row)}"`,
      k,
    });
    expect(t).toEqual({ kind: "omitted", name: "t" });
    expect(line).toMatchObject({ kind: "category", values: ["two\na", "two\nb", "two\nc"] });
  });
});

describe("conditions on samples", () => {
  const dataset = table();
  const { layout } = arrange(dataset.table);
  const [width] = dataset.shape;
  /** A generator that gives rows of the table back, those that it is asked for where there is a condition. */
  const make = async (index: number, count: number, asked: number | undefined) => {
    const encode = rowsOfSamples(dataset.table);
    const { examples } = await dataset.draw(index, 0, 4 * count);
    if (asked === undefined) return encode(examples.slice(0, count * width));
    const out = new Float32Array(count * width);
    const { examples: rows } = await dataset.read(all(90));
    const at = rowSize(layout) - conditionSize(layout) + asked;
    const fitting = [...all(90)].filter((row) => rows[row * width + at] === 1);
    for (let i = 0; i < count; i++) {
      const row = fitting[i % fitting.length];
      out.set(rows.subarray(row * width, (row + 1) * width), i * width);
    }
    return encode(out);
  };
  const sample = async (rows: number, ...where: readonly string[]) => {
    const { reader, stretches } = sampleRows(dataset.table, make, {
      rows,
      seed: 1,
      where: where.map(parseCondition),
    });
    const read: string[][] = [];
    let made = 0;
    for await (const stretch of stretches()) {
      read.push(...stretch.rows.map((cells) => cells.map(({ text }) => text)));
      made = stretch.made;
    }
    return { names: reader.names, read, made };
  };

  it("are asked of the model where it can be asked", async () => {
    const { read, made } = await sample(100, "country=IT");
    expect(read.length).toBe(100);
    expect(read.every((cells) => cells[1] === "IT")).toBe(true);
    expect(made).toBe(2000);
  });

  it("are met by rejection where it cannot", async () => {
    const { read } = await sample(50, "age>=40", "paid!=no", "joined<2020-05-01");
    expect(read.length).toBe(50);
    for (const cells of read) {
      expect(Number(cells[2])).toBeGreaterThanOrEqual(40);
      expect(cells[3]).toBe("yes");
      expect(cells[5] < "2020-05-01").toBe(true);
    }
  });

  it.each<[string, string]>([
    ["country", 'where: expected a condition such as country=DE or "age>=40"'],
    ["contry=DE", 'where: there is no column "contry"; did you mean "country"?'],
    ["country=Germany", 'where: column country never is "Germany"'],
    ["country>DE", "where: column country has no order; use = or !="],
    ["age>=old", 'where: column age must be compared with a number; got "old"'],
    ["joined>=1.1.2020", "where: column joined must be compared with a date of the format YYYY-MM-DD"],
    ["age>=500", "where: none of 200,000 rows met age>=500; ask for less"],
  ])("are refused where they are wrong: %s", async (where, message) => {
    await expect(sample(10, where)).rejects.toThrow(message);
  });
});

describe("rows held out to judge by", () => {
  const table = csv(200, { a: cycle("x", "y", "z"), b: (row) => row * 1.5 });
  const notes = (text: string, holdOut: number): string =>
    (rowsFromCsv(text, "t.csv", { holdOut }).reading?.notes ?? []).join("\n");

  it("are not among those of training, and are the same ones each time", () => {
    const { rows, size } = rowsFromCsv(table, "t.csv", { holdOut: 0.1 });
    const own = (part: "training" | "heldOut") => [...rows![part]!().columns[1].values];
    expect([own("training").length, own("heldOut").length, size]).toEqual([180, 20, 180]);
    expect(new Set([...own("training"), ...own("heldOut")]).size).toBe(200);
    expect([...rowsFromCsv(table, "t.csv", { holdOut: 0.1 }).rows!.heldOut!().columns[1].values]).toEqual(
      own("heldOut"),
    );
  });

  it("are said; a table so small that they would be fewer than ten has none", () => {
    expect(notes(table, 0.1)).toContain("held out to judge by: 20 rows");
    const small = csv(99, { a: cycle("x", "y", "z"), b: (row) => row * 1.5 });
    expect(notes(small, 0.1)).toContain("held out to judge by: none; 10 % of the rows are fewer than 10");
    expect(rowsFromCsv(small, "t.csv", { holdOut: 0.1 }).size).toBe(99);
    expect(notes(small, 0)).not.toContain("held out");
  });
});

import { describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { describeTable, pointsFromCsv, readTable } from "./index.ts";
import { decimalMarkOf, parseNumber } from "./number-text.ts";

const columnsOf = (source: string | Uint8Array, columns?: readonly string[]) =>
  Object.fromEntries(
    readTable(source, "t.csv", { columns }).columns.map(({ name, values }) => [name, [...values]]),
  );

const utf16 = (text: string, mark: boolean, bigEndian: boolean): Uint8Array => {
  const codes = [...(mark ? "\uFEFF" : ""), ...text].map((letter) => letter.charCodeAt(0));
  return Uint8Array.from(
    codes.flatMap((code) => (bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8])),
  );
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One table, written as programs and people write it. */
const twins: [who: string, source: string | Uint8Array][] = [
  ["commas", "x,y\n1.5,2\n-3,4.25\n"],
  ["Windows' line ends, no last one", "x,y\r\n1.5,2\r\n-3,4.25"],
  ["line ends of an old Macintosh", "x,y\r1.5,2\r-3,4.25\r"],
  ["semicolons and decimal commas, as Excel in most of Europe", "x;y\n1,5;2\n-3;4,25\n"],
  ["quoted decimal commas", 'x,y\n"1,5",2\n-3,"4,25"\n'],
  ["tabs", "x\ty\n1.5\t2\n-3\t4.25\n"],
  ["tabs and decimal commas", "x\ty\n1,5\t2\n-3\t4,25\n"],
  ["bars", "x|y\n1.5|2\n-3|4.25\n"],
  ["runs of spaces, also before and behind", "  x    y \n  1.5  2\n -3  4.25  \n"],
  ["spaces after commas", "x, y\n1.5, 2\n-3, 4.25\n"],
  ["quotes around all", '"x","y"\n"1.5","2"\n"-3","4.25"\n'],
  ["a byte-order mark", "\uFEFFx,y\n1.5,2\n-3,4.25\n"],
  ["UTF-8 with a byte-order mark", bytes("\uFEFFx,y\n1.5,2\n-3,4.25\n")],
  ["UTF-16, as Excel's Unicode text", utf16("x\ty\r\n1.5\t2\r\n-3\t4.25\r\n", true, false)],
  ["UTF-16 without a mark", utf16("x,y\n1.5,2\n-3,4.25\n", false, false)],
  ["UTF-16, big-endian", utf16("x,y\n1.5,2\n-3,4.25\n", true, true)],
  ["UTF-16, big-endian, without a mark", utf16("x,y\n1.5,2\n-3,4.25\n", false, true)],
  ["comments at the head and between", "# made by hand\nx,y\n1.5,2\n# then\n-3,4.25\n"],
  ["comments of MATLAB", "% made by hand\nx,y\n1.5,2\n-3,4.25\n"],
  ["empty lines and rows", "\nx,y\n\n1.5,2\n,\n-3,4.25\n\n"],
  ["a separator at the end of each line", "x,y,\n1.5,2,\n-3,4.25,\n"],
  ["pandas' index column", ",x,y\n0,1.5,2\n1,-3,4.25\n"],
  ["pandas' index column, read and written again", "Unnamed: 0,x,y\n0,1.5,2\n1,-3,4.25\n"],
  ["R's write.csv", '"","x","y"\n"1",1.5,2\n"2",-3,4.25\n'],
  ["pandas' index column of shuffled rows", ",x,y\n7,1.5,2\n3,-3,4.25\n"],
  ["pandas' table as it is printed", "     x     y\n0  1.5  2.00\n1 -3.0  4.25\n"],
  ["R's row names", '"","x","y"\n"Mazda RX4",1.5,2\n"Datsun 710",-3,4.25\n'],
  ["R's write.csv2", '"";"x";"y"\n"1";1,5;2\n"2";-3;4,25\n'],
  ["R's write.table", '"x" "y"\n"1" 1.5 2\n"2" -3 4.25\n'],
  ["Excel's line that names the separator", "sep=;\nx;y\n1.5;2\n-3;4.25\n"],
];

describe("a table", () => {
  it.each(twins)("has the same points with %s", async (_, source) => {
    const dataset = pointsFromCsv(source, "t.csv");
    expect((await dataset.read(Uint32Array.of(0, 1))).examples).toEqual(Float32Array.of(1.5, 2, -3, 4.25));
    expect(dataset.reading?.table?.columns.map(({ name }) => name)).toEqual(["x", "y"]);
  });

  it("keeps quotes, separators and line ends within fields, and words of any script", () => {
    expect(columnsOf('name,"of, it"\n"a ""b""\nc",1\nÅsa,2\n')).toEqual({
      name: ['a "b"\nc', "Åsa"],
      "of, it": ["1", "2"],
    });
  });

  it("reads what is not UTF-8 as Windows-1252", () => {
    expect(columnsOf(Uint8Array.of(0x6e, 0x2c, 0x78, 10, 0xc5, 0x2c, 49, 10, 0x62, 0x2c, 50))).toEqual({
      n: ["Å", "b"],
      x: ["1", "2"],
    });
  });

  it.each([
    ["1,2\n3,4\n", ["1", "2"], 2],
    // Names of an array's columns in pandas, with and without its index.
    [",0,1\n0,1.5,2\n1,3,4\n", ["0", "1"], 2],
    ["0,1\n0.5,1.5\n2.5,3.5\n", ["0", "1"], 2],
    ["0,1\n2,3\n4,5\n", ["1", "2"], 3],
    // Points as JavaScript writes them: 0 and 0.5 in one column.
    ["0,1\n0.5,0.25\n1,0\n", ["1", "2"], 3],
    ["0,1\n7,0.25\n9,0.5\n", ["0", "1"], 2],
    // A first row without values is a row.
    ["NaN,NaN\n1,2\n", ["1", "2"], 2],
    ["a,b\nc,d\n", ["a", "b"], 1],
    // numpy.savetxt with a header, and with a comment that is none.
    ["# x y\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n", ["x", "y"], 2],
    ["# made by hand today\n1,2\n3,4\n", ["1", "2"], 2],
    ["# a\n# b, c\n# d\n# e\n# f\n# g\nx,y\n1,2\n3,4\n", ["x", "y"], 2],
    ["#1,2\n#3,4\n#5,6\n", ["1", "2"], 3],
    ["yes,no\nno,no\nyes,yes\n", ["1", "2"], 3],
    ["1.5,2,0.1\n2.5,3,0.2\n", ["1", "2", "3"], 2],
    // Rows that are counted, without names: only where a point is left.
    ["0,5,6\n1,7,8\n2,9,1\n", ["2", "3"], 3],
    ["0,5\n1,7\n2,9\n", ["1", "2"], 3],
    ["x,x\n1,2\n", ["x", "x (2)"], 1],
    ["x\n1,5\n2,5\n", ["x"], 2],
  ])("knows the names and rows of %j", (text, names, rows) => {
    const table = readTable(text, "t.csv");
    expect([table.columns.map(({ name }) => name), table.rows]).toEqual([names, rows]);
  });

  it("knows the line of a row, with comments, empty lines and fields of several lines before it", () => {
    const { lines } = readTable('# c\n\nx,y\n1,"a\nb"\n# c\n2,c\n\n3,d', "t.csv");
    expect(lines).toEqual([4, 7, 9]);
  });

  it("gives the columns asked for, by name or number, in that order", () => {
    const text = "id,x,y\n7,1,2\n8,3,4\n";
    expect(columnsOf(text, ["y", "x"])).toEqual({ y: ["2", "4"], x: ["1", "3"] });
    expect(columnsOf(text, ["3"])).toEqual({ y: ["2", "4"] });
    expect(() => readTable(text, "t.csv", { columns: ["hight"] })).toThrow(UsageError);
    expect(() => readTable(text, "t.csv", { columns: ["Y"] })).toThrow(
      't.csv: there is no column "Y"; did you mean "y"? (columns: id, x, y)',
    );
    // The counted column, too.
    expect(columnsOf(",x\n0,1\n1,3\n", ["1"])).toEqual({ "column 1": ["0", "1"] });
  });

  it("keeps a first column without a name that holds measurements", () => {
    expect(Object.keys(columnsOf(",y\n0.5,1\n1.5,2\n"))).toEqual(["column 1", "y"]);
    expect(Object.keys(columnsOf(",y\n5,1\n5,2\n"))).toEqual(["column 1", "y"]);
  });

  it("says how it is written", () => {
    expect(describeTable(readTable("x;y\n1,5;2\n", "t.csv"))).toBe(
      "2 columns (x, y) separated by semicolons, decimal comma",
    );
    expect(describeTable(readTable("# c\n1 2\n3 4", "t.csv"))).toBe(
      "2 columns separated by spaces, no line of names, comments after #",
    );
  });

  it.each([
    [
      "x,y\n1,2\n3\n4,5\n",
      't.csv, line 3: expected 2 columns as in most lines; got 1 ("3"); the file looks like 2 columns, separated by commas',
    ],
    [
      "Growth\nx,y\n1,2\n3,4\n",
      "t.csv: expected as many names as columns; got 1 (Growth) above 2 columns; is the first line a title?",
    ],
    ['x,y\n1,"2\n3,4\n', "t.csv, line 2: a quotation mark is not closed where its field ends"],
    [
      "<!DOCTYPE html>\n<html>",
      "t.csv: expected a table of separated columns; got a page of HTML; save it as CSV",
    ],
    ['[{"x": 1}]', "t.csv: expected a table of separated columns; got JSON; save it as CSV"],
    ["", "t.csv: expected a table; got a file without a row"],
    [" \n\n", "t.csv: expected a table; got a file without a row"],
    ["x,y\n", "t.csv: expected rows of values; got the line of names x, y alone"],
  ])("refuses %j", (text, message) => {
    expect(() => readTable(text, "t.csv")).toThrow(RunError);
    expect(() => readTable(text, "t.csv")).toThrow(message);
  });

  it("refuses what is no text", () => {
    expect(() => readTable(Uint8Array.of(137, 80, 78, 71, 0, 0, 0, 13), "t.csv")).toThrow(
      "t.csv: expected text; got binary data",
    );
  });

  it("of a million fields is read within seconds, and no text is taken for a pattern that hangs", () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `${i};${i / 7};${"a".repeat(i % 9)};"${i}"`);
    const table = readTable(`a;b;c;d\n${rows.join("\n")}`, "t.csv");
    expect([table.rows, table.columns.length]).toEqual([100_000, 4]);
    expect(() => readTable(`x\n${"1,".repeat(50_000)}\n`, "t.csv")).toThrow(
      "expected as many names as columns",
    );
    expect(() => readTable(`x\n${'"'.repeat(50_001)}`, "t.csv")).toThrow("is not closed");
    expect(readTable(`a;b\n1;2${" ".repeat(2_000_000)}x\n3;4\n`, "t.csv").rows).toBe(2);
  });
});

describe("points of a table", () => {
  it.each([
    [
      "x,y,name\n1,2,ann\n3,4,bob\n",
      't.csv, line 2, column name: expected a finite number; got "ann" (and in 1 more rows); the file looks like 3 columns (x, y, name) separated by commas; mend the rows, take them as they are with as: "rows", or take the columns of numbers alone with columns: ["x", "y"]',
    ],
    [
      "x,y\n1,2\n3,NA\n",
      't.csv, line 3, column y: expected a finite number; got no value ("NA"); the file looks like',
    ],
    [
      "x;y\n1,5;2\n2,5;1.5\n",
      't.csv, line 3, column y: expected a finite number; got "1.5"; the file looks like 2 columns (x, y) separated by semicolons, decimal comma',
    ],
    ["x,y\n1,inf\n3,4\n", 'column y: expected a finite number; got "inf"'],
    ["x,y\n1,1e300\n3,4\n", 'column y: expected a finite number, at most 3.4e38 in size; got "1e300"'],
    ["x,y\n1,2\n", "t.csv: expected at least 2 points; got 1"],
  ])("refuses %j", (text, message) => {
    expect(() => pointsFromCsv(text, "t.csv")).toThrow(RunError);
    expect(() => pointsFromCsv(text, "t.csv")).toThrow(message);
  });

  it("says what was read", () => {
    const { reading } = pointsFromCsv(",x,y,c\n0,1,2,7\n1,3,4,7\n", "t.csv");
    expect(reading).toMatchObject({ source: "table", examples: 2 });
    expect(reading?.table?.columns).toEqual([
      { name: "x", low: 1, high: 3 },
      { name: "y", low: 2, high: 4 },
      { name: "c", low: 7, high: 7 },
    ]);
    expect(reading?.notes).toEqual([
      "the first column only names the rows and is left out",
      "the same everywhere: c; naming the other columns leaves it out",
    ]);
  });
});

describe("numbers", () => {
  it.each([
    ["12", ".", 12],
    [" -1.5e-3 ", ".", -0.0015],
    ["+.5", ".", 0.5],
    ["5.", ".", 5],
    ["\u22123", ".", -3],
    ["1.5D+02", ".", 150],
    ["1,234,567.8", ".", 1234567.8],
    ["1'234", ".", 1234],
    ["1\u202f234", ".", 1234],
    ["1,5", ",", 1.5],
    ["1.234.567,8", ",", 1234567.8],
    ["1 234,5", ",", 1234.5],
    ["1,5e3", ",", 1500],
    ["12,34", ".", undefined],
    ["1.5", ",", undefined],
    ["", ".", undefined],
    ["0x10", ".", undefined],
    ["Infinity", ".", undefined],
    ["1e999", ".", undefined],
    ["12 kg", ".", undefined],
    ["1-2", ".", undefined],
  ] as const)("%j with the mark %s is %s", (text, mark, value) => {
    expect(parseNumber(text, mark)).toBe(value);
  });

  it.each([
    [["1.5", "2"], ",", "."],
    [["1,5", "2"], ";", ","],
    [["1,234", "2,345"], ",", "."],
    [["1,234", "2,345"], ";", ","],
    [["1,234", "2,5"], ",", ","],
    [["1.234", "2,5"], ";", ","],
    [["1.234,5"], ";", ","],
    [["1,234.5"], ",", "."],
    [["1.234"], ",", "."],
  ] as const)("of %j between %j have the mark %s", (fields, separator, mark) => {
    expect(decimalMarkOf(fields, separator)).toBe(mark);
  });
});

import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { type Dialect, eachRow } from "./dialect.ts";
import { textsOf } from "./texts.ts";

describe("texts of a column", () => {
  const few = Array.from({ length: 5000 }, (_, i) => `value ${(i * i) % 97}`);
  const many = Array.from({ length: 70_000 }, (_, i) => `Größe ${i}${"x".repeat(i % 40)}`);
  const long = [...many, "", "y".repeat(10_000), "z".repeat(300_000), "end"];

  it.each<[string, string[]]>([
    ["few different ones", few],
    ["more than fit a list", many],
    ["very long ones among them", long],
    ["none", []],
  ])("are what was put in: %s", (_, list) => {
    const texts = textsOf(list);
    expect(texts.length).toBe(list.length);
    expect([...texts]).toEqual(list);
    const counts = new Map<string, number>();
    for (const text of list) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect([...texts.counts()]).toEqual([...counts]);
  });

  it.each([[few], [many]])("are taken by rows, and some of these again", (list) => {
    const rows = Uint32Array.of(7, 3, 4999, 3, 0);
    const some = textsOf(list).of(rows);
    expect([...some]).toEqual([...rows].map((row) => list[row]));
    expect(some.of(Uint32Array.of(4, 1)).at(1)).toBe(list[3]);
    expect(some.counts().get(list[3])).toBeGreaterThanOrEqual(2);
  });
});

describe("rows of a text that comes in parts", () => {
  const texts: [string, string, Pick<Dialect, "separator" | "comment">][] = [
    ["line ends", "a,b\n1,2\n\n3,4\n,\n5,6", { separator: "," }],
    ["Windows' line ends", "a,b\r\n1,2\r\n3,4\r\n", { separator: "," }],
    ["quotes over lines", 'a,b\n"x ""q"" y","1\n2,\n3"\n"",z\n"last\n",w\n', { separator: "," }],
    ["comments", "# one\na;b\n# two\n# three\n1;2\n3;4\n# four", { separator: ";", comment: "#" }],
    ["a quote that is not closed", 'a,b\n1,2\n"3,4\n5,6\n7,8\n', { separator: "," }],
    ["spaces", ' a  b\n"1  2"   3\n 4 5 \n', { separator: " " }],
  ];
  it.each(texts)("are those of the whole, wherever it is cut: %s", (_, text, dialect) => {
    const read = (source: string | string[]) => {
      const rows: unknown[] = [];
      eachRow(source, dialect, (fields, line) => rows.push([line, ...fields]), {
        firstLine: 3,
        onQuote: (line) => rows.push(`quote ${line}`),
      });
      return rows;
    };
    const whole = read(text);
    for (let at = 0; at <= text.length; at++)
      expect(read([text.slice(0, at), text.slice(at)])).toEqual(whole);
    const random = randomStream(2, "cuts");
    for (let trial = 0; trial < 50; trial++) {
      const parts: string[] = [];
      for (let at = 0; at < text.length; ) {
        const size = 1 + random.integer(6);
        parts.push(text.slice(at, at + size));
        at += size;
      }
      expect(read(parts)).toEqual(whole);
    }
  });
});

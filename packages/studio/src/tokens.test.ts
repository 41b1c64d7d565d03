import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const sheets = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".css"))
  .map((name) => ({ name, text: readFileSync(join(import.meta.dirname, name), "utf8") }));

/** Lines of all sheets but the tokens themselves, and but those for paper, which has units of its own. */
const lines = sheets
  .filter(({ name }) => name !== "tokens.css")
  .flatMap(({ name, text }) => {
    const print = text.indexOf("@media print");
    const screen = print === -1 ? text : text.slice(0, print);
    return screen.split("\n").map((line, i) => ({ at: `${name}:${i + 1}`, line: line.trim() }));
  });

const linesWith = (pattern: RegExp): string[] =>
  lines.filter(({ line }) => pattern.test(line)).map(({ at, line }) => `${at} ${line}`);

describe("the style sheets", () => {
  it("are found", () => {
    expect(sheets.length).toBeGreaterThan(6);
    expect(lines.length).toBeGreaterThan(1000);
  });

  it("take the sizes of type from the tokens", () => {
    expect(linesWith(/^font-size:(?! (var\(--(tiny|small|body|lead|title)\)|inherit);)/)).toEqual([]);
  });

  it("take colours from the tokens", () => {
    expect(linesWith(/#[\da-f]{3,8}\b(?!.*\{)|\b(rgb|hsl|oklch)a?\(/i)).toEqual([]);
  });

  it("take spaces and radii from the tokens", () => {
    expect(linesWith(/^(padding|margin|gap|row-gap|column-gap)[\w-]*:.*\dpx/)).toEqual([]);
    expect(linesWith(/^(scroll-(padding|margin)|border-[\w-]*radius)[\w-]*:.*\dpx/)).toEqual([]);
  });

  it("draw lines of 1 to 5 px, no other", () => {
    expect(
      linesWith(
        /^(border|outline)(-(block|inline|top|bottom|left|right)[\w-]*)?:.*(?<![\d.])(?!(1|1\.5|2|3|4|5)px)[\d.]+px/,
      ),
    ).toEqual([]);
  });

  it("take times from the tokens, which are none where less motion is asked for", () => {
    expect(linesWith(/^(animation|transition)[\w-]*:.*\d(s|ms)\b/)).toEqual([]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { jsonLine, plain, plainLine, plainTexts, quoted, useFlags } from "./text.ts";

const ESC = "\u001b";

it("takes out what acts on a terminal, and leaves what is shown", () => {
  const hostile = `a${ESC}[2J${ESC}]0;title\u0007b\u009b31mc\rd\u0000e\u202ef\u007f`;
  expect(plain(hostile)).toMatch(/^ab/);
  expect(plain(hostile)).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(plain("größer → 3 ≥ 2\n\tпривет 画像")).toBe("größer → 3 ≥ 2\n\tпривет 画像");
});

it("keeps what should be one line to one", () => {
  expect(plainLine("worker\nerror: all is lost\n\tx")).toBe("worker error: all is lost x");
});

it("writes JSON in which nothing acts, and that reads as before", () => {
  const value = { text: `a${ESC}[2J\u009b\u007f\u202e\n`, ß: [1, null] };
  const line = jsonLine(value);
  expect(line).not.toMatch(/(?!\n$)[\p{Cc}\u202e]/u);
  expect(JSON.parse(line)).toEqual(value);
});

it("cleans the texts of what is printed with styles, and nothing else", () => {
  const value = { [`k${ESC}[2J`]: [`a${ESC}]0;t\u0007`, 1, null], numbers: new Float32Array(2), is: true };
  expect(plainTexts(value)).toEqual({ k: ["a", 1, null], numbers: new Float32Array(2), is: true });
});

it("quotes what a shell would take apart, for commands to copy", () => {
  for (const [argument, written] of [
    ["runs/ring-1", "runs/ring-1"],
    ["C:/läufe/ring", "C:/läufe/ring"],
    ["my runs/a", '"my runs/a"'],
    ["it's (1)", '"it\'s (1)"'],
    ["$HOME's", "'$HOME'\\''s'"],
  ]) {
    expect(quoted(argument)).toBe(written);
  }
  expect(useFlags(["a.ts", "my b.ts"])).toBe(' --use a.ts --use "my b.ts"');
});

it("is what all commands print by", () => {
  const source = fileURLToPath(new URL(".", import.meta.url));
  const printing = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      /(?<!test)\.ts$/.test(name) &&
      /process\.stdout\.write\(/.test(readFileSync(join(source, name), "utf8")),
  );
  expect(printing).toEqual(["text.ts"]);
});

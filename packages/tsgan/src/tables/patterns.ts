/** Values that name a person or a row: what they look like, and others that look so and name nobody. */
import type { RandomStream } from "../random/index.ts";

const EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[a-z]{2,}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const URL = /^https?:\/\/\S+$/i;

/** Letters and digits become A, a and 9; the rest stays. */
const maskOf = (text: string): string =>
  text
    .replace(/\p{Lu}/gu, "A")
    .replace(/\p{Ll}/gu, "a")
    .replace(/\p{Nd}/gu, "9");

/** Share of the values that must look alike. */
const MOST = 0.9;
/** Longer masks are texts. */
const LONGEST = 40;

/** What values that name people look like, however often they come: `email`, `uuid`, `url`; undefined where they do not. */
export const personalPattern = (values: readonly string[]): string | undefined => {
  const share = (pattern: RegExp): number =>
    values.reduce((count, value) => count + (pattern.test(value) ? 1 : 0), 0) / values.length;
  if (values.length === 0) return undefined;
  if (share(EMAIL) >= MOST) return "email";
  if (share(UUID) >= MOST) return "uuid";
  return share(URL) >= MOST ? "url" : undefined;
};

/** The mask that nearly all values have, such as `AA-9999`; undefined where they differ. */
export const codePattern = (values: readonly string[]): string | undefined => {
  const counts = new Map<string, number>();
  for (const value of values) {
    const mask = maskOf(value);
    counts.set(mask, (counts.get(mask) ?? 0) + 1);
  }
  const [mask, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  const isCode = /9/.test(mask) && mask.length <= LONGEST && mask.length >= 3;
  return isCode && count >= MOST * values.length ? mask : undefined;
};

/** Characters of the longest pattern that a schema or a stored plan may have. */
export const LONGEST_PATTERN = 200;

const LOWER = "abcdefghijklmnopqrstuvwxyz";

const hex = (random: RandomStream, length: number): string =>
  Array.from({ length }, () => random.integer(16).toString(16)).join("");

/** What stands before and after the number of the row, in patterns that are nothing else. */
export const numberedPattern = (
  pattern: string,
): { readonly before: string; readonly after: string } | undefined => {
  if (pattern === "counter") return { before: "", after: "" };
  if (pattern === "email") return { before: "user", after: "@example.com" };
  return pattern === "url" ? { before: "https://example.com/", after: "" } : undefined;
};

/** What a mark of a mask may be, but for the marks themselves, in the order in which they are tried. */
const LETTERS: Readonly<Record<string, string>> = {
  A: "ZYXWVUTSRQPONMLKJIHGFEDCB",
  a: "zyxwvutsrqponmlkjihgfedcb",
  9: "87654321",
};
const SIZES: Readonly<Record<string, number>> = { A: 26, a: 26, 9: 10 };

/** Values of a mask for each that a table has: with as many, none comes again by chance. */
const ROOM = 1e9;

/**
 * A pattern that no value of a column has: where a mask has too few values for that, one letter or digit becomes one that none of
 * the column's has in its place, or, where all come, the mask becomes longer than they are.
 */
export const unlikePattern = (pattern: string, values: Iterable<string>): string => {
  if (pattern === "uuid" || numberedPattern(pattern) !== undefined) return pattern;
  const marks = [...pattern];
  const used = marks.map(() => new Set<string>());
  let [count, longest] = [0, marks.length];
  for (const value of values) {
    count++;
    longest = Math.max(longest, value.length);
    if (value.length === marks.length) for (let i = 0; i < marks.length; i++) used[i].add(value[i]);
  }
  const room = marks.reduce((product, mark) => product * (SIZES[mark] ?? 1), 1);
  if (room >= ROOM * count) return pattern;
  const places = marks.map((_, i) => i).sort((a, b) => Number(marks[a] === "9") - Number(marks[b] === "9"));
  for (const place of places) {
    const free = [...(LETTERS[marks[place]] ?? "")].find((mark) => !used[place].has(mark));
    if (free !== undefined) return `${pattern.slice(0, place)}${free}${pattern.slice(place + 1)}`;
  }
  return pattern.padEnd(Math.min(LONGEST_PATTERN, longest + 1), "9");
};

/**
 * A value of a pattern: `counter` counts from 1; `email`, `url` and `uuid` are of nobody (example.com is reserved for that);
 * anything else is a mask.
 */
export const fromPattern = (pattern: string, row: number, random: RandomStream): string => {
  const numbered = numberedPattern(pattern);
  if (numbered !== undefined) return `${numbered.before}${row + 1}${numbered.after}`;
  switch (pattern) {
    case "uuid":
      return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${"89ab"[random.integer(4)]}${hex(random, 3)}-${hex(random, 12)}`;
    default:
      return pattern.replace(/[Aa9]/g, (mark) => {
        if (mark === "9") return String(random.integer(10));
        const letter = LOWER[random.integer(26)];
        return mark === "A" ? letter.toUpperCase() : letter;
      });
  }
};

/** Text for a terminal. */
import { stripVTControlCharacters } from "node:util";
import type { TopicOption } from "tsgan/config";
import type { RunEvent } from "tsgan/node";

/** Characters that act on a terminal, or turn the direction of what follows, instead of being shown. */
const ACTING = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that comes from elsewhere (names of files, what a worker says in Redis, a message of another program) as it may be shown
 * on a terminal: without what would move the cursor, hide lines or set the title. Lines stay lines.
 */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(ACTING, "\ufffd");

/** The same in one line. */
export const plainLine = (text: string): string => plain(text).replace(/[\n\t]+/g, " ");

/** A value as JSON in which nothing acts on a terminal, in one line or indented. */
export const jsonLine = (value: unknown, indent = 0): string =>
  `${JSON.stringify(value, null, indent).replace(ACTING, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;

/** A value in whose texts nothing acts on a terminal: for output that is styled, which `print` would undo. */
export const plainTexts = <Value>(value: Value): Value => {
  if (typeof value === "string") return plain(value) as Value;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(plainTexts) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [plain(key), plainTexts(each)]),
  ) as Value;
};

/** Prints text that has no style, in which nothing acts on a terminal. All that commands print goes through these three. */
export const print = (text: string): void => {
  process.stdout.write(plain(text));
};

/** Prints a value as JSON. */
export const printJson = (value: unknown, indent = 0): void => {
  process.stdout.write(jsonLine(value, indent));
};

/** Prints text with styles of our own. What comes from elsewhere within it is `plain` already. */
export const printStyled = (text: string): void => {
  process.stdout.write(text);
};

/** Prints what a run that is opened warns of: a damaged checkpoint that was passed over, records that are missing. */
export const printWarnings = (event: RunEvent): void => {
  if (event.type === "warning") process.stderr.write(`warning: ${plain(event.message)}\n`);
};

/** An argument as a shell takes it, for commands to copy: in quotes where it has blanks or signs that mean something. */
export const quoted = (argument: string): string => {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(argument)) return argument;
  return /["$`\\!]/.test(argument) ? `'${argument.replaceAll("'", "'\\''")}'` : `"${argument}"`;
};

/** The files of `--use`, for commands to copy. */
export const useFlags = (files: readonly string[] = []): string =>
  files.map((file) => ` --use ${quoted(file)}`).join("");

/** What an option means and takes, in one line of text. */
export const optionLine = ({ name, symbol, meaning, takes, default: usual }: TopicOption): string =>
  `${name}${symbol === undefined ? "" : ` (${symbol})`}: ${meaning}; ${takes} (default ${usual})`;

/** `text` in lines of at most `width` characters, each after `indent`. */
export const wrap = (text: string, indent: string, width = 96): string => {
  const lines = [indent];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last.length + word.length > width && last.trim() !== "") lines.push(indent + word);
    else lines[lines.length - 1] = last.trim() === "" ? indent + word : `${last} ${word}`;
  }
  return lines.join("\n");
};

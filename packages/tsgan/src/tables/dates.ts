/** Dates and times as people write them, to seconds since 1970 in UTC and back. */
import { type DecimalMark, parseNumber } from "./number-text.ts";

/** `D` and `M` stand for one digit or two, `DD` and `MM` for two. */
export const dateFormats = [
  "YYYY-MM-DD",
  "YYYY-MM-DDThh:mm:ssZ",
  "YYYY-MM-DDThh:mm:ss.sssZ",
  "YYYY-MM-DDThh:mm:ss",
  "YYYY-MM-DD hh:mm:ss",
  "YYYY-MM-DD hh:mm",
  "YYYY/MM/DD",
  "YYYYMMDD",
  "DD.MM.YYYY",
  "D.M.YYYY",
  "DD.MM.YYYY hh:mm",
  "DD.MM.YYYY hh:mm:ss",
  "MM/DD/YYYY",
  "M/D/YYYY",
  "M/D/YY",
  "MM/DD/YYYY hh:mm",
  "MM/DD/YYYY hh:mm:ss",
  "DD/MM/YYYY",
  "D/M/YYYY",
  "DD/MM/YYYY hh:mm",
  "DD/MM/YYYY hh:mm:ss",
  "DD-MM-YYYY",
  "DD-MMM-YYYY",
  "D MMM YYYY",
  "MMM D YYYY",
  "MMM D, YYYY",
  "YYYY-MM",
  "hh:mm:ss",
  "hh:mm",
] as const;

export type DateFormat = (typeof dateFormats)[number];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TOKEN = /YYYY|YY|MMM|MM|M|DD|D|hh|mm|sss|ss/g;

const PATTERNS: Readonly<Record<string, string>> = {
  YYYY: "([12]\\d{3})",
  YY: "(\\d{2})",
  MMM: `(${MONTHS.join("|")})`,
  MM: "(0[1-9]|1[0-2])",
  M: "(0?[1-9]|1[0-2])",
  DD: "(0[1-9]|[12]\\d|3[01])",
  D: "(0?[1-9]|[12]\\d|3[01])",
  hh: "([01]\\d|2[0-3])",
  mm: "([0-5]\\d)",
  ss: "([0-5]\\d)",
  sss: "(\\d{3})",
};

interface Compiled {
  readonly pattern: RegExp;
  readonly tokens: readonly string[];
}

const compile = (format: string): Compiled => ({
  pattern: new RegExp(
    `^${format.replace(/[\\^$.*+?()[\]{}|/ ,-]/g, "\\$&").replace(TOKEN, (token) => PATTERNS[token])}$`,
    "i",
  ),
  tokens: format.match(TOKEN) ?? [],
});

const compiled = new Map<string, Compiled>();
const compiledOf = (format: string): Compiled => {
  const known = compiled.get(format) ?? compile(format);
  compiled.set(format, known);
  return known;
};

/** Characters of the longest format. */
const LONGEST = 40;

/** Whether a text is a format of dates: what parts there are, each of them once. */
export const isDateFormat = (format: string): boolean => {
  const tokens = format.match(TOKEN) ?? [];
  return format.length <= LONGEST && tokens.length > 0 && new Set(tokens).size === tokens.length;
};

/** Two digits of a year are of 1950 to 2049. */
const fullYear = (two: number): number => two + (two < 50 ? 2000 : 1900);

/** Seconds since 1970 that a text stands for; undefined where it is not of the format, or is no day of the calendar. */
export const parseDate = (text: string, format: string): number | undefined => {
  const { pattern, tokens } = compiledOf(format);
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  tokens.forEach((token, i) => {
    const field = found[i + 1];
    if (token === "YYYY") parts.year = Number(field);
    else if (token === "YY") parts.year = fullYear(Number(field));
    else if (token === "MMM")
      parts.month = 1 + MONTHS.findIndex((name) => name.toLowerCase() === field.toLowerCase());
    else if (token[0] === "M") parts.month = Number(field);
    else if (token[0] === "D") parts.day = Number(field);
    else if (token === "hh") parts.hour = Number(field);
    else if (token === "mm") parts.minute = Number(field);
    else if (token === "ss") parts.second = Number(field);
    else parts.millisecond = Number(field);
  });
  const { year, month, day, hour, minute, second, millisecond } = parts;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  return new Date(time).getUTCDate() === day ? time / 1000 : undefined;
};

/** The number that a text of a column stands for: where it has a format, the seconds of a date. Undefined for another text. */
export const columnNumber = (
  text: string,
  mark: DecimalMark,
  format: string | undefined,
): number | undefined => (format === undefined ? parseNumber(text, mark) : parseDate(text, format));

/** Seconds from one value of a format to the next: days, minutes, seconds, or milliseconds. */
export const resolutionOf = (format: string): number => {
  if (format.includes("sss")) return 0.001;
  if (format.includes("ss")) return 1;
  return format.includes("mm") ? 60 : 86_400;
};

const pad = (value: number, length: number): string => String(value).padStart(length, "0");

/** The text of seconds since 1970. */
export const formatDate = (seconds: number, format: string): string => {
  const step = resolutionOf(format);
  const date = new Date(Math.round(Math.round(seconds / step) * step * 1000));
  return format.replace(TOKEN, (token) => {
    switch (token) {
      case "YYYY":
        return pad(date.getUTCFullYear(), 4);
      case "YY":
        return pad(date.getUTCFullYear() % 100, 2);
      case "MMM":
        return MONTHS[date.getUTCMonth()];
      case "MM":
        return pad(date.getUTCMonth() + 1, 2);
      case "M":
        return String(date.getUTCMonth() + 1);
      case "DD":
        return pad(date.getUTCDate(), 2);
      case "D":
        return String(date.getUTCDate());
      case "hh":
        return pad(date.getUTCHours(), 2);
      case "mm":
        return pad(date.getUTCMinutes(), 2);
      case "ss":
        return pad(date.getUTCSeconds(), 2);
      default:
        return pad(date.getUTCMilliseconds(), 3);
    }
  });
};

/** The first format that all of some texts have; undefined where there is none. */
export const dateFormatOf = (texts: readonly string[]): DateFormat | undefined => {
  if (texts.length === 0) return undefined;
  const first = dateFormats.filter((format) => parseDate(texts[0], format) !== undefined);
  return first.find((format) => texts.every((text) => parseDate(text, format) !== undefined));
};

/** Dates and times as people write them, to seconds since 1970 in UTC and back. */
import { type DecimalMark, parseNumber } from "./number-text.ts";

/**
 * `D`, `M` and `h` stand for one digit or two, `DD`, `MM` and `hh` for two; with `A`, which is AM or PM, hours go to 12. `sss` are
 * milliseconds and `ssssss` microseconds.
 */
export const dateFormats = [
  "YYYY-MM-DD",
  "YYYY-MM-DDThh:mm:ssZ",
  "YYYY-MM-DDThh:mm:ss.sssZ",
  "YYYY-MM-DDThh:mm:ss",
  "YYYY-MM-DDThh:mm:ss.sss",
  "YYYY-MM-DDThh:mm:ss.ssssss",
  "YYYY-MM-DDThh:mm:ss.ssssssZ",
  "YYYY-MM-DDThh:mm",
  "YYYY-MM-DD hh:mm:ss",
  "YYYY-MM-DD hh:mm:ss.sss",
  "YYYY-MM-DD hh:mm:ss.ssssss",
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
  "MM/DD/YYYY hh:mm A",
  "MM/DD/YYYY hh:mm:ss A",
  "M/D/YYYY h:mm A",
  "M/D/YYYY h:mm:ss A",
  "M/D/YYYY hh:mm",
  "DD/MM/YYYY",
  "D/M/YYYY",
  "DD/MM/YYYY hh:mm",
  "DD/MM/YYYY hh:mm:ss",
  "DD-MM-YYYY",
  "DD-MMM-YYYY",
  "D MMM YYYY",
  "MMM D YYYY",
  "MMM D, YYYY",
  "MMMM D, YYYY",
  "D MMMM YYYY",
  "YYYY-MM",
  "hh:mm:ss",
  "hh:mm",
  "h:mm A",
] as const;

/** One of `dateFormats`, or one of them with the offset of its time zone behind it: `YYYY-MM-DDThh:mm:ss+02:00`. */
export type DateFormat = string;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const FULL_MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];
const TOKEN = /YYYY|YY|MMMM|MMM|MM|M|DD|D|hh|h|mm|ssssss|sss|ss|A/g;

const PATTERNS: Readonly<Record<string, string>> = {
  YYYY: "([12]\\d{3})",
  YY: "(\\d{2})",
  MMMM: `(${FULL_MONTHS.join("|")})`,
  MMM: `(${MONTHS.join("|")})`,
  MM: "(0[1-9]|1[0-2])",
  M: "(0?[1-9]|1[0-2])",
  DD: "(0[1-9]|[12]\\d|3[01])",
  D: "(0?[1-9]|[12]\\d|3[01])",
  hh: "([01]\\d|2[0-3])",
  h: "(0?[1-9]|1[0-2])",
  mm: "([0-5]\\d)",
  ss: "([0-5]\\d)",
  sss: "(\\d{3})",
  ssssss: "(\\d{6})",
  A: "(AM|PM)",
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
  const parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, microsecond: 0 };
  const half = tokens.includes("A") ? found[1 + tokens.indexOf("A")].toUpperCase() : undefined;
  tokens.forEach((token, i) => {
    const field = found[i + 1];
    if (token === "YYYY") parts.year = Number(field);
    else if (token === "YY") parts.year = fullYear(Number(field));
    else if (token === "MMM" || token === "MMMM") {
      parts.month = 1 + MONTHS.findIndex((name) => name.toLowerCase() === field.slice(0, 3).toLowerCase());
    } else if (token === "A") return;
    else if (token[0] === "M") parts.month = Number(field);
    else if (token[0] === "D") parts.day = Number(field);
    else if (token[0] === "h") parts.hour = half === undefined ? Number(field) : Number(field) % 12;
    else if (token === "mm") parts.minute = Number(field);
    else if (token === "ss") parts.second = Number(field);
    else parts.microsecond = Number(field) * (token === "sss" ? 1000 : 1);
  });
  const { year, month, day, hour, minute, second, microsecond } = parts;
  // Hours beyond 12 have no half, and none is below 1.
  if (half !== undefined && (hour > 12 || found[1 + tokens.findIndex((each) => each[0] === "h")] === "00")) {
    return undefined;
  }
  const time = Date.UTC(year, month - 1, day, hour + (half === "PM" ? 12 : 0), minute, second) / 1000;
  return new Date(time * 1000).getUTCDate() === day ? time + microsecond / 1e6 : undefined;
};

/**
 * The number that a text of a column stands for: where it has a format, the seconds of a date. Undefined for another text.
 *
 * @param mark what stands before the decimals
 * @param format that of a column of dates
 */
export const columnNumber = (
  text: string,
  mark: DecimalMark,
  format: string | undefined,
): number | undefined => (format === undefined ? parseNumber(text, mark) : parseDate(text, format));

/** Seconds from one value of a format to the next: days, minutes, seconds, or milliseconds. */
export const resolutionOf = (format: string): number => {
  if (format.includes("ssssss")) return 1e-6;
  if (format.includes("sss")) return 0.001;
  if (format.includes("ss")) return 1;
  return format.includes("mm") ? 60 : 86_400;
};

const pad = (value: number, length: number): string => String(value).padStart(length, "0");

/** The text of seconds since 1970 in a `format` such as `YYYY-MM-DD`. */
export const formatDate = (seconds: number, format: string): string => {
  const step = resolutionOf(format);
  const microseconds = Math.round(Math.round(seconds / step) * step * 1e6);
  const date = new Date(Math.floor(microseconds / 1000));
  const hours = date.getUTCHours();
  const hour = format.includes("A") ? ((hours + 11) % 12) + 1 : hours;
  return format.replace(TOKEN, (token) => {
    switch (token) {
      case "YYYY":
        return pad(date.getUTCFullYear(), 4);
      case "YY":
        return pad(date.getUTCFullYear() % 100, 2);
      case "MMMM":
        return FULL_MONTHS[date.getUTCMonth()];
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
        return pad(hour, 2);
      case "h":
        return String(hour);
      case "A":
        return hours < 12 ? "AM" : "PM";
      case "ssssss":
        return pad(((microseconds % 1e6) + 1e6) % 1e6, 6);
      case "mm":
        return pad(date.getUTCMinutes(), 2);
      case "ss":
        return pad(date.getUTCSeconds(), 2);
      default:
        return pad(date.getUTCMilliseconds(), 3);
    }
  });
};

/** The offset of a time zone behind a time. */
const OFFSET = /(?<=:\d\d(?:\.\d+)?)[+-]\d\d:?\d\d$/;

/** The first format that all of some texts have; undefined where there is none. Offsets of time zones must be the same. */
export const dateFormatOf = (texts: readonly string[]): DateFormat | undefined => {
  if (texts.length === 0) return undefined;
  const offset = OFFSET.exec(texts[0])?.[0] ?? "";
  const formats = dateFormats.map((format) => `${format}${offset}`);
  const first = formats.filter((format) => parseDate(texts[0], format) !== undefined);
  return first.find((format) => texts.every((text) => parseDate(text, format) !== undefined));
};

/** Numbers as people and programs write them: decimal point or comma, digits in groups of three, exponents. */

export type DecimalMark = "." | ",";

const MISSING = /^(?:|na|n\/a|nan|null|none|nil|\?|-|--|\.|#n\/a|#n\/d)$/i;

/**
 * Whether a field stands for a value that is not there: nothing, NA, NaN, null, ?, - …
 *
 * @param text a field as it stands in the table
 */
export const isMissingText = (text: string): boolean => MISSING.test(text.trim());

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Groups of three, at least one after the first: 1,234 · 1.234.567,8 · 1 234 · 1'234. */
const GROUPED = {
  ".": /^[+-]?\d{1,3}(?:([,\u00a0\u202f' ])\d{3})(?:\1\d{3})*(?:\.\d*)?$/,
  ",": /^[+-]?\d{1,3}(?:([.\u00a0\u202f' ])\d{3})(?:\1\d{3})*(?:,\d*)?$/,
} as const;

/**
 * The number that a text stands for; undefined where it is none. Fortran's `1.5D3` counts as 1.5e3.
 *
 * @param mark what stands before the decimals: a point or a comma
 */
export const parseNumber = (text: string, mark: DecimalMark = "."): number | undefined => {
  const trimmed = text.trim();
  const value = Number(trimmed);
  // The usual case. Number takes "", 0x10 and Infinity, too.
  if (mark === "." && Number.isFinite(value) && PLAIN.test(trimmed)) return value;
  let written = trimmed.replace(/^\u2212/, "-").replace(/d(?=[+-]?\d+$)/i, "e");
  if (GROUPED[mark].test(written)) {
    written = written.replace(mark === "." ? /[,\u00a0\u202f' ]/g : /[.\u00a0\u202f' ]/g, "");
  } else if (mark === "," && written.includes(".")) return undefined;
  if (mark === ",") written = written.replace(",", ".");
  return PLAIN.test(written) && Number.isFinite(Number(written)) ? Number(written) : undefined;
};

const DOT = /^[+-]?\d*\.\d+(?:[ed][+-]?\d+)?$/i;
const COMMA = /^[+-]?\d*,\d+(?:[ed][+-]?\d+)?$/i;

/** The decimal mark of some fields. `separator` decides where `1,234` may be either. */
export const decimalMarkOf = (fields: readonly string[], separator: string): DecimalMark => {
  let dots = 0;
  let commas = 0;
  let groupedDots = 0;
  let groupedCommas = 0;
  let both = 0;
  for (const field of fields) {
    const text = field.trim();
    if (DOT.test(text)) {
      dots++;
      if (GROUPED[","].test(text)) groupedDots++;
    } else if (COMMA.test(text)) {
      commas++;
      if (GROUPED["."].test(text)) groupedCommas++;
    } else if (GROUPED[","].test(text) && text.includes(",")) both++;
    else if (GROUPED["."].test(text) && text.includes(".")) both--;
  }
  if (both !== 0) return both > 0 ? "," : ".";
  if (commas === 0) return ".";
  if (dots === 0) return separator === "," && groupedCommas === commas ? "." : ",";
  if (groupedDots === dots && groupedCommas < commas) return ",";
  return commas > dots && separator !== "," ? "," : ".";
};

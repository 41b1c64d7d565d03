/** Numbers, words and tables of the report, as HTML. */
import { escapeText, markup } from "tsgan/figure";
import type { ParameterValue } from "./definition.ts";

const MINUS = "\u2212";

/** Three significant digits: `12.3`, `0.00042`, `1.2×10^{−5}`. */
const number = (value: number): string => {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-3)) {
    const [mantissa, exponent] = value.toExponential(2).split("e");
    return `${String(Number(mantissa)).replace("-", MINUS)}×10^{${exponent.replace("+", "").replace("-", MINUS)}}`;
  }
  const text = size >= 1000 ? Math.round(value).toString() : String(Number(value.toPrecision(3)));
  return text.replace("-", MINUS);
};

export const html = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : markup(number(value));

/** A sentence as HTML; `p = 0.2` stays on one line. */
export const prose = (text: string): string => escapeText(text).replaceAll(" = ", "\u00a0=\u00a0");

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const parameter = (value: ParameterValue): string =>
  typeof value === "number" ? html(value) : escapeText(String(value));

/** Cells are HTML; the first of each row is its header. */
export const table = (
  caption: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const head = header.map((cell) => `<th scope="col">${cell}</th>`).join("");
  const body = rows.map(
    ([first, ...rest]) =>
      `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join("")}</tr>`,
  );
  // A caption of the table's own would be cut off with it where it scrolls.
  return `<p class="caption">${escapeText(caption)}</p><div class="scroll" role="group" tabindex="0" aria-label="${escapeText(caption)}"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
};

/** Text in SVG: escaping, sub- and superscripts, and widths without a font at hand. */

/** Metric-compatible faces first, so that widths estimated here hold on most machines. */
export const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/** Advance widths of Helvetica for the characters 32 … 126, in thousandths of the font size. */
const WIDTHS = (
  "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 " +
  "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 " +
  "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 " +
  "278 556 500 722 500 500 500 334 260 334 584"
)
  .split(" ")
  .map(Number);

/** Greek letters and mathematical signs are about this wide. */
const OTHER_WIDTH = 600;

const SCRIPT_SIZE = 0.72;

/** Makes text safe in element content and attributes; characters that XML forbids become U+FFFD. */
export const escapeText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** A stretch of text on the line, below it or above it. */
export interface Run {
  text: string;
  script: "none" | "sub" | "super";
}

/**
 * Splits `p_{g} at 10^{-3}` into runs.
 *
 * @param text what the runs are cut from
 */
export const parseRuns = (text: string): Run[] =>
  text
    .split(/([_^]\{[^{}]*\})/)
    .filter((part) => part !== "")
    .map((part): Run => {
      const script = /^[_^]\{.*\}$/.test(part) ? part[0] : "";
      if (script === "") return { text: part, script: "none" };
      return { text: part.slice(2, -1), script: script === "_" ? "sub" : "super" };
    });

const TAGS = { none: "", sub: "sub", super: "sup" } as const;

/**
 * Text with `_{…}` and `^{…}` as HTML.
 *
 * @param text `p_{g} at 10^{-3}`
 */
export const markup = (text: string): string =>
  parseRuns(text)
    .map((run) => {
      const tag = TAGS[run.script];
      return tag === "" ? escapeText(run.text) : `<${tag}>${escapeText(run.text)}</${tag}>`;
    })
    .join("");

/** The text with its markup dropped. */
export const plainText = (text: string): string =>
  parseRuns(text)
    .map((run) => run.text)
    .join("");

/** Estimated width in pixels; right to a few per cent for Helvetica, Arial and their kin. */
export const textWidth = (text: string, size: number, bold = false): number => {
  let thousandths = 0;
  for (const run of parseRuns(text)) {
    const scale = run.script === "none" ? 1 : SCRIPT_SIZE;
    for (const character of run.text) {
      thousandths += scale * (WIDTHS[character.codePointAt(0)! - 32] ?? OTHER_WIDTH);
    }
  }
  return (thousandths / 1000) * size * (bold ? 1.07 : 1);
};

/** Breaks text at spaces into lines of at most `width` pixels; a longer word keeps its own line. */
export const wrapText = (text: string, width: number, size: number, bold = false): string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, size, bold) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
};

/**
 * The content of a `<text>` element. Shifts by `dy`, as not every renderer knows `baseline-shift`, and replaces a space
 * at the start of a run by `dx`, as some drop it.
 */
const runsToSvg = (text: string, size: number): string => {
  let shift = 0;
  return parseRuns(text)
    .map((run, i) => {
      const target = { none: 0, sub: 0.22, super: -0.38 }[run.script] * size;
      const dy = round(target - shift);
      shift = target;
      if (i === 0 && dy === "0") return escapeText(run.text);
      const space = run.text.startsWith(" ") ? ` dx="${round(textWidth(" ", size))}"` : "";
      const scriptSize = run.script === "none" ? "" : ` font-size="${round(size * SCRIPT_SIZE)}"`;
      return `<tspan${space} dy="${dy}"${scriptSize}>${escapeText(run.text.trimStart())}</tspan>`;
    })
    .join("");
};

/** A number in SVG: two decimals hide the last-bit differences between JavaScript engines. */
export const round = (value: number): string => {
  const hundredths = Math.round(value * 100);
  return hundredths === 0 ? "0" : String(hundredths / 100);
};

export interface TextStyle {
  size: number;
  color?: string;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
  /** Degrees, clockwise about (x, y). */
  rotate?: number;
  /** A rim in the colour of the paper, for text over marks. */
  halo?: boolean;
}

/** A `<text>` element with its baseline at y. */
export const textElement = (x: number, y: number, text: string, style: TextStyle): string => {
  const classes = [style.color ?? "ink", ...(style.halo ? ["halo"] : [])].join(" ");
  const anchor =
    style.anchor === undefined || style.anchor === "start" ? "" : ` text-anchor="${style.anchor}"`;
  const weight = style.bold ? ' font-weight="bold"' : "";
  const turn =
    style.rotate === undefined ? "" : ` transform="rotate(${style.rotate} ${round(x)} ${round(y)})"`;
  return (
    `<text class="${classes}" x="${round(x)}" y="${round(y)}" font-size="${style.size}"${anchor}${weight}${turn} ` +
    `fill="currentColor">${runsToSvg(text, style.size)}</text>`
  );
};

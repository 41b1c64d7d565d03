/** The numbers of a figure: as a table to download, and those under the pointer. */
import type { FigureSpec, Frame, Mark, Numbers, Panel } from "tsgan/figure";
import { plainText } from "tsgan/figure";

const cell = (value: string | number | null | undefined): string => {
  const text = typeof value === "number" && !Number.isFinite(value) ? "" : String(value ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

type Row = readonly [series: string, x: number | null, y: number | null, value?: number | null];

const pairs = (series: string, x: Numbers, y: Numbers): Row[] =>
  Array.from(x, (at, i): Row => [series, at, y[i]]);

const nameOf = (mark: Mark): string =>
  "label" in mark && mark.label !== undefined ? plainText(mark.label) : mark.type;

/** Centre of cell i of n between two edges. */
const centre = ([low, high]: readonly [number, number], i: number, n: number): number =>
  low + ((high - low) * (i + 0.5)) / n;

const rowsOf = (mark: Mark): Row[] => {
  const name = nameOf(mark);
  switch (mark.type) {
    case "line":
    case "scatter":
    case "bars":
      return pairs(name, mark.x, mark.y);
    case "histogram":
      return Array.from(mark.heights, (height, i): Row => [name, mark.edges[i], height]);
    case "arrows":
      return Array.from(mark.x, (x, i): Row[] => [
        [`${name} from`, x, mark.y[i]],
        [`${name} to`, mark.toX[i], mark.toY[i]],
      ]).flat();
    case "heatmap":
      return mark.values.flatMap((row, r) =>
        Array.from(
          row,
          (value, c): Row => [
            name,
            centre(mark.x, c, row.length),
            centre(mark.y, r, mark.values.length),
            value,
          ],
        ),
      );
    // Areas repeat the line above them; rules and texts are no data.
    case "area":
    case "rule":
    case "text":
      return [];
  }
};

/** A row for each point: panel, series, x, y, and the value of a cell of a heat map. */
export const figureCsv = ({ panels }: FigureSpec): string =>
  [
    "panel,series,x,y,value",
    ...panels.flatMap(({ title = "", marks }, i) =>
      marks
        .flatMap(rowsOf)
        .map(([series, x, y, value]) =>
          [plainText(title) || String(i + 1), series, x, y, value].map(cell).join(","),
        ),
    ),
    "",
  ].join("\n");

/** A point of a series near the pointer, as text. */
export interface Reading {
  readonly label: string;
  readonly x: string;
  readonly y: string;
}

const short = (value: number): string => {
  const text = Number(value.toPrecision(4));
  return (
    Math.abs(text) >= 1e5 || (text !== 0 && Math.abs(text) < 1e-4) ? text.toExponential(2) : String(text)
  ).replaceAll("-", "−");
};

/** Pixels within which a point counts as under the pointer. */
const NEAR = 24;

/** The points of a panel's lines, at the pointer's distance from the left edge of the figure. */
export const readings = ({ marks }: Panel, frame: Frame, pixel: number): Reading[] =>
  marks.flatMap((mark): Reading[] => {
    if (mark.type !== "line") return [];
    let best = -1;
    let distance = NEAR;
    for (let i = 0; i < mark.x.length; i++) {
      const [x, y] = [mark.x[i], mark.y[i]];
      if (x === null || y === null || !Number.isFinite(y)) continue;
      const off = Math.abs(frame.x(x) - pixel);
      if (off < distance) [best, distance] = [i, off];
    }
    return best < 0 ? [] : [{ label: mark.label ?? "", x: short(mark.x[best]!), y: short(mark.y[best]!) }];
  });

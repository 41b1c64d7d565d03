/** Heat maps: cells of one colour joined, and their numbers. */
import { COLOR_LEVELS, levelColor, levelGrey } from "./color.ts";
import { type Frame, NOTE_SIZE, values } from "./frame.ts";
import { aroundBounds, extent, type Interval } from "./scale.ts";
import type { HeatmapMark } from "./spec.ts";
import { textElement } from "./text.ts";

/** The values at the ends of a heat map's colour bar. */
export const heatmapDomain = (mark: HeatmapMark): Interval => {
  if (mark.domain !== undefined) return mark.domain;
  const found = extent(
    mark.values.flatMap((row) => values(row)),
    "linear",
  );
  if (found === undefined) return [0, 1];
  return aroundBounds(...found);
};

const heatmapLevel = (value: number, [low, high]: Interval): number =>
  Math.round(Math.max(0, Math.min(1, (value - low) / (high - low))) * (COLOR_LEVELS - 1));

/** From this level on, black on the colour has more contrast than white. */
const LIGHT_LEVEL = 0.55 * COLOR_LEVELS;

export const heatmapNumbers = (mark: HeatmapMark, frame: Frame): string => {
  if (!mark.annotate) return "";
  const domain = heatmapDomain(mark);
  const middle = ([from, to]: Interval, i: number, count: number) => from + ((to - from) * (i + 0.5)) / count;
  return mark.values
    .flatMap((row, r) =>
      values(row).map((value, c) => {
        if (!Number.isFinite(value)) return "";
        const x = frame.x(middle(mark.x, c, row.length));
        const y = frame.y(middle(mark.y, r, mark.values.length)) + 0.36 * NOTE_SIZE;
        const color = heatmapLevel(value, domain) < LIGHT_LEVEL ? "on-dark" : "on-light";
        const text = String(Number(value.toPrecision(3))).replace("-", "\u2212");
        return textElement(x, y, text, { size: NOTE_SIZE, color, anchor: "middle" });
      }),
    )
    .join("");
};

/** Cells of one colour as one path in units of cells, runs within a row joined. */
export const heatmapCells = (mark: HeatmapMark): string => {
  const domain = heatmapDomain(mark);
  const paths = new Map<number, string[]>();
  mark.values.forEach((row, r) => {
    const levels = values(row).map((value) => (Number.isFinite(value) ? heatmapLevel(value, domain) : -1));
    for (let from = 0; from < levels.length; ) {
      let end = from + 1;
      while (end < levels.length && levels[end] === levels[from]) end++;
      if (levels[from] >= 0) {
        const path = paths.get(levels[from]) ?? [];
        path.push(`M${from} ${r}h${end - from}v1h${from - end}z`);
        paths.set(levels[from], path);
      }
      from = end;
    }
  });
  const fill = mark.picture ? levelGrey : levelColor;
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([level, path]) => `<path fill="${fill(level)}" d="${path.join("")}"/>`)
    .join("");
};

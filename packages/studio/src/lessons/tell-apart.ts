/** Figures of a lesson as they are shown: each panel with its own legend, curves that lie on each other told apart. */
import type { FigureSpec, LineMark, Mark, Panel } from "tsgan/figure";

/** Curves that are closer than this share of the axis, in at least this share of their points, hide each other. */
const NEAR = 0.012;
const SHARE = 0.4;
/** Pixels that the lower one of two such curves stands out by. */
const WIDER = 3;

const isLine = (mark: Mark): mark is LineMark => mark.type === "line";

const scaled = (panel: Panel, value: number | null): number =>
  value === null ? Number.NaN : panel.y?.scale === "log" ? Math.log(value) : value;

const spanOf = (panel: Panel, lines: readonly LineMark[]): number => {
  const all = lines
    .flatMap(({ y }) => Array.from(y, (value) => scaled(panel, value)))
    .filter(Number.isFinite);
  const domain = (panel.y?.domain ?? []).map((value) => scaled(panel, value));
  const [low, high] = domain.length === 2 ? domain : [Math.min(...all), Math.max(...all)];
  return high - low;
};

const coincide = (panel: Panel, a: LineMark, b: LineMark, span: number): boolean => {
  if (a.y.length !== b.y.length || a.y.length < 2) return false;
  let near = 0;
  for (let i = 0; i < a.y.length; i++) {
    if (a.x[i] !== b.x[i]) return false;
    if (Math.abs(scaled(panel, a.y[i]) - scaled(panel, b.y[i])) < NEAR * span) near++;
  }
  return near >= SHARE * a.y.length;
};

/** By how many curves that lie under it: on one, and on more. */
const DASHES = [undefined, "dashed", "dotted"] as const;

/** Of curves that lie on each other the upper ones are dashed and dotted and the lower ones wide, so that all are seen. */
const apart = (panel: Panel): Panel => {
  const lines = panel.marks.filter(isLine);
  const span = spanOf(panel, lines);
  const levels = new Map<Mark, number>();
  const below = new Set<Mark>();
  lines.forEach((line, i) => {
    const under = lines
      .slice(0, i)
      .filter((earlier) => earlier.color !== line.color && coincide(panel, earlier, line, span));
    for (const earlier of under) below.add(earlier);
    levels.set(line, Math.max(0, ...under.map((earlier) => 1 + levels.get(earlier)!)));
  });
  return {
    ...panel,
    marks: panel.marks.map((mark) => {
      if (!isLine(mark)) return mark;
      const level = Math.min(levels.get(mark)!, DASHES.length - 1);
      const dash = mark.dash ?? DASHES[level];
      return {
        ...mark,
        ...(dash !== undefined && { dash }),
        ...(below.has(mark) && { width: (mark.width ?? 2) + WIDER / (1 + level) }),
      };
    }),
  };
};

export const toldApart = (figures: readonly FigureSpec[]): readonly FigureSpec[] =>
  figures.map((spec) => ({ legend: "panels", ...spec, panels: spec.panels.map(apart) }));

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

/** Of two curves that lie on each other the upper one is dashed and the lower one wide, so that both are seen. */
const apart = (panel: Panel): Panel => {
  const lines = panel.marks.filter(isLine);
  const span = spanOf(panel, lines);
  const below = new Set<Mark>();
  const above = new Set<Mark>();
  lines.forEach((line, i) => {
    for (const earlier of lines.slice(0, i)) {
      if (earlier.color === line.color || !coincide(panel, earlier, line, span)) continue;
      below.add(earlier);
      above.add(line);
    }
  });
  return {
    ...panel,
    marks: panel.marks.map((mark) => {
      if (!isLine(mark)) return mark;
      const width = (mark.width ?? 2) + (below.has(mark) && !above.has(mark) ? WIDER : 0);
      return above.has(mark)
        ? { ...mark, dash: mark.dash ?? "dashed" }
        : below.has(mark)
          ? { ...mark, width }
          : mark;
    }),
  };
};

export const toldApart = (figures: readonly FigureSpec[]): readonly FigureSpec[] =>
  figures.map((spec) => ({ legend: "panels", ...spec, panels: spec.panels.map(apart) }));

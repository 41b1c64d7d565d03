/** The marks: one entry each, holding what the axes must show for it and how it is drawn. */
import { UsageError } from "../errors.ts";
import { colorClass } from "./color.ts";
import { decimate, isAscending } from "./decimate.ts";
import { type Frame, values } from "./frame.ts";
import { heatmapCells, heatmapNumbers } from "./heatmap.ts";
import { ruleNote, textNote } from "./notes.ts";
import type { Mark, Numbers, Panel } from "./spec.ts";
import { round } from "./text.ts";

interface MarkRules<M extends Mark> {
  /** Columns that must be equally long. */
  columns(mark: M): Record<string, Numbers>;
  /** What the x axis must show. */
  xs(mark: M): Iterable<number>;
  /** What the y axis must show. */
  ys(mark: M): Iterable<number>;
  /** The mark fills the plotting area up to its edge along these axes. */
  flush: { x: boolean; y: boolean };
  /** Drawn within the plotting area; what reaches beyond is cut off. */
  draw(mark: M, frame: Frame, color: string): string;
  /** Drawn over all marks, never cut off. */
  overlay?(mark: M, frame: Frame): string;
  /** How the legend shows it. */
  swatch?(mark: M, x: number, y: number, color: string): string;
}

export const SWATCH_WIDTH = 22;

const DASHES = { dashed: "7 4", dotted: "2 4" } as const;

/** The bases of `length` bars or points. */
const bases = (base: number | Numbers | undefined, length: number): number[] =>
  typeof base === "object" ? values(base) : new Array<number>(length).fill(base ?? 0);

/** Zero has no place on a log axis: there, areas and bars start at the lower edge. */
const basePixel = (frame: Frame, base: number): number => {
  const pixel = frame.y(base);
  return Number.isNaN(pixel) ? frame.height : pixel;
};

/** Stretches of consecutive points that the scales can place. */
const stretches = (
  x: Numbers,
  y: Numbers,
  frame: Frame,
): { x: Float64Array; y: Float64Array; from: number }[] => {
  const px = Float64Array.from(values(x), frame.x);
  const py = Float64Array.from(values(y), frame.y);
  const found = [];
  for (let from = 0; from < px.length; ) {
    let end = from;
    while (end < px.length && !Number.isNaN(px[end] + py[end])) end++;
    if (end > from) found.push({ x: px.subarray(from, end), y: py.subarray(from, end), from });
    from = end + 1;
  }
  return found;
};

const polyline = (x: Float64Array, y: Float64Array, indices: Iterable<number>): string =>
  Array.from(indices, (i) => `${round(x[i])} ${round(y[i])}`).join("L");

/** Thins where it pays: more than four points for each pixel column. */
const visible = (x: Float64Array, y: Float64Array, width: number): Iterable<number> =>
  x.length > 4 * width && isAscending(x) ? decimate(x, y) : x.keys();

const opacityOf = (opacity: number | undefined): string =>
  opacity === undefined ? "" : ` opacity="${round(opacity)}"`;

const stroke = (color: string, width: number, extra = ""): string =>
  `class="${color}" fill="none" stroke="currentColor" stroke-width="${round(width)}"${extra}`;

/** A rectangle; nothing where an edge has no place on a log axis. */
const box = (left: number, top: number, right: number, bottom: number): string =>
  Number.isNaN(left + top + right + bottom)
    ? ""
    : `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}Z`;

const filled = (path: string, color: string, opacity: number, outline = ""): string =>
  `<path class="${color}" d="${path}" fill="currentColor" fill-opacity="${round(opacity)}"${outline}/>`;

/** One path for all symbols: a dot is a line of no length with round caps. */
const symbols = (
  x: Numbers,
  y: Numbers,
  frame: Frame,
  symbol: "dot" | "cross",
  radius: number,
): { path: string; width: number } => {
  const parts: string[] = [];
  const arm = round(radius);
  const arms = round(2 * radius);
  for (let i = 0; i < x.length; i++) {
    const px = frame.x(x[i] ?? Number.NaN);
    const py = frame.y(y[i] ?? Number.NaN);
    if (Number.isNaN(px + py)) continue;
    const at = `M${round(px)} ${round(py)}`;
    parts.push(
      symbol === "dot" ? `${at}h0` : `${at}m-${arm} -${arm}l${arms} ${arms}m-${arms} 0l${arms} -${arms}`,
    );
  }
  return { path: parts.join(""), width: symbol === "dot" ? 2 * radius : 1.6 };
};

const scatterPath = (
  x: Numbers,
  y: Numbers,
  frame: Frame,
  look: { symbol?: "dot" | "cross"; radius?: number; opacity?: number },
  color: string,
): string => {
  const { path, width } = symbols(x, y, frame, look.symbol ?? "dot", look.radius ?? 3);
  return `<path ${stroke(color, width, ` stroke-linecap="round"${opacityOf(look.opacity)}`)} d="${path}"/>`;
};

const areaSwatch = (x: number, y: number, color: string, opacity: number): string =>
  filled(box(x + 3, y - 6, x + SWATCH_WIDTH - 3, y + 6), color, opacity);

const barOutline = ' stroke="currentColor" stroke-width="1"';

/** Both ends of a shaft and its head, as long as the shaft allows. */
const arrow = (x: number, y: number, toX: number, toY: number, width: number): string => {
  const length = Math.hypot(toX - x, toY - y);
  if (!(length > 0)) return "";
  const head = Math.min(4 + 2 * width, length / 2);
  const cos = (toX - x) / length;
  const sin = (toY - y) / length;
  const barb = (side: number) =>
    `${round(toX - head * (cos - side * 0.55 * sin))} ${round(toY - head * (sin + side * 0.55 * cos))}`;
  return `M${round(x)} ${round(y)}L${round(toX)} ${round(toY)}M${barb(1)}L${round(toX)} ${round(toY)}L${barb(-1)}`;
};

const RULES: { [T in Mark["type"]]: MarkRules<Extract<Mark, { type: T }>> } = {
  line: {
    columns: ({ x, y }) => ({ x, y }),
    xs: ({ x }) => values(x),
    ys: ({ y }) => values(y),
    flush: { x: true, y: false },
    draw(mark, frame, color) {
      const path = stretches(mark.x, mark.y, frame)
        .map(({ x, y }) => `M${polyline(x, y, visible(x, y, frame.width))}${x.length === 1 ? "h0" : ""}`)
        .join("");
      const dash = mark.dash === undefined ? "" : ` stroke-dasharray="${DASHES[mark.dash]}"`;
      const joins = mark.dash === undefined ? ' stroke-linejoin="round" stroke-linecap="round"' : "";
      return `<path ${stroke(color, mark.width ?? 2, dash + joins + opacityOf(mark.opacity))} d="${path}"/>`;
    },
    swatch(mark, x, y, color) {
      const dash = mark.dash === undefined ? "" : ` stroke-dasharray="${DASHES[mark.dash]}"`;
      return `<path ${stroke(color, Math.max(2, mark.width ?? 2), dash)} d="M${round(x)} ${round(y)}h${SWATCH_WIDTH}"/>`;
    },
  },
  area: {
    columns: ({ x, y, base }) => ({ x, y, ...(typeof base === "object" && { base }) }),
    xs: ({ x }) => values(x),
    ys: ({ y, base }) => [...values(y), ...bases(base, 1)],
    flush: { x: true, y: false },
    draw(mark, frame, color) {
      const floor = bases(mark.base, mark.x.length);
      const path = stretches(mark.x, mark.y, frame)
        .map(({ x, y, from }) => {
          const there = polyline(x, y, x.keys());
          const base = Float64Array.from(x, (_, i) => basePixel(frame, floor[from + i]));
          return `M${there}L${polyline(x, base, [...x.keys()].reverse())}Z`;
        })
        .join("");
      return filled(path, color, mark.opacity ?? 0.25);
    },
    swatch: (mark, x, y, color) => areaSwatch(x, y, color, mark.opacity ?? 0.25),
  },
  scatter: {
    columns: ({ x, y }) => ({ x, y }),
    xs: ({ x }) => values(x),
    ys: ({ y }) => values(y),
    flush: { x: false, y: false },
    draw: (mark, frame, color) => scatterPath(mark.x, mark.y, frame, mark, color),
    swatch(mark, x, y, color) {
      const here: Frame = { x: (value) => x + value, y: (value) => y + value, width: 0, height: 0 };
      const look = { symbol: mark.symbol ?? "dot", radius: Math.max(3.5, mark.radius ?? 3) };
      return scatterPath([SWATCH_WIDTH / 2], [0], here, look, color);
    },
  },
  bars: {
    columns: ({ x, y, base }) => ({ x, y, ...(typeof base === "object" && { base }) }),
    xs: ({ x, width = 0.8 }) => values(x).flatMap((center) => [center - width / 2, center + width / 2]),
    ys: ({ y, base }) => [...values(y), ...bases(base, 1)],
    flush: { x: false, y: false },
    draw(mark, frame, color) {
      const half = (mark.width ?? 0.8) / 2;
      const tops = values(mark.y);
      const floor = bases(mark.base, tops.length);
      const path = values(mark.x)
        .map((center, i) => {
          const bottom = basePixel(frame, floor[i]);
          return box(frame.x(center - half), frame.y(tops[i]), frame.x(center + half), bottom);
        })
        .join("");
      return filled(path, color, mark.opacity ?? 1);
    },
    swatch: (mark, x, y, color) => areaSwatch(x, y, color, mark.opacity ?? 1),
  },
  histogram: {
    // One edge more than heights: compare what remains.
    columns: ({ edges, heights }) => ({ "edges less one": values(edges).slice(1), heights }),
    xs: ({ edges }) => values(edges),
    ys: ({ heights }) => [0, ...values(heights)],
    flush: { x: true, y: false },
    draw(mark, frame, color) {
      const edges = values(mark.edges);
      const path = values(mark.heights)
        .map((height, i) => {
          if (height === 0) return "";
          return box(frame.x(edges[i]), frame.y(height), frame.x(edges[i + 1]), basePixel(frame, 0));
        })
        .join("");
      return filled(path, color, mark.opacity ?? 0.4, barOutline);
    },
    swatch: (mark, x, y, color) => areaSwatch(x, y, color, mark.opacity ?? 0.4),
  },
  heatmap: {
    columns: ({ values: rows }) => Object.fromEntries(rows.map((row, i) => [`row ${i}`, row])),
    xs: ({ x }) => x,
    ys: ({ y }) => y,
    flush: { x: true, y: true },
    draw(mark, frame) {
      const left = frame.x(mark.x[0]);
      const bottom = frame.y(mark.y[0]);
      const across = (frame.x(mark.x[1]) - left) / Math.max(1, mark.values[0]?.length ?? 1);
      const up = (frame.y(mark.y[1]) - bottom) / Math.max(1, mark.values.length);
      const place = [across, 0, 0, up, left, bottom].map((entry) => Number(entry.toPrecision(8))).join(" ");
      return `<g transform="matrix(${place})" shape-rendering="crispEdges">${heatmapCells(mark)}</g>`;
    },
    overlay: heatmapNumbers,
  },
  arrows: {
    columns: ({ x, y, toX, toY }) => ({ x, y, toX, toY }),
    xs: ({ x, toX }) => [...values(x), ...values(toX)],
    ys: ({ y, toY }) => [...values(y), ...values(toY)],
    flush: { x: false, y: false },
    draw(mark, frame, color) {
      const width = mark.width ?? 1.5;
      const [x, y, toX, toY] = [mark.x, mark.y, mark.toX, mark.toY].map(values);
      const path = x
        .map((_, i) => arrow(frame.x(x[i]), frame.y(y[i]), frame.x(toX[i]), frame.y(toY[i]), width))
        .join("");
      return `<path ${stroke(color, width, ` stroke-linecap="round"${opacityOf(mark.opacity)}`)} d="${path}"/>`;
    },
    swatch: (_mark, x, y, color) =>
      `<path ${stroke(color, 1.5)} d="${arrow(x, y, x + SWATCH_WIDTH, y, 1.5)}"/>`,
  },
  rule: {
    columns: () => ({}),
    xs: ({ x }) => (x === undefined ? [] : [x]),
    ys: ({ y }) => (y === undefined ? [] : [y]),
    flush: { x: true, y: false },
    draw(mark, frame) {
      const across = mark.y === undefined ? "" : `M0 ${round(frame.y(mark.y))}H${round(frame.width)}`;
      const down = mark.x === undefined ? "" : `M${round(frame.x(mark.x))} 0V${round(frame.height)}`;
      const color = colorClass(mark.color ?? "muted");
      return `<path ${stroke(color, 1.5, ' stroke-dasharray="5 4"')} d="${across}${down}"/>`;
    },
    overlay: ruleNote,
  },
  text: {
    columns: () => ({}),
    xs: ({ x }) => [x],
    ys: ({ y }) => [y],
    flush: { x: true, y: false },
    draw: () => "",
    overlay: textNote,
  },
};

/** The entry of a mark's type. The cast joins what TypeScript cannot: the type of a mark and of its own entry. */
export const rulesOf = (mark: Mark): MarkRules<Mark> => {
  const rules = RULES[mark.type] as MarkRules<Mark> | undefined;
  if (rules === undefined) {
    throw new UsageError(
      `figure: unknown mark "${String((mark as { type: unknown }).type)}" (known: ${Object.keys(RULES).join(", ")})`,
    );
  }
  return rules;
};

/** Refuses a mark whose columns differ in length, and one that the axes of its panel cannot show. */
export const checkMark = (mark: Mark, panel: Panel): void => {
  const columns = Object.entries(rulesOf(mark).columns(mark));
  const odd = columns.find(([, column]) => column.length !== columns[0][1].length);
  if (odd !== undefined) {
    const [name, column] = columns[0];
    throw new UsageError(
      `figure: the columns of a ${mark.type} mark must be equally long; ` +
        `got ${column.length} for ${name} and ${odd[1].length} for ${odd[0]}`,
    );
  }
  if (mark.type === "heatmap" && (panel.x?.scale === "log" || panel.y?.scale === "log")) {
    throw new UsageError("figure: a heatmap mark has cells of equal size; give its panel linear axes");
  }
};

/** The figure as SVG. */
import { UsageError } from "../errors.ts";
import { COLOR_LEVELS, colorClass, levelColor, meaningOf, seriesColor, styleSheet } from "./color.ts";
import { heatmapDomain } from "./heatmap.ts";
import { COLOR_BAR, LINE, layOut, MARGIN, type Placed, SIZE } from "./layout.ts";
import { checkMark, rulesOf, SWATCH_WIDTH } from "./marks.ts";
import { createInverse, createScale } from "./scale.ts";
import type { Color, FigureOptions, FigureSpec, Mark, Panel } from "./spec.ts";
import { escapeText, FONT, plainText, round, textElement, textWidth, wrapText } from "./text.ts";

/** Marks reach this far over the edge of the plotting area, so that strokes and symbols on it are drawn whole. */
const bleedOf = (panel: Panel): number =>
  Math.ceil(
    Math.max(3, ...panel.marks.map((mark) => (mark.type === "scatter" ? (mark.radius ?? 3) + 1 : 0))),
  );

/** Marks with series colours and a legend entry. */
const hasSwatch = (mark: Mark): boolean => rulesOf(mark).swatch !== undefined;

const seriesLabel = (mark: Mark): string | undefined =>
  hasSwatch(mark) && "label" in mark ? mark.label : undefined;

/** Gives each new label the colour of its meaning, or else the next one of a series, unless the mark asks for one. */
const assignColors = (marks: readonly Mark[]): ((mark: Mark) => Color) => {
  const byLabel = new Map<string, Color>();
  let next = 0;
  for (const mark of marks) {
    const label = seriesLabel(mark);
    if (label === undefined || byLabel.has(label)) continue;
    const asked = "color" in mark ? mark.color : undefined;
    byLabel.set(label, asked ?? meaningOf(label) ?? seriesColor(next++));
  }
  return (mark) => {
    if ("color" in mark && mark.color !== undefined) return mark.color;
    const label = seriesLabel(mark);
    return label === undefined ? seriesColor(0) : byLabel.get(label)!;
  };
};

/** Whether the series is named at its right end instead of in the legend. */
const isDirect = (spec: FigureSpec, mark: Mark): boolean =>
  spec.legend === "direct" && mark.type === "line" && mark.label !== undefined;

interface Entry {
  mark: Mark;
  label: string;
}

const legendEntries = (spec: FigureSpec, marks: readonly Mark[]): Entry[] => {
  if (spec.legend === "none") return [];
  const entries = new Map<string, Entry>();
  for (const mark of marks) {
    const label = seriesLabel(mark);
    if (label !== undefined && !isDirect(spec, mark) && !entries.has(label))
      entries.set(label, { mark, label });
  }
  return [...entries.values()];
};

/** The legend in rows from `top` on, between two edges, and where it ends. */
const drawLegend = (
  entries: readonly Entry[],
  { top, left, right }: { readonly top: number; readonly left: number; readonly right: number },
  colorOf: (mark: Mark) => Color,
): { svg: string; bottom: number } => {
  if (entries.length === 0) return { svg: "", bottom: top };
  let svg = "";
  let x = left;
  let y = top + LINE.label / 2;
  for (const { mark, label } of entries) {
    const length = SWATCH_WIDTH + 7 + textWidth(label, SIZE.label);
    if (x > left && x + length > right) {
      x = left;
      y += LINE.label + 3;
    }
    svg += rulesOf(mark).swatch?.(mark, x, y, colorClass(colorOf(mark))) ?? "";
    svg += textElement(x + SWATCH_WIDTH + 7, y + 0.36 * SIZE.label, label, { size: SIZE.label });
    // Some fonts are a seventh wider than what is reckoned with.
    x += length + 14 + 0.14 * textWidth(label, SIZE.label);
  }
  return { svg, bottom: y + LINE.label / 2 + 10 };
};

/** A grid line at each tick with a label, a short stroke at the others: the nine steps of a decade. */
const drawGrid = (p: Placed): string => {
  const lines: string[] = [];
  const strokes: string[] = [];
  for (const { value, label } of p.yTicks) {
    const y = round(p.y(value));
    if (label === "") strokes.push(`M0 ${y}h4`);
    else lines.push(`M0 ${y}H${round(p.width)}`);
  }
  for (const { value, label } of p.xTicks) {
    const x = round(p.x(value));
    if (label === "") strokes.push(`M${x} ${round(p.height)}v-4`);
    else lines.push(`M${x} 0V${round(p.height)}`);
  }
  const path = (color: string, parts: readonly string[]) =>
    parts.length === 0
      ? ""
      : `<path class="${color}" d="${parts.join("")}" fill="none" stroke="currentColor"/>`;
  return path("grid", lines) + path("axis", strokes);
};

const drawAxes = (p: Placed): string => {
  const style = { size: SIZE.tick, color: "muted" } as const;
  const pictures = p.panel.marks.every((mark) => mark.type === "heatmap" && mark.picture);
  const frame = pictures
    ? ""
    : `<path class="axis" d="M0 0V${round(p.height)}H${round(p.width)}" fill="none" stroke="currentColor"/>`;
  const under = p.xTicks
    .filter((tick) => tick.label !== "")
    .map((tick) =>
      textElement(p.x(tick.value), p.height + LINE.tick * (tick.row + 1), tick.label, {
        ...style,
        anchor: "middle",
      }),
    );
  const beside = p.yTicks
    .filter((tick) => tick.label !== "")
    .map((tick) =>
      textElement(-8, p.y(tick.value) + 0.36 * SIZE.tick, tick.label, { ...style, anchor: "end" }),
    );
  const labels = p.xLabelLines.map((line, i) =>
    textElement(p.width / 2, p.height + LINE.tick * p.tickRows + 4 + LINE.label * (i + 1), line, {
      size: SIZE.label,
      anchor: "middle",
    }),
  );
  return frame + under.join("") + beside.join("") + labels.join("");
};

/** The panel's title, its own legend where it has one, and what its y axis shows. */
const drawHeader = (spec: FigureSpec, p: Placed, colorOf: (mark: Mark) => Color): string => {
  const heights = p.titleLines.length * LINE.panelTitle + p.legendHeight + p.yLabelLines.length * LINE.label;
  let y = p.top - 8 - heights;
  const lines = (texts: readonly string[], size: number, height: number, bold: boolean): string =>
    texts
      .map((text) => {
        y += height;
        return textElement(p.cellLeft, y - 4, text, { size, bold });
      })
      .join("");
  const title = lines(p.titleLines, SIZE.panelTitle, LINE.panelTitle, true);
  const edges = { top: y, left: p.cellLeft, right: p.cellLeft + p.cellWidth };
  const legend =
    p.legendHeight === 0 ? "" : drawLegend(legendEntries(spec, p.panel.marks), edges, colorOf).svg;
  y += p.legendHeight;
  return title + legend + lines(p.yLabelLines, SIZE.label, LINE.label, false);
};

const drawColorBar = (p: Placed): string => {
  if (p.colorBar === undefined) return "";
  const { mark, ticks } = p.colorBar;
  const left = p.width + COLOR_BAR.gap;
  const right = left + COLOR_BAR.width;
  const y = createScale("linear", heatmapDomain(mark), [p.height, 0]);
  const step = p.height / COLOR_LEVELS;
  const levels = Array.from(
    { length: COLOR_LEVELS },
    (_, level) =>
      `<path fill="${levelColor(level)}" d="M${round(left)} ${round(p.height - step * level)}H${round(right)}V${round(p.height - step * (level + 1))}H${round(left)}Z"/>`,
  );
  const labels = ticks.map((tick) =>
    textElement(right + 7, y(tick.value) + 0.36 * SIZE.tick, tick.label, { size: SIZE.tick, color: "muted" }),
  );
  const longest = Math.max(0, ...ticks.map((tick) => textWidth(tick.label, SIZE.tick)));
  const name =
    mark.label === undefined
      ? ""
      : textElement(right + 7 + longest + 16, p.height / 2, mark.label, {
          size: SIZE.label,
          anchor: "middle",
          rotate: -90,
        });
  return `<g shape-rendering="crispEdges">${levels.join("")}</g>${labels.join("")}${name}`;
};

/**
 * Moves ascending positions as little as possible, in the sense of least squares, until neighbours are `distance`
 * apart: isotonic regression of what is left when the distances are taken off, by pooling neighbours that clash.
 */
const spread = (positions: readonly number[], distance: number): number[] => {
  const pools: { sum: number; count: number }[] = [];
  positions.forEach((position, i) => {
    let pool = { sum: position - i * distance, count: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  });
  return pools
    .flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count))
    .map((base, i) => base + i * distance);
};

/** Names of lines at their right ends, pushed apart where they would overlap. */
const drawEndLabels = (spec: FigureSpec, p: Placed, colorOf: (mark: Mark) => Color): string => {
  const labels: { text: string; y: number; color: Color }[] = [];
  for (const mark of p.panel.marks) {
    if (mark.type !== "line" || mark.label === undefined || !isDirect(spec, mark)) continue;
    const ys = Array.from(mark.y, (y) => p.y(y ?? Number.NaN)).filter((y) => !Number.isNaN(y));
    if (ys.length === 0) continue;
    labels.push({ text: mark.label, y: Math.max(0, Math.min(p.height, ys.at(-1)!)), color: colorOf(mark) });
  }
  labels.sort((a, b) => a.y - b.y);
  const positions = spread(
    labels.map(({ y }) => y),
    LINE.tick,
  );
  return labels
    .map(({ text, color }, i) =>
      textElement(p.width + 7, positions[i] + 0.36 * SIZE.tick, text, {
        size: SIZE.tick,
        color: colorClass(color),
      }),
    )
    .join("");
};

const drawPanel = (spec: FigureSpec, p: Placed, colorOf: (mark: Mark) => Color): string => {
  const marks = p.panel.marks.map((mark) => rulesOf(mark).draw(mark, p, colorClass(colorOf(mark)))).join("");
  const notes = p.panel.marks.map((mark) => rulesOf(mark).overlay?.(mark, p) ?? "").join("");
  const bleed = bleedOf(p.panel);
  const [width, height] = [round(p.width + 2 * bleed), round(p.height + 2 * bleed)];
  // A nested svg clips without a clipPath, whose id could collide with that of another figure in the page.
  const clipped =
    `<svg x="-${bleed}" y="-${bleed}" width="${width}" height="${height}" ` +
    `viewBox="-${bleed} -${bleed} ${width} ${height}">${marks}</svg>`;
  return (
    `${drawHeader(spec, p, colorOf)}<g transform="translate(${round(p.left)} ${round(p.top)})">` +
    `${drawGrid(p)}${drawAxes(p)}${clipped}${drawColorBar(p)}${drawEndLabels(spec, p, colorOf)}${notes}</g>`
  );
};

interface Arranged {
  colorOf: (mark: Mark) => Color;
  /** The title and the legend. */
  head: string;
  placed: Placed[];
  width: number;
  height: number;
}

/** Checks a figure and decides where everything goes. */
const arrange = (spec: FigureSpec, width: number): Arranged => {
  if (!(Number.isFinite(width) && width >= 200)) {
    throw new UsageError(`figure: the width must be at least 200 pixels; got ${width}`);
  }
  if (spec.panels.length === 0) throw new UsageError("figure: needs at least one panel; got none");
  const marks = spec.panels.flatMap((panel) => panel.marks);
  for (const panel of spec.panels) for (const mark of panel.marks) checkMark(mark, panel);
  const colorOf = assignColors(marks);

  let top: number = MARGIN;
  let head = "";
  for (const line of wrapText(spec.title ?? "", width - 2 * MARGIN, SIZE.title, true)) {
    head += textElement(MARGIN, top + SIZE.title, line, { size: SIZE.title, bold: true });
    top += LINE.title;
  }
  if (head !== "") top += 8;
  const isApart = spec.legend === "panels";
  const edges = { top, left: MARGIN, right: width - MARGIN };
  const legend = drawLegend(isApart ? [] : legendEntries(spec, marks), edges, colorOf);

  const endLabels = (panel: Panel): number =>
    Math.max(
      0,
      ...panel.marks.map((mark) =>
        isDirect(spec, mark) ? textWidth(seriesLabel(mark) ?? "", SIZE.tick) + 10 : 0,
      ),
    );
  const { placed, bottom } = layOut(spec.panels, {
    width,
    top: legend.bottom,
    columns: spec.columns ?? 2,
    endLabels,
    legend: (panel, cellWidth) =>
      isApart
        ? drawLegend(legendEntries(spec, panel.marks), { top: 0, left: 0, right: cellWidth }, colorOf).bottom
        : 0,
  });
  return { colorOf, head: head + legend.svg, placed, width, height: Math.ceil(bottom + MARGIN - 4) };
};

/** Where a panel's plotting area lies in its figure, in the units of the figure's view box. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Where a value stands, from the left edge of the figure. */
  x(value: number): number;
  /** Where a value stands, from the upper edge of the figure. */
  y(value: number): number;
  /** The values that stand at a place of the figure. */
  valuesAt(x: number, y: number): { x: number; y: number };
}

/**
 * The plotting areas of a figure's panels, in order: for a page that lays handles over a figure, or reads values from it.
 *
 * @param spec the figure
 * @param options those that the figure is drawn with
 */
export const frames = (spec: FigureSpec, { width = 800 }: Pick<FigureOptions, "width"> = {}): Frame[] =>
  arrange(spec, width).placed.map(({ panel, left, top, width, height, domain, x, y }) => {
    const xAt = createInverse(panel.x?.scale ?? "linear", domain.x, [0, width]);
    const yAt = createInverse(panel.y?.scale ?? "linear", domain.y, [height, 0]);
    return {
      left,
      top,
      width,
      height,
      x: (value) => left + x(value),
      y: (value) => top + y(value),
      valuesAt: (atX, atY) => ({ x: xAt(atX - left), y: yAt(atY - top) }),
    };
  });

/**
 * Draws a figure as a self-contained SVG document, which can also stand inline in a page. The same specification
 * gives the same bytes, in Node and in a browser.
 *
 * @param spec title and panels; a panel has axes and marks, whose columns are plain arrays
 * @throws UsageError for a figure without panels, an unknown mark, columns of different length, or an impossible domain
 * @example
 * ```ts
 * import { figure } from "tsgan/figure";
 *
 * const svg = figure({
 *   title: "Loss",
 *   panels: [{ x: { label: "step" }, marks: [{ type: "line", x: [0, 1, 2], y: [3, 2, 1] }] }],
 * });
 * console.log(svg.slice(0, 4)); // <svg
 * ```
 */
export const figure = (spec: FigureSpec, options: FigureOptions = {}): string => {
  const { theme = "auto" } = options;
  const { colorOf, head, placed, width, height } = arrange(spec, options.width ?? 800);
  const panels = placed.map((p) => drawPanel(spec, p, colorOf)).join("\n");
  const name = escapeText(plainText(spec.title ?? "Figure"));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="tsgan-${theme}" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" style="max-width:100%;height:auto" font-family="${FONT}" role="img" aria-label="${name}"><style>${styleSheet(theme)}</style>\n` +
    `<rect class="paper" width="100%" height="100%" fill="currentColor"/>\n${head}\n${panels}\n</svg>\n`
  );
};

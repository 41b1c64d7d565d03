/** Where everything of a figure goes: rows of panels, their margins, domains and ticks. */
import { heatmapDomain } from "./heatmap.ts";
import { rulesOf } from "./marks.ts";
import { axisDomain, createScale, type Interval, type Scale } from "./scale.ts";
import type { Axis, HeatmapMark, Panel, Tick } from "./spec.ts";
import { textWidth, wrapText } from "./text.ts";
import { axisTicks, linearTicks } from "./ticks.ts";

export const SIZE = { title: 19, panelTitle: 15, label: 14, tick: 13 } as const;
export const LINE = { title: 25, panelTitle: 20, label: 19, tick: 18 } as const;

/** Pixels around and between things. */
const GAP = { column: 28, row: 26, tick: 8 } as const;
export const MARGIN = 16;
export const COLOR_BAR = { gap: 12, width: 12 } as const;

/** A panel narrower than this gives up its neighbour and takes the row. */
const NARROWEST = 290;

/** Widening of an automatic domain at each end, as a share of its length. */
const AIR = 0.05;

/** A tick under the plot; its label stands in row 0 or, below that, in row 1. */
export interface TickAcross extends Tick {
  row: number;
}

export interface Placed {
  panel: Panel;
  /** Plotting area. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Left edge of the cell, where titles start. */
  cellLeft: number;
  cellWidth: number;
  /** What the axes show. */
  domain: { x: Interval; y: Interval };
  x: Scale;
  y: Scale;
  xTicks: TickAcross[];
  yTicks: Tick[];
  titleLines: string[];
  /** Rows of labels under the plot. */
  tickRows: number;
  xLabelLines: string[];
  yLabelLines: string[];
  /** Height of the panel's own legend; 0 without. */
  legendHeight: number;
  colorBar?: { mark: HeatmapMark; ticks: Tick[] };
}

/** `time (s)` */
const axisLabel = (axis: Axis | undefined): string => {
  const { label = "", unit } = axis ?? {};
  return unit === undefined ? label : `${label} (${unit})`.trim();
};

const domains = (panel: Panel): { x: Interval; y: Interval } => {
  const xs: number[] = [];
  const ys: number[] = [];
  const air = { x: 0, y: 0 };
  for (const mark of panel.marks) {
    const rules = rulesOf(mark);
    for (const value of rules.xs(mark)) xs.push(value);
    for (const value of rules.ys(mark)) ys.push(value);
    if (!rules.flush.x) air.x = AIR;
    if (!rules.flush.y) air.y = AIR;
  }
  return {
    x: axisDomain(panel.x ?? {}, xs, air.x, "x"),
    y: axisDomain(panel.y ?? {}, ys, air.y, "y"),
  };
};

/** Lengthens one of the domains about its centre until a unit is as long across as it is up. */
const equalUnits = (
  x: Interval,
  y: Interval,
  width: number,
  height: number,
): { x: Interval; y: Interval } => {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height);
  const about = ([low, high]: Interval, length: number): Interval => {
    const center = (low + high) / 2;
    return [center - length / 2, center + length / 2];
  };
  return { x: about(x, unit * width), y: about(y, unit * height) };
};

/** Whether labels centred at their ticks keep a distance. */
const fit = (ticks: readonly Tick[], scale: Scale): boolean => {
  let end = Number.NEGATIVE_INFINITY;
  for (const { value, label } of ticks) {
    if (label === "") continue;
    const half = textWidth(label, SIZE.tick) / 2;
    if (scale(value) - half < end + 10) return false;
    end = scale(value) + half;
  }
  return true;
};

/** Ticks under the plot: the most that fit; of given ones, labels go to a second row, or away, where there is no room. */
const ticksAcross = (axis: Axis | undefined, domain: Interval, scale: Scale, width: number): TickAcross[] => {
  if (axis?.ticks !== undefined) {
    const rows: [Tick[], Tick[]] = [[], []];
    return axis.ticks.map((tick) => {
      const row = rows.findIndex((others) => fit([...others, tick], scale));
      if (row < 0) return { ...tick, label: "", row: 0 };
      rows[row].push(tick);
      return { ...tick, row };
    });
  }
  const type = axis?.scale ?? "linear";
  for (let count = Math.max(2, Math.round(width / 70)); ; count--) {
    const ticks = axisTicks(type, domain[0], domain[1], count);
    if (count <= 2 || fit(ticks, scale)) return ticks.map((tick) => ({ ...tick, row: 0 }));
  }
};

const ticksUp = (axis: Axis | undefined, domain: Interval, height: number): Tick[] =>
  axis?.ticks?.slice() ??
  axisTicks(axis?.scale ?? "linear", domain[0], domain[1], Math.max(2, Math.round(height / 45)));

const widest = (ticks: readonly Tick[]): number =>
  Math.max(0, ...ticks.map((tick) => textWidth(tick.label, SIZE.tick)));

/** Panels in rows: a wide one alone, the others `columns` a row. */
const rowsOf = (panels: readonly Panel[], columns: number): Panel[][] => {
  const rows: Panel[][] = [];
  let open: Panel[] | undefined;
  for (const panel of panels) {
    if (panel.wide || open === undefined || open.length === columns) {
      open = [];
      rows.push(open);
    }
    open.push(panel);
    if (panel.wide) open = undefined;
  }
  return rows;
};

interface Draft
  extends Omit<Placed, "left" | "top" | "width" | "x" | "y" | "xTicks" | "tickRows" | "xLabelLines"> {
  column: number;
  marginLeft: number;
  marginRight: number;
}

/** Height of a panel without equal units, at least. */
const LOWEST = 180;

/** Height of a panel with equal units, at most. */
const TALLEST = 460;

const COLOR_BAR_TICKS = 5;

/** Room for the numbers of a y axis, before they are known. */
const TYPICAL_MARGIN = 32;

const DEFAULT_ASPECT = { alone: 0.5, beside: 0.72 } as const;

const heightOf = (
  panel: Panel,
  domain: { x: Interval; y: Interval },
  width: number,
  alone: boolean,
): number => {
  if (panel.aspect !== "equal") {
    const usual = alone ? DEFAULT_ASPECT.alone : DEFAULT_ASPECT.beside;
    return Math.max(LOWEST, width * (panel.aspect ?? usual));
  }
  const ratio = (domain.y[1] - domain.y[0]) / (domain.x[1] - domain.x[0]);
  return Math.min(TALLEST, width * Math.max(0.4, Math.min(1, ratio)));
};

/** Decides everything that does not depend on the width that the neighbours' margins leave. */
const draft = (
  panel: Panel,
  cell: { left: number; width: number; column: number; alone: boolean },
  endLabels: number,
  legendHeight: number,
): Draft => {
  const titleLines = wrapText(panel.title ?? "", cell.width, SIZE.panelTitle, true);
  const yLabelLines = wrapText(axisLabel(panel.y), cell.width, SIZE.label);
  const domain = domains(panel);
  const heatmap = panel.marks.find((mark): mark is HeatmapMark => mark.type === "heatmap" && !mark.picture);
  let marginRight = Math.max(8, endLabels);
  let colorBar: Draft["colorBar"];
  if (heatmap !== undefined) {
    const ticks = linearTicks(...heatmapDomain(heatmap), COLOR_BAR_TICKS);
    colorBar = { mark: heatmap, ticks };
    const label = heatmap.label === undefined ? 0 : LINE.label + 4;
    marginRight += COLOR_BAR.gap + COLOR_BAR.width + GAP.tick + widest(ticks) + label;
  }
  const guess = cell.width - TYPICAL_MARGIN - marginRight;
  const height = Math.round(heightOf(panel, domain, guess, cell.alone));
  const shown = panel.aspect === "equal" ? equalUnits(domain.x, domain.y, guess, height) : domain;
  const yTicks = ticksUp(panel.y, shown.y, height);
  return {
    panel,
    cellLeft: cell.left,
    cellWidth: cell.width,
    column: cell.column,
    domain,
    height,
    yTicks,
    titleLines,
    yLabelLines,
    legendHeight,
    marginLeft: widest(yTicks) + GAP.tick + 2,
    marginRight,
    ...(colorBar && { colorBar }),
  };
};

/** Places the panels below `top`; returns them with the bottom of the last row. */
export const layOut = (
  panels: readonly Panel[],
  options: {
    width: number;
    top: number;
    columns: number;
    endLabels: (panel: Panel) => number;
    /** Height of a panel's own legend at a width. */
    legend: (panel: Panel, width: number) => number;
  },
): { placed: Placed[]; bottom: number } => {
  const room = options.width - 2 * MARGIN;
  const most = Math.max(1, Math.floor((room + GAP.column) / (NARROWEST + GAP.column)));
  const columns = Math.min(options.columns, most);
  const rows = rowsOf(panels, columns).map((row) => {
    const width = (room - GAP.column * (row.length - 1)) / row.length;
    return row.map((panel, column) => {
      const left = MARGIN + column * (width + GAP.column);
      const cell = { left, width, column, alone: row.length === 1 };
      return draft(panel, cell, options.endLabels(panel), options.legend(panel, width));
    });
  });

  // Axes that stand above one another start at the same place.
  const marginOf = (column: number) =>
    Math.max(...rows.flat().map((panel) => (panel.column === column ? panel.marginLeft : 0)));

  const placed: Placed[] = [];
  let top = options.top;
  for (const row of rows) {
    const header = Math.max(
      ...row.map(
        (d) => d.titleLines.length * LINE.panelTitle + d.legendHeight + d.yLabelLines.length * LINE.label + 8,
      ),
    );
    const height = Math.max(...row.map((d) => d.height));
    let footer = 0;
    for (const d of row) {
      const marginLeft = marginOf(d.column);
      const width = d.cellWidth - marginLeft - d.marginRight;
      const domain =
        d.panel.aspect === "equal" ? equalUnits(d.domain.x, d.domain.y, width, height) : d.domain;
      const x = createScale(d.panel.x?.scale ?? "linear", domain.x, [0, width]);
      const y = createScale(d.panel.y?.scale ?? "linear", domain.y, [height, 0]);
      const xLabelLines = wrapText(axisLabel(d.panel.x), width, SIZE.label);
      const xTicks = ticksAcross(d.panel.x, domain.x, x, width);
      const tickRows = xTicks.reduce((rows, tick) => Math.max(rows, tick.row + 1), 1);
      footer = Math.max(footer, tickRows * LINE.tick + 6 + xLabelLines.length * LINE.label);
      placed.push({
        ...d,
        left: d.cellLeft + marginLeft,
        top: top + header,
        width,
        height,
        domain,
        x,
        y,
        xTicks,
        tickRows,
        yTicks: ticksUp(d.panel.y, domain.y, height),
        xLabelLines,
      });
    }
    top += header + height + footer + GAP.row;
  }
  return { placed, bottom: top - GAP.row };
};

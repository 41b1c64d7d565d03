/** What a figure is: plain data, so that it can be built anywhere, sent as JSON and drawn anywhere. */

/** A column of numbers. A value that is null, not finite, or not positive on a log axis leaves a gap. */
export type Numbers = ArrayLike<number | null>;

/**
 * An index into the colour-blind safe palette, the colour of text, or a receding grey. The palette's first three have a
 * meaning: 0, blue, is real; 1, orange, is generated; 2, teal, is the discriminator.
 */
export type Color = number | "ink" | "muted";

interface Series {
  /** Name in the legend. Marks with the same label share a colour in all panels and one legend entry. */
  label?: string;
  /**
   * Default: that of its meaning for the labels real, generated, generator, synthetic, discriminator and critic; the next one
   * of a series for any other label; a series' first for a mark without one.
   */
  color?: Color;
  /** 0 … 1 */
  opacity?: number;
}

/** A polyline. Long ones with ascending x are thinned to what the pixels can show, extremes kept. */
export interface LineMark extends Series {
  type: "line";
  x: Numbers;
  y: Numbers;
  dash?: "dashed" | "dotted";
  /** Stroke width in pixels; default 2. */
  width?: number;
}

/** The region between `y` and `base`. */
export interface AreaMark extends Series {
  type: "area";
  x: Numbers;
  y: Numbers;
  /** Default 0. */
  base?: number | Numbers;
}

export interface ScatterMark extends Series {
  type: "scatter";
  x: Numbers;
  y: Numbers;
  symbol?: "dot" | "cross";
  /** In pixels; default 3. */
  radius?: number;
}

/** Vertical bars centred on `x`. */
export interface BarsMark extends Series {
  type: "bars";
  x: Numbers;
  y: Numbers;
  /** Width of one bar in units of x; default 0.8. */
  width?: number;
  /** Where the bars start; default 0. */
  base?: number | Numbers;
}

/** Adjoining bars: bar i reaches from `edges[i]` to `edges[i + 1]`. See `histogram` for counting. */
export interface HistogramMark extends Series {
  type: "histogram";
  edges: Numbers;
  heights: Numbers;
}

/** A grid of coloured cells with a colour bar. */
export interface HeatmapMark {
  type: "heatmap";
  /** Left and right edge of the grid. */
  x: readonly [number, number];
  /** Lower and upper edge of the grid. */
  y: readonly [number, number];
  /** Rows from the lower edge upwards, each from left to right. */
  values: readonly Numbers[];
  /** Values at the ends of the colour bar; default: the smallest and largest value. */
  domain?: readonly [number, number];
  /** What the colours mean, with the unit. */
  label?: string;
  /** Writes each value into its cell; for small tables. */
  annotate?: boolean;
  /** A picture: shades of grey, from black to white, and no colour bar. */
  picture?: boolean;
}

/** Arrows from (x, y) to (toX, toY). */
export interface ArrowsMark extends Series {
  type: "arrows";
  x: Numbers;
  y: Numbers;
  toX: Numbers;
  toY: Numbers;
  /** Stroke width in pixels; default 1.5. */
  width?: number;
}

/** A straight reference line across the panel, at `x` or at `y`. */
export interface RuleMark {
  type: "rule";
  x?: number;
  y?: number;
  /** Stands above a horizontal line, or to the right of the upper end of a vertical one. */
  label?: string;
  /** End of a horizontal line at which the label stands; default "end", on the right. */
  anchor?: "start" | "end";
  /** Default "muted". */
  color?: Color;
}

/** An annotation. It is moved inwards where it would leave the panel. */
export interface TextMark {
  type: "text";
  x: number;
  y: number;
  text: string;
  /** Which part of the text stands at `x`; default "middle". */
  anchor?: "start" | "middle" | "end";
  /** Shift in pixels, right and down. */
  offset?: readonly [number, number];
  /** Default "ink". */
  color?: Color;
}

export type Mark =
  | LineMark
  | AreaMark
  | ScatterMark
  | BarsMark
  | HistogramMark
  | HeatmapMark
  | ArrowsMark
  | RuleMark
  | TextMark;

/** A position on an axis with the text that stands there. */
export interface Tick {
  value: number;
  label: string;
}

export interface Axis {
  label?: string;
  unit?: string;
  /** Default "linear". */
  scale?: "linear" | "log";
  /** Default: what the marks need, and a little more. */
  domain?: readonly [number, number];
  /**
   * Default: round numbers, as many as there is room for. Under a plot, labels that would touch their neighbours go to a
   * second row, and those that would touch there, too, are left out.
   */
  ticks?: readonly Tick[];
}

export interface Panel {
  title?: string;
  x?: Axis;
  y?: Axis;
  /** Drawn in order, the last on top. */
  marks: readonly Mark[];
  /** Height divided by width, or "equal" where a unit of x must be as long as a unit of y. */
  aspect?: number | "equal";
  /** Takes a whole row. */
  wide?: boolean;
}

/**
 * A figure: one or several panels under a common title and legend.
 *
 * In every text, `_{…}` is a subscript and `^{…}` a superscript: `p_{g}`, `10^{-3}`.
 */
export interface FigureSpec {
  title?: string;
  panels: readonly Panel[];
  /** Panels a row; default 2 at most. Fewer are used where they would become too narrow. */
  columns?: number;
  /** Where series are named: above the panels (default), above each panel those of its own, at the right end of each line, or nowhere. */
  legend?: "top" | "panels" | "direct" | "none";
}

export interface FigureOptions {
  /** Width in pixels at which text has its nominal size; default 800. The image scales to any size. */
  width?: number;
  /** "auto" (default) follows the reader's preference for light or dark. */
  theme?: "light" | "dark" | "auto";
}

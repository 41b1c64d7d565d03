/** Scales, axes and series of a line chart, as uPlot wants them. */
import uPlot from "uplot";
import { canvasFont } from "./canvas-font.ts";
import { shortNumber } from "./chart-data.ts";

const FONT = canvasFont(12);
/** Distances of the numbers of an axis that has whole ones. */
const WHOLE = Array.from({ length: 10 }, (_, i) => [1, 2, 5].map((digit) => digit * 10 ** i)).flat();
/** Pixels below which a chart is low, and so low that only its curves and numbers have room. */
const LOW = 160;
const LOWEST = 100;
/** Steps that an x axis has at least. */
const FEWEST = 10;

/** Bounds of an axis: about a curve that does not move, one unit or a tenth of it. */
const linearRange = (low: number | null, high: number | null): uPlot.Range.MinMax => {
  if (low === null || high === null) return [0, 1];
  if (low !== high) return uPlot.rangeNum(low, high, 0.1, true);
  const reach = low === 0 ? 1 : 0.1 * Math.abs(low);
  return [low === 0 ? 0 : low - reach, high + reach];
};

/** Bounds of a log axis; a decade about 1 where no value is positive. */
const logRange = (low: number | null, high: number | null): uPlot.Range.MinMax =>
  low === null || high === null || !(low > 0) ? [0.1, 10] : uPlot.rangeLog(low, high, 10, false);

/** @param yRange bounds of a linear y axis; default: those of the values */
export const scalesOf = (logY: boolean, yRange: readonly [number, number] | undefined): uPlot.Scales => ({
  x: { time: false, range: (_, low, high) => [low ?? 0, low === high ? (low ?? 0) + FEWEST : high] },
  y: logY
    ? { distr: 3, range: (_, low, high) => logRange(low, high) }
    : { range: (_, low, high) => [...(yRange ?? linearRange(low, high))] },
});

const axis = (label: string, color: string, grid: string): uPlot.Axis => ({
  ...(label !== "" && { label }),
  labelFont: FONT,
  labelSize: 18,
  labelGap: 2,
  font: FONT,
  stroke: color,
  grid: { stroke: grid, width: 1 },
  ticks: { stroke: grid, width: 1, size: 4 },
  gap: 4,
});

/** Widths of the numbers beside the axis, so that they are never cut. */
const axisSize: uPlot.Axis.Size = (self, values, axisIndex, cycle) => {
  const { ticks, gap = 0, _size } = self.axes[axisIndex] as uPlot.Axis & { _size: number };
  // From the second round on the size stands: otherwise it could swing for ever.
  if (cycle > 1) return _size;
  const longest = (values ?? []).reduce((a, b) => (b !== null && b.length > a.length ? b : a), "");
  // uPlot remembers the font that it has set, of as many pixels as the screen has, and does not look whether it still holds.
  self.ctx.save();
  self.ctx.font = FONT;
  const { width } = self.ctx.measureText(longest);
  self.ctx.restore();
  return Math.ceil((ticks?.size ?? 0) + gap + width + 2);
};

/** Lines of a log axis: beyond three decades those of the powers of ten alone, which would drown in the others. */
const decades: uPlot.Axis.Filter = (_, splits) =>
  splits[splits.length - 1] / splits[0] <= 1000
    ? splits
    : splits.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null));

export interface AxesLook {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logY: boolean;
  /** Of the chart, in pixels. */
  readonly height: number;
  /** Whether x counts, as iterations do. */
  readonly isWhole: boolean;
  /** Colours of numbers and of lines. */
  readonly text: string;
  readonly grid: string;
}

export const axesOf = ({ xLabel, yLabel, logY, height, isWhole, text, grid }: AxesLook): uPlot.Axis[] => [
  {
    ...axis(height < LOWEST ? "" : xLabel, text, grid),
    size: 24,
    // Between two iterations there is none.
    ...(isWhole && { incrs: WHOLE }),
    values: (_, ticks) => ticks.map(shortNumber),
  },
  {
    ...axis(yLabel, text, grid),
    size: axisSize,
    // Low charts have two numbers at least.
    ...(height < LOW && { space: 16 }),
    ...(logY && { grid: { stroke: grid, width: 1, filter: decades } }),
    values: (_, ticks) => ticks.map((value) => (value === null ? "" : shortNumber(value))),
  },
];

/** @param colors of each, as a canvas takes them */
export const seriesOf = (
  names: readonly string[],
  colors: readonly string[],
  hidden: ReadonlySet<string>,
): uPlot.Series[] => [
  {},
  ...names.map((label, i) => ({
    label,
    show: !hidden.has(label),
    stroke: colors[i],
    width: 1.75,
    points: { size: 4 },
  })),
];

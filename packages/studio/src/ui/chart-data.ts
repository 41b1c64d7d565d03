/** What a line chart shows, as data: columns for the canvas, rows for a file, words for those who cannot see it. */
import type { FigureSpec, LineMark } from "tsgan/figure";
import uPlot from "uplot";
import { colorsByName, paletteIndex } from "./colors.ts";

export interface Series {
  readonly name: string;
  /** Ascending. A new array stands for new data. */
  readonly x: readonly number[];
  /** One value for each x. What is not finite, or not positive on a log scale, leaves a gap. */
  readonly y: readonly number[];
  /** A CSS colour, such as `var(--real)`; default: that of its name, or the next one of a series. */
  readonly color?: string;
}

export interface ChartData {
  readonly series: readonly Series[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logY?: boolean;
  readonly title?: string;
}

type Column = (number | null | undefined)[];

const isShown = (value: number, logY: boolean): boolean => Number.isFinite(value) && (!logY || value > 0);

/**
 * All series over the union of their x: null is a gap, undefined means that the series has no value there and is drawn
 * on to its next one.
 */
export const alignSeries = (
  series: readonly Series[],
  logY = false,
): { readonly x: readonly number[]; readonly columns: readonly Column[] } => {
  const columns = series.map(({ y }): Column => y.map((value) => (isShown(value, logY) ? value : null)));
  const x = series[0]?.x ?? [];
  if (series.every((other) => other.x === x)) return { x, columns };
  const [union, ...joined] = uPlot.join(series.map((one, i) => [one.x as number[], columns[i]]));
  return { x: union as number[], columns: joined as Column[] };
};

/** Values that a log scale cannot show. */
export const countNotPositive = (series: readonly Series[]): number =>
  series.reduce((sum, { y }) => sum + y.filter((value) => value <= 0).length, 0);

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A column of x and one a series; empty where a series has no value. */
export const chartCsv = ({ series, xLabel }: ChartData): string => {
  const { x, columns } = alignSeries(series);
  const header = [xLabel, ...series.map(({ name }) => name)].map(quoted).join(",");
  const rows = x.map((value, i) => [value, ...columns.map((column) => column[i] ?? "")].join(","));
  return `${[header, ...rows].join("\n")}\n`;
};

/** The colours of a chart's series: those that are asked for, or else those of their names. */
export const colorsOf = (series: readonly Series[]): readonly string[] => {
  const named = colorsByName(series.filter(({ color }) => color === undefined).map(({ name }) => name));
  let next = 0;
  return series.map(({ color }) => color ?? named[next++]);
};

export const chartFigure = ({ series, xLabel, yLabel, logY = false, title }: ChartData): FigureSpec => {
  const colors = colorsOf(series);
  return {
    ...(title === undefined ? {} : { title }),
    panels: [
      {
        x: { label: xLabel },
        y: { label: yLabel, ...(logY && { scale: "log" }) },
        marks: series.map(
          ({ name, x, y }, i): LineMark => ({
            type: "line",
            label: name,
            x,
            y,
            color: paletteIndex(colors[i]),
          }),
        ),
      },
    ],
  };
};

/** Four significant digits, as short as they can be written. */
export const shortNumber = (value: number): string => {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return value
      .toExponential(2)
      .replace(/\.?0*e\+?/, "e")
      .replaceAll("-", "−");
  }
  return String(Number(value.toPrecision(4))).replace("-", "−");
};

/** `Losses: loss against step. generator: 12 values, from 0.7 at 0 to 1.2 at 100; lowest 0.6, highest 1.4.` */
export const chartSummary = ({ series, xLabel, yLabel, title }: ChartData): string => {
  const lines = series.map(({ name, x, y }) => {
    const at = y.flatMap((value, i) => (Number.isFinite(value) ? i : []));
    if (at.length === 0) return `${name}: no values.`;
    const [first, last] = [at[0], at[at.length - 1]];
    let [low, high] = [first, first];
    for (const i of at) {
      if (y[i] < y[low]) low = i;
      if (y[i] > y[high]) high = i;
    }
    return (
      `${name}: ${at.length} values, from ${shortNumber(y[first])} at ${shortNumber(x[first])} to ` +
      `${shortNumber(y[last])} at ${shortNumber(x[last])}; lowest ${shortNumber(y[low])}, highest ${shortNumber(y[high])}.`
    );
  });
  return [`${title === undefined ? "" : `${title}: `}${yLabel} against ${xLabel}.`, ...lines].join(" ");
};

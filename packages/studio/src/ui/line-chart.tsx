/**
 * The studio's line chart: uPlot on a canvas, in the page's colours. A tooltip and the arrow keys read values, dragging
 * or + zooms in and a double click or − out, the legend switches series; what is shown can be had as PNG, SVG and CSV.
 */
import "uplot/dist/uPlot.min.css";
import "./line-chart.css";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { isDark } from "../theme.ts";
import { canvasFont } from "./canvas-font.ts";
import {
  alignSeries,
  type ChartData,
  chartCsv,
  chartFigure,
  chartSummary,
  colorsOf,
  countNotPositive,
  shortNumber,
} from "./chart-data.ts";
import { type ChartNotes, drawNotes } from "./chart-notes.ts";
import { download } from "./download.ts";
import { Menu } from "./menu.tsx";
import { svgToPng } from "./svg-png.ts";

export type { Series } from "./chart-data.ts";

export interface LineChartProps extends ChartData {
  /** Of the plot with its axes, in pixels; default 240. */
  readonly height?: number;
  /** Charts of one name are read together: where one is read, the others show the same place. */
  readonly linked?: string;
  /** Name of downloaded files, without extension. */
  readonly fileName: string;
  readonly notes?: ChartNotes;
}

const FONT = canvasFont(12);
/** Distances of the numbers of an axis that has whole ones. */
const WHOLE = Array.from({ length: 10 }, (_, i) => [1, 2, 5].map((digit) => digit * 10 ** i)).flat();
/** Pixels below which a chart is low, and so low that only its curves and numbers have room. */
const LOW = 160;
const LOWEST = 100;
/** Pixels of the SVG that is downloaded, and how many times as many the PNG has. */
const FIGURE_WIDTH = 800;
const PNG_SCALE = 2;

/** What a CSS colour with variables is on this element: a canvas takes no variables. */
const resolveColor = (element: HTMLElement, color: string): string => {
  const probe = document.createElement("span");
  probe.style.color = color;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
};

const svgOf = async (chart: ChartData, dark: boolean): Promise<string> => {
  const { figure } = await import("tsgan/figure");
  return figure(chartFigure(chart), { width: FIGURE_WIDTH, theme: dark ? "dark" : "light" });
};

interface Cursor {
  /** Index into the union of x. */
  readonly at: number;
  /** For each series, the index of its nearest value. */
  readonly nearest: readonly (number | null | undefined)[];
  /** Pixels from the left edge of the chart. */
  readonly left: number;
}

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

/** Reads a chart at so many pixels from its left edge; none where that is less than 0. */
const moveCursor = (chart: uPlot, left: number): void => {
  // Its types leave out the third parameter: whether linked charts are told.
  const set = chart.setCursor as (at: uPlot.Cursor, fires: boolean, isTold: boolean) => void;
  set({ left, top: Math.min(left, 10) }, true, true);
};

export const LineChart = ({ height = 240, fileName, linked, notes = {}, ...chart }: LineChartProps) => {
  const { series, xLabel, yLabel, logY = false, title } = chart;
  const plot = useRef<HTMLDivElement>(null);
  const uplot = useRef<uPlot>(undefined);
  const zoomed = useRef(false);
  const noted = useRef(notes);
  noted.current = notes;
  const [cursor, setCursor] = useState<Cursor>();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const id = useId();
  const dark = isDark();
  const colors = colorsOf(series);
  const aligned = useMemo(() => alignSeries(series, logY), [series, logY]);
  const data = [aligned.x, ...aligned.columns] as uPlot.AlignedData;
  const summary = useMemo(() => chartSummary(chart), [series, xLabel, yLabel, title]);
  const notShown = logY ? countNotPositive(series) : 0;

  // What the chart is made of; new data alone do not make a new chart.
  // One without values is another: of the axes of the old ones nothing stays.
  const isEmpty = aligned.x.length === 0;
  const look = JSON.stringify([
    series.map(({ name }) => name),
    colors,
    xLabel,
    yLabel,
    logY,
    dark,
    height,
    isEmpty,
    notes.yRange,
  ]);
  useEffect(() => {
    const target = plot.current!;
    const [text, grid] = ["var(--muted)", "var(--border)"].map((color) => resolveColor(target, color));
    zoomed.current = false;
    const chart = new uPlot(
      {
        width: Math.max(1, target.clientWidth),
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 }, ...(linked !== undefined && { sync: { key: linked } }) },
        scales: {
          x: { time: false, range: (_, low, high) => [low ?? 0, low === high ? (low ?? 0) + FEWEST : high] },
          y: logY
            ? { distr: 3, range: (_, low, high) => logRange(low, high) }
            : { range: (_, low, high) => [...(notes.yRange ?? linearRange(low, high))] },
        },
        axes: [
          {
            ...axis(height < LOWEST ? "" : xLabel, text, grid),
            size: 24,
            // Between two iterations there is none.
            ...(aligned.x.every(Number.isInteger) && { incrs: WHOLE }),
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
        ],
        series: [
          {},
          ...series.map(({ name }, i) => ({
            label: name,
            show: !hidden.has(name),
            stroke: resolveColor(target, colors[i]),
            width: 1.75,
            points: { size: 4 },
          })),
        ],
        hooks: {
          draw: [(self) => drawNotes(self, noted.current, (color) => resolveColor(target, color))],
          setCursor: [
            (self) => {
              const { idx, idxs = [], left = -1 } = self.cursor;
              setCursor(
                idx === null || idx === undefined || left < 0
                  ? undefined
                  : { at: idx, nearest: idxs.slice(1), left: left + self.over.offsetLeft },
              );
            },
          ],
          setScale: [
            (self, key) => {
              if (key !== "x") return;
              const x = self.data[0];
              const { min, max } = self.scales.x;
              zoomed.current = x.length > 1 && (min! > x[0] || max! < x[x.length - 1]);
            },
          ],
        },
      },
      data,
      target,
    );
    uplot.current = chart;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width > 0) chart.setSize({ width: contentRect.width, height });
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      chart.destroy();
      uplot.current = undefined;
      setCursor(undefined);
    };
  }, [look]);

  useEffect(() => {
    const chart = uplot.current!;
    // A part that someone looks at stays where it is.
    const keep = zoomed.current;
    chart.setData(data, !keep);
    if (keep) chart.redraw();
  }, [aligned, look]);
  useEffect(() => uplot.current?.redraw(false), [JSON.stringify(notes)]);

  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
    uplot.current?.setSeries(series.findIndex((one) => one.name === name) + 1, { show: !next.has(name) });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const chart = uplot.current;
    const last = aligned.x.length - 1;
    if (chart === undefined || last < 0) return;
    const { min, max } = chart.scales.x;
    const lowest = aligned.x.findIndex((x) => x >= (min ?? x));
    const highest = aligned.x.findLastIndex((x) => x <= (max ?? x));
    const at = cursor?.at ?? (event.key === "ArrowLeft" ? highest + 1 : lowest - 1);
    const step = event.shiftKey ? Math.max(1, Math.round((highest - lowest) / 20)) : 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: at - step,
      ArrowRight: at + step,
      Home: lowest,
      End: highest,
    };
    if (event.key === "Escape") moveCursor(chart, -10);
    const zoom = ZOOMS[event.key];
    if (zoom !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const [first, end] = [aligned.x[0], aligned.x[last]];
      const middle = cursor === undefined ? (min! + max!) / 2 : aligned.x[cursor.at];
      const reach = ((max! - min!) / 2) * zoom;
      chart.setScale("x", { min: Math.max(first, middle - reach), max: Math.min(end, middle + reach) });
    }
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const x = aligned.x[Math.min(highest, Math.max(lowest, target))];
    moveCursor(chart, chart.valToPos(x, "x"));
  };

  const valueAt = (column: number, { at, nearest }: Cursor): number | null | undefined =>
    aligned.columns[column]?.[nearest[column] ?? at];
  const shown = series.flatMap(({ name }, i) => (hidden.has(name) ? [] : [{ ...series[i], at: i }]));
  const save = async (kind: "png" | "svg" | "csv"): Promise<void> => {
    const visible = { ...chart, series: shown };
    if (kind === "csv") return download(`${fileName}.csv`, chartCsv(visible), "text/csv");
    const svg = await svgOf(visible, dark);
    if (kind === "svg") download(`${fileName}.svg`, svg, "image/svg+xml");
    else download(`${fileName}.png`, await svgToPng(svg, PNG_SCALE), "image/png");
  };

  const width = plot.current?.clientWidth ?? 0;
  return (
    <figure
      class={isEmpty ? "line-chart bare" : "line-chart"}
      aria-label={title ?? `${yLabel} against ${xLabel}`}
    >
      {title !== undefined && <figcaption>{title}</figcaption>}
      <span id={id} class="visually-hidden">
        {summary} {!isEmpty && "Arrow keys read values, plus and minus zoom, 0 shows all."}
      </span>
      {!isEmpty && (
        <Menu label="Save" name={`Download ${title ?? yLabel}`}>
          {(closing) =>
            (["png", "svg", "csv"] as const).map((kind) => (
              <button key={kind} type="button" onClick={closing(() => void save(kind))}>
                {kind.toUpperCase()}
              </button>
            ))
          }
        </Menu>
      )}
      <div
        class="plot"
        ref={plot}
        style={{ height: `${height}px` }}
        role="slider"
        aria-label={`${title ?? yLabel}: values by ${xLabel}`}
        aria-describedby={id}
        aria-valuemin={aligned.x[0] ?? 0}
        aria-valuemax={aligned.x[aligned.x.length - 1] ?? 0}
        aria-valuenow={cursor === undefined ? (aligned.x[0] ?? 0) : aligned.x[cursor.at]}
        aria-valuetext={
          cursor &&
          [`${xLabel} ${shortNumber(aligned.x[cursor.at])}`]
            .concat(shown.map(({ name, at }) => `${name} ${shortNumber(valueAt(at, cursor) ?? Number.NaN)}`))
            .join(", ")
        }
        tabIndex={isEmpty ? -1 : 0}
        onKeyDown={onKeyDown}
        onBlur={() => uplot.current && moveCursor(uplot.current, -10)}
      >
        {isEmpty && <p class="empty muted">No values yet</p>}
        {cursor !== undefined && !isEmpty && (
          <div
            class="tip"
            style={
              cursor.left > width / 2
                ? { right: `${width - cursor.left + 10}px`, top: "4px" }
                : { left: `${cursor.left + 10}px`, top: "4px" }
            }
          >
            <table>
              <tbody>
                <tr>
                  <th scope="row">{xLabel}</th>
                  <td>{shortNumber(aligned.x[cursor.at])}</td>
                </tr>
                {shown.map(({ name, at }) => {
                  const value = valueAt(at, cursor);
                  return (
                    value != null && (
                      <tr key={name}>
                        <th scope="row">
                          <span class="swatch" style={{ background: colors[at] }} /> {name}
                        </th>
                        <td>{shortNumber(value)}</td>
                      </tr>
                    )
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {/* A title says as much as the name of a single series. */}
      <ul class="legend" hidden={series.length < 2 && title !== undefined}>
        {series.map(({ name }, i) => (
          <li key={name}>
            <button type="button" aria-pressed={!hidden.has(name)} onClick={() => toggle(name)}>
              <span class="swatch" style={{ background: colors[i] }} />
              {name}
            </button>
          </li>
        ))}
      </ul>
      {notShown > 0 && (
        <p class="note">
          {notShown} {notShown === 1 ? "value is" : "values are"} not positive and cannot be shown on a log
          scale.
        </p>
      )}
    </figure>
  );
};

/** What the keys make of the part that is shown; 0 shows all. */
const ZOOMS: Readonly<Record<string, number>> = { "+": 0.5, "=": 0.5, "-": 2, "0": Number.POSITIVE_INFINITY };

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

/** Lines of a log axis: beyond three decades those of the powers of ten alone, which would drown in the others. */
const decades: uPlot.Axis.Filter = (_, splits) =>
  splits[splits.length - 1] / splits[0] <= 1000
    ? splits
    : splits.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null));

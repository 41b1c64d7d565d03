/**
 * The studio's line chart: uPlot on a canvas, in the page's colours. A tooltip and the arrow keys read values, dragging
 * or + zooms in and a double click or − out, the legend switches series; what is shown can be had as PNG, SVG and CSV.
 */
import "uplot/dist/uPlot.min.css";
import "./line-chart.css";
import { useId, useMemo, useState } from "preact/hooks";
import { isDark } from "../theme.ts";
import { pressKey, stopReading } from "./chart-cursor.ts";
import { alignSeries, type ChartData, chartSummary, colorsOf, countNotPositive } from "./chart-data.ts";
import type { ChartNotes } from "./chart-notes.ts";
import { SaveMenu } from "./chart-save.tsx";
import { type Reading, readingText, Tip } from "./chart-tip.tsx";
import { usePlot } from "./use-plot.ts";

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

export const LineChart = ({ height = 240, fileName, linked, notes = {}, ...chart }: LineChartProps) => {
  const { series, xLabel, yLabel, logY = false, title } = chart;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const id = useId();
  const dark = isDark();
  const colors = colorsOf(series);
  const aligned = useMemo(() => alignSeries(series, logY), [series, logY]);
  const { target, uplot, cursor } = usePlot({
    ...chart,
    aligned,
    colors,
    hidden,
    height,
    dark,
    linked,
    notes,
  });
  const summary = useMemo(() => chartSummary(chart), [series, xLabel, yLabel, title]);
  const notShown = logY ? countNotPositive(series) : 0;
  const isEmpty = aligned.x.length === 0;

  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
    uplot.current?.setSeries(series.findIndex((one) => one.name === name) + 1, { show: !next.has(name) });
  };

  const reading: Reading | undefined = cursor && {
    x: aligned.x[cursor.at],
    left: cursor.left,
    values: series.flatMap(({ name }, i) => {
      if (hidden.has(name)) return [];
      return { name, color: colors[i], value: aligned.columns[i]?.[cursor.nearest[i] ?? cursor.at] };
    }),
  };

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
        <SaveMenu
          chart={{ ...chart, series: series.filter(({ name }) => !hidden.has(name)) }}
          fileName={fileName}
          dark={dark}
        />
      )}
      <div
        class="plot"
        ref={target}
        style={{ height: `${height}px` }}
        role="slider"
        aria-label={`${title ?? yLabel}: values by ${xLabel}`}
        aria-describedby={id}
        aria-valuemin={aligned.x[0] ?? 0}
        aria-valuemax={aligned.x[aligned.x.length - 1] ?? 0}
        aria-valuenow={reading === undefined ? (aligned.x[0] ?? 0) : reading.x}
        aria-valuetext={reading && readingText(xLabel, reading)}
        tabIndex={isEmpty ? -1 : 0}
        onKeyDown={(event) => uplot.current && pressKey(event, uplot.current, aligned.x, cursor?.at)}
        onBlur={() => uplot.current && stopReading(uplot.current)}
      >
        {isEmpty && <p class="empty muted">No values yet</p>}
        {reading !== undefined && !isEmpty && (
          <Tip xLabel={xLabel} reading={reading} width={target.current?.clientWidth ?? 0} />
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

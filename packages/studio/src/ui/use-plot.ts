/** A uPlot in an element of the page: made anew with its look, given new data, as wide as the element, and told where it is read. */
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { axesOf, scalesOf, seriesOf } from "./chart-axes.ts";
import { type Cursor, cursorOf } from "./chart-cursor.ts";
import type { alignSeries, ChartData } from "./chart-data.ts";
import { type ChartNotes, drawNotes } from "./chart-notes.ts";

/** What a CSS colour with variables is on this element: a canvas takes no variables. */
const resolveColor = (element: HTMLElement, color: string): string => {
  const probe = document.createElement("span");
  probe.style.color = color;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
};

/** Whether a part of its x is shown. */
const isZoomed = ({ data: [x], scales }: uPlot): boolean =>
  x.length > 1 && (scales.x.min! > x[0] || scales.x.max! < x[x.length - 1]);

export interface PlotLook extends Omit<ChartData, "title"> {
  readonly aligned: ReturnType<typeof alignSeries>;
  /** A CSS colour for each series. */
  readonly colors: readonly string[];
  /** Names of series that are not drawn when the chart is made. */
  readonly hidden: ReadonlySet<string>;
  readonly height: number;
  readonly dark: boolean;
  readonly linked: string | undefined;
  readonly notes: ChartNotes;
}

export const usePlot = ({
  series,
  xLabel,
  yLabel,
  logY = false,
  aligned,
  colors,
  hidden,
  height,
  dark,
  linked,
  notes,
}: PlotLook) => {
  const target = useRef<HTMLDivElement>(null);
  const uplot = useRef<uPlot>(undefined);
  const zoomed = useRef(false);
  const noted = useRef(notes);
  noted.current = notes;
  const [cursor, setCursor] = useState<Cursor>();
  const names = series.map(({ name }) => name);
  const data = [aligned.x, ...aligned.columns] as uPlot.AlignedData;

  // What the chart is made of; new data alone do not make a new chart.
  // One without values is another: of the axes of the old ones nothing stays.
  const isEmpty = aligned.x.length === 0;
  const look = JSON.stringify([names, colors, xLabel, yLabel, logY, dark, height, isEmpty, notes.yRange]);
  useEffect(() => {
    const element = target.current!;
    const onCanvas = (color: string): string => resolveColor(element, color);
    const [text, grid] = ["var(--muted)", "var(--border)"].map(onCanvas);
    const isWhole = aligned.x.every(Number.isInteger);
    zoomed.current = false;
    const chart = new uPlot(
      {
        width: Math.max(1, element.clientWidth),
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 }, ...(linked !== undefined && { sync: { key: linked } }) },
        scales: scalesOf(logY, notes.yRange),
        axes: axesOf({ xLabel, yLabel, logY, height, isWhole, text, grid }),
        series: seriesOf(names, colors.map(onCanvas), hidden),
        hooks: {
          draw: [(self) => drawNotes(self, noted.current, onCanvas)],
          setCursor: [(self) => setCursor(cursorOf(self))],
          setScale: [
            (self, key) => {
              if (key === "x") zoomed.current = isZoomed(self);
            },
          ],
        },
      },
      data,
      element,
    );
    uplot.current = chart;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width > 0) chart.setSize({ width: contentRect.width, height });
    });
    observer.observe(element);
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

  return { target, uplot, cursor };
};

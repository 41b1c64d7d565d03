/** Where a chart is read, and the keys that read and zoom it. */
import type uPlot from "uplot";

export interface Cursor {
  /** Index into the union of x. */
  readonly at: number;
  /** For each series, the index of its nearest value. */
  readonly nearest: readonly (number | null | undefined)[];
  /** Pixels from the left edge of the chart. */
  readonly left: number;
}

/** Where the chart is read now; undefined where it is not. */
export const cursorOf = ({ cursor: { idx, idxs = [], left = -1 }, over }: uPlot): Cursor | undefined =>
  idx === null || idx === undefined || left < 0
    ? undefined
    : { at: idx, nearest: idxs.slice(1), left: left + over.offsetLeft };

/** Reads a chart at so many pixels from its left edge; none where that is less than 0. */
const moveCursor = (chart: uPlot, left: number): void => {
  // Its types leave out the third parameter: whether linked charts are told.
  const set = chart.setCursor as (at: uPlot.Cursor, fires: boolean, isTold: boolean) => void;
  set({ left, top: Math.min(left, 10) }, true, true);
};

export const stopReading = (chart: uPlot): void => moveCursor(chart, -10);

/** What the keys make of the part that is shown; 0 shows all. */
const ZOOMS: Readonly<Record<string, number>> = { "+": 0.5, "=": 0.5, "-": 2, "0": Number.POSITIVE_INFINITY };

/**
 * Arrows, Home and End read values, with Shift a twentieth of what is shown further; Escape ends that; + − and 0 zoom, about
 * what is read.
 *
 * @param xs the union of x, ascending
 * @param read the index of what is read
 */
export const pressKey = (
  event: KeyboardEvent,
  chart: uPlot,
  xs: readonly number[],
  read: number | undefined,
): void => {
  const last = xs.length - 1;
  if (last < 0) return;
  const { min, max } = chart.scales.x;
  const lowest = xs.findIndex((x) => x >= (min ?? x));
  const highest = xs.findLastIndex((x) => x <= (max ?? x));
  if (event.key === "Escape") stopReading(chart);
  const zoom = ZOOMS[event.key];
  if (zoom !== undefined && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const middle = read === undefined ? (min! + max!) / 2 : xs[read];
    const reach = ((max! - min!) / 2) * zoom;
    chart.setScale("x", { min: Math.max(xs[0], middle - reach), max: Math.min(xs[last], middle + reach) });
  }
  const at = read ?? (event.key === "ArrowLeft" ? highest + 1 : lowest - 1);
  const step = event.shiftKey ? Math.max(1, Math.round((highest - lowest) / 20)) : 1;
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: at - step,
    ArrowRight: at + step,
    Home: lowest,
    End: highest,
  };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  moveCursor(chart, chart.valToPos(xs[Math.min(highest, Math.max(lowest, target))], "x"));
};

/** What a line chart says beside its curves: levels to compare them with, moments at which something changed. */
import type uPlot from "uplot";
import { canvasFont } from "./canvas-font.ts";

export interface ChartNotes {
  /** Horizontal lines, dashed; `brief` is said where the label has no room. */
  readonly levels?: readonly {
    readonly y: number;
    readonly label: string;
    readonly brief?: string;
    readonly color?: string;
  }[];
  /** Vertical lines. */
  readonly marks?: readonly { readonly x: number; readonly label?: string; readonly color?: string }[];
  /** What the axis shows, whatever the curves do: from 0 to 8 of eight modes. */
  readonly yRange?: readonly [low: number, high: number];
}

/** Draws the lines into a chart. @param resolve a CSS colour with variables as a canvas takes it */
export const drawNotes = (
  chart: uPlot,
  { levels = [], marks = [] }: ChartNotes,
  resolve: (color: string) => string,
): void => {
  const { ctx: context } = chart;
  const { left, top, width, height } = chart.bbox;
  const ratio = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.lineWidth = ratio;
  context.font = canvasFont(11 * ratio);
  for (const { y, label, brief = label, color = "var(--muted)" } of levels) {
    const at = Math.round(chart.valToPos(y, "y", true)) + 0.5;
    context.strokeStyle = resolve(color);
    context.setLineDash([4 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(left + width, at);
    context.stroke();
    context.fillStyle = resolve("var(--muted)");
    context.textAlign = "right";
    // Above the line, and under it where it is at the top.
    const isHigh = at - top < 14 * ratio;
    context.textBaseline = isHigh ? "top" : "bottom";
    const text = context.measureText(label).width > 0.9 * width ? brief : label;
    context.fillText(text, left + width - 2 * ratio, at + (isHigh ? 3 : -2) * ratio);
  }
  context.setLineDash([]);
  for (const { x, label, color = "var(--warn)" } of marks) {
    const at = Math.round(chart.valToPos(x, "x", true)) + 0.5;
    context.strokeStyle = resolve(color);
    context.beginPath();
    context.moveTo(at, top);
    context.lineTo(at, top + height);
    context.stroke();
    if (label === undefined) continue;
    context.fillStyle = resolve(color);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(label, at + 3 * ratio, top + 2 * ratio);
  }
  context.restore();
};

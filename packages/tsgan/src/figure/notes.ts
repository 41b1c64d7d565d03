/** What is written within a panel, beside rules and points. */
import { colorClass } from "./color.ts";
import { type Frame, NOTE_SIZE } from "./frame.ts";
import type { Color, RuleMark, TextMark } from "./spec.ts";
import { textElement, textWidth } from "./text.ts";

/** A note within the panel: moved inwards where it would leave it. */
const note = (
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end",
  frame: Frame,
  color: Color,
): string => {
  const width = textWidth(text, NOTE_SIZE);
  const before = { start: 0, middle: width / 2, end: width }[anchor];
  const left = Math.max(2, Math.min(frame.width - width - 2, x - before));
  const baseline = Math.max(NOTE_SIZE, Math.min(frame.height - 4, y));
  return textElement(left, baseline, text, { size: NOTE_SIZE, color: colorClass(color), halo: true });
};

export const ruleNote = (mark: RuleMark, frame: Frame): string => {
  if (mark.label === undefined) return "";
  const color = mark.color ?? "muted";
  if (mark.y !== undefined) {
    const { anchor = "end" } = mark;
    const x = anchor === "end" ? frame.width : 6;
    return note(x, frame.y(mark.y) - 6, mark.label, anchor, frame, color);
  }
  return note(frame.x(mark.x ?? 0) + 6, NOTE_SIZE, mark.label, "start", frame, color);
};

export const textNote = (mark: TextMark, frame: Frame): string => {
  const [right, down] = mark.offset ?? [0, 0];
  const x = frame.x(mark.x) + right;
  const y = frame.y(mark.y) + down + 0.36 * NOTE_SIZE;
  if (Number.isNaN(x + y)) return "";
  return note(x, y, mark.text, mark.anchor ?? "middle", frame, mark.color ?? "ink");
};

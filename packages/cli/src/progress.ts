/** What is shown of a run while it trains. */
import pc from "picocolors";
import type { RunEvent } from "tsgan/node";
import { jsonLine, plain, plainLine } from "./text.ts";

export interface Reporter {
  event(event: RunEvent): void;
  note(text: string): void;
  end(): void;
}

/** `1 min 20 s` */
export const formatDuration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
};

/** As much as can be told apart while it changes: `0.693`, `12.35`, `1.2e-5`. */
export const formatNumber = (value: number): string => {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)) return value.toExponential(1);
  return value.toFixed(Math.max(0, 3 - Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1)))));
};

/** Steps a second over the last seconds: a mean over all would not notice that the machine has become busy. */
export const speedometer = (window = 15): ((step: number, seconds: number) => number | undefined) => {
  const marks: { step: number; seconds: number }[] = [];
  return (step, seconds) => {
    marks.push({ step, seconds });
    while (marks.length > 2 && marks[1].seconds < seconds - window) marks.shift();
    const [first] = marks;
    // Before a second has passed, the figure would be noise.
    return seconds - first.seconds >= 1 ? (step - first.step) / (seconds - first.seconds) : undefined;
  };
};

const figures = (
  record: Readonly<Record<string, number>>,
  steps: number,
  speed: number | undefined,
  health: string,
): string => {
  const parts = [`step ${record.step}/${steps}`];
  for (const [letter, name] of [
    ["D", "discriminatorLoss"],
    ["G", "generatorLoss"],
  ]) {
    if (record[name] !== undefined) parts.push(`${letter} ${formatNumber(record[name])}`);
  }
  if (health !== "") parts.push(health);
  if (speed !== undefined) {
    parts.push(`${formatNumber(speed)} steps/s`, `${formatDuration((steps - record.step) / speed)} left`);
  }
  return parts.join("  ");
};

export const progressBar = (share: number, width: number): string => {
  const full = Math.round(share * width);
  return "━".repeat(full) + pc.dim("─".repeat(width - full));
};

const BAR = 24;
const seconds = (): number => performance.now() / 1000;

/** Lines of text, or on a terminal one line that is drawn again and again. */
export const textReporter = (stream: NodeJS.WriteStream): Reporter => {
  const live = stream.isTTY === true;
  const pause = live ? 0.1 : 2;
  let speed = speedometer();
  let steps = 0;
  let next = 0;
  let drawn = false;
  const clear = (): void => {
    if (drawn) stream.write("\r\u001b[K");
    drawn = false;
  };
  const say = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
  };
  const draw = (share: number, text: string): void => {
    if (!live) {
      say(text);
      return;
    }
    const room = Math.max(0, (stream.columns ?? 80) - BAR - 3);
    stream.write(`\r\u001b[K${progressBar(share, BAR)}  ${text.slice(0, room)}`);
    drawn = true;
  };
  return {
    event(event) {
      switch (event.type) {
        case "reading":
          if (seconds() < next && event.done < event.total) return;
          next = seconds() + pause;
          return draw(event.done / event.total, `reading images ${event.done}/${event.total}`);
        case "data":
          for (const [i, line] of event.lines.entries()) say(i === 0 ? line : `  ${line}`);
          return;
        case "warning":
          return say(`${pc.yellow("warning:")} ${plain(event.message)}`);
        case "start": {
          const { config, adversarial, dataset, step, out } = event;
          const size = dataset.size === undefined ? "" : `${dataset.size} × `;
          say(
            `${config.model.name}${adversarial ? ` with ${config.loss.name}` : ""} on ${plainLine(dataset.name)} (${size}[${dataset.shape.join(",")}]): ` +
              `${step === 0 ? "" : `from step ${step} on, `}${config.steps} steps of ${config.batch}, into ${out}`,
          );
          steps = config.steps;
          speed = speedometer();
          next = 0;
          return;
        }
        case "estimate":
          return say(`about ${formatDuration(event.seconds)}, as fast as the machine is now`);
        case "step": {
          const { record, health } = event;
          const now = seconds();
          const rate = speed(record.step, now);
          if (now < next && record.step < steps) return;
          next = now + pause;
          return draw(record.step / steps, figures(record, steps, rate, health));
        }
        case "evaluation": {
          const found = Object.entries(event.figures).map(([key, value]) => `${key} ${formatNumber(value)}`);
          return say(`step ${event.step}: ${found.join("  ")}${event.best ? "  (best so far)" : ""}`);
        }
      }
    },
    note: say,
    end() {
      if (drawn) stream.write("\n");
      drawn = false;
    },
  };
};

/** One JSON object a line. */
export const jsonReporter = (stream: NodeJS.WritableStream): Reporter => ({
  event(event) {
    const line = event.type === "step" ? { type: event.type, ...event.record } : event;
    stream.write(jsonLine(line));
  },
  note: () => {},
  end: () => {},
});

/** Warnings only. */
export const quietReporter = (stream: NodeJS.WritableStream): Reporter => ({
  event(event) {
    if (event.type === "warning") stream.write(`warning: ${plain(event.message)}\n`);
  },
  note: () => {},
  end: () => {},
});

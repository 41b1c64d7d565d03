/** What is shown of a study while it runs: a table on a terminal, or a line for each trial. */

import type { StudyEvent } from "@tsgan/study/node";
import pc from "picocolors";
import { formatDuration, formatNumber, progressBar, speedometer } from "../progress.ts";
import { jsonLine, plainLine } from "../text.ts";

export interface StudyReporter {
  event(event: StudyEvent): void;
  note(text: string): void;
  end(): void;
}

interface Running {
  readonly trial: string;
  readonly from: number;
  readonly steps: number;
  step: number;
  speed: number | undefined;
  readonly clock: (step: number, seconds: number) => number | undefined;
}

const BAR = 24;
/** Seconds between two drawings of the table. */
const PAUSE = 0.1;
const seconds = (): number => performance.now() / 1000;

/** Counts of a study, and its trials that are being trained. */
const tally = () => {
  const running = new Map<string, Running>();
  const counts = { trials: 0, finished: 0, stopped: 0, failed: 0, before: 0 };
  let began = 0;
  const ended = (): number => counts.before + counts.finished + counts.stopped + counts.failed;
  return {
    running,
    counts,
    ended,
    take(event: StudyEvent): void {
      switch (event.type) {
        case "start":
          counts.trials = event.trials;
          counts.before = event.ended;
          began = seconds();
          break;
        case "begin":
          running.set(event.worker, {
            trial: event.trial,
            from: event.step,
            steps: event.steps,
            step: event.step,
            speed: undefined,
            clock: speedometer(),
          });
          break;
        case "step": {
          const row = running.get(event.worker);
          if (row === undefined) break;
          row.step = event.step;
          row.speed = row.clock(event.step, seconds());
          break;
        }
        case "record":
          counts[event.status]++;
          if (event.worker !== undefined) running.delete(event.worker);
          break;
        case "paused":
        case "lost":
          running.delete(event.worker);
          break;
      }
    },
    /** Seconds left, if the rest takes as long as what this process has seen; undefined before the first trial has ended. */
    left(): number | undefined {
      const now = ended() - counts.before;
      if (now === 0) return undefined;
      const under = [...running.values()];
      const share = (of: (row: Running) => number): number =>
        under.reduce((sum, row) => sum + of(row) / row.steps, 0);
      const done = now + share(({ step, from }) => step - from);
      const open = counts.trials - ended() - share(({ step }) => step);
      return (open * (seconds() - began)) / done;
    },
  };
};

/** Draws a table over and over on a terminal; elsewhere, a line for each trial that ends. */
export const studyReporter = (stream: NodeJS.WriteStream): StudyReporter => {
  const live = stream.isTTY === true;
  const { running, counts, ended, take, left } = tally();
  let drawn = 0;
  let next = 0;
  const clear = (): void => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\r\u001b[J`);
    drawn = 0;
  };
  const summary = (): string => {
    const { trials, failed, stopped } = counts;
    const rest = left();
    return [
      `${ended()}/${trials} trials ended`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(stopped > 0 ? [`${stopped} stopped`] : []),
      `${running.size} running`,
      ...(rest === undefined ? [] : [`about ${formatDuration(rest)} left`]),
    ].join(", ");
  };
  const table = (): string[] => {
    const width = (stream.columns ?? 80) - 1;
    const rows = [...running.values()];
    const widest = Math.max(0, ...rows.map(({ trial }) => trial.length));
    // A line that wraps could not be drawn over.
    const head = summary().slice(0, width);
    const bar = `${progressBar(counts.trials === 0 ? 0 : ended() / counts.trials, BAR)}  `;
    return [
      head.length + BAR + 2 <= width ? bar + head : head,
      ...rows.map(({ trial, step, steps, speed }) => {
        const rate = speed === undefined ? "" : `  ${formatNumber(speed)} steps/s`;
        return `  ${trial.padEnd(widest)}  step ${step}/${steps}${rate}`.slice(0, width);
      }),
    ];
  };
  const draw = (): void => {
    clear();
    const lines = table();
    stream.write(lines.map((text) => `${text}\n`).join(""));
    drawn = lines.length;
  };
  const say = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
    next = 0;
  };
  return {
    event(event) {
      take(event);
      switch (event.type) {
        case "start": {
          const before = event.ended === 0 ? "" : `, of which ${event.ended} have ended before`;
          say(
            `${event.study}: ${event.trials} trials${before}, ${event.workers === 0 ? "whoever takes them from the queue trains them" : `${event.workers} at a time`}, into ${event.out}`,
          );
          break;
        }
        case "record":
          if (event.status === "failed")
            say(`${pc.red("failed:")} ${event.trial}: ${plainLine(event.error ?? "")}`);
          if (!live) say(`${event.trial} ${event.status}; ${summary()}`);
          break;
        case "lost":
          say(
            `${pc.yellow("warning:")} ${event.worker === "" ? "" : `worker ${plainLine(event.worker)} was lost: `}${plainLine(event.reason)}${event.trial === undefined ? "" : `; ${event.trial} goes on elsewhere`}`,
          );
          break;
        case "warning":
          say(`${pc.yellow("warning:")} ${plainLine(event.message)}`);
          break;
        case "stopping":
          say("saving; press Ctrl-C again to stop at once");
          break;
      }
      if (!live || seconds() < next) return;
      next = seconds() + PAUSE;
      draw();
    },
    note: say,
    end: clear,
  };
};

/** One JSON object a line. */
export const jsonStudyReporter = (stream: NodeJS.WritableStream): StudyReporter => ({
  event: (event) => {
    stream.write(jsonLine(event));
  },
  note: () => {},
  end: () => {},
});

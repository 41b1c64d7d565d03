/** Schedules that go from one value to another within a span of iterations. */
import { auto, number } from "../../define/index.ts";
import { UsageError } from "../../errors.ts";
import type { ScheduleBody } from "../schedule.ts";

export const spanOptions = {
  from: number({ default: 1e-3, means: "value up to the start" }),
  to: number({ default: 0, means: "value from the end on" }),
  start: number({ default: 0, means: "iteration at which the change begins" }),
  end: auto(number({ default: 0, means: "iteration at which it is over" }), "the last one of the run"),
};

interface Span {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number | undefined;
}

/** `share` maps the part of the span that is over, 0 … 1, to the part of the way. */
export const spanned =
  (share: (progress: number) => number) =>
  ({ from, to, start, end }: Span): ScheduleBody => ({
    at: ({ step, steps }) => {
      const last = end ?? steps;
      if (!(last > start)) {
        throw new UsageError(`schedule: end must lie behind start; got ${start} … ${last}`);
      }
      const progress = Math.min(1, Math.max(0, (step - start) / (last - start)));
      return from + (to - from) * share(progress);
    },
    extremes: [from, to],
  });

/** Numbers of a configuration that may change over the run. */
import { type Catalogue, type Creator, catalogueOf, type Option, type SearchRange } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { type Bounds, checkNumber } from "../options.ts";
import type { ScheduleThing } from "./schedule.ts";
import * as builtIn from "./schedules/built-in.ts";

/** The name of a schedule with its options beside: plain data, so that it fits into a configuration. */
interface WrittenSchedule {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** A number, or how it changes: a schedule as `linear({ from: 1e-3 })` makes it, or as it is written down. */
export type Schedule = number | WrittenSchedule | ScheduleThing;

/** All schedules by name. */
export const scheduleCatalogue: Catalogue<Creator<ScheduleThing>> = catalogueOf("schedule", builtIn);

const isThing = (value: object): value is ScheduleThing => "definition" in value;

const thingOf = (schedule: WrittenSchedule | ScheduleThing): ScheduleThing => {
  if (isThing(schedule)) return schedule;
  const { kind, ...options } = schedule;
  return scheduleCatalogue.get(kind).create(options);
};

/** A schedule's value after `step` of `steps` iterations. @throws UsageError for a schedule that does not exist */
export const scheduled = (schedule: Schedule, step: number, steps: number): number =>
  typeof schedule === "number" ? schedule : thingOf(schedule).at({ step, steps });

interface ScheduleAbout extends Bounds {
  readonly default: number;
  readonly means: string;
  readonly symbol?: string;
  readonly search?: SearchRange;
}

/**
 * An option that is a number or changes over the run. All that it runs through must lie within the bounds. `default` is
 * a number or a schedule, `means` and `symbol` are for people, `search` is for studies.
 */
export const scheduleOption = ({
  default: usual,
  means,
  symbol,
  search,
  ...bounds
}: ScheduleAbout): Option<Schedule> => ({
  type: "schedule",
  default: usual,
  means,
  ...(symbol !== undefined && { symbol }),
  ...(search !== undefined && { search }),
  bounds,
  check: (where, name, value) => {
    if (typeof value !== "object" || value === null) {
      checkNumber(where, name, value, bounds);
      return value as number;
    }
    if (!isThing(value) && typeof (value as Partial<WrittenSchedule>).kind !== "string") {
      throw new UsageError(
        `${where}: ${name} must be a number or a schedule, such as {"kind": "linear", "from": 0.001, "to": 0}; got ${JSON.stringify(value)}`,
      );
    }
    const thing = thingOf(value as WrittenSchedule | ScheduleThing);
    for (const each of thing.extremes) checkNumber(where, name, each, bounds);
    return { kind: thing.name, ...definedOnly(thing.options) };
  },
});

const definedOnly = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

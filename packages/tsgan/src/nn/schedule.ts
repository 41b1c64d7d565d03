/** What a schedule is: a number that changes over a run. */
import {
  checkFunctions,
  type Definition,
  type Factory,
  type Facts,
  factoryOf,
  type Made,
  type OptionTable,
  type ResolvedOptions,
} from "../define/index.ts";

/** How far a run has come. */
export interface Moment {
  /** Finished iterations. */
  readonly step: number;
  /** Iterations of the whole run. */
  readonly steps: number;
}

export interface ScheduleBody {
  /** The value at a moment. */
  at(moment: Moment): number;
  /** The ends of what it runs through, for checks of range. */
  readonly extremes: readonly number[];
}

export interface ScheduleDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "schedule";
}

export type ScheduleThing = ScheduleBody & Made<ScheduleDefinition>;

/**
 * Defines a schedule: a number that changes over the run, as a function of the step. All but `create` of the
 * `definition` are facts.
 *
 * @example
 * ```ts
 * import { integer, number } from "tsgan/define";
 * import { defineSchedule } from "tsgan/nn";
 *
 * export const warmUp = defineSchedule({
 *   name: "warm-up",
 *   title: "from 0 in a straight line, constant afterwards",
 *   options: {
 *     to: number({ default: 1e-3, means: "value after the warm-up" }),
 *     over: integer({ default: 100, least: 1, means: "iterations of the warm-up" }),
 *   },
 *   create: ({ to, over }) => ({ at: ({ step }) => to * Math.min(1, step / over), extremes: [0, to] }),
 * });
 * ```
 */
export const defineSchedule = <Table extends OptionTable>({
  create,
  ...definition
}: Facts & {
  readonly options: Table;
  create(options: ResolvedOptions<Table>): ScheduleBody;
}): Factory<Table, ScheduleThing> => {
  const whole = { kind: "schedule", ...definition } as const;
  return factoryOf(whole, (options) => checkFunctions(whole, create(options), ["at"]));
};

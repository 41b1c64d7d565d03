import { number, type Option } from "../../define/index.ts";
import { checkNumber } from "../../options.ts";
import { type Schedule, scheduleOption } from "../scheduled.ts";

const schedule = scheduleOption({
  default: 1e-3,
  least: 0,
  means: "learning rate; may change over the run, down to 0",
  symbol: "η",
  search: { low: 1e-5, high: 1e-2, log: true },
});

/** A rate that stays what it is must be above 0; one that changes may end there. */
export const learningRate: Option<Schedule> = {
  ...schedule,
  check: (where, name, value) => {
    if (typeof value === "number") checkNumber(where, name, value, { above: 0 });
    return schedule.check(where, name, value);
  },
};

export const weightDecay = number({
  default: 0,
  least: 0,
  means: "weight of the L2 term that is added to the gradient",
});

import { integer, number } from "../../define/index.ts";
import { defineSchedule } from "../schedule.ts";

/** max(`floor`, `from` · `factor`^⌊step / `every`⌋). */
export const exponential = defineSchedule({
  name: "exponential",
  title: "multiplied by a factor every so many iterations",
  options: {
    from: number({ default: 1e-3, means: "first value" }),
    factor: number({ default: 0.5, above: 0, most: 1, means: "what it is multiplied by" }),
    every: integer({ default: 10_000, least: 1, means: "iterations from one change to the next" }),
    floor: number({ default: 0, means: "least value" }),
  },
  create: ({ from, factor, every, floor }) => ({
    at: ({ step }) => Math.max(from * factor ** Math.floor(step / every), floor),
    extremes: [Math.max(from, floor), Math.max(0, floor)],
  }),
});

import { defineSchedule } from "../schedule.ts";
import { spanned, spanOptions } from "./span.ts";

/** `from` + (`to` − `from`) · s, where s goes from 0 at `start` to 1 at `end` and stays there. */
export const linear = defineSchedule({
  name: "linear",
  title: "in a straight line from one value to another",
  options: spanOptions,
  create: spanned((progress) => progress),
});

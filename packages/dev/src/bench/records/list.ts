/** All records by name. */
import { codes } from "./codes.ts";
import { digits } from "./digits.ts";
import { hours } from "./hours.ts";
import { labels } from "./labels.ts";
import { points } from "./points.ts";
import type { Benchmark } from "./record.ts";
import { small } from "./small.ts";

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  ...points,
  ...digits,
  ...codes,
  ...labels,
  ...hours,
  ...small,
};

/**
 * Every function of distances and metrics on random inputs: sizes 1 … 50, weights with zeros and denormals, scales
 * 1e-300 … 1e300, duplicates, float32 and float64, every form of input. Each result is right to tolerance, against a slow
 * computation near 1 or by an identity that proves it, or the input is refused with a UsageError where it may be.
 */
import { randomStream } from "tsgan/random";
import type { Campaign, Failure } from "./campaign.ts";
import { distanceProperties } from "./numbers/distances.ts";
import { gaussianProperties } from "./numbers/gaussians.ts";
import { metricProperties } from "./numbers/metrics.ts";
import { transportProperties } from "./numbers/transport.ts";
import { judge } from "./numbers/trial.ts";

export const properties = {
  ...distanceProperties,
  ...transportProperties,
  ...gaussianProperties,
  ...metricProperties,
};

export const numbers: Campaign = ({ seed, count, from = 0, progress }) => {
  const names = Object.keys(properties);
  const counts = new Map(names.map((name) => [name, { right: 0, refused: 0, wrong: 0 }]));
  const failures: Failure[] = [];
  for (let number = from; number < from + count; number++) {
    const name = names[number % names.length];
    const trial = properties[name](randomStream(seed, "numbers", number));
    const verdict = judge(trial);
    const tally = counts.get(name) as { right: number; refused: number; wrong: number };
    if (typeof verdict === "string") tally[verdict]++;
    else {
      tally.wrong++;
      failures.push({ case: number, tried: `${name}: ${trial.tried}`, message: verdict.wrong });
    }
    progress?.(number + 1 - from, failures);
  }
  const tried = names.flatMap((name) => {
    const { right, refused, wrong } = counts.get(name) as { right: number; refused: number; wrong: number };
    const total = right + refused + wrong;
    if (total === 0) return [];
    return `${name.padEnd(28)}${String(total).padStart(6)} tried${String(right).padStart(6)} right${String(refused).padStart(5)} refused${String(wrong).padStart(5)} wrong`;
  });
  return { tried, failures };
};

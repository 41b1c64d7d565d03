/** How fast this machine trains. */
import { UsageError } from "../errors.ts";
import { checkInteger } from "../options.ts";
import type { StepRecord } from "../train/index.ts";
import { timed } from "./timing.ts";
import { type Place, workloadNamed, workloadTrainer } from "./workloads.ts";

/** How a workload is measured. */
export interface MeasureOptions extends Place {
  /** Seconds that it is timed, after a warm-up of one: 3 without. */
  readonly seconds?: number | undefined;
  /** Iterations in one run of the device: 1 without. */
  readonly together?: number | undefined;
}

/** What was measured of a workload. */
export interface Speed {
  readonly workload: string;
  /** Milliseconds until the first iteration is done: compiling and loading included. */
  readonly first: number;
  /** Milliseconds of an iteration: the median, and the least. */
  readonly ms: number;
  readonly least: number;
  /** Runs timed. */
  readonly count: number;
  /** Figures of the first two iterations: they are the same on every machine, up to rounding. */
  readonly records: readonly StepRecord[];
}

/**
 * Trains a workload for some seconds and says how long an iteration takes: all steps of the discriminator, that of the generator, and
 * their optimisers.
 *
 * @param workload name of one of `workloads`
 * @throws UsageError for another name, a length of time that is none, or a device that there is none of by that name
 * @throws RunError where the device is not there
 * @example
 * ```ts
 * import { measureSpeed } from "tsgan/speed";
 *
 * const { ms, first } = await measureSpeed("mlp-ns", { device: "cpu", seconds: 1 });
 * console.log(`${ms.toFixed(2)} ms an iteration, the first after ${first.toFixed(0)} ms`);
 * ```
 */
export const measureSpeed = async (
  workload: string,
  { seconds = 3, together = 1, device, threads, precision }: MeasureOptions = {},
): Promise<Speed> => {
  const found = workloadNamed(workload);
  checkInteger("measureSpeed", "together", together, 1);
  if (!(seconds > 0)) throw new UsageError(`measureSpeed: expected seconds above 0; got ${seconds}`);
  const began = performance.now();
  const trainer = workloadTrainer(found, { device, threads, precision });
  try {
    const { first, ms, least, count, results } = await timed(
      () => trainer.iterateTogether(together),
      seconds,
    );
    const each = (of: number): number => of / together;
    return {
      workload,
      first: first - began,
      ms: each(ms),
      least: each(least),
      count,
      records: results.flat().slice(0, 2),
    };
  } finally {
    await trainer.dispose();
  }
};

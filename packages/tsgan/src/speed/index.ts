/** How fast a machine trains: workloads that stay the same from version to version, and their timing. */
export { type MeasureOptions, measureSpeed, type Speed } from "./measure.ts";
export { type Times, timed } from "./timing.ts";
export { type Place, type Workload, workloadNamed, workloads, workloadTrainer } from "./workloads.ts";

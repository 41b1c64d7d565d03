/** Studies: trials of many models on many data sets, drawn at random from search spaces. */
export type * from "./definition.ts";
export type { Evaluation, TrialRecord } from "./record.ts";
export type { Trial } from "./trials.ts";

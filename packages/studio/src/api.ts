/** What the runs page and the server of `tsgan studio` say to each other. Types only: the server imports them, too. */

import type { Kind, PlainOptions } from "tsgan/define";

/** Figures of metrics.jsonl that are drawn together. */
export interface FigureChart {
  readonly title: string;
  readonly label: string;
  readonly scale?: "log";
  readonly series: Readonly<Record<string, string>>;
}

/** A thing that a definition describes: its options are what a form asks for. */
export interface Thing {
  readonly name: string;
  readonly title: string;
  readonly options: PlainOptions;
  /** Of a data set: the models that can be trained on it. */
  readonly models?: readonly string[];
}

/** What the server is, asked once. Requests that change something carry its token. */
export interface Session {
  readonly version: string;
  /** The folder that holds the runs. */
  readonly folder: string;
  readonly token: string;
  /** Losses and presets, by name. */
  readonly losses: readonly string[];
  /** All things of each kind, built in and registered by files of `--use`. */
  readonly things: Readonly<Record<Kind, readonly Thing[]>>;
  readonly recipes: readonly { readonly name: string; readonly title: string; readonly data: string }[];
  /** Which way the figures of evaluations are better. */
  readonly figures: Readonly<Record<string, "lower" | "higher" | "neither">>;
  /** Which of them are drawn together. */
  readonly charts: readonly FigureChart[];
}

/**
 * "starting": its process has written nothing yet. "stopped": it has neither reached its last step nor a process that
 * works on it. "damaged": its configuration cannot be read.
 */
export type RunState = "starting" | "running" | "finished" | "failed" | "stopped" | "damaged";

/** What people write down about a run. */
export interface Notes {
  readonly tags: readonly string[];
  readonly note: string;
}

export interface RunSummary extends Partial<Notes> {
  /** Path below the folder of runs, with slashes: `ring`, `paper/trials/mnist_wgan_sample-0_seed-1`. */
  readonly id: string;
  /** Another one stands for other contents. */
  readonly version: string;
  readonly state: RunState;
  /** What is wrong with it. */
  readonly problem?: string;
  /** The last step in its metrics; 0 without. */
  readonly step: number;
  readonly steps?: number;
  /** Steps a second, of a run that was watched for a while. */
  readonly speed?: number;
  readonly data?: string;
  readonly model?: string;
  readonly loss?: string;
  /** The latest value of each figure near the end of its records. */
  readonly figures?: Readonly<Record<string, number>>;
  /** The same for runs that differ in nothing but seed and length. */
  readonly group?: string;
  /** Whether its data are points, of which samples are plots. */
  readonly isPoints?: boolean;
  /** The newest sample. */
  readonly sample?: Sample;
  /** Id of the study that it is a trial of, which begins and ends it. */
  readonly study?: string;
  /** Milliseconds since 1970. */
  readonly updated: number;
}

export interface Sample {
  readonly step: number;
  /** Another one stands for another picture of the same step. */
  readonly version: string;
}

export interface RunList {
  readonly runs: readonly RunSummary[];
  /** Runs that the query asks for, of which `runs` are a part. */
  readonly matching: number;
  readonly total: number;
  readonly studies: readonly string[];
}

export interface RunDetail extends RunSummary {
  /** config.json as it is. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly samples: readonly Sample[];
  readonly checkpoints: readonly {
    /** Name of the file in the folder `checkpoints`. */
    readonly name: string;
    readonly bytes: number;
  }[];
  readonly hasReport: boolean;
  readonly hasGenerator: boolean;
}

export interface HealthVerdict {
  readonly severity: "alarm" | "note" | "healthy";
  readonly title: string;
  readonly evidence: string;
  readonly advice: string;
}

export interface StudyProgress {
  readonly id: string;
  readonly name: string;
  readonly problem?: string;
  /** The planned trials; undefined where the definition does not say. */
  readonly planned?: number;
  /** Whether `tsgan study report` has written its page. */
  readonly hasReport: boolean;
  readonly cells: readonly StudyCell[];
}

/** The trials of a model on a data set. */
export interface StudyCell {
  readonly data: string;
  readonly model: string;
  readonly planned?: number;
  readonly running: number;
  readonly finished: number;
  readonly failed: number;
  /** Ended early because others were preferred. */
  readonly stopped: number;
  /** The best evaluation of a trial that has not failed, by the figure that the study's report ranks the data set by. */
  readonly best?: { readonly figure: string; readonly value: number; readonly trial: string };
}

/** Sent when files have changed. */
export interface ChangeEvent {
  /** Runs and studies with other contents; those that are gone included. */
  readonly changed: readonly string[];
  /** Whether runs have appeared or gone. */
  readonly listed: boolean;
}

export interface StartRequest {
  /** Name of the run's folder; the first free one of the data set and loss without. */
  readonly name?: string;
  /** As `tsgan train --config` takes it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Single values by their path, such as `model.base`, as `--set` takes them. */
  readonly set?: Readonly<Record<string, unknown>>;
}

export interface ResumeRequest {
  /** More steps than before; without, those that were left. */
  readonly steps?: number;
}

export interface RenameRequest {
  readonly name: string;
}

/** A run in the trash. */
export interface Deleted {
  readonly key: string;
  /** What it was called. */
  readonly id: string;
  /** When it was deleted, in milliseconds since 1970. */
  readonly at: number;
}

export interface Started {
  readonly id: string;
}

export interface ApiError {
  readonly error: string;
}

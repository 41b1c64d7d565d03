/** What the trials of a study say: the shape of its summary, plain data. */
import type { Interval } from "tsgan/statistics";
import type { ParameterValue, Study } from "./definition.ts";
import type { FigureKind } from "./figures.ts";
import type { TrialRecord } from "./record.ts";

export interface TrialCounts {
  /** What the study asks for. */
  readonly expected: number;
  readonly finished: number;
  readonly failed: number;
  /** Stopped early, as others did better. */
  readonly stopped: number;
  /** Not yet run, or without a record that can be read. */
  readonly missing: number;
}

/** One training of a draw, at its best evaluation. */
export interface TrialSummary {
  readonly id: string;
  readonly seed: number;
  readonly status: TrialRecord["status"];
  /** Step of the evaluation with the best ranking figure; null where the trial failed or has no such figure. */
  readonly step: number | null;
  /** Ranking figure at that step. */
  readonly value: number | null;
  /** All figures at that step. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One setting of the hyper-parameters with all its seeds. Samples that drew the same are one setting. */
export interface DrawSummary {
  readonly sample: number;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Mean of the ranking figure over the seeds, where a trial without one counts as the worst of the data set. */
  readonly value: number;
  readonly trials: readonly TrialSummary[];
}

/** A figure over the trials that have it, each at its best step by the ranking figure. */
export interface Spread extends FigureKind {
  readonly trials: number;
  readonly best: number;
  readonly median: number;
  /** Quartiles: half of the trials lie between them. */
  readonly lower: number;
  readonly upper: number;
}

/** The expected best of k results. */
export interface BestOf extends Interval {
  readonly k: number;
  readonly expected: number;
}

/** How the ranking figure of the draws goes with one hyper-parameter. */
export type Sensitivity = {
  readonly parameter: string;
  readonly draws: number;
  /** Two-sided, by Holm's correction over the parameters of the model. */
  readonly p: number;
} & (
  | { readonly kind: "number" /** Spearman's ρ with the figure. */; readonly correlation: number }
  | {
      readonly kind: "choice";
      readonly choices: readonly {
        readonly value: ParameterValue;
        readonly draws: number;
        readonly median: number;
      }[];
    }
);

export interface ModelSummary {
  readonly model: string;
  /** Place by mean rank, from 1; null without results. */
  readonly rank: number | null;
  /**
   * Mean rank of the results among those of all models on the data set, 1 being the best of all: what the tests compare. Null
   * without results.
   */
  readonly meanRank: number | null;
  readonly trials: TrialCounts;
  readonly failures: readonly { readonly id: string; readonly error: string }[];
  readonly figures: readonly Spread[];
  /** The trial with the best ranking figure of all. */
  readonly best:
    | (TrialSummary & {
        readonly sample: number;
        readonly parameters: Readonly<Record<string, ParameterValue>>;
      })
    | null;
  readonly draws: readonly DrawSummary[];
  /** The independent results: one for each draw or seed, by the study's `unit`. */
  readonly results: readonly number[];
  /** Median of the results with its 95 % bootstrap interval. */
  readonly median: (Interval & { readonly value: number }) | null;
  readonly bestOfK: readonly BestOf[];
  readonly sensitivity: readonly Sensitivity[];
}

/** Mann–Whitney between the results of two models. */
export interface PairTest {
  readonly first: string;
  readonly second: string;
  readonly p: number;
  /** By Holm's correction over all pairs of the data set. */
  readonly adjusted: number;
  /** Cliff's δ, positive where the first is better more often. */
  readonly delta: number;
  readonly method: "exact" | "normal";
}

export interface Comparison {
  /** Kruskal–Wallis over all models. */
  readonly overall: { readonly statistic: number; readonly degrees: number; readonly p: number };
  /** Every pair, the better ranked first. */
  readonly pairs: readonly PairTest[];
  /** Whether the lead of the first is more than chance, in plain words. */
  readonly sentence: string;
}

export interface DataSummary {
  readonly data: string;
  /** What the models are ranked by; null where no trial has a figure yet. */
  readonly metric: FigureKind | null;
  /** What a failed trial counts as: the worst of all trials' figures. */
  readonly worst: number | null;
  /** By rank; models without results last. */
  readonly models: readonly ModelSummary[];
  /** Null with fewer than two models that have results. */
  readonly comparison: Comparison | null;
}

export interface StudySummary {
  readonly name: string;
  /**
   * What counts as an independent result: a draw of the hyper-parameters, which is the mean over its seeds; or a seed, in a study
   * whose models have one setting each.
   */
  readonly unit: "draw" | "seed";
  readonly budget: Study["budget"];
  readonly stepUnit: Study["stepUnit"];
  readonly samples: number;
  readonly seeds: readonly number[];
  readonly defaultsFirst: boolean;
  readonly evaluateSamples: number;
  readonly earlyStopping: boolean;
  /** Names, in the study's order. */
  readonly models: readonly string[];
  /** Hyper-parameters that some model draws log-uniformly. */
  readonly logParameters: readonly string[];
  readonly trials: TrialCounts;
  readonly data: readonly DataSummary[];
}

/** A study as plain data: what a study file holds, and what is made of it by `resolveStudy`. */
import type { PlainInput } from "tsgan/config";

/** What a hyper-parameter is set to: a number, the name of a choice, or whether something is so. */
export type ParameterValue = number | string | boolean;

/** Where a hyper-parameter is drawn from. Bounds are inclusive below and exclusive above. */
export type Range =
  | { readonly uniform: readonly [low: number, high: number] }
  /** exp U(ln low, ln high): every power of ten within is as likely as another. */
  | { readonly logUniform: readonly [low: number, high: number] }
  | { readonly choice: readonly ParameterValue[] }
  | { readonly fixed: ParameterValue };

/** A hyper-parameter that is searched. Without a range, it is searched where the schema of the option says. */
export type SpaceInput = (
  | Range
  | { readonly [kind in "uniform" | "logUniform" | "choice" | "fixed"]?: undefined }
) & {
  /**
   * Where the value goes: a path into the configuration such as `penalties.0.weight`; `*` stands for every key, so that
   * `optimizer.*.beta1` is that of both players. Without it, the parameter's own name: `learningRate`, `beta1` and `beta2`
   * stand for those of both players' optimisers.
   */
  readonly at?: string | undefined;
  /** The value of sample 0 of a study with `defaultsFirst`. */
  readonly default?: ParameterValue | undefined;
};

/**
 * Hyper-parameters by name, or by their paths. "auto" stands for a space that the schema says; for all of them, it is what
 * definitions of loss, penalties, terms and techniques say, and the learning rate.
 */
export type SearchInput = "auto" | Readonly<Record<string, SpaceInput | "auto">>;

export type Space = Range & {
  readonly at: string;
  /** Whether what is drawn is a whole number, since the option is; both bounds are then inclusive. */
  readonly integer?: true;
  readonly default?: ParameterValue;
};

/** Part of a study's trials: a configuration as `tsgan train --config` takes it, and single values in it by their path. */
interface BaseInput {
  /** Paths as in `SpaceInput.at`; set after everything else but the searched parameters. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
}

export interface DataInput extends BaseInput {
  /** With the data set's own `data`, which is the entry's name where it is left out; the networks belong here, too. */
  readonly config?: PlainInput | undefined;
  /** Metrics of this data set in place of the study's. */
  readonly metrics?: readonly string[] | undefined;
}

export interface ModelInput extends BaseInput {
  /** What the model trains with: loss, penalties, optimisers, critic steps. */
  readonly config: PlainInput;
  /** Hyper-parameters by name; without any, all samples of the model are the same but for the seed. */
  readonly search?: SearchInput | undefined;
}

/**
 * What each trial may spend. With steps, results are a function of the study alone. With seconds they depend on the
 * machine and its load, so that no two runs of the study are equal.
 */
export type Budget = { readonly steps: number } | { readonly seconds: number };

/**
 * Successive halving (Jamieson & Talwalkar 2016, arXiv:1502.07943): at steps first, first · factor, first · factor² … the
 * best 1 / factor of the trials of each model on each data set go on, the others stop.
 */
export interface EarlyStopping {
  /** Figure that trials are compared by, such as "fid". */
  readonly metric: string;
  readonly first: number;
  readonly factor: number;
}

/** What a step of the budget, of `evaluateEvery` and of a record counts: steps of the discriminator, or of the generator. */
export type StepUnit = "discriminator" | "generator";

/** A study as people write it. */
export interface StudyDefinition {
  readonly name: string;
  /** Seed of the hyper-parameters' draws; 1 without. */
  readonly seed?: number | undefined;
  readonly data: Readonly<Record<string, DataInput | null>>;
  readonly models: Readonly<Record<string, ModelInput>>;
  /** Draws of hyper-parameters for each model; 1 without. */
  readonly samples?: number | undefined;
  /** Whether sample 0 takes the `default` of each parameter, as in Lucic et al. 2018; false without. */
  readonly defaultsFirst?: boolean | undefined;
  /** Seeds that each draw is trained with, or how many: 1, 2 … n; 1 without. */
  readonly seeds?: number | readonly number[] | undefined;
  readonly budget: Budget;
  /** "discriminator" without, as in the paper: who takes five critic steps has a fifth of the generator steps. */
  readonly stepUnit?: StepUnit | undefined;
  /** Metrics by name. */
  readonly metrics: readonly string[];
  /** Steps from one evaluation to the next; without, the last step alone is judged. */
  readonly evaluateEvery?: number | undefined;
  /** Generated examples of an evaluation; 2,000 without. */
  readonly evaluateSamples?: number | undefined;
  /** Steps from one checkpoint to the next, which is what a killed worker may lose; as `evaluateEvery` without. */
  readonly checkpointEvery?: number | undefined;
  readonly earlyStopping?: EarlyStopping | undefined;
}

export interface StudyData {
  readonly name: string;
  readonly config: PlainInput;
  readonly set: Readonly<Record<string, unknown>>;
  readonly metrics: readonly string[];
}

export interface StudyModel {
  readonly name: string;
  readonly config: PlainInput;
  readonly set: Readonly<Record<string, unknown>>;
  readonly search: Readonly<Record<string, Space>>;
}

/** A study with nothing left open: plain JSON. */
export interface Study {
  readonly name: string;
  readonly seed: number;
  readonly data: readonly StudyData[];
  readonly models: readonly StudyModel[];
  readonly samples: number;
  readonly defaultsFirst: boolean;
  readonly seeds: readonly number[];
  readonly budget: Budget;
  readonly stepUnit: StepUnit;
  readonly evaluateEvery: number;
  readonly evaluateSamples: number;
  readonly checkpointEvery: number;
  readonly earlyStopping?: EarlyStopping;
}

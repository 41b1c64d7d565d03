/** What is known of a run whose health is asked for: its records, its settings, its samples, and medians over parts of it. */
import type { Equilibrium, ScoreKind } from "../losses/index.ts";
import { quantile } from "../statistics/index.ts";
import { outranks, rankOf } from "./rank.ts";
import type { SampleEvidence } from "./sample-evidence.ts";
import type { TableEvidence } from "./table-health.ts";

export type HealthRecord = Readonly<Record<string, unknown>>;

/** Spectral norm among what limits a discriminator's slope. */
export const SPECTRAL = "spectral norm";

/** What a run is trained with, so that advice does not ask for what is there already. */
export interface HealthSettings {
  /** What limits the discriminator's slope, by name: penalties, constraints, spectral norm. */
  readonly limits: readonly string[];
  readonly criticSteps: number;
  readonly generatorSteps: number;
  /** Whether the discriminator sees augmented examples only. */
  readonly augments: boolean;
  /** Whether long gradients are cut short. */
  readonly cutsGradients: boolean;
  /** Whether the discriminator sees one example at a time and could see several (packing). */
  readonly couldPack: boolean;
  /** Whether the discriminator's loss holds more than the adversarial one and penalties, such as that of classes. */
  readonly mixesLosses: boolean;
}

export interface HealthInput {
  /** Lines of metrics.jsonl, by step. */
  readonly records: readonly HealthRecord[];
  readonly loss: {
    readonly name: string;
    readonly scores: ScoreKind;
    readonly equilibrium?: Equilibrium | undefined;
  };
  readonly settings: HealthSettings;
  /** The players of a game of one's own; left out for a generator and a discriminator. */
  readonly players?: readonly string[] | undefined;
  /** The one of them that makes the samples. */
  readonly sampler?: string | undefined;
  /** Whether the data are images. */
  readonly images: boolean;
  /** Steps from which on the run can be judged. */
  readonly earliest: number;
  /** Step of the checkpoint that was looked at. */
  readonly checkpoint?: number | undefined;
  /** What is wrong with the range of the data, in words. */
  readonly inputScale?: string | undefined;
  /** Of weight clipping: its limit and the share of weights that lie at it. */
  readonly clip?: { readonly limit: number; readonly share: number } | undefined;
  readonly samples?: SampleEvidence | undefined;
  /** Distances of samples to the training examples (`neighbours`), where these are finitely many. */
  readonly memory?: { readonly ratio: number; readonly copies: number } | undefined;
  /** Of tables: what their rows show. */
  readonly table?: TableEvidence | undefined;
}

/** Medians of what was recorded over a part of the run, from one share of it to another; undefined where there is none. */
export interface Run extends HealthInput {
  /** The last step with a record. */
  readonly step: number;
  figure(name: string, from: number, to: number): number | undefined;
  /** Mean score of real examples less that of generated ones. */
  gap(from: number, to: number): number | undefined;
  /** The discriminator's adversarial loss: without penalties and what its model adds. */
  discriminatorLoss(from: number, to: number): number | undefined;
  /** The same where it does well: exceeded in nine records of ten. */
  lowLoss(from: number, to: number): number | undefined;
}

export const number = (record: HealthRecord, name: string): number => {
  const value = record[name];
  return typeof value === "number" ? value : Number.NaN;
};

const gapOf = (record: HealthRecord): number => number(record, "realScore") - number(record, "fakeScore");

const bareLossOf = (record: HealthRecord, mixesLosses: boolean): number => {
  const adversarial = number(record, "adversarialLoss");
  // Runs of 0.1 do not say what of the loss is adversarial.
  if (mixesLosses || !Number.isNaN(adversarial)) return adversarial;
  const penalty = number(record, "penalty");
  return number(record, "discriminatorLoss") - (Number.isNaN(penalty) ? 0 : penalty);
};

export const runOf = (input: HealthInput): Run => {
  const { players = ["discriminator"] } = input;
  const records = input.records.filter((record) =>
    players.some((player) => typeof record[`${player}Loss`] === "number"),
  );
  const part =
    (value: (record: HealthRecord) => number, share = 0.5) =>
    (from: number, to: number): number | undefined => {
      const begin = Math.min(records.length - 1, Math.floor(from * records.length));
      const end = Math.max(begin + 1, Math.floor(to * records.length));
      const values = records.slice(begin, end).map(value).filter(Number.isFinite);
      return values.length === 0 ? undefined : quantile(values, share);
    };
  const bareLoss = (record: HealthRecord): number => bareLossOf(record, input.settings.mixesLosses);
  const last = input.records.at(-1);
  return {
    ...input,
    step: last === undefined ? 0 : number(last, "step"),
    figure: (name, from, to) => part((record) => number(record, name))(from, to),
    gap: part(gapOf),
    discriminatorLoss: part(bareLoss),
    lowLoss: part(bareLoss, 0.1),
  };
};

/** Three significant digits. */
export const digits = (value: number): string => String(Number(value.toPrecision(3)));
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** A figure that was higher by a quarter or more than it is now. */
export const fallOf = (
  records: readonly HealthRecord[],
  name: string,
): { readonly from: number; readonly to: number } | undefined => {
  const values = records.map((record) => number(record, name)).filter(Number.isFinite);
  const to = values.at(-1);
  const from = Math.max(...values);
  return to !== undefined && to <= 0.75 * from ? { from, to } : undefined;
};

export interface Trend {
  readonly key: string;
  /** The best figure and its step. */
  readonly best: number;
  readonly step: number;
  readonly isImproving: boolean;
}

/** Relative gain over the last third of the evaluations below which going on is not worth it. */
const PLATEAU = 0.01;
const FEWEST_EVALUATIONS = 6;

/** How the figure that ranks checkpoints has moved; undefined with too few evaluations to tell. */
export const trendOf = (records: readonly HealthRecord[]): Trend | undefined => {
  const judged = records.flatMap((record) => {
    const rank = rankOf(record);
    return rank === undefined ? [] : [{ ...rank, step: number(record, "step") }];
  });
  const most = judged.reduce((least, { place }) => Math.min(least, place), Number.POSITIVE_INFINITY);
  const compared = judged.filter(({ place }) => place === most);
  if (compared.length < FEWEST_EVALUATIONS) return undefined;
  const least = (entries: typeof judged) => entries.reduce((a, b) => (outranks(b, a) ? b : a));
  const best = least(compared);
  const before = least(compared.slice(0, Math.floor((2 * compared.length) / 3)));
  return {
    key: best.key,
    best: best.value,
    step: best.step,
    isImproving: best.cost < before.cost - PLATEAU * Math.abs(before.cost),
  };
};

/**
 * Whether a run is well, from what it has written down: its records, its samples, its weights. Each rule is one entry of
 * a table: what it looks at, when it speaks, what it advises. Causes stand before their consequences, so that the first
 * verdict is the one to act on.
 */
import type { Equilibrium, ScoreKind } from "../losses/index.ts";
import { quantile } from "../statistics/index.ts";
import { outranks, rankOf } from "./rank.ts";
import type { SampleEvidence } from "./sample-evidence.ts";

export type HealthRecord = Readonly<Record<string, unknown>>;

export interface HealthInput {
  /** Lines of metrics.jsonl, by step. */
  readonly records: readonly HealthRecord[];
  readonly loss: {
    readonly name: string;
    readonly scores: ScoreKind;
    readonly equilibrium?: Equilibrium | undefined;
  };
  /** Whether a penalty, a constraint or spectral norm limits the critic's slope. */
  readonly isConstrained: boolean;
  /** Steps in which the discriminator sees as many examples as the data have; undefined where these are endless. */
  readonly stepsPerPass?: number | undefined;
  /** What is wrong with the range of the data, in words. */
  readonly inputScale?: string | undefined;
  /** Of weight clipping: its limit and the share of weights that lie at it. */
  readonly clip?: { readonly limit: number; readonly share: number } | undefined;
  readonly samples?: SampleEvidence | undefined;
  /** Distances of samples to the training examples (`neighbours`), where these are finitely many. */
  readonly memory?: { readonly ratio: number; readonly copies: number } | undefined;
}

export type HealthKind =
  | "diverged"
  | "input-scale"
  | "clipped-weights"
  | "unbounded-critic"
  | "memorisation"
  | "idle-discriminator"
  | "discriminator-wins"
  | "mode-collapse"
  | "exploding-gradient"
  | "vanishing-gradient"
  | "plateau"
  | "improving"
  | "healthy";

export interface Verdict {
  readonly kind: HealthKind;
  /** An alarm means that training on will not help; a note is worth knowing. */
  readonly severity: "alarm" | "note";
  readonly title: string;
  /** The figures it rests on. */
  readonly evidence: string;
  /** What to change. */
  readonly advice: string;
}

type Finding = Pick<Verdict, "evidence"> & Partial<Pick<Verdict, "advice">>;

interface Rule extends Pick<Verdict, "kind" | "severity" | "title" | "advice"> {
  /** Every run starts so: before the first pass over the data it is a note. */
  readonly passes?: boolean;
  /** What speaks for it; undefined where nothing does. */
  look(run: Run): Finding | undefined;
}

/** Medians of what was recorded over a part of the run, from one share of it to another; undefined where there is none. */
interface Run extends HealthInput {
  figure(name: string, from: number, to: number): number | undefined;
  /** Mean score of real examples less that of generated ones. */
  gap(from: number, to: number): number | undefined;
  /** The discriminator's loss without its penalty. */
  discriminatorLoss(from: number, to: number): number | undefined;
  /** The same where it does well: exceeded in nine records of ten. */
  lowLoss(from: number, to: number): number | undefined;
}

const number = (record: HealthRecord, name: string): number => {
  const value = record[name];
  return typeof value === "number" ? value : Number.NaN;
};

const gapOf = (record: HealthRecord): number => number(record, "realScore") - number(record, "fakeScore");

const bareLossOf = (record: HealthRecord): number => {
  const penalty = number(record, "penalty");
  return number(record, "discriminatorLoss") - (Number.isNaN(penalty) ? 0 : penalty);
};

const runOf = (input: HealthInput): Run => {
  const records = input.records.filter(({ discriminatorLoss }) => typeof discriminatorLoss === "number");
  const part =
    (value: (record: HealthRecord) => number, share = 0.5) =>
    (from: number, to: number): number | undefined => {
      const begin = Math.min(records.length - 1, Math.floor(from * records.length));
      const end = Math.max(begin + 1, Math.floor(to * records.length));
      const values = records.slice(begin, end).map(value).filter(Number.isFinite);
      return values.length === 0 ? undefined : quantile(values, share);
    };
  return {
    ...input,
    figure: (name, from, to) => part((record) => number(record, name))(from, to),
    gap: part(gapOf),
    discriminatorLoss: part(bareLossOf),
    lowLoss: part(bareLossOf, 0.1),
  };
};

/** Three significant digits. */
const digits = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Samples farther from the data than this, in units of the data's spread, are nowhere near them. */
const FAR = 0.5;
/** Share of weights at the clip from which a critic is little but signs. */
const CLIPPED = 0.45;
const MISSING = 0.3;
const TWINS = 0.2;
const NEAR_COPY = 0.5;
/** The discriminator has won where its loss is below this share of the loss at equilibrium, or it errs more rarely than this. */
const WON = { loss: 0.1, accuracy: 0.98 };
/** And idles where it is above this share of it, or never below that. */
const IDLE = { loss: 1.15, never: 0.97, accuracy: 0.35 };
/** Share of its first norm below which a generator's gradient leads nowhere. */
const VANISHED = 0.01;
/** Change of a norm or score over the run that is no fluctuation. */
const GROWTH = { score: 5, gradient: 1000 };
/** Relative gain over the last third of the evaluations below which going on is not worth it. */
const PLATEAU = 0.01;

const isFar = ({ samples }: Run): boolean => samples !== undefined && samples.distance > FAR;

/** Whether a discriminator that is ahead does harm: good samples, or a gradient to follow, say that it does not. */
const suffers = (run: Run): boolean => {
  const { samples } = run;
  if (samples === undefined || isFar(run) || samples.missing >= MISSING) return true;
  const [first, last] = [run.figure("generatorGradient", 0, 0.1), run.figure("generatorGradient", 0.75, 1)];
  return first !== undefined && last !== undefined && last < VANISHED * first;
};

const lossText = ({ loss }: Run, value: number): string =>
  `discriminator loss ${digits(value)}${loss.equilibrium === undefined ? "" : ` (equilibrium of ${loss.name}: ${loss.equilibrium.text})`}`;

const rules: readonly Rule[] = [
  {
    kind: "diverged",
    severity: "alarm",
    title: "the run diverged",
    advice:
      "lower the learning rate of both players, or limit the slope (gradient-penalty, r1, spectral norm) or the " +
      "gradient (gradientNorm); go on from the last good checkpoint",
    look: ({ records }) => {
      const failed = records.find(({ failure }) => typeof failure === "string");
      return failed && { evidence: String(failed.failure).split(";")[0] };
    },
  },
  {
    kind: "input-scale",
    severity: "alarm",
    title: "the data have the wrong scale",
    advice: "bring images to [−1, 1] (x / 127.5 − 1) and points to about [−2, 2], then begin anew",
    look: ({ inputScale }) => (inputScale === undefined ? undefined : { evidence: inputScale }),
  },
  {
    kind: "clipped-weights",
    severity: "alarm",
    title: "the critic's weights are stuck at the clip",
    advice:
      "lower the discriminator's learning rate to well below the limit, or use a gradient penalty instead of clipping " +
      "(--loss wgan-gp)",
    look: ({ clip }) =>
      clip !== undefined && clip.share >= CLIPPED
        ? { evidence: `${percent(clip.share)} of the critic's weights lie at ±${clip.limit}` }
        : undefined,
  },
  {
    kind: "unbounded-critic",
    severity: "alarm",
    title: "the critic's scores grow without end",
    advice:
      "nothing bounds the critic's slope, so that its loss means nothing: add a gradient penalty (--loss wgan-gp)",
    look: (run) => {
      const { loss, isConstrained } = run;
      if (loss.scores !== "unbounded" || loss.equilibrium?.discriminatorLoss !== 0) return undefined;
      const [first, last] = [run.gap(0, 0.05), run.gap(0.75, 1)];
      if (first === undefined || last === undefined || last < 1) return undefined;
      if (last < GROWTH.score * Math.abs(first)) return undefined;
      const bound = isConstrained ? "" : "; no penalty or constraint limits the critic";
      return {
        evidence: `the gap between real and generated scores grew from ${digits(first)} to ${digits(last)}${bound}`,
      };
    },
  },
  {
    kind: "memorisation",
    severity: "alarm",
    title: "samples are copies of training examples",
    advice:
      "the training set is too small for the model: more data, augmentation (diffaugment), a smaller model, or stop earlier",
    look: ({ memory }) =>
      memory !== undefined && memory.ratio < NEAR_COPY
        ? {
            evidence:
              `samples are ${digits(memory.ratio)} times as far from the nearest training example as training examples are ` +
              `from each other (median); ${percent(memory.copies)} are within a tenth`,
          }
        : undefined,
  },
  {
    kind: "idle-discriminator",
    severity: "alarm",
    title: "the discriminator does not keep up",
    passes: true,
    advice:
      "raise the discriminator's learning rate, give it more steps (criticSteps), or weaken its penalty; the generator " +
      "has nothing to learn from",
    look: (run) => {
      const { equilibrium } = run.loss;
      const loss = run.discriminatorLoss(0.5, 1);
      const accuracy = run.figure("accuracy", 0.5, 1);
      const gap = run.gap(0.5, 1);
      if (equilibrium === undefined || loss === undefined || gap === undefined) return undefined;
      const level = equilibrium.discriminatorLoss;
      const worse = level > 0 ? loss > IDLE.loss * level : gap < 0 && loss > 0.1;
      const wrong = accuracy !== undefined && accuracy < IDLE.accuracy;
      const low = run.lowLoss(0.5, 1) ?? 0;
      const blind = isFar(run) && level > 0 && low > IDLE.never * level;
      if (!(worse || wrong || blind)) return undefined;
      const right = accuracy === undefined ? "" : `, accuracy ${digits(accuracy)}`;
      const where = isFar(run) ? "; samples are far from the data" : "";
      return { evidence: `${lossText(run, loss)}${right}${where}` };
    },
  },
  {
    kind: "discriminator-wins",
    severity: "alarm",
    title: "the discriminator wins",
    passes: true,
    advice:
      "the generator's gradient has vanished or means nothing: raise its learning rate, lower the discriminator's, take " +
      "fewer critic steps, use non-saturating instead of minimax, or add r1",
    look: (run) => {
      const { equilibrium } = run.loss;
      const loss = run.discriminatorLoss(0.75, 1);
      const accuracy = run.figure("accuracy", 0.75, 1);
      if (equilibrium === undefined || loss === undefined) return undefined;
      const level = equilibrium.discriminatorLoss;
      const won =
        (level > 0 && loss < WON.loss * level) || (accuracy !== undefined && accuracy > WON.accuracy);
      if (!won || !suffers(run)) return undefined;
      const right = accuracy === undefined ? "" : `, accuracy ${digits(accuracy)} (0.5)`;
      const gradient = run.figure("generatorGradient", 0.75, 1);
      const norm = gradient === undefined ? "" : `, generator's gradient ${digits(gradient)}`;
      return { evidence: `${lossText(run, loss)}${right}${norm}` };
    },
  },
  {
    kind: "mode-collapse",
    severity: "alarm",
    title: "mode collapse",
    passes: true,
    advice:
      "the generator runs ahead: fewer generator steps or a lower rate for it, more critic steps, a gradient penalty, a " +
      "relativistic loss, or packing",
    look: (run) => {
      const { samples } = run;
      if (samples === undefined) return undefined;
      const repeats = samples.duplicates >= TWINS && samples.duplicates > 2 * samples.dataDuplicates;
      if (samples.missing < MISSING && !repeats) return undefined;
      const twins = repeats ? `; ${percent(samples.duplicates)} of the samples have a twin` : "";
      const modes = fallOf(run.records, "modesCovered");
      const fall = modes === undefined ? "" : `; modes covered fell from ${modes.from} to ${modes.to}`;
      return {
        evidence:
          `${samples.emptyRegions} of ${samples.regions} regions, ${percent(samples.missing)} of the data, ` +
          `have hardly any samples${twins}${fall}`,
      };
    },
  },
  {
    kind: "exploding-gradient",
    severity: "alarm",
    title: "the generator's gradient explodes",
    advice:
      "limit the discriminator's slope (r1, gradient-penalty, spectral norm) or lower the learning rates",
    look: (run) => {
      const [first, last] = [
        run.figure("generatorGradient", 0, 0.1),
        run.figure("generatorGradient", 0.9, 1),
      ];
      if (first === undefined || last === undefined || last < GROWTH.gradient * first) return undefined;
      return { evidence: `its norm grew from ${digits(first)} to ${digits(last)}` };
    },
  },
  {
    kind: "vanishing-gradient",
    severity: "alarm",
    title: "the generator's gradient has vanished",
    advice:
      "raise the generator's learning rate or weaken the discriminator; with minimax, use non-saturating",
    look: (run) => {
      const [first, last] = [
        run.figure("generatorGradient", 0, 0.1),
        run.figure("generatorGradient", 0.9, 1),
      ];
      if (first === undefined || last === undefined || last * GROWTH.gradient > first || !isFar(run))
        return undefined;
      return {
        evidence: `its norm fell from ${digits(first)} to ${digits(last)}, and samples are far from the data`,
      };
    },
  },
  {
    kind: "plateau",
    severity: "note",
    title: "the metric stands still: stop here",
    advice: "",
    look: ({ records }) => {
      const trend = trendOf(records);
      if (trend === undefined || trend.isImproving) return undefined;
      return {
        evidence: `best ${trend.key} ${digits(trend.best)} at step ${trend.step}, no better in the last third of the evaluations`,
        advice: `keep the checkpoint of step ${trend.step} (--step best)`,
      };
    },
  },
  {
    kind: "improving",
    severity: "note",
    title: "the metric still improves",
    advice: "train on: --resume with more --steps",
    look: ({ records }) => {
      const trend = trendOf(records);
      return trend?.isImproving === true
        ? { evidence: `best ${trend.key} ${digits(trend.best)} at step ${trend.step}` }
        : undefined;
    },
  },
];

/** A figure that was higher by a quarter or more than it is now. */
const fallOf = (
  records: readonly HealthRecord[],
  name: string,
): { readonly from: number; readonly to: number } | undefined => {
  const values = records.map((record) => number(record, name)).filter(Number.isFinite);
  const to = values.at(-1);
  const from = Math.max(...values);
  return to !== undefined && to <= 0.75 * from ? { from, to } : undefined;
};

interface Trend {
  readonly key: string;
  /** The best figure and its step. */
  readonly best: number;
  readonly step: number;
  readonly isImproving: boolean;
}

const FEWEST_EVALUATIONS = 6;

/** How the figure that ranks checkpoints has moved; undefined with too few evaluations to tell. */
const trendOf = (records: readonly HealthRecord[]): Trend | undefined => {
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

/**
 * Verdicts on a run: alarms first, causes before consequences; then notes. A run without alarms is called healthy, with
 * the figures that say so.
 */
export const diagnose = (input: HealthInput): Verdict[] => {
  const run = runOf(input);
  const { stepsPerPass = 0, records } = input;
  const lastStep = records.length === 0 ? 0 : number(records[records.length - 1], "step");
  const verdicts = rules.flatMap(({ look, passes = false, ...rule }): Verdict[] => {
    const finding = look(run);
    if (finding === undefined) return [];
    if (!passes || lastStep >= stepsPerPass) return [{ ...rule, ...finding }];
    const evidence = `${finding.evidence}; before the first pass over the data (${Math.ceil(stepsPerPass)} steps) it may pass`;
    return [{ ...rule, ...finding, severity: "note", evidence }];
  });
  if (verdicts.some(({ severity }) => severity === "alarm")) return verdicts;
  const isEarly = verdicts.some(({ kind }) => kind !== "plateau" && kind !== "improving");
  return [{ ...healthy(run), ...(isEarly && { title: "too early to tell" }) }, ...verdicts];
};

const healthy = (run: Run): Verdict => {
  const loss = run.discriminatorLoss(0.75, 1);
  const gap = run.gap(0.75, 1);
  const accuracy = run.figure("accuracy", 0.75, 1);
  const { samples } = run;
  const parts = [
    loss === undefined ? [] : lossText(run, loss),
    gap === undefined ? [] : `score gap ${digits(gap)}`,
    accuracy === undefined ? [] : `accuracy ${digits(accuracy)}`,
    samples === undefined
      ? []
      : `samples in ${samples.regions - samples.emptyRegions} of ${samples.regions} regions of the data`,
  ].flat();
  return {
    kind: "healthy",
    severity: "note",
    title: "nothing looks wrong",
    evidence: parts.join(", "),
    advice: "",
  };
};

/** Records that the live word rests on. */
const WATCHED = 200;

const WORDS: Partial<Readonly<Record<HealthKind, string>>> = {
  "unbounded-critic": "critic unbounded",
  "idle-discriminator": "D idle",
  "discriminator-wins": "D wins",
  "exploding-gradient": "exploding",
};

/**
 * One word on a run under way, from its records alone: "ok", "D wins", "D idle" … Cheap enough for every step: it is worked
 * out anew every hundredth record.
 */
export const watchHealth = (
  input: Pick<HealthInput, "loss" | "isConstrained" | "stepsPerPass">,
): ((record: HealthRecord) => string) => {
  const recent: HealthRecord[] = [];
  let seen = 0;
  let word = "";
  return (record) => {
    recent.push(record);
    if (recent.length > WATCHED) recent.shift();
    seen++;
    if (recent.length < WATCHED || seen % (WATCHED / 2) !== 0) return word;
    const [first] = diagnose({ ...input, records: recent });
    word = first.severity === "alarm" ? (WORDS[first.kind] ?? first.kind) : "ok";
    return word;
  };
};

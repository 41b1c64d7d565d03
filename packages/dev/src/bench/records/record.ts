/** A record: a figure of the field that tsgan is held to, measured seed by seed by settings that other seeds chose. */

/** What a seed gave: figures by name. Those that a record does not name are left out of its table. */
export type Figures = Readonly<Record<string, number>>;

export interface Goal {
  readonly better: "higher" | "lower";
  readonly as: "share" | "number";
  /** What the mean of all seeds must reach, and each seed by itself; without, the figure is shown only. */
  readonly mean?: number;
  readonly each?: number;
}

export interface Run {
  readonly seed: number;
  readonly threads?: number | undefined;
}

export interface Benchmark {
  readonly title: string;
  /** How it is trained, in words, with the command that people have for it. */
  readonly settings: string;
  /** Those that are reported. */
  readonly seeds: readonly number[];
  /** Those that chose the settings. */
  readonly tunedOn: string;
  /** Threads of a run, and runs at the same time, on two cores. */
  readonly threads: number;
  readonly atOnce: number;
  /** Minutes for all seeds on two idle cores, about. */
  readonly minutes: number;
  readonly goals: Readonly<Record<string, Goal>>;
  run(run: Run): Promise<Figures>;
}

export interface Judged {
  readonly name: string;
  readonly goal: Goal;
  readonly mean: number;
  readonly worst: number;
  /** Nothing where the goal asks for nothing. */
  readonly isMet: boolean | undefined;
}

const reaches = (value: number, bound: number | undefined, better: Goal["better"]): boolean =>
  bound === undefined || (better === "higher" ? value >= bound : value <= bound);

/**
 * Mean and worst of each figure, and whether the goal is met. A figure that is not a number meets none.
 *
 * @param goals figures by name
 * @param results figures of each seed
 */
export const judge = (goals: Benchmark["goals"], results: readonly Figures[]): Judged[] =>
  Object.entries(goals).map(([name, goal]) => {
    const values = results.map((figures) => figures[name] ?? Number.NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const worst = goal.better === "higher" ? Math.min(...values) : Math.max(...values);
    const isAsked = goal.mean !== undefined || goal.each !== undefined;
    const isMet = reaches(mean, goal.mean, goal.better) && reaches(worst, goal.each, goal.better);
    return { name, goal, mean, worst, isMet: isAsked ? isMet && Number.isFinite(mean) : undefined };
  });

/** `97.31 %`, `8.27` */
export const shown = (value: number, as: Goal["as"]): string =>
  as === "share" ? `${(100 * value).toFixed(2)} %` : String(Number(value.toPrecision(4)));

/** What a goal asks for, in words: `mean ≥ 97 %, each ≥ 96 %`. */
export const asked = ({ mean, each, better, as }: Goal): string => {
  const sign = better === "higher" ? "≥" : "≤";
  const bound = (name: string, value: number | undefined): readonly string[] =>
    value === undefined
      ? []
      : [`${name} ${sign} ${as === "share" ? `${Number((100 * value).toFixed(2))} %` : value}`];
  return [...bound("mean", mean), ...bound("each", each)].join(", ");
};

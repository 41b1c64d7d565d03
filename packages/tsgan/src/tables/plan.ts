/** How the columns of a table become numbers and back: plain data, kept with a run, so that it can be sampled without the table. */
import type { Layout } from "../layout.ts";
import type { Normal } from "./mixture.ts";
import type { DecimalMark } from "./number-text.ts";

/** The largest number of a column, and the least distance of its ends: beyond these, squares are not finite, or nothing. */
export const LARGEST = 1e100;
export const LEAST_SPREAD = 1e-100;

/** How a number is written. */
export interface NumberForm {
  readonly decimals?: number | undefined;
  readonly fixed?: boolean | undefined;
  /** Of dates, which are numbers of seconds. */
  readonly format?: string | undefined;
}

/**
 * A number is one of several normal distributions and its place in it (mode-specific normalisation, Xu et al. 2019, §4.2), one
 * of some single values, or one of some texts, in this order of choices.
 */
export interface NumberPlan extends NumberForm {
  readonly kind: "number";
  readonly name: string;
  readonly normals: readonly Normal[];
  readonly values: readonly number[];
  readonly texts: readonly string[];
  /** Rows of each choice. */
  readonly counts: readonly number[];
  readonly low: number;
  readonly high: number;
}

export interface CategoryPlan {
  readonly kind: "category";
  readonly name: string;
  readonly values: readonly string[];
  /** Rows of each value, and of all others together where there are some. */
  readonly counts: readonly number[];
  /** Values that have no choice of their own, with their rows: what the last choice is drawn from. */
  readonly others?: { readonly values: readonly string[]; readonly counts: readonly number[] } | undefined;
}

export interface ConstantPlan {
  readonly kind: "constant";
  readonly name: string;
  readonly value: string;
}

export interface IdentifierPlan {
  readonly kind: "identifier";
  readonly name: string;
  readonly pattern: string;
}

/** A number that is the sum of other columns' numbers: it is not learnt, but added up. */
export interface SumPlan extends NumberForm {
  readonly kind: "sum";
  readonly name: string;
  readonly of: readonly string[];
  /** Where a schema says so: rows whose sum lies beyond are made again. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface OmittedPlan {
  readonly kind: "omitted";
  readonly name: string;
}

export type LearntPlan = NumberPlan | CategoryPlan;
export type ColumnPlan = LearntPlan | ConstantPlan | IdentifierPlan | SumPlan | OmittedPlan;

export interface TablePlan {
  /** In the order of the table. */
  readonly columns: readonly ColumnPlan[];
  readonly rows: number;
  readonly separator: string;
  readonly decimal: DecimalMark;
  readonly constraints?: readonly { readonly below: readonly [string, string] }[] | undefined;
  /** Where nothing can be asked for, and training sees each row by itself: differential privacy asks for it. */
  readonly alone?: boolean | undefined;
  /** Where nothing can be asked for, and training is shown each row as often as it comes. */
  readonly asIs?: boolean | undefined;
}

export const isLearnt = (plan: ColumnPlan): plan is LearntPlan =>
  plan.kind === "number" || plan.kind === "category";

/** Whether a column has a number in [−1, 1] beside its choice. */
export const hasNumber = (plan: LearntPlan): plan is NumberPlan =>
  plan.kind === "number" && plan.normals.length > 0;

/** Where a column lies in an encoded row. */
export interface Slot {
  readonly plan: LearntPlan;
  /** Position of its number, where it has one. */
  readonly number: number | undefined;
  /** Position and length of its choice. A column of one choice has none. */
  readonly begin: number;
  readonly size: number;
  /** Position of its condition, counted from the end of the row; undefined where it cannot be asked for. */
  readonly condition: number | undefined;
}

export interface Arrangement {
  readonly layout: Layout;
  readonly slots: readonly Slot[];
}

/**
 * Numbers first, then choices by their length, those that can be asked for last: equal lengths side by side take one softmax
 * in the generator.
 */
export const arrange = ({
  columns,
  alone = false,
  asIs = alone,
}: Pick<TablePlan, "columns" | "alone" | "asIs">): Arrangement => {
  const learnt = columns.filter(isLearnt);
  const bySize = (a: LearntPlan, b: LearntPlan): number => a.counts.length - b.counts.length;
  const chosen = learnt.filter(({ counts }) => counts.length > 1);
  const modes = chosen.filter(hasNumber).sort(bySize);
  const asked = chosen.filter((plan) => !hasNumber(plan)).sort(bySize);
  const numbers = learnt.filter(hasNumber);
  const positions = new Map<LearntPlan, { begin: number; condition: number | undefined }>();
  let begin = numbers.length;
  let condition = 0;
  for (const plan of [...modes, ...asked]) {
    const isAsked = !asIs && !hasNumber(plan);
    positions.set(plan, { begin, condition: isAsked ? condition : undefined });
    begin += plan.counts.length;
    if (isAsked) condition += plan.counts.length;
  }
  return {
    layout: {
      numbers: numbers.length,
      choices: [...modes, ...asked].map(({ counts }) => counts.length),
      conditions: asIs ? 0 : asked.length,
    },
    slots: learnt.map((plan) => {
      const number = hasNumber(plan) ? numbers.indexOf(plan) : undefined;
      const place = positions.get(plan);
      return {
        plan,
        number,
        begin: place?.begin ?? 0,
        size: place === undefined ? 0 : plan.counts.length,
        condition: place?.condition,
      };
    }),
  };
};

/** Rows of numbers and choices, column by column, from what a generator made. */
import { conditionSize, rowSize } from "../layout.ts";
import type { RandomStream } from "../random/index.ts";
import type { EncodedColumn } from "./fit.ts";
import { arrange, type Slot, type TablePlan } from "./plan.ts";

/** Some rows: of each column that is learnt, in the order of the plan, its choices and its numbers. */
export interface EncodedRows {
  readonly count: number;
  readonly columns: readonly EncodedColumn[];
}

/** The place of a choice among the numbers that stand for it, which begin at `begin`; `at` counts the choices of all rows. */
type Choose = (values: Float32Array, begin: number, size: number, at: number) => number;

const rowsBy = (slots: readonly Slot[], values: Float32Array, width: number, choose: Choose): EncodedRows => {
  const count = values.length / width;
  const columns = slots.map(({ number }) => ({
    choice: new Uint16Array(count),
    ...(number !== undefined && { number: new Float32Array(count) }),
  }));
  for (let row = 0; row < count; row++) {
    const offset = row * width;
    for (let i = 0; i < slots.length; i++) {
      const { number, begin, size } = slots[i];
      if (number !== undefined) columns[i].number![row] = values[offset + number];
      if (size > 0) columns[i].choice[row] = choose(values, offset + begin, size, row * slots.length + i);
    }
  }
  return { count, columns };
};

const largest: Choose = (values, begin, size) => {
  let best = 0;
  for (let i = 1; i < size; i++) if (values[begin + i] > values[begin + best]) best = i;
  return best;
};

/**
 * Rows of samples [n, row and condition]: each choice is what its vector is nearest to.
 *
 * @param plan what the columns are, and where they stand in a row
 */
export const rowsOfSamples = (plan: TablePlan): ((samples: Float32Array) => EncodedRows) => {
  const { layout, slots } = arrange(plan);
  const width = rowSize(layout) + conditionSize(layout);
  return (samples) => rowsBy(slots, samples, width, largest);
};

/**
 * Rows of numbers and of probabilities [n, row], by which each choice is drawn: a number of the stream each, row by row.
 *
 * @param plan what the columns are, and where they stand in a row
 */
export const drawnRows = (plan: TablePlan): ((likely: Float32Array, random: RandomStream) => EncodedRows) => {
  const { layout, slots } = arrange(plan);
  const width = rowSize(layout);
  return (likely, random) => {
    const uniform = new Float32Array((likely.length / width) * slots.length);
    random.fillUniform(uniform);
    return rowsBy(slots, likely, width, (values, begin, size, number) => {
      let left = uniform[number];
      let at = 0;
      for (; at < size - 1 && left >= values[begin + at]; at++) left -= values[begin + at];
      // Probabilities that add up to a little less than 1 lead past the last choice that there is.
      while (at > 0 && values[begin + at] === 0) at--;
      return at;
    });
  };
};

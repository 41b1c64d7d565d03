/** What the numbers of an example are, where they are not all alike: rows of a table, as they are encoded. */

export interface Layout {
  /** How many numbers in [−1, 1] an example begins with. */
  readonly numbers: number;
  /** Lengths of the one-hot vectors that follow them. */
  readonly choices: readonly number[];
  /**
   * How many of these, the last ones, can be asked for. An example ends in a condition, as long as they are together: zeros
   * but for a 1 where the choice that was asked for is.
   */
  readonly conditions: number;
}

const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

/** Length of the row itself. */
export const rowSize = ({ numbers, choices }: Layout): number => numbers + total(choices);

/** Length of the condition behind it. */
export const conditionSize = ({ choices, conditions }: Layout): number =>
  total(choices.slice(choices.length - conditions));

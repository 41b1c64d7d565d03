/** Whether two programs compute the same: their losses of the first iterations. */

type Figures = Readonly<Record<string, number>>;

/** Largest difference of losses that counts as the same, of their size, or of 1. */
export const SAME = 1e-3;

/**
 * The largest difference of the losses that both have, of those of `ours`, or of 1 where they are smaller: those after a step of
 * Adam differ by more than rounding, since it makes steps of one size of gradients that are next to nothing. NaN where one is no
 * number, or there are none.
 */
export const differenceOf = (ours: readonly Figures[], theirs: readonly Figures[]): number => {
  const differences = ours.flatMap((figures, i) =>
    Object.entries(figures)
      .filter(([name]) => /Loss$|^penalty$/.test(name) && theirs[i]?.[name] !== undefined)
      .map(([name, value]) => Math.abs(theirs[i][name] - value) / Math.max(1, Math.abs(value))),
  );
  return differences.length === 0 ? Number.NaN : Math.max(...differences);
};

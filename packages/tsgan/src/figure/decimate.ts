/** Thinning of long lines to what the pixels can show. */

/**
 * Of each pixel column keeps the first, the lowest, the highest and the last point, so that the drawn line covers
 * the same pixels as the whole one.
 *
 * @param x pixel positions, ascending
 * @param y pixel positions, as many
 * @returns ascending indices of the points to keep: at most four a column
 */
export const decimate = (x: Float64Array, y: Float64Array): number[] => {
  const kept: number[] = [];
  for (let start = 0; start < x.length; ) {
    const column = Math.floor(x[start]);
    let end = start;
    let low = start;
    let high = start;
    while (end < x.length && Math.floor(x[end]) === column) {
      if (y[end] < y[low]) low = end;
      if (y[end] > y[high]) high = end;
      end++;
    }
    kept.push(...new Set([start, Math.min(low, high), Math.max(low, high), end - 1]));
    start = end;
  }
  return kept;
};

/** Whether no value is below the one before. */
export const isAscending = (values: Float64Array): boolean => {
  for (let i = 1; i < values.length; i++) if (values[i] < values[i - 1]) return false;
  return true;
};

/** Mean and standard deviation with divisor n. */
export const meanAndDeviation = (values: Float64Array): { mean: number; std: number } => {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
};

/** The value that a share of the others lie below, without interpolation. */
export const quantile = (values: ArrayLike<number>, share: number): number =>
  Float64Array.from(values).sort()[Math.min(values.length - 1, Math.floor(share * values.length))];

/** The middle value; of an even number of values the upper one of the middle two. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

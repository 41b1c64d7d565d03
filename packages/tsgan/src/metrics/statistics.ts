/** Mean and standard deviation with divisor n. */
export const meanAndDeviation = (values: Float64Array): { mean: number; std: number } => {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
};

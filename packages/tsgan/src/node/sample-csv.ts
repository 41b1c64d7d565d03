/** Generated points as numbers. */
import Papa from "papaparse";

const AXES = ["x", "y", "z"];

/** Of the coordinates where nobody has named them. */
const namesOf = (size: number): readonly string[] =>
  size <= AXES.length ? AXES.slice(0, size) : Array.from({ length: size }, (_, i) => `x${i + 1}`);

/** So many digits tell every float32 from its neighbours. */
const MOST_DIGITS = 9;
const FEWEST_DIGITS = 6;

/** The number with the fewest digits that is the same float32. */
const shortest = (value: number): number => {
  for (let digits = FEWEST_DIGITS; digits < MOST_DIGITS; digits++) {
    const near = Number(value.toPrecision(digits));
    if (Math.fround(near) === value) return near;
  }
  return Number(value.toPrecision(MOST_DIGITS));
};

/**
 * A CSV file: a line of names, then a point a line. Numbers have as many digits as it takes to read the same float32 back.
 *
 * @param points [n, size]
 * @param size coordinates of a point
 * @param names of the coordinates; x, y and z, or x1, x2, … without
 */
export const pointsCsv = (
  points: Float32Array,
  size: number,
  names: readonly string[] = namesOf(size),
): string => {
  const data = Array.from({ length: points.length / size }, (_, i) =>
    Array.from(points.subarray(i * size, (i + 1) * size), shortest),
  );
  return `${Papa.unparse({ fields: [...names], data }, { newline: "\n" })}\n`;
};

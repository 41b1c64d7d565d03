/** Points from comma-separated text. */
import { RunError } from "../errors.ts";
import { type FiniteDataset, fromExamples } from "./finite.ts";

/**
 * One point a line, one coordinate a column, separated by commas. A first line without a single number is taken for a
 * header; empty lines are skipped.
 *
 * @param name what the data set and the errors are called
 * @throws RunError with the line number where a field is not a finite number or the number of columns changes
 */
export const pointsFromCsv = (text: string, name: string): FiniteDataset => {
  const values: number[] = [];
  let columns = 0;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  lines.forEach((line, i) => {
    if (line.trim() === "") return;
    const fields = line.split(",").map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
    const numbers = fields.map((field) => (field === "" ? Number.NaN : Number(field)));
    // The first line that is not empty.
    if (columns === 0) {
      columns = fields.length;
      if (numbers.every(Number.isNaN)) return;
    }
    if (fields.length !== columns) {
      throw new RunError(
        `${name}, line ${i + 1}: expected ${columns} columns as before; got ${fields.length}`,
      );
    }
    const wrong = numbers.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (wrong !== -1) {
      throw new RunError(
        `${name}, line ${i + 1}, column ${wrong + 1}: expected a finite number; got "${fields[wrong]}"`,
      );
    }
    for (const value of numbers) values.push(value);
  });
  if (values.length === 0) throw new RunError(`${name}: expected at least one line of numbers; got none`);
  return fromExamples({ name, shape: [columns], examples: Float32Array.from(values) });
};

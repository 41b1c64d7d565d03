/** What was measured in a browser, for a terminal and for docs/performance.md. */
import { cpus } from "node:os";
import { version } from "tsgan/node";
import { markdownTable } from "tsgan/testing";

interface Measured {
  readonly first: number;
  readonly next: number;
}

/** A workload, and all who took part in it. */
export interface BrowserRow {
  readonly workload: string;
  readonly rounds: number;
  readonly own: Measured;
  readonly others: readonly ({ readonly name: string } & (
    | (Measured & { readonly difference: number })
    | { /** None where it was not tried. */ readonly failure: string | undefined }
  ))[];
}

const round = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

export const browserLine = ({ workload, own, others }: BrowserRow): string =>
  [
    `${workload.padEnd(18)} first step after ${own.first.toFixed(0)} ms, then ${round(own.next)} ms`,
    ...others.map((other) =>
      "failure" in other
        ? `    ${other.name}: ${(other.failure ?? "not tried").slice(0, 160)}`
        : `    ${other.name}: ${other.first.toFixed(0)} ms (${(other.first / own.first).toFixed(2)}), then ` +
          `${round(other.next)} ms (${(other.next / own.next).toFixed(2)}); losses differ by ${other.difference.toExponential(0)}`,
    ),
  ].join("\n");

/** @param versions of the browser and of those who took part @param load before and after */
export const browserTable = (
  rows: readonly BrowserRow[],
  versions: readonly string[],
  [before, after]: readonly [number, number],
): string => {
  const count = Math.max(...rows.map(({ rounds }) => rounds));
  const names = rows[0].others.map(({ name }) => name);
  const cell = (row: BrowserRow, name: string): string => {
    const other = row.others.find((each) => each.name === name);
    if (other === undefined || "failure" in other) return "–";
    return `${round(other.next)} (${(other.next / row.own.next).toFixed(2)})`;
  };
  const failures = rows.flatMap(({ workload, others }) =>
    others.flatMap((other) =>
      "failure" in other && other.failure !== undefined
        ? `\`${workload}\`, ${other.name}: ${other.failure}`
        : [],
    ),
  );
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} in ${versions.join(", ")}: ${cpus().length} cores (${cpus()[0].model}), tsgan ${version}, ` +
      `load ${before.toFixed(1)} before and ${after.toFixed(1)} after. Medians of ${count} ${count === 1 ? "round" : "rounds"} in ms; ` +
      "one thread for perceptrons, as the studio has them below four cores, else one a core; of each other its time for an iteration, and in brackets that divided by ours.",
    "",
    markdownTable(
      [
        ["workload", "first step", "an iteration", ...names],
        ...rows.map((row) => [
          `\`${row.workload}\``,
          row.own.first.toFixed(0),
          round(row.own.next),
          ...names.map((name) => cell(row, name)),
        ]),
      ],
      1,
    ),
    ...failures.flatMap((each) => ["", `–: ${each.replaceAll("\n", " ").slice(0, 200)}.`]),
  ].join("\n");
};

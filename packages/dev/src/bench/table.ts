/** The table of docs/performance.md, of what was measured. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { UsageError } from "tsgan";
import { markdownTable } from "tsgan/testing";
import type { Row } from "./compare.ts";
import { oldWorkloads, workloads } from "./workloads.ts";

const round = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

const ratioOf = ({ ms, fastest }: Row): number | undefined => fastest && fastest.ms / ms;

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** One row for a terminal. */
export const line = (row: Row): string => {
  const { workload, ms, fastest, share, peers, failures, difference } = row;
  const others = Object.entries(peers)
    .sort((a, b) => a[1] - b[1])
    .map(([name, time]) => `${name} ${round(time)}`);
  const failed = Object.entries(failures).map(([name, why]) => `${name}: ${why}`);
  return [
    `${workload.padEnd(20)} ${round(ms).padStart(8)} ms  ${(ratioOf(row)?.toFixed(2) ?? "-").padStart(6)} (${fastest?.name ?? "no peer"})`,
    share === undefined ? "" : `  ${(100 * share).toFixed(0)} % of the product rate`,
    difference === undefined ? "" : `  values differ by ${difference.toExponential(0)}`,
    `\n    ${others.join(", ")}`,
    ...failed.map((each) => `\n    failed: ${each.slice(0, 160)}`),
  ].join("");
};

/** What the rows come to, in lines. */
export const summary = (rows: readonly Row[]): string[] => {
  const ratios = rows
    .filter(({ workload }) => oldWorkloads.includes(workload))
    .flatMap((row) => ratioOf(row) ?? []);
  if (ratios.length < oldWorkloads.length) return [];
  return [
    `Geometric mean of the ratios of ${oldWorkloads.join(", ")}: ${geometricMean(ratios).toFixed(2)}, the least ${Math.min(...ratios).toFixed(2)}.`,
  ];
};

/** The rows as Markdown. */
export const describe = (rows: readonly Row[]): string => {
  const versions = [...new Set(rows.flatMap((row) => Object.values(row.versions)))];
  const { model } = cpus()[0];
  const table = rows.map((row) => {
    const { workload, ms, fastest, share, peers } = row;
    const batch = workloads[workload]?.samples === true ? workloads[workload].batch : undefined;
    const made = batch === undefined ? "" : ` (${round((1000 * batch) / ms)} a second)`;
    return [
      `\`${workload}\``,
      `${round(ms)}${made}`,
      ...["torch", "tf", "jax", "POT"].map((engine) => {
        const [best] = Object.entries(peers)
          .filter(([name]) => name.startsWith(engine))
          .sort((a, b) => a[1] - b[1]);
        if (best === undefined) return "";
        const [name, time] = best;
        return engine === "POT" ? round(time) : `${round(time)} (${name.slice(engine.length + 1)})`;
      }),
      fastest === undefined ? "" : (ratioOf(row)?.toFixed(2) ?? ""),
      share === undefined ? "" : `${(100 * share).toFixed(0)} %`,
    ];
  });
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${model}), Node.js ${process.versions.node}, ${versions.join(", ")}. ` +
      `Medians of ${Math.max(...rows.map(({ rounds }) => rounds.length))} rounds in ms; of each peer its fastest way, with its threads; ` +
      "ratio: the fastest peer to tsgan; share: operations of the plain algorithm a second, of those that a product of matrices reaches.",
    "",
    markdownTable(
      [["workload", "tsgan", "PyTorch", "TensorFlow", "jax", "POT, NumPy", "ratio", "share"], ...table],
      1,
    ),
    ...summary(rows).flatMap((each) => ["", each]),
  ].join("\n");
};

/**
 * Puts a table between the marks of a file.
 *
 * @param command what writes it, as the marks say
 */
export const writeTable = (path: string, table: string, command = "npm run bench -- --write"): void => {
  const text = readFileSync(path, "utf8");
  const [opening, closing] = ["begin", "end"].map((which) => `<!-- written by ${command}: ${which} -->`);
  const [begin, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (begin < 0 || end < begin) {
    throw new UsageError(
      `bench: ${path} must have the marks "${opening}" and "${closing}"; put them where the table goes`,
    );
  }
  writeFileSync(path, `${text.slice(0, begin + opening.length)}\n\n${table}\n\n${text.slice(end)}`);
};

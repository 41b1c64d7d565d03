/** The figures of a run as they come in: lines of metrics.jsonl, by name, and what is drawn of them. */

/** The values of one figure, at the steps that have it. */
export interface Column {
  readonly steps: number[];
  readonly values: number[];
}

export interface Records {
  /** By the key of metrics.jsonl. */
  readonly columns: Map<string, Column>;
  /** Lines that are no records. */
  damaged: number;
  /** Where the next piece of the file begins, and of which file. */
  next: number;
  version: string;
}

export const emptyRecords = (): Records => ({ columns: new Map(), damaged: 0, next: 0, version: "" });

const parse = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** Adds whole lines. A step that is not after the last one of its figure is left out: x must ascend. */
export const addLines = (records: Records, text: string): void => {
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const record = parse(line);
    const step = record?.step;
    if (record === undefined || typeof step !== "number" || !Number.isFinite(step)) {
      records.damaged++;
      continue;
    }
    for (const [name, value] of Object.entries(record)) {
      if (name === "step" || typeof value !== "number") continue;
      let column = records.columns.get(name);
      if (column === undefined) {
        column = { steps: [], values: [] };
        records.columns.set(name, column);
      }
      if (column.steps.length > 0 && step <= column.steps[column.steps.length - 1]) continue;
      column.steps.push(step);
      column.values.push(value);
    }
  }
};

/**
 * Exponential moving average that forgets its beginning: mᵢ = w mᵢ₋₁ + (1 − w) yᵢ with m₀ = 0, divided by 1 − wⁱ (Kingma &
 * Ba 2015, §3). Values that are not finite are passed over. w in [0, 1); 0 leaves the values as they are.
 */
export const smoothed = (values: readonly number[], weight: number): number[] => {
  let mean = 0;
  let remaining = 1;
  return values.map((value) => {
    if (weight === 0 || !Number.isFinite(value)) return value;
    mean = weight * mean + (1 - weight) * value;
    remaining *= weight;
    return mean / (1 - remaining);
  });
};

/** `optimizer.generator.learningRate` and its value as JSON, for every leaf. Lists of plain values are leaves. */
export const flatten = (value: unknown, path = ""): [string, string][] => {
  const isLeaf =
    typeof value !== "object" ||
    value === null ||
    (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null));
  if (isLeaf) return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, path === "" ? key : `${path}.${key}`),
  );
};

export interface Difference {
  readonly key: string;
  /** For each configuration; undefined where it has no such key. */
  readonly values: readonly (string | undefined)[];
}

/** The keys of configurations, those with different values alone where `all` is false. */
export const differences = (configs: readonly unknown[], all: boolean): Difference[] => {
  const flat = configs.map((config) => new Map(config === undefined ? [] : flatten(config)));
  const keys = [...new Set(flat.flatMap((entries) => [...entries.keys()]))];
  return keys
    .map((key) => ({ key, values: flat.map((entries) => entries.get(key)) }))
    .filter(({ values }) => all || new Set(values).size > 1);
};

export type Better = "lower" | "higher" | "neither";

export interface Evaluations {
  readonly names: readonly string[];
  readonly rows: readonly { readonly step: number; readonly values: readonly (number | undefined)[] }[];
  /** For each figure the index of the row that has its best value; undefined where none is better. */
  readonly best: readonly (number | undefined)[];
}

/** The evaluations of a run as a table, by step. */
export const evaluationsOf = (
  { columns }: Records,
  figures: Readonly<Record<string, Better>>,
): Evaluations => {
  const names = [...columns.keys()].filter((name) => Object.hasOwn(figures, name));
  const steps = [...new Set(names.flatMap((name) => columns.get(name)!.steps))].sort((a, b) => a - b);
  const bySteps = names.map((name) => {
    const { steps: own, values } = columns.get(name)!;
    return new Map(own.map((step, i) => [step, values[i]]));
  });
  const rows = steps.map((step) => ({ step, values: bySteps.map((values) => values.get(step)) }));
  const best = names.map((name, column) => {
    const sign = { lower: 1, higher: -1, neither: 0 }[figures[name]];
    if (sign === 0) return undefined;
    let found: number | undefined;
    rows.forEach(({ values }, i) => {
      const value = values[column];
      if (value === undefined || !Number.isFinite(value)) return;
      if (found === undefined || sign * value < sign * rows[found].values[column]!) found = i;
    });
    return found;
  });
  return { names, rows, best };
};

/** The newest sample at or before a step, or else the first. */
export const sampleAt = <Sample extends { readonly step: number }>(
  samples: readonly Sample[],
  step: number,
): Sample | undefined => samples.findLast((sample) => sample.step <= step) ?? samples[0];

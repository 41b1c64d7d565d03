/** Workloads of tsgan in turn with those of its peers, run by run, in rounds. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { median } from "tsgan/statistics";
import type { Figure, Variant } from "./peers.ts";

/** After a round, what is so many times slower than the fastest peer is not run again. */
const HOPELESS = 1.5;

/** What each variant has been measured at, a median in ms for each workload; null: it cannot do it. */
export type Survey = Record<string, Record<string, number | null>>;

/** Something that both sides do, once a round. */
export interface Contest {
  readonly name: string;
  readonly variants: readonly Variant[];
  ours(): Measured | Promise<Measured>;
  theirs(variant: Variant): Measured;
}

/** A figure and the version of what it was measured on, or why there is none. */
export type Measured = { readonly figure: Figure; readonly version: string } | string;

export interface Row {
  readonly workload: string;
  /** Medians of our rounds, and of each variant's. */
  readonly ms: number;
  readonly rounds: readonly number[];
  readonly peers: Readonly<Record<string, number>>;
  readonly fastest: { readonly name: string; readonly ms: number } | undefined;
  /** Of the machine's product rate, by the operations of the plain algorithm. */
  readonly share: number | undefined;
  /** Relative difference of what both computed, where that is a number. */
  readonly difference: number | undefined;
  readonly versions: Readonly<Record<string, string>>;
  /** What could not be run, and why. */
  readonly failures: Readonly<Record<string, string>>;
}

export interface CompareOptions {
  readonly rounds: number;
  /** Of the variants, at most so many are run again after a round. */
  readonly best: number;
  /** A file in which the medians of all variants are kept: those that were hopeless in it are left out. */
  readonly keep: string | undefined;
}

const readSurvey = (path: string | undefined): Survey =>
  path !== undefined && existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Survey) : {};

const fastestOf = (times: Readonly<Record<string, number>>) => {
  const [first] = Object.entries(times).sort((a, b) => a[1] - b[1]);
  return first && { name: first[0], ms: first[1] };
};

const say = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K\r`);
};

/** One contest between tsgan and all variants. */
export const compare = async (
  { name: workload, variants, ...contest }: Contest,
  { rounds, best, keep }: CompareOptions,
): Promise<Row> => {
  const survey = readSurvey(keep);
  const known = survey[workload] ?? {};
  const ours: Figure[] = [];
  const times: Record<string, number[]> = {};
  const failures: Record<string, string> = {};
  const versions: Record<string, string> = {};
  let theirValue: number | undefined;
  let left = [...variants];
  const dropHopeless = (medians: Readonly<Record<string, number | null>>): void => {
    const measured = left.flatMap(({ name }) => medians[name] ?? []).sort((a, b) => a - b);
    const limit = Math.min(HOPELESS * measured[0], measured[best - 1] ?? Number.POSITIVE_INFINITY);
    left = left.filter(({ name }) => medians[name] === undefined || (medians[name] ?? Infinity) <= limit);
  };
  dropHopeless(known);
  for (let round = 0; round < rounds; round++) {
    say(`${workload}: round ${round + 1} of ${rounds}: tsgan`);
    const own = await contest.ours();
    if (typeof own === "string") throw new Error(`bench: ${workload} failed: ${own}`);
    ours.push(own.figure);
    versions.tsgan = own.version;
    for (const variant of left) {
      const { name, engine } = variant;
      say(`${workload}: round ${round + 1} of ${rounds}: ${name}`);
      const measured = contest.theirs(variant);
      if (typeof measured === "string") {
        failures[name] = measured;
        continue;
      }
      versions[engine] = measured.version;
      theirValue = measured.figure.value ?? theirValue;
      times[name] = [...(times[name] ?? []), measured.figure.ms];
    }
    left = left.filter(({ name }) => failures[name] === undefined);
    dropHopeless(Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)])));
  }
  const peers = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
  if (keep !== undefined) {
    const failed = Object.fromEntries(Object.keys(failures).map((name) => [name, null]));
    const next: Survey = { ...readSurvey(keep), [workload]: { ...known, ...failed, ...peers } };
    writeFileSync(keep, `${JSON.stringify(next, undefined, 1)}\n`);
  }
  const measuredBefore = Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, number] => entry[1] !== null),
  );
  const ms = median(ours.map((figure) => figure.ms));
  const shares = ours.flatMap(({ operations, rate, ms: own }) =>
    operations === undefined || rate === undefined ? [] : (1000 * operations) / own / rate,
  );
  return {
    workload,
    ms,
    rounds: ours.map((figure) => figure.ms),
    peers: { ...measuredBefore, ...peers },
    fastest: fastestOf(peers),
    share: shares.length === 0 ? undefined : median(shares),
    difference:
      theirValue === undefined ? undefined : Math.abs((ours[0].value ?? Number.NaN) / theirValue - 1),
    versions,
    failures,
  };
};

/** Models of a data set against each other: rank tests of their results, and what they say in a sentence. */
import { costOf, type FigureKind } from "./figures.ts";
import { cliffsDelta, holm, kruskalWallis, mannWhitney, smallestP } from "./rank-tests.ts";
import type { Comparison, PairTest, StudySummary } from "./study-summary.ts";

/** Differences with a smaller p are called more than chance. */
const SIGNIFICANCE = 0.05;

/** `p = 0.21`, `p < 0.001` */
export const formatP = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`);

/** Results of each of two models, at least, for a pair among `pairs` to come below the level of significance. */
const fewestResults = (pairs: number): number => {
  let count = 1;
  while (pairs * smallestP(count, count) >= SIGNIFICANCE) count++;
  return count;
};

interface Ranked {
  readonly model: string;
  readonly results: readonly number[];
}

const verdict = (
  kind: FigureKind,
  unit: StudySummary["unit"],
  [first, second]: readonly Ranked[],
  { adjusted, delta }: PairTest,
  pairs: number,
): string => {
  const [m, n] = [first.results.length, second.results.length];
  const count = (results: number) => `${results} ${unit}${results === 1 ? "" : "s"}`;
  const sizes = m === n ? `${count(m)} each` : `${count(m)} and ${count(n)}`;
  // Mean ranks are over all models; between two of them the order may be none, or another.
  if (delta <= 0)
    return `With ${sizes}, ${first.model} and ${second.model} cannot be told apart by ${kind.label}.`;
  const lead = `With ${sizes}, ${first.model}'s ${kind.better} ${kind.label} than ${second.model}'s`;
  const p = `${formatP(adjusted)}, Holm`;
  if (adjusted < SIGNIFICANCE) return `${lead} is more than chance (${p}).`;
  const hopeless = pairs * smallestP(m, n) >= SIGNIFICANCE;
  return hopeless
    ? `${lead} could be chance (${p}); so few cannot show any difference, however large: it takes ${count(fewestResults(pairs))} each.`
    : `${lead} could be chance (${p}).`;
};

export const compare = (
  kind: FigureKind,
  unit: StudySummary["unit"],
  ranked: readonly Ranked[],
): Comparison | null => {
  if (ranked.length < 2) return null;
  const costs = ranked.map(({ results }) => results.map((value) => costOf(kind, value)));
  const tests = ranked.flatMap((first, i) =>
    ranked.slice(i + 1).map((second, j) => {
      const [a, b] = [costs[i], costs[i + 1 + j]];
      const { p, method } = mannWhitney(a, b);
      return { first: first.model, second: second.model, p, delta: cliffsDelta(b, a), method };
    }),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  const pairs = tests.map((test, i): PairTest => ({ ...test, adjusted: adjusted[i] }));
  const sentence = verdict(kind, unit, ranked, pairs[0], pairs.length);
  return { overall: kruskalWallis(costs), pairs, sentence };
};

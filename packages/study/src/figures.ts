/** The figures that trials are compared by: what they are called, and which way is better. */
import { type Better, knownFigures } from "tsgan/metrics";
import type { Evaluation } from "./record.ts";

export interface FigureKind {
  /** Name in metrics.jsonl: "fid". */
  readonly key: string;
  readonly label: string;
  readonly better: Exclude<Better, "neither">;
}

/**
 * All figures that have a better way, of built-in metrics and registered ones, the most telling first: a data set's models are
 * ranked by the first of these that tells its trials apart.
 */
export const figureKinds = (): readonly FigureKind[] =>
  knownFigures().flatMap(({ key, label, better }) => (better === "neither" ? [] : [{ key, label, better }]));

/**
 * The finite figures of an evaluation, with those that follow from others, such as F1 from precision and recall.
 *
 * @param evaluation what was measured, by the keys of metrics.jsonl; only its `metrics` are read
 * @returns a new object: what is not finite is left out
 */
export const figuresOf = ({
  metrics,
}: Pick<Evaluation, "metrics"> & Partial<Evaluation>): Record<string, number> => {
  const figures: Record<string, number> = {};
  for (const [key, value] of Object.entries(metrics)) if (Number.isFinite(value)) figures[key] = value;
  for (const { key, from } of knownFigures()) {
    const value = figures[key] === undefined ? from?.(figures) : undefined;
    if (value !== undefined && Number.isFinite(value)) figures[key] = value;
  }
  return figures;
};

/** Lower is better of all costs. */
export const costOf = ({ better }: FigureKind, value: number): number =>
  better === "lower" ? value : 0 - value;

/**
 * What the trials of a data set are ranked by: the figure that is asked for, where they have it; or the most telling one that is not
 * the same for all of them; or the most telling one that they have.
 *
 * @param evaluations the figures of all evaluations of all trials, as `figuresOf` gives them
 * @param rankBy key of the figure that is asked for, such as "fid"
 * @returns null where no evaluation has a figure that can be ranked
 */
export const rankingKind = (
  evaluations: Iterable<Readonly<Record<string, number>>>,
  rankBy?: string,
): FigureKind | null => {
  /** The value of each figure, while all have the same. */
  const values = new Map<string, number | undefined>();
  for (const figures of evaluations) {
    for (const [key, value] of Object.entries(figures)) {
      if (!values.has(key)) values.set(key, value);
      else if (values.get(key) !== value) values.set(key, undefined);
    }
  }
  const kinds = figureKinds().filter(({ key }) => values.has(key));
  const asked = kinds.find(({ key }) => key === rankBy);
  return asked ?? kinds.find(({ key }) => values.get(key) === undefined) ?? kinds[0] ?? null;
};

/**
 * The best of some evaluations, by one figure; of equals the first.
 *
 * @param kind the figure, and which way it is better
 * @param evaluations their figures, as `figuresOf` gives them
 * @returns its index among them, from 0; undefined where none has the figure
 */
export const bestBy = (
  kind: FigureKind,
  evaluations: readonly Readonly<Record<string, number>>[],
): number | undefined => {
  let best: { readonly at: number; readonly cost: number } | undefined;
  for (const [at, { [kind.key]: value }] of evaluations.entries()) {
    if (value === undefined) continue;
    const cost = costOf(kind, value);
    if (best === undefined || cost < best.cost) best = { at, cost };
  }
  return best?.at;
};

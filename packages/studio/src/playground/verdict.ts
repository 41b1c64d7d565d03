/** How a GAN is doing, in a word and a sentence, from the figures that the page shows. */
import type { FigureKey } from "./figures.ts";
import { short } from "./short.ts";

export type Level = "waiting" | "good" | "learning" | "bad";

export interface Verdict {
  readonly level: Level;
  readonly title: string;
  readonly text: string;
}

export type FigureColumns = Readonly<Record<FigureKey | "step", Float64Array>>;

/** Iterations after which a generator that misses half of the data has collapsed, and not just begun. */
const EARLIEST = 500;
const BEGUN = 100;
/** Share of precision and recall from which on data without modes count as found, and below which as missed. */
const FOUND = 0.7;
const MISSED = 0.3;
/** Change of W₁ from one half of the latest measurements to the other that is more than its noise. */
const CHANGE = 0.08;
const LATEST = 8;

const mean = (values: Float64Array): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** "still falls", "rises", "stands" of the distance over the latest measurements. */
const trend = (distance: Float64Array): string => {
  const latest = distance.slice(-LATEST);
  if (latest.length < 4) return "";
  const half = latest.length >> 1;
  const [before, now] = [mean(latest.slice(0, half)), mean(latest.slice(half))];
  if (now < before * (1 - CHANGE)) return "still falls";
  return now > before * (1 + CHANGE) ? "rises" : "stands";
};

const distanceText = (columns: FigureColumns): string => {
  const { wasserstein } = columns;
  const word = trend(wasserstein);
  const value = short(wasserstein[wasserstein.length - 1]);
  return word === "" ? `The distance is ${value}.` : `The distance ${word} at ${value}.`;
};

/**
 * @param columns what was measured so far, or up to the moment that is looked at
 * @param modes of the distribution, where they can be counted
 * @param problem why training has stopped
 * @param isTrained whether the iteration that is looked at is a later one than 0; measurements come less often
 */
export const verdictOf = (
  columns: FigureColumns | undefined,
  modes: number | undefined,
  {
    problem,
    isTrained = false,
  }: { readonly problem?: string | undefined; readonly isTrained?: boolean } = {},
): Verdict => {
  if (problem !== undefined) return { level: "bad", title: "Stopped", text: problem };
  const count = columns?.step.length ?? 0;
  const at = count - 1;
  if (columns === undefined || count === 0 || (columns.step[at] === 0 && !isTrained)) {
    return {
      level: "waiting",
      title: "Not trained yet",
      text: "The orange points lie where a random generator puts them.",
    };
  }
  const step = columns.step[at];
  const distance = distanceText(columns);
  const covered = columns.modes[at];
  const isLate = step >= EARLIEST;
  if (modes !== undefined && Number.isFinite(covered)) {
    const share = `${covered} of ${modes} modes`;
    if (covered === modes) {
      return { level: "good", title: "It works", text: `All ${modes} modes are covered. ${distance}` };
    }
    if (isLate && covered <= modes / 2) {
      return {
        level: "bad",
        title: "Collapsed",
        text: `Only ${share} are covered: the generator has given up the others. ${distance}`,
      };
    }
    if (step < BEGUN) return { level: "learning", title: "It begins", text: `${share} so far. ${distance}` };
    return { level: "learning", title: "Learning", text: `${share} are covered. ${distance}` };
  }
  const [precision, recall] = [columns.precision[at], columns.recall[at]];
  if (precision >= FOUND && recall >= FOUND) {
    return { level: "good", title: "It works", text: `Both clouds cover each other. ${distance}` };
  }
  if (isLate && recall < MISSED) {
    return {
      level: "bad",
      title: "Much is missed",
      text: `The generated points leave out most of the data (recall ${short(recall)}). ${distance}`,
    };
  }
  return { level: "learning", title: step < BEGUN ? "It begins" : "Learning", text: distance };
};

/** The measurements up to an iteration. */
export const upTo = (columns: FigureColumns, step: number): FigureColumns => {
  const after = columns.step.findIndex((one) => one > step);
  if (after === -1) return columns;
  return Object.fromEntries(
    Object.entries(columns).map(([key, values]) => [key, values.slice(0, after)]),
  ) as unknown as FigureColumns;
};

/** Which runs of many are wanted, and in what order. */
import type { RunSummary } from "@tsgan/studio/api";

type Facts = Partial<RunSummary>;
type Test = (value: number) => boolean;

const COMPARISON = /^([\w.-]+)(<=|>=|<|>|=)(-?\d+(?:\.\d*)?(?:e-?\d+)?)$/i;

const tests: Readonly<Record<string, (than: number) => Test>> = {
  "<": (than) => (value) => value < than,
  ">": (than) => (value) => value > than,
  "<=": (than) => (value) => value <= than,
  ">=": (than) => (value) => value >= than,
  "=": (than) => (value) => value === than,
};

export interface Wanted {
  /** Words that must all be in a run's name, data, model, loss, tags or note. */
  readonly words: readonly string[];
  /** Figures that must be as it says: `fid<50`, `step>=1000`. */
  fits(run: Facts): boolean;
  readonly comparesFigures: boolean;
}

/** `mnist wgan fid<50`: words, and comparisons of figures. */
export const wantedOf = (search: string): Wanted => {
  const all = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const comparisons = all.flatMap((word) => {
    const [, name, sign, than] = COMPARISON.exec(word) ?? [];
    return name === undefined ? [] : { name, test: tests[sign](Number(than)) };
  });
  const figureOf = ({ step, steps, figures = {} }: Facts, name: string): number | undefined => {
    if (name === "step") return step;
    if (name === "steps") return steps;
    return Object.entries(figures).find(([key]) => key.toLowerCase() === name)?.[1];
  };
  return {
    words: all.filter((word) => !COMPARISON.test(word)),
    comparesFigures: comparisons.length > 0,
    fits: (run) =>
      comparisons.every(({ name, test }) => {
        const value = figureOf(run, name);
        return value !== undefined && test(value);
      }),
  };
};

/** Sorts by a value, those without one last, whichever way round. */
export const sortBy = <T>(
  items: readonly T[],
  keyOf: (item: T) => string | number | undefined,
  descending: boolean,
): T[] => {
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  return items
    .map((item) => ({ item, value: keyOf(item) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      const order =
        typeof a.value === "number" && typeof b.value === "number"
          ? a.value - b.value
          : compare(String(a.value), String(b.value));
      return descending ? -order : order;
    })
    .map(({ item }) => item);
};

/**
 * Classes from the folders that pictures lie in, as the person who made them means it: wrappers such as `images/` and splits
 * such as `train/` and `test/` are no classes, and a stray picture beside the folders does not undo them.
 */
import type { Int32s, Uint32s } from "../arrays.ts";
import { naturalOrder } from "./natural-order.ts";
import type { Counts, Labelling } from "./reading.ts";

export type Split = "train" | "test";

export interface PathLabels {
  /** Places of the paths that are used, in their order. */
  readonly chosen: Uint32s;
  readonly classes?: readonly string[];
  /** A class for each that is used. */
  readonly labels?: Int32s;
  readonly labelling: Labelling;
  /** Pictures of each split, where folders hold one. */
  readonly splits?: Counts;
}

const SPLITS: Readonly<Record<string, "train" | "validation" | "test">> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  eval: "validation",
  test: "test",
  testing: "test",
};

/** The split that a folder of this name holds. */
export const splitNamed = (name: string): "train" | "validation" | "test" | undefined =>
  SPLITS[name.toLowerCase()];

/** Whether folders of these names, and no others, divide the data: one of them for training. */
export const areSplits = (names: readonly string[]): boolean =>
  names.length >= 2 &&
  names.every((name) => splitNamed(name) !== undefined) &&
  names.some((name) => splitNamed(name) === "train");

/** A picture or two beside the folders are strays; more are a person's way of keeping things. */
const STRAY_SHARE = 0.1;

interface Levels {
  /** Class of each path; undefined for a stray one, or where there are none. */
  readonly classOf: readonly (string | undefined)[];
  readonly splitOf: readonly ("train" | "validation" | "test" | undefined)[];
  /** Folders above the classes, for the classes that hold no picture: those of a split stand for any. */
  readonly above: readonly (string | undefined)[];
  readonly reason?: string;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * Goes down the folders, past wrappers and splits, to where those of the training pictures differ. Test pictures may lie
 * there without classes.
 */
const findLevels = (paths: readonly string[], forced: boolean): Levels => {
  const folders = paths.map((path) => path.split("/").slice(0, -1));
  const splitOf: ("train" | "validation" | "test" | undefined)[] = paths.map(() => undefined);
  const above: (string | undefined)[] = [];
  const classOf: (string | undefined)[] = paths.map(() => undefined);
  const takeSplit = (level: number): void => {
    for (const [i, own] of folders.entries()) {
      if (own.length <= level) continue;
      splitOf[i] ??= splitNamed(own[level]);
      own.splice(level, 1);
    }
  };
  const none = (reason: string): Levels => ({ classOf, splitOf, above, reason });
  let inside = [...paths.keys()];
  for (;;) {
    inside = inside.filter((i) => splitOf[i] === undefined || splitOf[i] === "train");
    const deeper = inside.filter((i) => folders[i].length > 0);
    if (deeper.length === 0) return none("all pictures lie in one folder");
    const strays = inside.length - deeper.length;
    if (!forced && strays > Math.max(1, STRAY_SHARE * inside.length)) {
      return none(
        `${strays} of ${plural(inside.length, "picture")} lie beside the folders, not in one; --labels folders takes those in folders alone`,
      );
    }
    inside = deeper;
    const names = [...new Set(inside.map((i) => folders[i][0]))];
    if (areSplits(names)) {
      takeSplit(0);
      above.push(undefined);
    } else if (names.length === 1) {
      for (const own of folders) if (own[0] === names[0]) own.shift();
      above.push(names[0]);
    } else break;
  }
  // Splits within classes: cat/train, cat/test, dog/train …
  if (areSplits([...new Set(inside.map((i) => folders[i][1] ?? ""))])) takeSplit(1);
  for (const [i, own] of folders.entries()) classOf[i] = own[0];
  return { classOf, splitOf, above };
};

/** Classes in folders that hold no picture that can be read. */
const emptyClasses = (
  emptyFolders: readonly string[],
  { above }: Levels,
  classes: readonly string[],
): string[] => {
  const found = emptyFolders.flatMap((folder) => {
    const parts = folder.split("/");
    const fits =
      parts.length === above.length + 1 &&
      above.every(
        (name, i) => name === parts[i] || (name === undefined && splitNamed(parts[i]) !== undefined),
      );
    return fits && !classes.includes(parts[parts.length - 1]) ? [parts[parts.length - 1]] : [];
  });
  return [...new Set(found)].sort(naturalOrder);
};

const countOf = (names: readonly (string | undefined)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Examples by the names of their classes, in natural order; those without a name, or of other classes, are left out. */
export const labelsOfNames = (
  names: readonly (string | undefined)[],
  options: { readonly classes?: readonly string[]; readonly among?: readonly number[] } = {},
): {
  readonly chosen: Uint32s;
  readonly classes: readonly string[];
  readonly labels: Int32s;
  readonly counts: Counts;
} => {
  const {
    classes = [...new Set(names.flatMap((name) => name ?? []))].sort(naturalOrder),
    among = [...names.keys()],
  } = options;
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const numberOf = (i: number) => numbers.get(names[i] ?? "");
  const chosen = Uint32Array.from(among.filter((i) => names[i] !== undefined && numberOf(i) !== undefined));
  const labels = Int32Array.from(chosen, (i) => numberOf(i) as number);
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label]++;
  return {
    chosen,
    classes,
    labels,
    counts: Object.fromEntries(classes.map((name, i) => [name, counts[i]])),
  };
};

/** Whether an example of that split is used: validation stands in where there is no test. */
const isIn = (wanted: Split, split: string | undefined, hasTest: boolean): boolean =>
  wanted === "train"
    ? split === undefined || split === "train"
    : split === "test" || (split === "validation" && !hasTest);

/**
 * Classes of pictures from their paths, with `/` between parts. Classes are in natural order.
 *
 * @param options.labels "folders" takes the pictures in folders alone, however many lie beside them; "none" takes no classes
 * @param options.emptyFolders folders without a picture that can be read
 */
export const labelsOfPaths = (
  paths: readonly string[],
  options: {
    readonly labels?: "folders" | "none" | undefined;
    readonly split?: Split | undefined;
    readonly emptyFolders?: readonly string[];
  } = {},
): PathLabels => {
  const { labels, split = "train", emptyFolders = [] } = options;
  const levels = findLevels(paths, labels === "folders");
  const { splitOf, reason } = levels;
  const all = [...paths.keys()];
  const splits = countOf(splitOf);
  const hasSplits = Object.keys(splits).length > 0;
  const inSplit = all.filter((i) => !hasSplits || isIn(split, splitOf[i], "test" in splits));
  const common = hasSplits ? { splits } : {};
  if (labels === "none" || reason !== undefined) {
    const why = labels === "none" ? "--labels none" : reason;
    return {
      chosen: Uint32Array.from(inSplit),
      labelling: { from: "none", ...(why !== undefined && { reason: why }) },
      ...common,
    };
  }
  const { classOf } = levels;
  // Those of the training pictures, whichever split is asked for: both must mean the same by a number.
  const training = all.filter((i) => !hasSplits || isIn("train", splitOf[i], true));
  const { classes } = labelsOfNames(training.map((i) => classOf[i]));
  const { counts, ...chosen } = labelsOfNames(classOf, { classes, among: inSplit });

  const leftOut: string[] = [];
  const strays = inSplit.filter((i) => classOf[i] === undefined);
  if (strays.length > 0) {
    leftOut.push(
      `left out: ${plural(strays.length, "picture")} beside the folders (${paths[strays[0]]}${strays.length > 1 ? ", …" : ""})`,
    );
  }
  const empty = emptyClasses(emptyFolders, levels, classes);
  if (empty.length > 0) {
    leftOut.push(`left out: ${empty.join(", ")}, without a picture that can be read`);
  }
  return {
    ...chosen,
    labelling: { from: "folders", counts, ...(leftOut.length > 0 && { leftOut }) },
    ...common,
  };
};

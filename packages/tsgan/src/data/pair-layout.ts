/** How a folder holds pairs of pictures, from the paths in it: the layouts that pix2pix, CycleGAN and their data sets use. */
import { areSplits, type Split, splitNamed } from "./labels-of-paths.ts";

export interface PairPlace {
  /** Which kind it belongs to; undefined for a picture that holds both side by side. */
  readonly side?: "A" | "B";
  readonly split?: Split;
  /** What the two of a pair share: the rest of the path without the extension. */
  readonly name: string;
}

export interface PairLayout {
  readonly kind: "two kinds" | "side by side";
  /** One for each path; undefined where it belongs to no pair. */
  readonly places: readonly (PairPlace | undefined)[];
}

const EXTENSION = /\.[^./]+$/;
const SIDE = /^[ab]$/i;
/** CycleGAN's folders: trainA, trainB, testA, testB. */
const SPLIT_SIDE = /^(train|training|val|valid|validation|test|testing)[_-]?([ab])$/i;

const splitOf = (name: string): Split | undefined => {
  const split = splitNamed(name);
  return split === "validation" ? "test" : split;
};

const bothSides = (names: readonly string[]): boolean => {
  const sides = new Set(names.filter((name) => SIDE.test(name)).map((name) => name.toUpperCase()));
  return sides.size === 2;
};

/** Names of the folders at a level, of the paths that have one. */
const namesAt = (parts: readonly (readonly string[])[], level: number): string[] => [
  ...new Set(parts.flatMap((own) => (own.length > level + 1 ? [own[level]] : []))),
];

/**
 * Layouts: `A` and `B`; `trainA`, `trainB`, `testA`, `testB`; either within `train` and `test`, or these within `A` and `B`;
 * all below any number of single folders. What has none of these consists of pictures of both kinds side by side.
 */
export const pairLayout = (paths: readonly string[]): PairLayout => {
  let parts: readonly (readonly string[])[] = paths.map((path) => path.split("/"));
  const splits: (Split | undefined)[] = paths.map(() => undefined);
  const place = (
    i: number,
    side: string | undefined,
    rest: readonly string[],
    split = splits[i],
  ): PairPlace => ({
    ...(side && { side: side.toUpperCase() as "A" | "B" }),
    ...(split && { split }),
    name: rest.join("/").replace(EXTENSION, ""),
  });
  const takeSplit = (level: number): void => {
    parts = parts.map((own, i) => {
      splits[i] ??= splitOf(own[level] ?? "");
      return [...own.slice(0, level), ...own.slice(level + 1)];
    });
  };
  let names = namesAt(parts, 0);
  while (names.length === 1 || areSplits(names)) {
    if (areSplits(names)) takeSplit(0);
    else parts = parts.map((own) => (own.length > 1 ? own.slice(1) : own));
    names = namesAt(parts, 0);
  }
  const coded = names.filter((name) => SPLIT_SIDE.test(name));
  if (bothSides(coded.map((name) => name.slice(-1)))) {
    const places = parts.map((own, i) => {
      const [, split, side] = (own.length > 1 && SPLIT_SIDE.exec(own[0])) || [];
      return side === undefined ? undefined : place(i, side, own.slice(1), splitOf(split));
    });
    return { kind: "two kinds", places };
  }
  if (!bothSides(names))
    return { kind: "side by side", places: parts.map((own, i) => place(i, undefined, own)) };
  const inside = parts.filter((own) => own.length > 1 && SIDE.test(own[0]));
  if (areSplits(namesAt(inside, 1))) takeSplit(1);
  return {
    kind: "two kinds",
    places: parts.map((own, i) =>
      own.length > 1 && SIDE.test(own[0]) ? place(i, own[0], own.slice(1)) : undefined,
    ),
  };
};

/** Pairs of pictures in a folder or a zip archive, for models that translate. */
import { alignedPairs, type Dataset, independentPairs, splitOff } from "../data/index.ts";
import type { Split } from "../data/labels-of-paths.ts";
import { type PairPlace, pairLayout } from "../data/pair-layout.ts";
import { RunError } from "../errors.ts";
import { datasetOfPictures, readingOf } from "./images.ts";
import type { Listing } from "./listing.ts";
import { openPictures, type PictureOptions, type Pictures } from "./pictures.ts";

export interface PairOptions extends PictureOptions {
  split?: Split;
}

/** Places of the pictures of a kind in the split; all of them, and then to be split, where no folder says. */
interface Half {
  readonly places: Uint32Array;
  readonly names: readonly string[];
}

const halfOf = (
  places: readonly (PairPlace | undefined)[],
  side: PairPlace["side"],
  split: Split | undefined,
): Half => {
  const own = [...places.entries()].filter(
    ([, place]) =>
      place !== undefined &&
      place.side === side &&
      (split === undefined || (place.split ?? "train") === split),
  );
  return {
    places: Uint32Array.from(own, ([i]) => i),
    names: own.map(([, place]) => place?.name as string),
  };
};

/** Below this share of names in common, two kinds have nothing to do with each other. */
const PAIRED = 0.5;

/** Both kinds of a folder: by name where most names have a partner, else each for itself. */
const twoKinds = (
  pictures: Pictures,
  places: readonly (PairPlace | undefined)[],
  split: Split,
  unreadable: readonly string[],
): Dataset => {
  const { name, path } = pictures;
  const hasSplits = places.some((place) => place?.split !== undefined);
  const [first, second] = (["A", "B"] as const).map((side) =>
    halfOf(places, side, hasSplits ? split : undefined),
  );
  const divide = <T extends Parameters<typeof splitOff>[0]>(dataset: T) =>
    hasSplits ? dataset : splitOff(dataset, split);
  const open = (kind: string, chosen: Uint32Array, notes: readonly string[] = []) => {
    if (chosen.length === 0)
      throw new RunError(`${path}: expected pictures in ${kind}; got none that can be read`);
    const reading = readingOf(pictures, chosen.length, { pairs: true });
    const dataset = datasetOfPictures(pictures, chosen, { name: kind });
    return { dataset, reading: notes.length === 0 ? reading : { ...reading, notes } };
  };
  const partners = new Map(second.names.map((own, i) => [own, second.places[i]]));
  const common = first.names.flatMap((own, i) => {
    const partner = partners.get(own);
    return partner === undefined ? [] : [[first.places[i], partner] as const];
  });
  const longest = Math.max(first.names.length, second.names.length);
  if (common.length < PAIRED * longest || common.length === 0) {
    const [a, b] = [open("A", first.places), open("B", second.places)];
    const pairs = independentPairs(name, divide(a.dataset), divide(b.dataset));
    const note = `two kinds that do not belong together: ${first.names.length} in A, ${second.names.length} in B`;
    return finish(pairs, a, b, { ...a.reading, examples: pairs.size, notes: [note] });
  }
  const single = first.names.length + second.names.length - 2 * common.length;
  if (single > 0 && unreadable.length > 0) {
    throw new RunError(
      `${path}: every image of a pair must be readable; cannot be read: ${unreadable.slice(0, 5).join(", ")}; mend or remove both of the pair`,
    );
  }
  const [a, b] = [0, 1].map((i) =>
    open(
      "AB"[i],
      Uint32Array.from(common, (pair) => pair[i]),
    ),
  );
  const notes = [`pairs by name in A and B${single > 0 ? `; left out: ${single} without a partner` : ""}`];
  const pairs = divide(alignedPairs(name, a.dataset, b.dataset));
  return finish(pairs, a, b, { ...a.reading, examples: pairs.size, notes });
};

type Opened = { readonly dataset: Dataset };

const finish = (pairs: Dataset, a: Opened, b: Opened, reading: Dataset["reading"]): Dataset => ({
  ...pairs,
  ...(reading && { reading }),
  contents: `${a.dataset.contents?.slice(0, 16)}${b.dataset.contents?.slice(0, 16)}`,
});

/**
 * Pairs of a folder or archive, for training or for tests: `A` and `B`, where files of equal names belong together, or no two
 * do; `trainA`, `trainB`, `testA`, `testB`; or pictures of both side by side, the one to start from on the left. `pairLayout`
 * has them all. Without folders for tests the last tenth is for tests.
 *
 * @throws RunError where there are no pictures, or one of a pair cannot be read
 */
export const openImagePairs = async (
  path: string,
  listing: Listing,
  options: PairOptions = {},
): Promise<Dataset> => {
  const { split = "train" } = options;
  const listed = listing.files.map((file) => file.path);
  const { kind, places: all } = pairLayout(listed);
  const placeOf = new Map(listed.map((own, i) => [own, all[i]]));
  const pictures = await openPictures(
    { from: "files", path, listing },
    options,
    kind === "two kinds" ? 1 : 2,
  );
  const { paths = [], unreadable } = pictures.cache.info;
  const places = paths.map((own) => placeOf.get(own));
  if (kind === "two kinds") {
    return twoKinds(
      pictures,
      places,
      split,
      unreadable.map(({ path: own, cause }) => `${own} (${cause})`),
    );
  }
  const hasSplits = places.some((place) => place?.split !== undefined);
  const { places: chosen } = halfOf(places, undefined, hasSplits ? split : undefined);
  const whole = { ...datasetOfPictures(pictures, chosen), pairs: "aligned" as const };
  const pairs = hasSplits ? whole : splitOff(whole, split);
  const reading = readingOf(pictures, pairs.size, { pairs: true });
  const { contents } = whole;
  return {
    ...pairs,
    ...(contents !== undefined && { contents }),
    reading: { ...reading, notes: ["pairs side by side, the one to start from on the left"] },
  };
};

/**
 * Pictures as a data set: of a folder, a zip archive or an array, with the classes that folders, a table or an array beside
 * them give. Decoded ones are read from the cache by index, so that any number of them needs the memory of one batch.
 */
import { createHash } from "node:crypto";
import { type FiniteDataset, finite, type Reading, scalePixels } from "../data/index.ts";
import { labelsOfNames, labelsOfPaths, type PathLabels, type Split } from "../data/labels-of-paths.ts";
import { RunError, UsageError } from "../errors.ts";
import { labelsOfTable, readTable, type Table } from "../tables/index.ts";
import { isMissing, readBytes } from "./files.ts";
import type { ImageCacheInfo } from "./image-cache.ts";
import { listFolder } from "./listing.ts";
import { NAMED, openPictures, type PictureOptions, type PictureSource, type Pictures } from "./pictures.ts";

export interface ImageOptions extends PictureOptions {
  /** Classes from folders ("folders"), from a table by its path, or none ("none"); by default from folders where they mean classes. */
  labels?: string;
  /** Columns of the table of labels, or arrays of an .npz file: that of the pictures, then that of the labels. */
  columns?: readonly string[];
  /** Which half, where folders or arrays hold one for training and one for tests. */
  split?: Split;
}

/** The data set and the means to close the cache's file before the process ends. */
export interface ImageDataset extends FiniteDataset {
  close(): void;
}

/** What was read, of pictures of which `examples` are used. */
export const readingOf = (
  { path, source, target, cache: { info } }: Pictures,
  examples: number,
  rest: Pick<Reading, "labels" | "splits" | "pairs">,
): Reading => {
  const { formats, passedOver, unreadable, pictures, notes } = info;
  const { width, height, fit } = target;
  return {
    source,
    path,
    examples,
    formats,
    ...(Object.keys(passedOver).length > 0 && { passedOver }),
    ...(unreadable.length > 0 && {
      unreadable: { count: unreadable.length, named: unreadable.slice(0, NAMED) },
    }),
    ...rest,
    pictures: { width, height, fit, ...pictures },
    ...(notes.length > 0 && { notes }),
  };
};

const DIGEST = 16;

/** What the examples of the given places are, in their order, with their classes. */
const contentsOf = ({ digests }: ImageCacheInfo, chosen: Uint32Array, rest: unknown): string => {
  const hash = createHash("sha256").update(JSON.stringify(rest));
  for (const i of chosen) hash.update(digests.slice(DIGEST * i, DIGEST * (i + 1)));
  return hash.digest("hex").slice(0, 32);
};

/** Some of the pictures, in the given order, as a data set. */
export const datasetOfPictures = (
  pictures: Pictures,
  chosen: Uint32Array,
  options: {
    readonly name?: string;
    readonly classes?: readonly string[] | undefined;
    readonly labels?: Int32Array | undefined;
    readonly reading?: Reading;
  } = {},
): ImageDataset => {
  const { cache } = pictures;
  const { classes, labels, reading, name = pictures.name } = options;
  const { info } = cache;
  const record = new Uint8Array(info.shape[0] * info.shape[1] * info.shape[2]);
  if (chosen.length === 0) throw new RunError(`data set ${name}: no picture is left`);
  const dataset = finite({
    name,
    shape: info.shape,
    size: chosen.length,
    ...(classes && { classes }),
    read(indices) {
      const examples = new Float32Array(indices.length * record.length);
      indices.forEach((index, i) => {
        cache.read(chosen[index], record);
        scalePixels(record, examples, i * record.length);
      });
      return labels ? { examples, labels: Int32Array.from(indices, (index) => labels[index]) } : { examples };
    },
  });
  return {
    ...dataset,
    ...(reading && { reading }),
    contents: contentsOf(info, chosen, [info.shape, classes, labels && [...labels]]),
    close: cache.close,
  };
};

/** The table that `--labels` names. */
const readLabels = (labels: string, columns: readonly string[] | undefined): Table => {
  try {
    return readTable(readBytes(labels), labels, { columns: columns?.length === 2 ? columns : undefined });
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UsageError(
      `labels: expected none, folders or a table such as labels.csv; there is no file ${labels}`,
    );
  }
};

const labelsOf = ({ cache: { info } }: Pictures, { labels, split, columns }: ImageOptions): PathLabels => {
  const { paths = [], emptyFolders } = info;
  if (labels === undefined || labels === "none" || labels === "folders") {
    const found = labelsOfPaths(paths, { labels, split, emptyFolders });
    if (labels === "folders" && found.classes === undefined) {
      throw new RunError(`labels: expected pictures in at least 2 folders; ${found.labelling.reason}`);
    }
    return found;
  }
  return labelsOfTable(paths, readLabels(labels, columns));
};

/** Labels that stand beside an array's pictures. */
const labelsOfArray = (
  count: number,
  names: readonly string[] | undefined,
  { labels, columns }: ImageOptions,
): PathLabels => {
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  if (labels === "folders")
    throw new UsageError("labels: an array has no folders; give a table, or leave it out");
  const table = labels === undefined || labels === "none" ? undefined : readLabels(labels, columns);
  if (table !== undefined) return labelsOfTable(Array.from(all, String), table);
  if (names === undefined || labels === "none") {
    const reason = labels === "none" ? "--labels none" : "the array brings none";
    return { chosen: all, labelling: { from: "none", reason } };
  }
  const { counts, ...found } = labelsOfNames(names);
  if (found.classes.length < 2) {
    return {
      chosen: all,
      labelling: { from: "none", reason: `all labels beside the pictures are ${names[0]}` },
    };
  }
  return { ...found, labelling: { from: "array", counts } };
};

/**
 * The pictures of a folder or a zip archive, or of an array: cut to the middle, resized, transparency on white, turned as the
 * camera says. What a file holds counts, not its name; of several pictures in one file the first is taken. `reading` says
 * what became of all.
 *
 * @throws RunError where fewer than two pictures can be read
 */
export const openImages = async (
  source: PictureSource,
  options: ImageOptions = {},
): Promise<ImageDataset> => {
  const pictures = await openPictures(source, options);
  try {
    const { count } = pictures.cache.info;
    const found =
      source.from === "files"
        ? labelsOf(pictures, options)
        : labelsOfArray(count, source.array.labels, options);
    const { chosen, classes, labels, labelling } = found;
    const splits = source.from === "files" ? found.splits : source.array.splits;
    const reading = readingOf(pictures, chosen.length, { labels: labelling, ...(splits && { splits }) });
    return datasetOfPictures(pictures, chosen, { classes, labels, reading });
  } catch (error) {
    pictures.cache.close();
    throw error;
  }
};

/** The pictures directly in a folder, whole, with white margins and no labels, under another name. */
export const openSprites = async (
  name: string,
  path: string,
  options: PictureOptions,
): Promise<ImageDataset> => {
  const listing = listFolder(path, { recursive: false });
  const pictures = await openPictures({ from: "files", path, listing }, { fit: "contain", ...options });
  const all = Uint32Array.from({ length: pictures.cache.info.count }, (_, i) => i);
  return datasetOfPictures(pictures, all, { name });
};

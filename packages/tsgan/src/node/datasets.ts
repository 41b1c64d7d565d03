/** Data sets by name or path. */
import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { basename } from "node:path";
import { noTest } from "../data/definition.ts";
import { catalogue, type Dataset, type FiniteDataset } from "../data/index.ts";
import type { Settings } from "../define/index.ts";
import { clustered } from "../effort/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import {
  decodeText,
  parseSchema,
  pointsOfTable,
  readTable,
  rowsOfTable,
  type TablePlan,
} from "../tables/index.ts";
import { openNpy, openNpz } from "./array-file.ts";
import { dataFiles } from "./data-files.ts";
import { fileError, isMissing, kindOf, readBytes, readJson } from "./files.ts";
import { HEAD, type Identified, identify } from "./identify.ts";
import { openImagePairs } from "./image-pairs.ts";
import { type ImageOptions, openImages } from "./images.ts";
import { listFolder } from "./listing.ts";
import { closeSource, type PictureSource } from "./pictures.ts";
import { listZip } from "./zip-listing.ts";

/** `columns` are those of a table of points, too: its coordinates, by name or by number; all without. */
export interface DatasetOptions extends ImageOptions {
  /** Options of a data set that has a name: `{ modes: 16 }` of ring. */
  settings?: Settings | undefined;
  /** Whether a folder or an archive holds pairs of images, as `openImagePairs` finds them. */
  pairs?: boolean;
  /** What a table's rows are taken as; points without. */
  as?: "points" | "rows" | undefined;
  /** A schema of a table's columns, by its path. */
  schema?: string | undefined;
  /** Share of a table's rows that is kept from training. */
  holdOut?: number | undefined;
  /** Whether a table's rows stay in memory, to be judged by, or how many fields they may have to do so; true without. */
  keepRows?: boolean | number | undefined;
  /** Whether training is to see a table's rows one by one, as differential privacy asks. */
  alone?: boolean | undefined;
  /** Of a table: whether training sees rows as often as they come, and nothing can be asked for. */
  asIs?: boolean | undefined;
  /** How a table's rows are encoded, where that was found before. */
  plan?: TablePlan | undefined;
}

/**
 * Whether `openDataset` has a test split of the data set, whose examples can be counted: by its name, or by the folders and
 * arrays that were read.
 */
export const hasTestSplit = (name: string, dataset: Pick<Dataset, "reading" | "size">): boolean => {
  if (catalogue.has(name)) {
    const { examples } = catalogue.get(name).definition;
    return examples?.test !== undefined && Number.isFinite(dataset.size);
  }
  const { test = 0, validation = 0 } = dataset.reading?.splits ?? {};
  return test + validation > 0;
};

const onlyTraining = (name: string, { split }: DatasetOptions): void => {
  if (split === "test") throw noTest(name);
};

const onlyPoints = (name: string, { size, channels, fit, labels }: DatasetOptions): void => {
  if ([size, channels, fit, labels].some((option) => option !== undefined)) {
    throw new UsageError(
      `data set ${name}: size, channels, fit and labels are for images; it consists of points`,
    );
  }
};

/** Refuses columns where there is no table and no .npz file to take them of, and labels of pairs. */
const checkUse = (name: string, source: PictureSource, { labels, columns, pairs }: DatasetOptions): void => {
  const isTable = labels !== undefined && labels !== "none" && labels !== "folders";
  if (pairs && labels !== undefined) {
    throw new UsageError(`data set ${name}: pairs of images have no labels; leave labels out`);
  }
  if (columns !== undefined && !isTable && (source.from === "files" || !source.array.named)) {
    throw new UsageError(
      `data set ${name}: columns are those of a table of points or labels, or arrays of an .npz file; leave columns out`,
    );
  }
};

const onlyOwn = (name: string, { fit, labels, columns }: DatasetOptions): void => {
  for (const [option, value] of Object.entries({ fit, labels, columns })) {
    if (value !== undefined) {
      throw new UsageError(
        `data set ${name}: ${option} is for pictures and tables of your own; leave it out`,
      );
    }
  }
};

/** Refuses what is said about a table where there is none. */
const onlyTables = (name: string, { as, schema }: DatasetOptions): void => {
  const given = as === undefined ? schema && `schema: ${JSON.stringify(schema)}` : `as: "${as}"`;
  if (given === undefined) return;
  throw new UsageError(`data set ${name}: ${given} is for tables of your own; leave it out`);
};

/** Status of a path, or the reason why it is no data set. */
const statusOf = (nameOrPath: string): Stats => {
  try {
    return statSync(nameOrPath);
  } catch (error) {
    if (!isMissing(error)) throw fileError("read", nameOrPath, error);
    if (/[/\\.]/.test(nameOrPath))
      throw new UsageError(`data set ${nameOrPath}: there is no such file or folder`);
    const { message } = unknownName("data set", nameOrPath, catalogue.names);
    throw new UsageError(`${message}, nor is there a file or folder of that name`);
  }
};

/** The first bytes of a file. @throws RunError where it cannot be read */
export const firstBytes = (path: string, count = HEAD): Uint8Array => {
  try {
    const handle = openSync(path, "r");
    try {
      const head = new Uint8Array(count);
      return head.subarray(0, readSync(handle, head, 0, count, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw fileError("read", path, error);
  }
};

const EXPECTED = "expected a folder or .zip of pictures, an .npy or .npz array, or a table (.csv)";

/** What a file, not a folder, is refused as. */
const refuse = (path: string, { name, kind, remedy }: Identified): UsageError => {
  const advice = remedy === undefined ? "" : `; ${remedy}`;
  if (kind === "picture" || kind === "foreign picture") {
    return new UsageError(
      `data set ${path}: it is one picture (${name}); at least 2 are needed: give the folder or .zip that holds them`,
    );
  }
  return new UsageError(`data set ${path}: ${EXPECTED}; got ${name}${advice}`);
};

/** What is kept as a zip archive and is no archive of pictures, by the files in it. */
const documentOf = (paths: readonly string[]): Identified | undefined => {
  const has = (pattern: RegExp) => paths.some((path) => pattern.test(path));
  if (has(/^\[Content_Types\]\.xml$/) || (has(/^mimetype$/) && has(/^content\.xml$/))) {
    return { name: "an Office document", kind: "other", remedy: "save its table as CSV" };
  }
  if (has(/(?:^|\/)data\.pkl$/)) {
    return { name: "a PyTorch file", kind: "other", remedy: "save its arrays with numpy.save as .npy" };
  }
  return undefined;
};

/** The pictures at a path; undefined where it holds a table. */
const pictureSource = async (
  path: string,
  status: Stats,
  options: DatasetOptions,
): Promise<PictureSource | undefined> => {
  if (status.isDirectory()) return { from: "files", path, listing: listFolder(path) };
  if (!status.isFile())
    throw new UsageError(
      `data set ${path}: ${EXPECTED}; got ${kindOf(status)}; save what it gives as a file`,
    );
  const head = firstBytes(path);
  const found = identify(head);
  if (found.name === "NumPy array") return { from: "array", path, array: await openNpy(path) };
  if (found.name === "zip") {
    const listing = await listZip(path);
    const document = documentOf(listing.files.map((file) => file.path));
    if (document !== undefined) {
      listing.close();
      throw refuse(path, document);
    }
    const isArrays = listing.files.length > 0 && listing.files.every((file) => /\.npy$/i.test(file.path));
    if (!isArrays) return { from: "files", path, listing };
    try {
      return { from: "array", path, array: await openNpz(path, listing, options) };
    } catch (error) {
      listing.close();
      throw error;
    }
  }
  if (found.kind !== "other" || found.remedy !== undefined || !isText(head)) throw refuse(path, found);
  return undefined;
};

const isText = (head: Uint8Array): boolean => {
  try {
    decodeText(head, "");
    return true;
  } catch {
    return false;
  }
};

/** Whether a path holds a table of points, and not pictures. @throws UsageError where there is nothing */
export const holdsPoints = (path: string): boolean => {
  if (!statusOf(path).isFile()) return false;
  const head = firstBytes(path);
  const { kind, remedy } = identify(head);
  return kind === "other" && remedy === undefined && isText(head);
};

const openPoints = async (path: string, options: DatasetOptions): Promise<Dataset> => {
  onlyPoints(path, options);
  onlyTraining(path, options);
  const table = readTable(readBytes(path), basename(path), options);
  const { as, schema, holdOut, keepRows, alone, asIs, plan } = options;
  if (as !== "rows") {
    if (schema === undefined) return pointsOfTable(table, path);
    throw new UsageError(`data set ${path}: a schema is for rows of a table; got points; add as: "rows"`);
  }
  const given = schema === undefined ? undefined : await parseSchema(readJson(schema), schema);
  return rowsOfTable(
    table,
    { schema: given, schemaName: schema, holdOut, keepRows, alone, asIs, plan },
    path,
  );
};

const openNamed = async (name: string, options: DatasetOptions): Promise<Dataset> => {
  onlyTables(name, options);
  onlyOwn(name, options);
  const { settings, split, size, channels } = options;
  return catalogue.get(name).create(settings, { split, size, channels, files: dataFiles(name, options) });
};

/**
 * Opens a data set: one by name, built in or registered (`catalogue` of `tsgan/data`), a folder or a .zip of pictures, an .npy or .npz array of pictures,
 * or a table of points. What a file holds decides, not its name. A folder that has the name of a data set is reached as
 * `./name`.
 *
 * @param nameOrPath `mnist`, `photos/`, `faces.zip`, `points.csv`
 * @throws UsageError for an unknown name, a path that does not exist or holds nothing of the kind, or options that do not
 * apply
 * @throws RunError where a package is not installed or data is damaged
 * @example
 * ```ts
 * import { openDataset } from "tsgan/node";
 *
 * const ring = await openDataset("ring"); // or "mnist", "photos/", "faces.zip", "points.csv"
 * const { examples } = await ring.draw(0, 1, 64); // 64 examples from position 0 of the stream of seed 1
 * console.log(ring.shape, examples.length); // [2], 128
 * ```
 */
export const openDataset = async (nameOrPath: string, options: DatasetOptions = {}): Promise<Dataset> => {
  if (options.labels !== "clusters") return openAsItIs(nameOrPath, options);
  const { labels: _, ...rest } = options;
  const dataset = await openAsItIs(
    nameOrPath,
    catalogue.has(nameOrPath) ? rest : { ...rest, labels: "none" },
  );
  return clustered(dataset as FiniteDataset);
};

const openAsItIs = async (nameOrPath: string, options: DatasetOptions): Promise<Dataset> => {
  if (catalogue.has(nameOrPath)) return openNamed(nameOrPath, options);
  if (Object.keys(options.settings ?? {}).length > 0) {
    throw new UsageError(
      `data set ${nameOrPath}: options are for data sets that have a name; leave them out`,
    );
  }
  const source = await pictureSource(nameOrPath, statusOf(nameOrPath), options);
  if (source === undefined) return openPoints(nameOrPath, options);
  try {
    onlyTables(nameOrPath, options);
    checkUse(nameOrPath, source, options);
  } catch (error) {
    closeSource(source);
    throw error;
  }
  if (options.pairs) {
    if (source.from === "files") return openImagePairs(nameOrPath, source.listing, options);
    source.array.close();
    throw new UsageError(
      `data set ${nameOrPath}: pairs of images come from a folder or a .zip; got an array`,
    );
  }
  const images = await openImages(source, options);
  if (options.split === "test" && !hasTestSplit(nameOrPath, images)) {
    images.close();
    throw noTest(nameOrPath);
  }
  return images;
};

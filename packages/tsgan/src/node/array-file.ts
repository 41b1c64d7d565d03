/** Pictures in NumPy's .npy and .npz files, read as a stream: a file may be larger than the memory. */
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Counts } from "../data/index.ts";
import {
  type ArrayPictures,
  arrayPictures,
  type ByteScale,
  byteScale,
  type NpyHeader,
  npyLabels,
  readNpyHeader,
  typeName,
  valueReader,
} from "../data/npy.ts";
import { RunError, UsageError } from "../errors.ts";
import { columnsOption } from "../tables/index.ts";
import type { RawPicture } from "./bmp.ts";
import { MOST_PIXELS } from "./decode-picture.ts";
import { fileError, reasonOf } from "./files.ts";
import { type ListedFile, type Listing, stampOf } from "./listing.ts";

/** An array of pictures that can be read more than once from its beginning. */
export interface ArrayFile {
  readonly pictures: ArrayPictures;
  readonly type: string;
  /** Whether arrays are chosen by name: one of an .npz file. */
  readonly named: boolean;
  /** Differs where the file changed. */
  readonly stamp: string;
  /** One name of a class for each picture. */
  readonly labels?: readonly string[];
  /** Pictures of each split, where the file holds both. */
  readonly splits?: Counts;
  /** What was chosen and assumed, in words; complete once the pictures have been read. */
  readonly notes: string[];
  /** The pictures in order. */
  read(): AsyncIterable<RawPicture>;
  close(): void;
}

/** An array's bytes from its first, in pieces. */
type Bytes = () => AsyncIterable<Uint8Array>;

/** Bytes of what is held as a whole: a picture, or an array in Fortran order. */
const LARGEST_WHOLE = 2 ** 28;

/** Values of one example after the other, as they lie in memory. */
async function* records(bytes: Bytes, { offset, fortran, shape, bytes: width }: NpyHeader, name: string) {
  const [count] = shape;
  const size = width * shape.slice(1).reduce((product, side) => product * side, 1);
  if (size > LARGEST_WHOLE) {
    throw new RunError(
      `${name}: a picture of ${Math.round(size / 2 ** 20)} MiB is over the limit of ${LARGEST_WHOLE / 2 ** 20} MiB`,
    );
  }
  if (fortran) {
    yield* transposed(await gather(bytes, offset + count * size, name), offset, shape, width);
    return;
  }
  let skip = offset;
  let done = 0;
  let filled = 0;
  let record = new Uint8Array(size);
  for await (const chunk of bytes()) {
    let at = Math.min(skip, chunk.length);
    skip -= at;
    while (at < chunk.length && done < count) {
      const some = chunk.subarray(at, at + size - filled);
      record.set(some, filled);
      at += some.length;
      filled += some.length;
      if (filled === size) {
        yield record;
        record = new Uint8Array(size);
        filled = 0;
        done++;
      }
    }
    if (done === count) return;
  }
  throw new RunError(`${name}: the array is cut short; it promises ${count} pictures and holds ${done}`);
}

const gather = async (bytes: Bytes, size: number, name: string): Promise<Uint8Array> => {
  if (size > LARGEST_WHOLE) {
    throw new RunError(
      `${name}: the array is in Fortran order, which is read as a whole, and holds ${Math.round(size / 2 ** 20)} MiB; save numpy.ascontiguousarray(array)`,
    );
  }
  const whole = new Uint8Array(size);
  let done = 0;
  for await (const chunk of bytes()) {
    whole.set(chunk.subarray(0, size - done), done);
    done = Math.min(size, done + chunk.length);
  }
  if (done < size) throw new RunError(`${name}: the array is cut short`);
  return whole;
};

/** Examples of an array whose first dimension is the fastest. */
function* transposed(whole: Uint8Array, offset: number, shape: readonly number[], width: number) {
  const [count, ...sides] = shape;
  const length = sides.reduce((product, side) => product * side, 1);
  for (let n = 0; n < count; n++) {
    const record = new Uint8Array(length * width);
    for (let i = 0; i < length; i++) {
      // i counts with the last side fastest; the file with the first.
      let rest = i;
      let place = 0;
      for (let s = sides.length - 1; s >= 0; s--) {
        const index = rest % sides[s];
        rest = (rest - index) / sides[s];
        place += index * count * sides.slice(0, s).reduce((product, side) => product * side, 1);
      }
      const from = offset + width * (n + place);
      record.set(whole.subarray(from, from + width), i * width);
    }
    yield record;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Lowest and highest value. @throws RunError for NaN and infinity */
const rangeOf = async (
  bytes: Bytes,
  header: NpyHeader,
  name: string,
): Promise<[low: number, high: number]> => {
  const read = valueReader(header, name);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let n = 0;
  for await (const record of records(bytes, header, name)) {
    const view = viewOf(record);
    const length = record.length / header.bytes;
    for (let i = 0; i < length; i++) {
      const value = read(view, i);
      if (value < low) low = value;
      if (value > high) high = value;
      if (!Number.isFinite(value)) throw new RunError(`${name}: picture ${n} holds NaN or infinity`);
    }
    n++;
  }
  return [low, high];
};

const toPicture = (
  record: Uint8Array,
  { width, height, channels, channelsLast }: ArrayPictures,
  { low, factor }: ByteScale,
  read: (view: DataView, index: number) => number,
): RawPicture => {
  const view = viewOf(record);
  const area = width * height;
  const data = new Uint8ClampedArray(area * channels);
  for (let i = 0; i < data.length; i++) {
    const value = factor * (read(view, i) - low);
    const to = channelsLast ? i : (i % area) * channels + Math.floor(i / area);
    data[to] = value;
  }
  return { width, height, channels, data: new Uint8Array(data.buffer) };
};

const arrayFile = (
  name: string,
  header: NpyHeader,
  bytes: Bytes,
  rest: Pick<ArrayFile, "named" | "stamp" | "labels" | "splits" | "close"> & {
    readonly notes?: readonly string[];
  },
): ArrayFile => {
  const pictures = arrayPictures(header, name);
  const { width, height } = pictures;
  if (width * height > MOST_PIXELS) {
    throw new RunError(
      `${name}: pictures of ${width} × ${height} are over the limit of ${MOST_PIXELS} pixels`,
    );
  }
  const value = valueReader(header, name);
  const notes = [...(rest.notes ?? [])];
  return {
    ...rest,
    pictures,
    type: typeName(header),
    notes,
    async *read() {
      const scale = byteScale(header, ...(await rangeOf(bytes, header, name)), name);
      notes.push(scale.described);
      for await (const record of records(bytes, header, name)) {
        yield toPicture(record, pictures, scale, value);
      }
    },
  };
};

/** Longest header that is looked for. */
const HEADER = 2 ** 16;

const readStart = async (path: string): Promise<Uint8Array> => {
  const handle = await open(path);
  try {
    const head = new Uint8Array(HEADER);
    const { bytesRead } = await handle.read(head, 0, HEADER, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

/** @throws RunError for an array that does not hold pictures */
export const openNpy = async (path: string): Promise<ArrayFile> => {
  try {
    const header = readNpyHeader(await readStart(path), path);
    const { size, mtimeMs } = statSync(path);
    return arrayFile(path, header, () => createReadStream(path), {
      named: false,
      stamp: stampOf([size, mtimeMs]),
      close: () => {},
    });
  } catch (error) {
    throw fileError("read", path, error);
  }
};

interface Named {
  readonly name: string;
  readonly header: NpyHeader;
  readonly file: ListedFile;
}

const TRAINING = /train/i;
/** The first of these that some name has is the test half. */
const HELD_OUT = [/test/i, /val|dev/i] as const;
const LABEL_NAME = /label|target|class|^y(?:_|$)|_y$/i;

const isPictures = ({ header, name }: Named): boolean => {
  try {
    arrayPictures(header, name);
    return true;
  } catch {
    return false;
  }
};

/** Those of the split where some names say so. */
const ofSplit = (arrays: readonly Named[], split: "train" | "test"): readonly Named[] => {
  const called = (pattern: RegExp) => arrays.filter(({ name }) => pattern.test(name));
  if (split === "test") return HELD_OUT.map(called).find((own) => own.length > 0) ?? [];
  const own = called(TRAINING);
  return own.length > 0 ? own : arrays.filter(({ name }) => !HELD_OUT.some((pattern) => pattern.test(name)));
};

const shapesOf = (arrays: readonly Named[]): string =>
  arrays.map(({ name, header }) => `${name} [${header.shape.join(", ")}]`).join(", ");

const chooseArray = (
  path: string,
  arrays: readonly Named[],
  split: "train" | "test",
  wanted: string | undefined,
): Named => {
  if (wanted !== undefined) {
    const found = arrays.find(({ name }) => name === wanted.replace(/\.npy$/, ""));
    if (found !== undefined) return found;
    throw new UsageError(`${path}: there is no array "${wanted}"; it holds ${shapesOf(arrays)}`);
  }
  const pictures = arrays.filter(isPictures);
  const own = pictures.length === 1 && split === "train" ? pictures : ofSplit(pictures, split);
  if (own.length === 1) return own[0];
  if (pictures.length === 0 || own.length === 0) {
    throw new RunError(
      `${path}: expected an array of ${split === "test" ? "test " : ""}pictures; got ${shapesOf(arrays) || "no array"}`,
    );
  }
  throw new UsageError(
    `${path}: several arrays hold pictures: ${shapesOf(own)}; choose with ${columnsOption([own[0].name])}`,
  );
};

const labelsFor = (
  pictures: Named,
  arrays: readonly Named[],
  split: "train" | "test",
  wanted: string | undefined,
): Named | undefined => {
  const [count] = pictures.header.shape;
  const fit = arrays.filter(
    ({ header: { shape, kind } }) =>
      kind !== "float" &&
      shape[0] === count &&
      (shape.length === 1 || (shape.length === 2 && shape[1] === 1)),
  );
  if (wanted !== undefined) return fit.find(({ name }) => name === wanted);
  const own = ofSplit(fit, split);
  const called = own.filter(({ name }) => LABEL_NAME.test(name));
  return called.length === 1 ? called[0] : own.length === 1 ? own[0] : undefined;
};

/**
 * The pictures of an .npz file: its one array of pictures, or that of the split by its name (`x_train`, `test_images`), with
 * the whole numbers or words beside it as labels.
 *
 * @param options.columns the array of pictures and that of labels by name
 */
export const openNpz = async (
  path: string,
  listing: Listing,
  options: { split?: "train" | "test"; columns?: readonly string[] } = {},
): Promise<ArrayFile> => {
  const { split = "train", columns = [] } = options;
  const arrays: Named[] = [];
  const unread: string[] = [];
  for (const file of listing.files.filter((entry) => /\.npy$/i.test(entry.path))) {
    const name = file.path.replace(/\.npy$/i, "");
    try {
      const { head } = await file.read(() => false);
      arrays.push({ name, header: readNpyHeader(head, path), file });
    } catch (error) {
      unread.push(`${name} (${reasonOf(error).replace(`${path}: `, "")})`);
    }
  }
  const chosen = chooseArray(path, arrays, split, columns[0]);
  const label = labelsFor(chosen, arrays, split, columns[1]);
  if (columns[1] !== undefined && label === undefined) {
    throw new UsageError(
      `${path}: there is no array "${columns[1]}" of one label for each picture; it holds ${shapesOf(arrays)}`,
    );
  }
  const read = await label?.file.read(() => true);
  const labels =
    typeof read?.content === "object" ? npyLabels(read.content, `${path}, array ${label?.name}`) : undefined;
  const others = arrays.filter((array) => array !== chosen && array !== label);
  const counts = (["train", "test"] as const).map((half) => {
    const [own, ...more] = ofSplit(arrays.filter(isPictures), half);
    return more.length === 0 ? own?.header.shape[0] : undefined;
  });
  const [train, test] = counts;
  const unused = [...others.map((array) => shapesOf([array])), ...unread];
  const notes = [`array ${chosen.name}${unused.length > 0 ? `; not used: ${unused.join(", ")}` : ""}`];
  return arrayFile(`${path}, array ${chosen.name}`, chosen.header, () => chosen.file.stream(), {
    named: true,
    stamp: stampOf([listing.stamp, chosen.name, label?.name ?? null]),
    ...(labels && { labels }),
    ...(train !== undefined && test !== undefined && { splits: { train, test } }),
    notes,
    close: () => listing.close(),
  });
};

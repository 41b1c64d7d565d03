/** Tables of what people have: each row makes files as a person would, opens them, and holds what is said and read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { expect } from "vitest";
import type { Dataset } from "../data/index.ts";
import { describeReading, readingWarnings } from "../data/reading.ts";
import { RunError, UsageError } from "../errors.ts";
import { type DatasetOptions, openDataset } from "../node/datasets.ts";
import type { Pixels } from "./picture-files.ts";

/** A folder for the files of a row. */
export interface Place {
  readonly folder: string;
  /** Path of a file within the folder; the folders above it are made. */
  at(name: string): string;
  write(name: string, content: Uint8Array | string): string;
  /** A small PNG of one colour, which the number chooses. */
  picture(name: string, colour?: number): Promise<string>;
  pictures(folder: string, count: number): Promise<void>;
}

/** A colour for each number below 256³, far from its neighbours'. */
export const colourOf = (n: number): [number, number, number] => [
  (n * 97 + 20) % 256,
  (n * 57 + 60) % 256,
  (n * 13 + 5) % 256,
];

export const pngOf = (n: number, width = 4, height = 4): Promise<Buffer> => {
  const [r, g, b] = colourOf(n);
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
};

export const pngOfPixels = ({ width, height, data }: Pixels): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

export interface Row {
  readonly did: string;
  /** Makes the files; returns the path to open, or nothing for the whole folder. */
  readonly make: (place: Place) => unknown;
  readonly options?: DatasetOptions;
  /** Lines that are said of the data, each in full or as a pattern; warnings begin with "! ". */
  readonly says?: readonly (string | RegExp)[];
  /** How it is refused: with exit code 2 (wrong use) or 1 (bad data). */
  readonly refused?: readonly [code: 1 | 2, message: string | RegExp];
  readonly reads?: {
    readonly size?: number;
    readonly shape?: readonly number[];
    readonly classes?: readonly string[];
    /** Labels of the examples in order. */
    readonly labels?: readonly number[];
    readonly pairs?: Dataset["pairs"];
  };
  /** Files that hold the same: the same bytes must come out. */
  readonly twin?: (place: Place) => Promise<string> | string;
}

const contentOf = async (
  dataset: Dataset,
): Promise<{ examples: Float32Array; labels: readonly number[] | undefined }> => {
  const all = Uint32Array.from({ length: dataset.size }, (_, i) => i);
  const { examples, labels } =
    dataset.read === undefined ? await dataset.draw(1, 0, dataset.size) : await dataset.read(all);
  return { examples, labels: labels && [...labels] };
};

const placeIn = (parent: string): Place => {
  const folder = join(parent, "own");
  mkdirSync(folder);
  const at = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  const write = (name: string, content: Uint8Array | string): string => {
    const path = at(name);
    writeFileSync(path, content);
    return path;
  };
  const picture = async (name: string, colour = 1): Promise<string> => write(name, await pngOf(colour));
  return {
    folder,
    at,
    write,
    picture,
    async pictures(name, count) {
      for (let n = 0; n < count; n++) await picture(join(name, `${n}.png`), n);
    },
  };
};

/** Runs a row of a table. */
export const checkRow = async ({ make, options = {}, says, refused, reads, twin }: Row): Promise<void> => {
  const parent = mkdtempSync(join(tmpdir(), "tsgan-own-"));
  try {
    const place = placeIn(parent);
    const made = await make(place);
    const path = typeof made === "string" ? made : place.folder;
    const table = options.labels?.endsWith(".csv") ? join(place.folder, options.labels) : undefined;
    const wanted: DatasetOptions = {
      cacheFolder: join(parent, "cache"),
      size: 4,
      ...options,
      ...(table !== undefined && { labels: table }),
    };
    if (/\.(?:csv|tsv|txt|dat)$/.test(path) || (options.size === undefined && /\.np[yz]$/.test(path)))
      delete wanted.size;
    const open = (file: string) => openDataset(file, wanted);
    if (refused !== undefined) {
      const [code, message] = refused;
      const error: unknown = await open(path).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(code === 2 ? UsageError : RunError);
      const text = (error as Error).message.replaceAll(place.folder, "own");
      expect(text).toMatch(message);
      expect(text).not.toContain("\n");
      return;
    }
    const dataset = await open(path);
    const { reading, size, shape, classes, pairs } = dataset;
    const { examples, labels } = await contentOf(dataset);
    if (says !== undefined && reading !== undefined) {
      const lines = [...describeReading(reading), ...readingWarnings(reading).map((line) => `! ${line}`)].map(
        (line) => line.replaceAll(place.folder, "own"),
      );
      for (const line of says)
        expect(lines).toContainEqual(typeof line === "string" ? line : expect.stringMatching(line));
    }
    if (reads !== undefined) {
      const found = { size, shape, classes, labels, pairs };
      expect(found).toMatchObject(reads);
      if ("classes" in reads) expect(classes).toEqual(reads.classes);
    }
    if (twin !== undefined) {
      const other = await contentOf(await open(await twin(place)));
      expect(examples).toEqual(other.examples);
      expect(labels).toEqual(other.labels);
    }
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
};

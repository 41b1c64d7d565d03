/** Generators of others from ONNX files, with weights that lie beside them. */
import { closeSync } from "node:fs";
import { dirname } from "node:path";
import { RunError, UsageError } from "../errors.ts";
import { type ReadPart, withWeights } from "../graph/index.ts";
import {
  type ImportedGenerator,
  type ImportOptions,
  importGenerator,
  openGenerator,
} from "../train/index.ts";
import { fileError, fileIn, openFile, readBytes, readInto } from "./files.ts";
import { pointsCsv } from "./sample-csv.ts";
import { sampleColumns, samplePng } from "./sample-png.ts";

/** Bytes of one tensor, at most. */
const MOST_BYTES = 2 ** 30;

/** Reads parts of the files of a folder, and of no others. */
const partsOf =
  (folder: string): ReadPart =>
  (location, offset, length) => {
    const path = fileIn(folder, location);
    const { handle, stats } = openFile(path);
    try {
      const bytes = length ?? stats.size - offset;
      if (bytes < 0 || offset + bytes > stats.size || bytes > MOST_BYTES) {
        throw new RunError(
          `${path}: expected ${bytes} bytes from ${offset} on, at most 1 GiB; it has ${stats.size}; copy it with the model`,
        );
      }
      const part = new Uint8Array(bytes);
      readInto(handle, part, offset);
      return part;
    } catch (error) {
      throw fileError("read", path, error);
    } finally {
      closeSync(handle);
    }
  };

/**
 * Reads a generator that others have trained and exported, with the files of weights that lie in its folder.
 *
 * @param path an ONNX file
 * @param options what is meant where it cannot be recognised
 * @throws UsageError where something must be said that cannot be recognised
 * @throws RunError for what is no generator, cannot be read, or lies outside the folder
 */
export const importGeneratorFile = async (
  path: string,
  options: ImportOptions = {},
): Promise<ImportedGenerator> =>
  importGenerator(withWeights(readBytes(path), path, partsOf(dirname(path))), path, options);

/** How samples are written: a picture, or of points their numbers. */
export type SampleFormat = "png" | "csv";

/**
 * Samples of a generator from a file as a file: a PNG of a grid of images or of points, or a CSV of points.
 *
 * @param path a generator.onnx
 * @param count samples
 * @param seed that of the latent vectors
 * @param options `format`, png without; the device and its threads
 * @throws UsageError where images are asked for as CSV
 */
export const sampleGeneratorFile = async (
  path: string,
  count: number,
  seed: number,
  options: Pick<ImportOptions, "device" | "threads"> & { readonly format?: SampleFormat } = {},
): Promise<Uint8Array | string> => {
  const { device, threads, format = "png" } = options;
  const generator = await openGenerator(readBytes(path), path, {
    ...(device && { device }),
    ...(threads !== undefined && { threads }),
  });
  try {
    const { latent, shape, classes, classNames } = generator.facts;
    const isCsv = format === "csv";
    if (isCsv && shape.length !== 1) {
      throw new UsageError(
        `${path} makes images, which are drawn in a .png file; got .csv; give --out another name`,
      );
    }
    const { examples } = await generator.sample(count, seed);
    if (isCsv) return pointsCsv(examples, shape[0]);
    return await samplePng(examples, shape, undefined, sampleColumns({ classes, latent }, classNames));
  } finally {
    await generator.dispose();
  }
};

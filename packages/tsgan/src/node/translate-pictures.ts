/** Pictures of one's own translated by a run, a file each. */
import { statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import type { Fit } from "../data/index.ts";
import { naturalOrder } from "../data/natural-order.ts";
import { RunError, UsageError } from "../errors.ts";
import { sizeOf } from "../graph/index.ts";
import { fileError, isMissing, writeFileAtomic } from "./files.ts";
import { hasPictureExtension } from "./identify.ts";
import { fileAt, type ListedFile, listFolder } from "./listing.ts";
import type { OpenedRun } from "./open-run.ts";
import { imageGridPng } from "./png.ts";
import { pictureReader } from "./read-pictures.ts";

export interface TranslateOptions {
  /** Folder that the translations are written to. */
  readonly out: string;
  /** Second images into first ones, of a model that translates both ways. */
  readonly back?: boolean | undefined;
  /** How pictures of another shape are made to fit; as in training without. */
  readonly fit?: Fit | undefined;
}

export interface TranslatedPicture {
  readonly from: string;
  readonly to: string;
}

export interface TranslatedPictures {
  readonly written: readonly TranslatedPicture[];
  /** What could not be read, with the cause. */
  readonly failed: readonly string[];
}

/** Pictures translated at a time. */
const CHUNK = 16;

interface Given {
  /** As it is named to people. */
  readonly path: string;
  readonly file: ListedFile;
}

/** Files as they were given, and the pictures of folders. */
const filesOf = (paths: readonly string[]): Given[] =>
  paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [{ path, file: fileAt(path, path, 0) }];
    } catch (error) {
      if (isMissing(error)) throw new UsageError(`${path}: there is no such file or folder`);
      throw fileError("read", path, error);
    }
    const listing = listFolder(path);
    listing.close();
    const found = listing.files.filter((file) => hasPictureExtension(file.path));
    if (found.length === 0) throw new RunError(`${path}: expected pictures; the folder holds none`);
    return found
      .sort((a, b) => naturalOrder(a.path, b.path))
      .map((file) => ({ path: join(path, file.path), file }));
  });

/** A name for each file: its own as PNG; a second of the same name has a number. */
const namesOf = (files: readonly Given[], out: string): string[] => {
  const taken = new Set(files.map(({ path }) => resolve(path)));
  return files.map(({ path: given }) => {
    const stem = basename(given, extname(given));
    for (let n = 1; ; n++) {
      const path = join(out, `${stem}${n === 1 ? "" : `-${n}`}.png`);
      if (taken.has(resolve(path))) continue;
      taken.add(resolve(path));
      return path;
    }
  });
};

/**
 * Translates pictures, each to a PNG file of the same name in `out`, of the size that the run was trained at. A picture
 * that cannot be read is left out and named. `folder`, `config` and `trainer` are those of an opened run; `back`
 * translates the other way, where the model can.
 *
 * @param paths pictures, or folders of them
 * @throws UsageError for a run that translates nothing, or not back, and a path where there is nothing
 * @throws RunError where no picture can be read
 */
export const translatePictures = async (
  { folder, config, trainer }: Pick<OpenedRun, "folder" | "config" | "trainer">,
  paths: readonly string[],
  { out, back = false, fit = config.fit }: TranslateOptions,
): Promise<TranslatedPictures> => {
  const { model } = trainer.gan;
  if (model.translates !== true) {
    throw new UsageError(`${folder.path}: the run translates nothing; its model is ${model.name}`);
  }
  if (back && model.bothWays !== true) {
    throw new UsageError(
      `${folder.path}: model ${model.name} translates first images into second ones, and not back; leave --back out`,
    );
  }
  const files = filesOf(paths);
  const [pairs, height, width] = model.shape;
  const shape = [pairs / 2, height, width];
  const channels = shape[0];
  if (channels !== 1 && channels !== 3) {
    throw new UsageError(
      `${folder.path}: it translates images of ${channels} channels; pictures have 1 or 3`,
    );
  }
  const half = sizeOf(shape);
  const names = namesOf(files, out);
  const reader = await pictureReader({ size: `${width}x${height}`, channels, ...(fit && { fit }) });
  const written: TranslatedPicture[] = [];
  const failed: string[] = [];
  for (let start = 0; start < files.length; start += CHUNK) {
    const read: { readonly at: number; readonly values: Float32Array }[] = [];
    for (let at = start; at < Math.min(start + CHUNK, files.length); at++) {
      try {
        const { path, file } = files[at];
        read.push({ at, values: await reader(file, path) });
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        failed.push(error.message);
      }
    }
    if (read.length === 0) continue;
    // The half that is not looked at is of no matter.
    const sources = new Float32Array(read.length * 2 * half);
    read.forEach(({ values }, n) => {
      sources.set(values, 2 * n * half);
      sources.set(values, (2 * n + 1) * half);
    });
    const outputs = await trainer.sample(read.length, { sources });
    for (const [n, { at }] of read.entries()) {
      const from = (2 * n + (back ? 0 : 1)) * half;
      const png = await imageGridPng(outputs.subarray(from, from + half), shape, { padding: 0 });
      writeFileAtomic(names[at], png);
      written.push({ from: files[at].path, to: names[at] });
    }
  }
  if (written.length === 0) throw new RunError(`no picture can be read: ${failed.slice(0, 5).join("; ")}`);
  return { written, failed };
};

/** Single pictures by path, made as those of a data set are, for models that are shown them. */
import { scalePixels, sidesOf } from "../data/index.ts";
import { RunError } from "../errors.ts";
import type { PictureTarget } from "./decode-picture.ts";
import { decodePicture } from "./decode-picture.ts";
import { reasonOf } from "./files.ts";
import { room } from "./gates.ts";
import { fileAt, type ListedFile } from "./listing.ts";
import { loadFile, MOST_AT_ONCE, type PictureOptions } from "./pictures.ts";
import { loadSharp } from "./sharp.ts";

export interface PicturesRead {
  /** Pictures one after the other, CHW, in [−1, 1]. */
  readonly examples: Float32Array;
  readonly shape: readonly [channels: number, height: number, width: number];
}

type ReadOptions = Required<Pick<PictureOptions, "size" | "channels">> & Pick<PictureOptions, "fit">;

/** What reads single pictures: CHW, in [−1, 1]. It throws RunError, with the cause, for a file that cannot be read. */
export const pictureReader = async (
  options: ReadOptions,
): Promise<(file: ListedFile, name: string) => Promise<Float32Array>> => {
  const { size, channels, fit = "cover" } = options;
  const target: PictureTarget = { ...sidesOf("pictures", size), channels, fit, across: 1 };
  const sharp = await loadSharp("reading pictures");
  const pixels = room(MOST_AT_ONCE);
  return async (file, name) => {
    const loaded = await loadFile(file);
    const fault = (cause: string) => new RunError(`${name}: cannot be read as a picture: ${cause}`);
    if (!("picture" in loaded))
      throw fault("unreadable" in loaded ? loaded.unreadable.cause : "it holds none");
    const { planes } = await decodePicture(sharp, loaded.picture, target, pixels).catch((error: unknown) => {
      throw fault(reasonOf(error));
    });
    const values = new Float32Array(planes.length);
    scalePixels(planes, values);
    return values;
  };
};

/**
 * Reads pictures of any format that data sets are made of, turned as the camera says, in the order of the paths.
 *
 * @throws RunError, with the cause, for a file that cannot be read
 */
export const readPictures = async (paths: readonly string[], options: ReadOptions): Promise<PicturesRead> => {
  const { channels } = options;
  const { width, height } = sidesOf("pictures", options.size);
  const read = await pictureReader(options);
  const examples = new Float32Array(paths.length * channels * height * width);
  for (const [i, path] of paths.entries()) {
    examples.set(await read(fileAt(path, path, 0), path), i * channels * height * width);
  }
  return { examples, shape: [channels, height, width] };
};

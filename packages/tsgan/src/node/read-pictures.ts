/** Single pictures by path, made as those of a data set are, for models that are shown them. */
import { scalePixels, sidesOf } from "../data/index.ts";
import { RunError } from "../errors.ts";
import type { PictureTarget } from "./decode-picture.ts";
import { decodePicture } from "./decode-picture.ts";
import { reasonOf } from "./files.ts";
import { room } from "./gates.ts";
import { fileAt } from "./listing.ts";
import { loadFile, MOST_AT_ONCE, type PictureOptions } from "./pictures.ts";
import { loadSharp } from "./sharp.ts";

export interface PicturesRead {
  /** Pictures one after the other, CHW, in [−1, 1]. */
  readonly examples: Float32Array;
  readonly shape: readonly [channels: number, height: number, width: number];
}

/**
 * Reads pictures of any format that data sets are made of, turned as the camera says, in the order of the paths.
 *
 * @throws RunError, with the cause, for a file that cannot be read
 */
export const readPictures = async (
  paths: readonly string[],
  options: Required<Pick<PictureOptions, "size" | "channels">> & Pick<PictureOptions, "fit">,
): Promise<PicturesRead> => {
  const { size, channels, fit = "cover" } = options;
  const target: PictureTarget = { ...sidesOf("pictures", size), channels, fit, across: 1 };
  const { width, height } = target;
  const sharp = await loadSharp("reading pictures");
  const examples = new Float32Array(paths.length * channels * height * width);
  const pixels = room(MOST_AT_ONCE);
  for (const [i, path] of paths.entries()) {
    const loaded = await loadFile(fileAt(path, path, 0));
    const fault = (cause: string) => new RunError(`${path}: cannot be read as a picture: ${cause}`);
    if (!("picture" in loaded))
      throw fault("unreadable" in loaded ? loaded.unreadable.cause : "it holds none");
    const { planes } = await decodePicture(sharp, loaded.picture, target, pixels).catch((error: unknown) => {
      throw fault(reasonOf(error));
    });
    scalePixels(planes, examples, i * planes.length);
  }
  return { examples, shape: [channels, height, width] };
};

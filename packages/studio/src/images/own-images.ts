/** Image files that were dropped on the page or chosen: decoded by the browser, here. Nothing is sent anywhere. */
import { labelsOfPaths } from "tsgan/tables";
import type { OwnImages } from "./data.ts";
import type { Given } from "./given.ts";
import { uprightPicture } from "./upright.ts";

/** Side at which they are kept: the largest that the page trains on. */
const SIDE = 64;
const AREA = SIDE * SIDE;

/** 12 kB each in colour. */
export const MOST_IMAGES = 20_000;

/** A GAN of one image would only learn to repeat it. */
const FEWEST_IMAGES = 2;

/** Files decoded at a time. */
const WINDOW = 16;

export interface Decoded {
  readonly images: OwnImages;
  /** Names of the files that are no image that this browser reads. */
  readonly unreadable: readonly string[];
  /** Files beyond the most that are taken. */
  readonly left: number;
  /** Readable ones that are not used, and why. */
  readonly passedOver: readonly string[];
}

/** The largest square in the middle of a picture, on white, as RGB planes. */
export const planesOf = (picture: CanvasImageSource, width: number, height: number): Uint8Array => {
  const side = Math.min(width, height);
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser draws no images outside of the page");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = "high";
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  context.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const planes = new Uint8Array(3 * AREA);
  for (let i = 0; i < AREA; i++) {
    for (let channel = 0; channel < 3; channel++) planes[channel * AREA + i] = data[4 * i + channel];
  }
  return planes;
};

const decode = async ({ open }: Given): Promise<Uint8Array> => {
  const picture = await uprightPicture(await open());
  return planesOf(picture, picture.width, picture.height);
};

const isGrey = (planes: Uint8Array): boolean => {
  for (let i = 0; i < AREA; i++) {
    if (planes[i] !== planes[AREA + i] || planes[i] !== planes[2 * AREA + i]) return false;
  }
  return true;
};

/** The readable ones of some files, as squares; grey where all of them are. Folders are their classes, where they are in some. */
export const decodeImages = async (
  files: readonly Given[],
  onProgress: (done: number, total: number) => void,
): Promise<Decoded> => {
  const decoded: { readonly path: string; readonly planes: Uint8Array }[] = [];
  const unreadable: string[] = [];
  const taken = files.slice(0, MOST_IMAGES);
  for (let start = 0; start < taken.length; start += WINDOW) {
    const some = taken.slice(start, start + WINDOW);
    const results = await Promise.allSettled(some.map(decode));
    results.forEach((result, i) => {
      const { path } = some[i];
      if (result.status === "fulfilled") decoded.push({ path, planes: result.value });
      else unreadable.push(path.slice(path.lastIndexOf("/") + 1));
    });
    onProgress(Math.min(start + WINDOW, taken.length), taken.length);
  }
  if (decoded.length < FEWEST_IMAGES) {
    const named = unreadable.length === 0 ? "" : `; not readable: ${unreadable.slice(0, 5).join(", ")}`;
    throw new Error(
      `expected at least ${FEWEST_IMAGES} images; got ${decoded.length} of ${files.length} files${named}`,
    );
  }
  const found = labelsOfPaths(decoded.map(({ path }) => path));
  const { chosen, classes, labels, labelling, splits } = found;
  const passedOver = [...(labelling.leftOut ?? [])];
  if (splits !== undefined) {
    const others = Object.entries(splits).filter(([name]) => name !== "train");
    passedOver.push(`left out: ${others.map(([name, count]) => `${count} of ${name}`).join(", ")}`);
  }
  const images = gathered(
    Array.from(chosen, (i) => decoded[i].planes),
    labels && classes && { labels, classes },
  );
  return { images, unreadable, left: files.length - taken.length, passedOver };
};

/** Squares together; grey where all of them are. */
const gathered = (
  squares: readonly Uint8Array[],
  named?: { readonly labels: Int32Array; readonly classes: readonly string[] },
): OwnImages => {
  const channels = squares.every(isGrey) ? 1 : 3;
  const pixels = new Uint8Array(squares.length * channels * AREA);
  squares.forEach((planes, n) => {
    pixels.set(planes.subarray(0, channels * AREA), n * channels * AREA);
  });
  return { added: Date.now(), shape: [channels, SIDE, SIDE], count: squares.length, pixels, ...named };
};

/** The class of those that came without one, once others have one. */
const UNNAMED = "others";

/** More squares behind those that are there, of a class where it has a name. */
export const joined = (
  own: OwnImages | undefined,
  more: readonly Uint8Array[],
  className: string,
): OwnImages => {
  const squares = Array.from({ length: own?.count ?? 0 }, (_, n) => {
    const { shape, pixels } = own!;
    const size = shape[0] * AREA;
    const square = pixels.subarray(n * size, (n + 1) * size);
    if (shape[0] === 3) return square;
    const planes = new Uint8Array(3 * AREA);
    for (let channel = 0; channel < 3; channel++) planes.set(square, channel * AREA);
    return planes;
  });
  const names = [
    ...squares.map((_, n) => (own?.labels && own.classes?.[own.labels[n]]) ?? UNNAMED),
    ...more.map(() => (className === "" ? UNNAMED : className)),
  ].slice(-MOST_IMAGES);
  const classes = [...new Set(names)];
  const labels = Int32Array.from(names, (name) => classes.indexOf(name));
  return gathered(
    [...squares, ...more].slice(-MOST_IMAGES),
    // One class tells nothing, but for the next one to come.
    classes.length > 1 || className !== "" ? { labels, classes } : undefined,
  );
};

/** The images of a run: from the site's `data/NAME.json` and `data/NAME.bin`, or those that were dropped on the page. */
import { resizePixels } from "tsgan/data";
import { fetchBytes, type LoadProgress } from "../engine/index.ts";
import { type ImageShape, sizeOfImage } from "./pixels.ts";
import type { TrainingData } from "./protocol.ts";
import { type Source, sources } from "./settings.ts";

/**
 * `data/NAME.json`. The bytes beside it are the images one after the other, each [channels, height, width]; where there are
 * classes a byte for each image follows, its class.
 */
export interface DataFacts {
  readonly name: string;
  readonly shape: ImageShape;
  readonly count: number;
  readonly classes?: readonly string[];
  readonly licence: string;
}

const isFacts = (value: unknown): value is DataFacts => {
  const { shape, count, classes, licence } = (value ?? {}) as Partial<DataFacts>;
  return (
    (classes === undefined || Array.isArray(classes)) &&
    Array.isArray(shape) &&
    shape.length === 3 &&
    [...shape, count].every((n) => Number.isSafeInteger(n) && (n as number) > 0) &&
    typeof licence === "string"
  );
};

const addressOf = (file: string): string => new URL(`data/${file}`, document.baseURI).href;

/** What the site says of a data set; undefined where it does not have it. */
export const factsOf = async (source: Source): Promise<DataFacts | undefined> => {
  const response = await fetch(addressOf(`${source}.json`));
  if (!response.ok) return undefined;
  try {
    const facts: unknown = await response.json();
    return isFacts(facts) ? facts : undefined;
  } catch {
    // A host that answers every address with a page.
    return undefined;
  }
};

/** Digits and clothes stand on black: a margin of zeros makes them larger without blurring them. */
const mayGrow: readonly Source[] = ["mnist", "fashion-mnist"];

interface Labelled {
  /** A class for each image. */
  readonly labels?: Int32Array | undefined;
  readonly classes?: readonly string[] | undefined;
}

const resized = (
  source: Source,
  shape: ImageShape,
  pixels: Uint8Array,
  size: number,
  { labels, classes }: Labelled,
): TrainingData => {
  const [channels, height, width] = shape;
  if (size > Math.min(height, width) && !mayGrow.includes(source)) {
    throw new Error(
      `${sources[source]} are ${width} × ${height} here; choose an image size of at most ${Math.min(height, width)}`,
    );
  }
  const planes = pixels.length / (height * width);
  return {
    name: source,
    shape: [channels, size, size],
    pixels: resizePixels(pixels, [planes, height, width], { width: size, height: size }),
    ...(labels !== undefined && classes !== undefined && { labels, classes }),
  };
};

/** The images that were dropped on the page, as they are kept: of one size, from which smaller ones are made. */
export interface OwnImages extends Labelled {
  /** When they were added, in milliseconds: what tells them from others. */
  readonly added: number;
  readonly shape: ImageShape;
  readonly count: number;
  readonly pixels: Uint8Array;
}

/** The images to train on, at the size that the run wants. */
export const loadData = async (
  source: Source,
  size: number,
  own: OwnImages | undefined,
  onProgress: (progress: LoadProgress) => void,
): Promise<TrainingData> => {
  if (source === "own") {
    if (own === undefined) throw new Error("there are no images of yours yet; choose or drop some");
    return resized(source, own.shape, own.pixels, size, own);
  }
  const facts = await factsOf(source);
  if (facts === undefined) throw new Error(`this site does not have ${sources[source]}; choose other data`);
  const { classes, count, shape } = facts;
  const pixels = count * sizeOfImage(shape);
  const expected = pixels + (classes === undefined ? 0 : count);
  const bytes = await fetchBytes(addressOf(`${source}.bin`), ({ loaded }) =>
    onProgress({ loaded, total: expected }),
  );
  if (bytes.byteLength !== expected) {
    throw new Error(`${source}.bin: expected ${expected} bytes; got ${bytes.byteLength}; reload the page`);
  }
  const all = new Uint8Array(bytes);
  const labels = classes && Int32Array.from(all.subarray(pixels));
  return resized(source, shape, all.subarray(0, pixels), size, { labels, classes });
};

/** Image files that were dropped on the page or chosen: decoded by the browser, here. Nothing is sent anywhere. */
import type { OwnImages } from "./data.ts";
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
}

/** All files of a drop, those in folders too. Must be called while the drop is being handled. */
export const filesOf = async (transfer: DataTransfer): Promise<File[]> => {
  const items = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const files: File[] = [];
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    if (entry.isFile) {
      files.push(
        await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
      );
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const each of some) await visit(each);
    }
  };
  for (const item of items) {
    if (item instanceof File) files.push(item);
    else if (item !== null) await visit(item);
  }
  return files;
};

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

const decode = async (file: File): Promise<Uint8Array> => {
  const picture = await uprightPicture(file);
  return planesOf(picture, picture.width, picture.height);
};

const isGrey = (planes: Uint8Array): boolean => {
  for (let i = 0; i < AREA; i++) {
    if (planes[i] !== planes[AREA + i] || planes[i] !== planes[2 * AREA + i]) return false;
  }
  return true;
};

/** The readable ones of some files, as squares; grey where all of them are. */
export const decodeImages = async (
  files: readonly File[],
  onProgress: (done: number, total: number) => void,
): Promise<Decoded> => {
  const decoded: Uint8Array[] = [];
  const unreadable: string[] = [];
  const taken = files.slice(0, MOST_IMAGES);
  for (let start = 0; start < taken.length; start += WINDOW) {
    const some = taken.slice(start, start + WINDOW);
    const results = await Promise.allSettled(some.map(decode));
    results.forEach((result, i) => {
      if (result.status === "fulfilled") decoded.push(result.value);
      else unreadable.push(some[i].name);
    });
    onProgress(Math.min(start + WINDOW, taken.length), taken.length);
  }
  if (decoded.length < FEWEST_IMAGES) {
    const named = unreadable.length === 0 ? "" : `; not readable: ${unreadable.slice(0, 5).join(", ")}`;
    throw new Error(
      `expected at least ${FEWEST_IMAGES} images; got ${decoded.length} of ${files.length} files${named}`,
    );
  }
  return { images: gathered(decoded), unreadable, left: files.length - taken.length };
};

/** Squares together; grey where all of them are. */
const gathered = (squares: readonly Uint8Array[]): OwnImages => {
  const channels = squares.every(isGrey) ? 1 : 3;
  const pixels = new Uint8Array(squares.length * channels * AREA);
  squares.forEach((planes, n) => {
    pixels.set(planes.subarray(0, channels * AREA), n * channels * AREA);
  });
  return { added: Date.now(), shape: [channels, SIDE, SIDE], count: squares.length, pixels };
};

/** More squares behind those that are there. */
export const joined = (own: OwnImages | undefined, more: readonly Uint8Array[]): OwnImages => {
  const squares = Array.from({ length: own?.count ?? 0 }, (_, n) => {
    const { shape, pixels } = own!;
    const size = shape[0] * AREA;
    const square = pixels.subarray(n * size, (n + 1) * size);
    if (shape[0] === 3) return square;
    const planes = new Uint8Array(3 * AREA);
    for (let channel = 0; channel < 3; channel++) planes.set(square, channel * AREA);
    return planes;
  });
  return gathered([...squares, ...more].slice(-MOST_IMAGES));
};

/** One picture as pixels of the size asked for, whatever it was stored as. */
import { closeSync } from "node:fs";
import type { Sharp, SharpOptions } from "sharp";
import type { Fit, Sides } from "../data/index.ts";
import { bmpSize, decodeBmp, PictureFault, type RawPicture } from "./bmp.ts";
import { openFile, readBytes, readInto } from "./files.ts";
import type { Gate } from "./gates.ts";
import type { SharpModule } from "./sharp.ts";

export interface PictureTarget extends Sides {
  readonly channels: 1 | 3;
  /** Cut to the middle, whole with white margins, or stretched. */
  readonly fit: Fit;
  /** Pictures side by side in each; they are taken apart at the middle. */
  readonly across: 1 | 2;
}

export interface DecodedPicture {
  /** Bytes, CHW, of each picture across. */
  readonly planes: Uint8Array;
  /** Sides as they are seen: turned as the camera says, and of one of those side by side. */
  readonly seen: readonly [width: number, height: number];
  /** Share of the area that was cut off. */
  readonly lost: number;
  readonly enlarged: boolean;
}

export interface StoredPicture {
  /** As `identify` calls it. */
  readonly format: string;
  /** The file's bytes, or its path. */
  readonly content: Uint8Array | string;
}

/** sharp's own limit, 0x3fff²: a file of some kilobytes can claim more pixels than there is memory for. */
export const MOST_PIXELS = 268_402_689;
/** Pixels of a WebP that is read whole, at most. */
const MOST_WHOLE = 4_000_000;
const BACKGROUND = "#ffffff";

/** Ends of files that are looked at. */
const END = 65_536;

/** Size and both ends of a file's content. */
const endsOf = (content: StoredPicture["content"]): { size: number; start: Buffer; end: Buffer } => {
  if (typeof content !== "string") {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    return { size: bytes.length, start: bytes.subarray(0, 16), end: bytes.subarray(-END) };
  }
  const { handle, stats } = openFile(content);
  try {
    const [start, end] = [Buffer.alloc(16), Buffer.alloc(Math.min(END, stats.size))];
    readInto(handle, start, 0);
    readInto(handle, end, stats.size - end.length);
    return { size: stats.size, start, end };
  } finally {
    closeSync(handle);
  }
};

/** Whether a file ends before its picture does, by what its format ends with; undefined where that cannot be told. */
const isCutShort = ({ format, content }: StoredPicture): boolean | undefined => {
  const { size, start, end } = endsOf(content);
  if (format === "JPEG") return !end.includes("\xff\xd9", 0, "latin1");
  if (format === "PNG") return !end.includes("IEND", 0, "latin1");
  if (format === "GIF") return !end.subarray(-16).includes(";", 0, "latin1");
  return format === "WebP" ? 8 + start.readUInt32LE(4) > size : undefined;
};

/** Not in libvips's words: all threads share them, so that they may be those of another picture. */
const damaged = (picture: StoredPicture): PictureFault => {
  const cut = isCutShort(picture);
  const state = cut === undefined ? "damaged, or of a kind that is not read" : cut ? "cut short" : "damaged";
  return new PictureFault(`${picture.format}, ${state}`);
};

interface Opened {
  readonly width: number;
  readonly height: number;
  /** A new reading of the picture, upright. */
  readonly upright: () => Sharp;
  /** Whether a copy of it in another format would come out otherwise, unless all its pixels are read before it is resized. */
  readonly whole: (scale: number) => boolean;
}

const checkPixels = (width: number, height: number): void => {
  if (width * height <= MOST_PIXELS) return;
  const millions = (pixels: number) => Math.round(pixels / 1e6);
  throw new PictureFault(
    `${width} × ${height}: ${millions(width * height)} megapixels, over the limit of ${millions(MOST_PIXELS)}`,
  );
};

const openRaw = (sharp: SharpModule, { width, height, channels, data }: RawPicture): Opened => ({
  width,
  height,
  upright: () => sharp(data, { raw: { width, height, channels } }),
  whole: () => false,
});

const openStored = async (sharp: SharpModule, picture: StoredPicture): Promise<Opened> => {
  const { format, content } = picture;
  if (format === "BMP") {
    const bytes = typeof content === "string" ? readBytes(content) : content;
    const { width, height } = bmpSize(bytes);
    checkPixels(width, height);
    const upright = () => openRaw(sharp, decodeBmp(bytes)).upright();
    return { width, height, upright, whole: () => false };
  }
  const options: SharpOptions = { failOn: "error", limitInputPixels: false };
  const facts = await sharp(content, options)
    .metadata()
    .catch(() => {
      throw damaged(picture);
    });
  const { depth, channels, autoOrient, orientation = 1 } = facts;
  checkPixels(autoOrient.width, autoOrient.height);
  if (depth !== "uchar" && depth !== "ushort") {
    throw new PictureFault(
      `${format} with values of type ${depth}, whose range is not known; save it with 8 or 16 bits`,
    );
  }
  const upright = (): Sharp => {
    const image = sharp(content, options);
    // To 8 bits before all else, so that 16 bits of the same picture end in the same bytes.
    if (depth === "ushort") image.pipelineColourspace(channels < 3 ? "b-w" : "srgb");
    return image.autoOrient();
  };
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    upright,
    // One that was turned would be cut and resized as it is stored, a pixel's place from its upright twin. JPEG and WebP are made
    // smaller while they are read: of JPEG, by powers of 2, no other format holds the same; of large WebP it saves much memory.
    whole: (scale) => {
      if (format === "WebP") return autoOrient.width * autoOrient.height <= MOST_WHOLE;
      return orientation > 1 && !(format === "JPEG" && scale >= 2);
    },
  };
};

/** What becomes of a picture's area and whether it grows. */
const changeOf = (
  width: number,
  height: number,
  target: PictureTarget,
): Pick<DecodedPicture, "lost" | "enlarged"> => {
  const [across, down] = [target.width / width, target.height / height];
  const { fit } = target;
  const [less, more] = [Math.min(across, down), Math.max(across, down)];
  const scale = fit === "contain" ? less : more;
  return { lost: fit === "cover" ? 1 - less / more : 0, enlarged: scale > 1 };
};

const FITS = { cover: "cover", contain: "contain", stretch: "fill" } as const;

/** Pixels of one picture, CHW. */
const planesOf = async (image: Sharp, target: PictureTarget): Promise<Uint8Array> => {
  const { width, height, channels, fit } = target;
  const { data, info } = await image
    .flatten({ background: BACKGROUND })
    .resize(width, height, { fit: FITS[fit], background: BACKGROUND })
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new PictureFault(`decoded to ${info.channels} channels`);
  if (channels === 1) return data;
  const area = width * height;
  const planes = new Uint8Array(channels * area);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      planes[channel * area + pixel] = data[channels * pixel + channel];
    }
  }
  return planes;
};

/**
 * @param pixels room for the pixels of pictures that are decoded at the same time
 * @throws PictureFault where it cannot be read
 */
export const decodePicture = async (
  sharp: SharpModule,
  picture: StoredPicture | RawPicture,
  target: PictureTarget,
  pixels: Gate,
): Promise<DecodedPicture> => {
  const opened = "content" in picture ? await openStored(sharp, picture) : openRaw(sharp, picture);
  const { width, height, upright, whole } = opened;
  const { across } = target;
  const half = Math.floor(width / across);
  if (half < 1) throw new PictureFault("too narrow to hold two pictures side by side");
  const leave = await pixels(width * height);
  try {
    // Two side by side are taken apart before they are resized: else each would bleed into the other at the seam.
    const parts =
      across === 1 && !whole(Math.min(half / target.width, height / target.height))
        ? [upright()]
        : (across === 1 ? [0] : [0, width - half]).map((left) =>
            upright().extract({ left, top: 0, width: half, height }),
          );
    const planes = new Uint8Array(across * target.channels * target.width * target.height);
    let at = 0;
    for (const part of parts) {
      const own = await planesOf(part, target);
      planes.set(own, at);
      at += own.length;
    }
    return { planes, seen: [half, height], ...changeOf(half, height, target) };
  } catch (error) {
    throw "content" in picture && !(error instanceof PictureFault) ? damaged(picture) : error;
  } finally {
    leave();
  }
};

/** Formats: what holds one picture comes out as the same bytes, and what cannot be read is named with its cause. */
import { chmodSync, truncateSync } from "node:fs";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { checkRow, colourOf, type Place, pngOf, pngOfPixels, type Row } from "../testing/own-data.ts";
import {
  asStored,
  blockJpeg,
  bmp,
  cmykOfYcck,
  floatTiff,
  heicHead,
  type Pixels,
  pattern,
} from "../testing/picture-files.ts";
import { checksum } from "../testing/zip-files.ts";

const picture = pattern(8, 8);

const raw = ({ width, height, data }: Pixels): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

const wide = (data: Uint8Array): Uint16Array => Uint16Array.from(data, (value) => 257 * value);

/** A second picture beside the one of the row: a data set has two. */
const beside = (place: Place, folder: string): Promise<string> => place.picture(`${folder}/z.png`, 5);

/** The picture as an 8-bit PNG, without a palette. */
const plainTwin = async (place: Place, data: Pixels = picture): Promise<string> => {
  place.write("twin/a.png", await pngOfPixels(data));
  await beside(place, "twin");
  return place.at("twin");
};

const same = (
  did: string,
  name: string,
  encode: () => Promise<Uint8Array> | Uint8Array,
  twin = plainTwin,
): Row => ({
  did,
  make: async (place) => {
    place.write(`first/${name}`, await encode());
    await beside(place, "first");
    return place.at("first");
  },
  options: { size: 8 },
  reads: { size: 2 },
  twin,
});

const grey: Pixels = (() => {
  const data = new Uint8Array(192);
  for (let i = 0; i < 64; i++) data.fill((i * 4) % 256, 3 * i, 3 * i + 3);
  return { width: 8, height: 8, data };
})();
const greyBytes = Uint8Array.from({ length: 64 }, (_, i) => grey.data[3 * i]);
const greyTwin = (place: Place) => plainTwin(place, grey);

/** Grey values with a falling alpha, two bytes a pixel. */
const greyAlpha = Uint8Array.from({ length: 128 }, (_, i) =>
  i % 2 === 0 ? greyBytes[i / 2] : 255 - (i >> 1) * 3,
);
const rgba = Uint8Array.from({ length: 256 }, (_, i) =>
  i % 4 === 3 ? 255 - (i >> 2) * 3 : picture.data[3 * (i >> 2) + (i % 4)],
);
/** The same in 8 bits. */
const alphaTwin = (data: Uint8Array, channels: 2 | 4) => async (place: Place) => {
  const space = channels === 2 ? "b-w" : "srgb";
  place.write(
    "twin/a.png",
    await sharp(data, { raw: { width: 8, height: 8, channels } })
      .toColourspace(space)
      .png()
      .toBuffer(),
  );
  await beside(place, "twin");
  return place.at("twin");
};

/** Few colours, for palettes. */
const posterised: Pixels = {
  ...picture,
  data: picture.data.map((value, i) => (i % 3 === 2 ? 0 : value & 128)),
};
const posterTwin = (place: Place) => plainTwin(place, posterised);
const fiveBits: Pixels = {
  ...picture,
  data: picture.data.map((value) => Math.round((255 * (value >> 3)) / 31)),
};

/** Blocks of YCCK whose CMYK is known exactly. */
const ycck = Array.from({ length: 4 }, (_, i) => [60 + 40 * i, 110 + 10 * i, 150 - 12 * i, 200 - 30 * i]);
const cmyk = ycck.map(cmykOfYcck);

const animation = async (format: "gif" | "webp"): Promise<Uint8Array> => {
  const frames = [posterised, { ...posterised, data: posterised.data.map((value) => 128 - value) }];
  const stacked = Uint8Array.from(frames.flatMap(({ data }) => [...data]));
  const image = sharp(stacked, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } });
  return format === "gif" ? image.gif({ dither: 0 }).toBuffer() : image.webp({ lossless: true }).toBuffer();
};

const turned = (format: "png" | "webp" | "tiff", orientation: number): Row =>
  same(`held the camera so that ${format} says orientation ${orientation}`, `a.${format}`, () => {
    const image = raw(asStored(picture, orientation)).withMetadata({ orientation });
    if (format === "png") return image.png().toBuffer();
    if (format === "webp") return image.webp({ lossless: true }).toBuffer();
    return image.tiff({ compression: "none" }).toBuffer();
  });

const blocks = Array.from({ length: 6 }, (_, i) => [40 + 30 * i, 100 + 9 * i, 160 - 11 * i]);
/** A JPEG of 3 × 2 blocks as the camera stores it. */
const turnedJpeg = (orientation: number): Row => {
  const packed = { width: 3, height: 2, data: Uint8Array.from(blocks.flat()) };
  const stored = asStored(packed, orientation);
  const own = Array.from({ length: 6 }, (_, i) => [...stored.data.subarray(3 * i, 3 * i + 3)]);
  return {
    ...same(
      `held the camera so that JPEG says orientation ${orientation}`,
      "a.jpg",
      () => blockJpeg(stored.width, stored.height, own, { orientation }),
      async (place) => {
        place.write("twin/a.jpg", blockJpeg(3, 2, blocks));
        await beside(place, "twin");
        return place.at("twin");
      },
    ),
    options: { size: "24x16" },
  };
};

const twins: Row[] = [
  same(
    "saved as PNG with a palette",
    "a.png",
    () => raw(posterised).png({ palette: true }).toBuffer(),
    posterTwin,
  ),
  same("saved as PNG with 16 bits", "a.png", () =>
    sharp(wide(picture.data), { raw: { width: 8, height: 8, channels: 3, depth: "ushort" } as never })
      .toColourspace("rgb16")
      .png()
      .toBuffer(),
  ),
  same(
    "scanned grey with 16 bits",
    "a.png",
    () =>
      sharp(wide(greyBytes), { raw: { width: 8, height: 8, channels: 1, depth: "ushort" } as never })
        .toColourspace("grey16")
        .png()
        .toBuffer(),
    greyTwin,
  ),
  same("scanned as TIFF with 16 bits", "a.tif", () =>
    sharp(wide(picture.data), { raw: { width: 8, height: 8, channels: 3, depth: "ushort" } as never })
      .toColourspace("rgb16")
      .tiff({ compression: "lzw" })
      .toBuffer(),
  ),
  same(
    "saved in grey",
    "a.png",
    () =>
      sharp(greyBytes, { raw: { width: 8, height: 8, channels: 1 } })
        .png()
        .toBuffer(),
    greyTwin,
  ),
  same(
    "saved grey with alpha in 16 bits",
    "a.png",
    () =>
      sharp(wide(greyAlpha), { raw: { width: 8, height: 8, channels: 2, depth: "ushort" } as never })
        .toColourspace("grey16")
        .png()
        .toBuffer(),
    alphaTwin(greyAlpha, 2),
  ),
  same(
    "saved grey with alpha as colour with alpha",
    "a.webp",
    () => {
      const colour = Uint8Array.from(
        { length: 256 },
        (_, i) => greyAlpha[2 * (i >> 2) + (i % 4 === 3 ? 1 : 0)],
      );
      return sharp(colour, { raw: { width: 8, height: 8, channels: 4 } })
        .webp({ lossless: true, exact: true } as never)
        .toBuffer();
    },
    alphaTwin(greyAlpha, 2),
  ),
  same(
    "saved colour with alpha in 16 bits",
    "a.png",
    () =>
      sharp(wide(rgba), { raw: { width: 8, height: 8, channels: 4, depth: "ushort" } as never })
        .toColourspace("rgb16")
        .png()
        .toBuffer(),
    alphaTwin(rgba, 4),
  ),
  same("saved with progressive lines", "a.png", () => raw(picture).png({ progressive: true }).toBuffer()),
  same("saved as lossless WebP", "a.webp", () => raw(picture).webp({ lossless: true }).toBuffer()),
  same("saved as lossless AVIF", "a.avif", () =>
    raw(picture).avif({ lossless: true, chromaSubsampling: "4:4:4" }).toBuffer(),
  ),
  same("saved as TIFF", "a.tiff", () => raw(picture).tiff({ compression: "deflate" }).toBuffer()),
  same("saved as GIF", "a.gif", () => raw(posterised).gif({ dither: 0 }).toBuffer(), posterTwin),
  same("took an animated GIF", "a.gif", () => animation("gif"), posterTwin),
  same("took an animated WebP", "a.webp", () => animation("webp"), posterTwin),
  same("painted a BMP of 24 bits", "a.bmp", () => bmp(picture, { bits: 24 })),
  same(
    "painted a BMP of an odd width",
    "a.bmp",
    () => bmp(pattern(7, 5), { bits: 24 }),
    (place) => plainTwin(place, pattern(7, 5)),
  ),
  same("painted a BMP of 256 colours", "a.bmp", () => bmp(picture, { bits: 8 })),
  same(
    "painted a BMP of 16 colours and odd width",
    "a.bmp",
    () => bmp({ width: 5, height: 3, data: pattern(5, 3).data.slice(0, 45) }, { bits: 4 }),
    (place) => plainTwin(place, pattern(5, 3)),
  ),
  same(
    "painted a BMP in black and white",
    "a.bmp",
    () => bmp({ ...grey, data: grey.data.map((value) => (value > 99 ? 255 : 0)) }, { bits: 1 }),
    (place) => plainTwin(place, { ...grey, data: grey.data.map((value) => (value > 99 ? 255 : 0)) }),
  ),
  same("wrote a BMP of 32 bits whose fourth byte is 0", "a.bmp", () => bmp(picture, { bits: 32, alpha: 0 })),
  same("wrote a BMP of 32 bits without masks", "a.bmp", () => bmp(picture, { bits: 32 })),
  same("wrote a BMP of 32 bits from the top down, opaque", "a.bmp", () =>
    bmp(picture, { bits: 32, alpha: 255, topDown: true }),
  ),
  same(
    "wrote a BMP of 16 bits",
    "a.bmp",
    () => bmp(picture, { bits: 16 }),
    (place) => plainTwin(place, fiveBits),
  ),
  same("kept a BMP of OS/2", "a.bmp", () => bmp(posterised, { bits: 8, core: true }), posterTwin),
  same(
    "named a JPEG .jfif",
    "a.jfif",
    () => blockJpeg(2, 2, blocks.slice(0, 4)),
    async (place) => {
      place.write("twin/a.jpg", blockJpeg(2, 2, blocks.slice(0, 4)));
      await beside(place, "twin");
      return place.at("twin");
    },
  ),
  same("named a WebP .jpg", "a.jpg", () => raw(picture).webp({ lossless: true }).toBuffer()),
  same("named a PNG without an extension", "a", () => pngOfPixels(picture)),
  same("named a PNG .dat", "a.dat", () => pngOfPixels(picture)),
  same("downloaded a picture twice", "a[1].png", () => pngOfPixels(picture)),
  same(
    "sent a JPEG in YCCK to a printer",
    "a.jpg",
    () => blockJpeg(2, 2, ycck, { transform: 2 }),
    async (place) => {
      place.write("twin/a.jpg", blockJpeg(2, 2, cmyk, { transform: 0 }));
      await beside(place, "twin");
      return place.at("twin");
    },
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((orientation) => [
    turned("png", orientation),
    turned("webp", orientation),
    turned("tiff", orientation),
    turnedJpeg(orientation),
  ]),
];

describe("the same picture comes out of what a person", () => {
  it.each(twins)("$did", checkRow);

  it("sent to a printer as CMYK, in the colours that the inks have", async () => {
    const inks = {
      name: "white, black, cyan",
      blocks: [
        [255, 255, 255, 255],
        [255, 255, 255, 0],
        [0, 255, 255, 255],
        [0, 255, 255, 255],
      ],
    };
    await checkRow({
      did: inks.name,
      make: async (place) => {
        place.write("a.jpg", blockJpeg(2, 2, inks.blocks, { transform: 0 }));
        await place.picture("b.png");
      },
      reads: { size: 2, shape: [3, 4, 4] },
    });
    const { data } = await sharp(blockJpeg(2, 2, inks.blocks, { transform: 0 }))
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)].every((value) => value > 240)).toBe(true);
    expect([...data.subarray(45, 48)].every((value) => value < 60)).toBe(true);
  });
});

/** Two good pictures and what else a person has. */
const withGood = (did: string, make: (place: Place) => unknown, ...says: (string | RegExp)[]): Row => ({
  did,
  make: async (place) => {
    await place.pictures("", 2);
    await make(place);
  },
  reads: { size: 2 },
  says,
});

const left = (path: string, cause: string): string =>
  `! own: 1 file cannot be read and is left out: ${path} (${cause})`;

const isRoot = process.getuid?.() === 0;

const unreadable: Row[] = [
  withGood(
    "has text files and videos beside pictures",
    (place) => {
      for (const name of ["a.txt", "b.txt", "notes.TXT", "film.mp4", "Makefile"])
        place.write(name, `words of ${name}`);
    },
    "passed over 5: 3 .txt, 1 .mp4, 1 without an extension",
    "own (folder): 2 pictures (2 PNG)",
  ),
  withGood(
    "has hidden files",
    (place) => {
      for (const name of [".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/._0.png", ".cache/1.png"])
        place.write(name, "x");
    },
    "passed over 5: 5 hidden",
  ),
  withGood(
    "copied photos from an iPhone",
    (place) => place.write("IMG_1.HEIC", heicHead()),
    /^! own: 1 file cannot be read .*IMG_1\.HEIC \(HEIC, which is not read; save it as JPEG \(on an iPhone: /,
  ),
  withGood(
    "renamed HEIC to .jpg",
    (place) => place.write("IMG_1.jpg", heicHead()),
    /IMG_1\.jpg \(HEIC, which is not read; /,
  ),
  withGood(
    "downloaded an error page",
    (place) => place.write("a.jpg", "<!DOCTYPE html><html>404"),
    left("a.jpg", "no picture but HTML, a web page"),
  ),
  withGood(
    "cloned without Git LFS",
    (place) => place.write("a.png", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
    left("a.png", "no picture but a Git LFS pointer; fetch what it stands for with git lfs pull"),
  ),
  withGood(
    "broke off a download of nothing",
    (place) => place.write("a.png", ""),
    left("a.png", "the file is empty"),
  ),
  withGood(
    "lost a disk",
    (place) => place.write("a.png", new Uint8Array(1000)),
    left("a.png", "no picture but nothing but zeros"),
  ),
  withGood(
    "broke off a download",
    async (place) => {
      const path = place.write(
        "a.jpg",
        await sharp({
          create: {
            width: 64,
            height: 64,
            channels: 3,
            background: "red",
            noise: { type: "gaussian", mean: 128, sigma: 50 },
          },
        })
          .jpeg()
          .toBuffer(),
      );
      truncateSync(path, 1200);
    },
    left("a.jpg", "JPEG, cut short"),
  ),
  withGood(
    "cut a TIFF short",
    async (place) => {
      const path = place.write("a.tif", await raw(picture).tiff({ compression: "none" }).toBuffer());
      truncateSync(path, 100);
    },
    /a\.tif \(TIFF, damaged or cut short/,
  ),
  withGood(
    "cut a BMP short",
    (place) => place.write("a.bmp", bmp(picture, { bits: 24 }).subarray(0, 100)),
    left("a.bmp", "BMP, cut short"),
  ),
  withGood(
    "has a drawing as SVG",
    (place) => place.write("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    left("a.svg", "SVG, a drawing, which is not read; save it as PNG or JPEG"),
  ),
  withGood(
    "has measurements as 32-bit TIFF",
    (place) => place.write("a.tif", floatTiff(4, 4, 0.5)),
    left("a.tif", "TIFF with values of type float, whose range is not known; save it with 8 or 16 bits"),
  ),
  withGood(
    "has a map of 400 megapixels",
    async (place) => {
      const head = Buffer.from(await pngOf(1));
      head.writeUInt32BE(20_000, 16);
      head.writeUInt32BE(20_000, 20);
      head.writeUInt32BE(checksum(head.subarray(12, 29)), 29);
      place.write("map.png", head);
    },
    left("map.png", "20000 × 20000: 400 megapixels, over the limit of 268"),
  ),
  withGood(
    "has a camera's raw files",
    (place) => place.write("a.nef", Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 0)),
    left("a.nef", "camera raw, which is not read; save it as PNG or JPEG"),
  ),
  ...(isRoot
    ? []
    : [
        withGood(
          "may not read a file",
          (place) => chmodSync(place.write("a.png", "x"), 0),
          left("a.png", "permission denied; check who owns it (EACCES)"),
        ),
      ]),
  {
    did: "gives one picture",
    make: (place) => place.picture("a.png"),
    refused: [
      2,
      /^data set own\/a\.png: it is one picture \(PNG\); at least 2 are needed: give the folder or \.zip that holds them$/,
    ],
  },
  {
    did: "gives a folder with one picture",
    make: async (place) => {
      await place.picture("a.png");
    },
    refused: [
      1,
      /^own: expected at least 2 pictures \(.*\) in the folder, the archive or their subfolders; got 1 picture$/,
    ],
  },
  { did: "gives an empty folder", make: () => {}, refused: [1, /got none$/] },
  {
    did: "gives a folder of HEIC alone",
    make: (place) => {
      for (const n of [1, 2, 3]) place.write(`${n}.heic`, heicHead());
    },
    refused: [1, /got none; cannot be read: 1\.heic \(HEIC, which is not read; save it as JPEG/],
  },
  {
    did: "gives a folder that holds an archive",
    make: (place) => {
      place.write("photos.zip", "PK\x05\x06");
    },
    refused: [1, /got none; passed over: 1 \.zip; give the archive or array itself$/],
  },
  ...(
    [
      [
        "a.tar.gz",
        "\x1f\x8b\x08\0",
        /got gzip; unpack it \(tar -xzf FILE, or gunzip FILE\) and give the folder$/,
      ],
      ["a.7z", "7z\xbc\xaf'\x1c", /got 7z; unpack it/],
      ["a.rar", "Rar!\x1a\x07\x00", /got RAR; unpack it/],
      ["a.h5", "\x89HDF\r\n\x1a\n", /got HDF5; save its arrays with numpy\.save as \.npy$/],
      ["a.parquet", "PAR1\x15\x04", /got Parquet; save it as CSV/],
      ["a.pdf", "%PDF-1.7\0", /got PDF$/],
    ] as const
  ).map(
    ([name, bytes, message]): Row => ({
      did: `gives ${name}`,
      make: (place) => place.write(name, Buffer.from(bytes, "latin1")),
      refused: [2, message],
    }),
  ),
];

describe("what is said to a person who", () => {
  it.each(unreadable)("$did", checkRow);
});

/** Folders of a few pictures of given sides. */
const sized = (
  did: string,
  sides: readonly (readonly [number, number])[],
  options: Row["options"],
  ...says: (string | RegExp)[]
): Row => ({
  did,
  make: async (place) => {
    for (const [i, [width, height]] of sides.entries()) {
      const [r, g, b] = colourOf(i);
      place.write(
        `${i}.png`,
        await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
          .png()
          .toBuffer(),
      );
    }
  },
  ...(options && { options }),
  says,
});

const shapes: Row[] = [
  sized(
    "has photos of 4:3",
    [
      [40, 30],
      [40, 30],
    ],
    { size: 8 },
    "made 8 × 8 (width × height) from 40 × 30, cut to the middle: 25 % of the area lost; --fit contain keeps all",
  ),
  sized(
    "has squares",
    [
      [32, 32],
      [64, 64],
    ],
    { size: 8 },
    "made 8 × 8 (width × height) from 32 × 32 to 64 × 64",
  ),
  {
    ...sized(
      "wants rectangles",
      [
        [20, 30],
        [40, 60],
      ],
      { size: "8x12" },
      "made 8 × 12 (width × height) from 20 × 30 to 40 × 60",
    ),
    reads: { shape: [3, 12, 8] },
  },
  sized(
    "wants all of each",
    [
      [40, 30],
      [30, 40],
    ],
    { size: 8, fit: "contain" },
    /, whole, with white margins$/,
  ),
  sized(
    "wants them stretched",
    [
      [40, 30],
      [30, 40],
    ],
    { size: 8, fit: "stretch" },
    /, stretched to fit$/,
  ),
  sized(
    "has thumbnails",
    [
      [4, 4],
      [16, 16],
    ],
    { size: 8 },
    /; 1 enlarged$/,
  ),
  {
    did: "wants impossible sizes",
    make: (place) => place.pictures("", 2),
    options: { size: "0x8" as never },
    refused: [2, /size must be a whole number in 1 … 1024, or two as in 64x96 \(width x height\); got 0x8$/],
  },
];

describe("shapes of a person who", () => {
  it.each(shapes)("$did", checkRow);
});

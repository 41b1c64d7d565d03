/** What cannot be read is named with its cause, and what shapes become is said. */
import { chmodSync, truncateSync } from "node:fs";
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { describe, it } from "vitest";
import { checkRow, colourOf, type Place, pngOf, type Row } from "../testing/own-data.ts";
import { bmp, floatTiff, heicHead, type Pixels, pattern } from "../testing/picture-files.ts";

const picture = pattern(8, 8);

const raw = ({ width, height, data }: Pixels): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

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
    left("a.tif", "TIFF, damaged, or of a kind that is not read"),
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
      head.writeUInt32BE(crc32(head.subarray(12, 29)), 29);
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

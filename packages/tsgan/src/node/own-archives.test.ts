/** Archives and arrays: read as the files that they hold, and refused where they are made to harm. */
import { truncateSync } from "node:fs";
import { describe, it } from "vitest";
import { checkRow, type Place, pngOf, type Row } from "../testing/own-data.ts";
import { npy, pattern } from "../testing/picture-files.ts";
import { type ZipEntry, zip } from "../testing/zip-files.ts";

const pictures = async (...names: string[]): Promise<ZipEntry[]> =>
  Promise.all(names.map(async (name, i) => ({ name, content: await pngOf(i) })));

const zipped = (
  did: string,
  entries: () => Promise<ZipEntry[]> | ZipEntry[],
  rest: Omit<Row, "did" | "make">,
): Row => ({
  did,
  make: async (place) => place.write("own.zip", zip(await entries())),
  ...rest,
});

/** The same files unpacked. */
const unpacked =
  (names: readonly string[]) =>
  async (place: Place): Promise<string> => {
    for (const [i, name] of names.entries()) place.write(`own/${name}`, await pngOf(i));
    return place.at("own");
  };

const NAMES = ["pets/cat/1.png", "pets/cat/2.png", "pets/dog/1.png"];

const archives: Row[] = [
  zipped("zips a folder of classes", () => pictures(...NAMES), {
    reads: { size: 3, classes: ["cat", "dog"], labels: [0, 0, 1] },
    says: ["own/own.zip (zip archive): 3 pictures (3 PNG)", "2 classes by folder: cat: 2, dog: 1"],
    twin: unpacked(NAMES),
  }),
  zipped(
    "zips without compression",
    async () => (await pictures(...NAMES)).map((entry) => ({ ...entry, method: 0 })),
    {
      reads: { size: 3 },
      twin: unpacked(NAMES),
    },
  ),
  zipped(
    "zips on a Mac",
    async () => [
      ...(await pictures("cafe\u0301/1.png", "dog/1.png")),
      { name: "__MACOSX/dog/._1.png", content: "x" },
      { name: "cafe\u0301/", method: 0 },
    ],
    { reads: { size: 2, classes: ["caf\u00e9", "dog"] }, says: ["passed over 1: 1 hidden"] },
  ),
  zipped("zips on an old Windows", () => pictures("pets\\cat\\1.png", "pets\\dog\\1.png"), {
    reads: { classes: ["cat", "dog"] },
  }),
  {
    did: "names the archive .cbz",
    make: async (place) => place.write("comic.cbz", zip(await pictures("1.png", "2.png"))),
    reads: { size: 2 },
  },
  zipped(
    "zips text beside pictures",
    async () => [
      ...(await pictures("1.png", "2.png")),
      { name: "a.txt", content: "x" },
      { name: "b.zip", content: "PK\x03\x04" },
    ],
    {
      reads: { size: 2 },
      says: ["passed over 2: 1 .txt, 1 .zip"],
    },
  ),
  zipped("keeps the labels in a table beside the archive", () => pictures("1.png", "2.png"), {
    options: { labels: "none" },
    reads: { classes: undefined },
  }),
  zipped(
    "uses a password",
    async () => (await pictures("1.png", "2.png")).map((entry) => ({ ...entry, encrypted: true })),
    {
      refused: [
        1,
        /got none; cannot be read: 1\.png \(encrypted; unpack it with its password and give the folder\)/,
      ],
    },
  ),
  zipped(
    "uses a rare compression",
    async () => [...(await pictures("1.png", "2.png")), { name: "3.png", content: "x", method: 9 }],
    {
      reads: { size: 2 },
      says: [/3\.png \(compressed by Deflate64; make the archive anew with Deflate\)/],
    },
  ),
  zipped(
    "takes an archive whose paths lead out of it",
    async () => [
      ...(await pictures("1.png", "2.png")),
      { name: "../../3.png", content: await pngOf(3) },
      { name: "/etc/4.png", content: await pngOf(4) },
      { name: "C:\\5.png", content: await pngOf(5) },
    ],
    {
      reads: { size: 2 },
      says: [
        /3 files cannot be read and are left out: \.\.\/\.\.\/3\.png \(its path leads out of the archive\), \/etc\/4\.png/,
      ],
    },
  ),
  zipped(
    "takes an archive with links",
    async () => [
      ...(await pictures("1.png", "2.png")),
      { name: "3.png", content: "/etc/passwd", link: true },
    ],
    {
      reads: { size: 2 },
      says: ["passed over 1: 1 link"],
    },
  ),
  zipped(
    "takes an archive that unpacks to more than it says",
    async () => [
      ...(await pictures("1.png", "2.png")),
      { name: "3.png", content: Buffer.concat([await pngOf(3), Buffer.alloc(100_000)]), claims: 2000 },
    ],
    {
      reads: { size: 2 },
      says: [/3\.png \(.+\)/],
    },
  ),
  zipped(
    "takes a zip bomb of one file",
    async () => [
      ...(await pictures("1.png", "2.png")),
      { name: "3.png", content: Buffer.concat([await pngOf(3), Buffer.alloc(70 * 2 ** 20)]) },
    ],
    {
      reads: { size: 2 },
      says: [/3\.png \(it unpacks to \d+ times its size, as zip bombs do\)/],
    },
  ),
  zipped(
    "takes a zip bomb of files that overlap",
    async () => [...(await pictures("1.png")), { name: "2.png", content: await pngOf(0), overlaps: true }],
    {
      refused: [1, /files in the archive share the same bytes, as in zip bombs; it is not read$/],
    },
  ),
  zipped(
    "gives a spreadsheet",
    () => [
      { name: "[Content_Types].xml", content: "<?xml?>" },
      { name: "xl/media/image1.png", content: "x" },
    ],
    { refused: [2, /got an Office document; save its table as CSV$/] },
  ),
  zipped("gives a file of PyTorch", () => [{ name: "archive/data.pkl", content: "x" }], {
    refused: [2, /got a PyTorch file; save its arrays with numpy\.save as \.npy$/],
  }),
  {
    did: "broke off the download of an archive",
    make: async (place) => {
      const path = place.write("own.zip", zip(await pictures("1.png", "2.png")));
      truncateSync(path, 200);
      return path;
    },
    refused: [1, /own\.zip: the zip archive is damaged or cut short \(.*\); make it or fetch it anew$/],
  },
  zipped("zips nothing but text", () => [{ name: "a.txt", content: "x" }], {
    refused: [1, /got none; passed over: 1 \.txt$/],
  }),
];

const u8 = Uint8Array.from({ length: 3 * 4 * 4 }, (_, i) => (i * 37) % 256);
const grey = npy("|u1", [3, 4, 4], u8);

const array = (did: string, bytes: () => Uint8Array, rest: Omit<Row, "did" | "make">): Row => ({
  did,
  make: (place) => place.write("own.npy", bytes()),
  ...rest,
});

const greyTwin = (place: Place): string => place.write("twin.npy", grey);

const colour = [pattern(4, 4), pattern(4, 4)].map(({ data }, i) =>
  data.map((value) => (value + 99 * i) % 256),
);
const nhwc = Uint8Array.from(colour.flatMap((data) => [...data]));
const nchw = Uint8Array.from(
  colour.flatMap((data) => [0, 1, 2].flatMap((c) => [...data].filter((_, i) => i % 3 === c))),
);
const colourTwin = (place: Place): string => place.write("twin.npy", npy("|u1", [2, 4, 4, 3], nhwc));
const bigEndian = new Uint8Array(2 * u8.length);
for (const [i, value] of u8.entries()) new DataView(bigEndian.buffer).setUint16(2 * i, 257 * value);
/** First dimension fastest. */
const fortran = Uint8Array.from(u8, (_, i) => {
  const [n, y, x] = [i % 3, Math.floor(i / 3) % 4, Math.floor(i / 12)];
  return u8[16 * n + 4 * y + x];
});
const floats = (scale: (byte: number) => number): Float32Array => Float32Array.from(u8, scale);
/** The range decides what is black and white, so both ends must be there. */
const full = Uint8Array.from(u8, (value, i) => (i === 0 ? 0 : i === 1 ? 255 : value));
const fullTwin = (place: Place): string => place.write("twin.npy", npy("|u1", [3, 4, 4], full));

const arrays: Row[] = [
  array("saves an array of grey pictures", () => grey, {
    reads: { size: 3, shape: [1, 4, 4], classes: undefined },
    says: [
      "own/own.npy (array): 3 pictures (3 uint8)",
      "values of type uint8 from 0 to 237: 0 is black, 255 white",
      "no labels: the array brings none",
    ],
  }),
  array("saves it in colour", () => npy("|u1", [2, 4, 4, 3], nhwc), { reads: { size: 2, shape: [3, 4, 4] } }),
  array("saves it with the channels first", () => npy("|u1", [2, 3, 4, 4], nchw), {
    reads: { shape: [3, 4, 4] },
    twin: colourTwin,
  }),
  array("saves it with one channel", () => npy("|u1", [3, 4, 4, 1], u8), { twin: greyTwin }),
  array("saves int64", () => npy("<i8", [3, 4, 4], BigInt64Array.from(u8, BigInt)), { twin: greyTwin }),
  array("saves 16 bits in the order of another machine", () => npy(">u2", [3, 4, 4], bigEndian), {
    options: { size: 4 },
    reads: { size: 3 },
  }),
  array("saves it transposed (in Fortran order)", () => npy("|u1", [3, 4, 4], fortran, { fortran: true }), {
    twin: greyTwin,
  }),
  array(
    "saves floats from 0 to 1",
    () =>
      npy(
        "<f4",
        [3, 4, 4],
        Float32Array.from(full, (byte) => byte / 255),
      ),
    { twin: fullTwin, says: [/^values of type float32 from 0 to 1: 0 is black, 1 white$/] },
  ),
  array(
    "saves floats from -1 to 1",
    () =>
      npy(
        "<f8",
        [3, 4, 4],
        Float64Array.from(full, (byte) => byte / 127.5 - 1),
      ),
    { twin: fullTwin },
  ),
  array("saves floats from 0 to 255", () => npy("<f4", [3, 4, 4], Float32Array.from(full)), {
    twin: fullTwin,
  }),
  array("saves masks as 0 and 1", () => npy("|b1", [2, 2, 2], Uint8Array.of(0, 1, 1, 0, 1, 1, 0, 0)), {
    twin: (place) =>
      place.write("twin.npy", npy("|u1", [2, 2, 2], Uint8Array.of(0, 255, 255, 0, 255, 255, 0, 0))),
  }),
  array("wants other sides", () => grey, { options: { size: "8x6" }, reads: { shape: [1, 6, 8] } }),
  array(
    "saves standardised values",
    () =>
      npy(
        "<f4",
        [3, 4, 4],
        floats((byte) => byte / 40 - 3),
      ),
    {
      refused: [
        1,
        /expected values in \[0, 1\], \[-1, 1\] or \[0, 255\]; got -3 to 2\.925 \(float32\); scale them$/,
      ],
    },
  ),
  array(
    "saves NaN",
    () =>
      npy(
        "<f4",
        [3, 4, 4],
        floats((byte) => (byte === 0 ? Number.NaN : byte / 255)),
      ),
    { refused: [1, /picture 0 holds NaN or infinity$/] },
  ),
  array("saves one picture", () => npy("|u1", [8, 8, 3], pattern(8, 8).data), {
    refused: [1, /got \[8, 8, 3\], which looks like one picture; a data set needs at least 2$/],
  }),
  array("saves points", () => npy("<f4", [10, 2], new Float32Array(20)), {
    refused: [1, /got \[10, 2\]; points are read from tables: numpy\.savetxt/],
  }),
  array("saves objects", () => npy("|O", [3], new Uint8Array(24)), {
    refused: [1, /expected an array of numbers; got values of type '\|O'/],
  }),
  array("saves complex numbers", () => npy("<c8", [2, 2, 2], new Float32Array(16)), {
    refused: [1, /got values of type '<c8'/],
  }),
  array("broke off the download of an array", () => grey.subarray(0, 150), {
    refused: [1, /the array is cut short; it promises 3 pictures and holds 1$/],
  }),
  array("has a header that promises more than there is", () => npy("|u1", [4_000_000_000, 4, 4], u8), {
    refused: [1, /the array is cut short; it promises 4000000000 pictures and holds 3$/],
  }),
  array("has a header that promises giant pictures", () => npy("|u1", [2, 1_000_000, 1_000_000], u8), {
    refused: [1, /pictures of 1000000 × 1000000 are over the limit/],
  }),
  array("has a header that promises large pictures of many bytes", () => npy("<f8", [2, 9000, 9000], u8), {
    refused: [1, /a picture of 618 MiB is over the limit of 256 MiB$/],
  }),
  array("has a header cut short", () => grey.subarray(0, 40), {
    refused: [1, /the header of the NumPy array is damaged or cut short$/],
  }),
];

const npz =
  (entries: Readonly<Record<string, Uint8Array>>) =>
  (place: Place): string =>
    place.write(
      "own.npz",
      zip(Object.entries(entries).map(([name, content]) => ({ name: `${name}.npy`, content }))),
    );

const archivesOfArrays: Row[] = [
  {
    did: "saves one array as .npz",
    make: npz({ arr_0: grey }),
    reads: { size: 3, shape: [1, 4, 4] },
    twin: greyTwin,
    says: ["array arr_0"],
  },
  {
    did: "saves pictures and labels, for training and tests",
    make: npz({
      x_train: grey,
      y_train: npy("<i8", [3], BigInt64Array.of(10n, 9n, 10n)),
      x_test: npy("|u1", [2, 4, 4], u8.subarray(0, 32)),
      y_test: npy("<i8", [2], BigInt64Array.of(9n, 10n)),
    }),
    reads: { size: 3, classes: ["9", "10"], labels: [1, 0, 1] },
    says: [
      "for training 3; held out: 2 test",
      "2 classes by array: 9: 1, 10: 2",
      "array x_train; not used: x_test [2, 4, 4], y_test [2]",
    ],
  },
  {
    did: "asks for the tests",
    make: npz({ train_images: grey, test_images: npy("|u1", [2, 4, 4], u8.subarray(0, 32)) }),
    options: { split: "test" },
    reads: { size: 2 },
  },
  {
    did: "names the classes in words, one a row",
    make: npz({
      images: grey,
      labels: npy(
        "<U3",
        [3, 1],
        Uint32Array.from([..."cat", ..."dog", ..."cat"], (letter) => letter.charCodeAt(0)),
      ),
    }),
    reads: { classes: ["cat", "dog"], labels: [0, 1, 0] },
  },
  {
    did: "saves two arrays of pictures",
    make: npz({ first: grey, second: grey }),
    refused: [
      2,
      /several arrays hold pictures: first \[3, 4, 4\], second \[3, 4, 4\]; choose with columns: \["first"\]$/,
    ],
  },
  {
    did: "chooses one of two",
    make: npz({ first: grey, second: npy("|u1", [2, 4, 4], u8.subarray(0, 32)) }),
    options: { columns: ["second"] },
    reads: { size: 2 },
  },
  {
    did: "chooses one that is not there",
    make: npz({ first: grey }),
    options: { columns: ["frist"] },
    refused: [2, /there is no array "frist"; it holds first \[3, 4, 4\]$/],
  },
  {
    did: "saves no pictures as .npz",
    make: npz({ weights: npy("<f4", [4], new Float32Array(4)) }),
    refused: [1, /expected an array of pictures; got weights \[4\]$/],
  },
];

describe("what comes of an archive of a person who", () => {
  it.each(archives)("$did", checkRow);
});

describe("what comes of an array of a person who", () => {
  it.each([...arrays, ...archivesOfArrays])("$did", checkRow);
});

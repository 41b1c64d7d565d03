/** Formats: what holds one picture comes out as the same bytes, and what cannot be read is named with its cause. */
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { checkRow, type Place, pngOfPixels, type Row } from "../testing/own-data.ts";
import { asStored, blockJpeg, bmp, cmykOfYcck, type Pixels, pattern } from "../testing/picture-files.ts";

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

/** A wide picture that is cut and made smaller, as most are. */
const resized = (format: "png" | "webp" | "tiff", orientation: number): Row => {
  const wide = pattern(21, 13);
  const encode = (from: Pixels, own?: number): Promise<Buffer> => {
    const image = own === undefined ? raw(from) : raw(from).withMetadata({ orientation: own });
    if (format === "webp") return image.webp({ lossless: true }).toBuffer();
    if (format === "tiff") return image.tiff({ compression: "none" }).toBuffer();
    return image.png().toBuffer();
  };
  return same(
    `held the camera so that ${format} says orientation ${orientation}, of a picture that is resized`,
    `a.${format}`,
    () => encode(asStored(wide, orientation), orientation),
    (place) => plainTwin(place, wide),
  );
};

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
    resized("png", orientation),
    resized("webp", orientation),
    resized("tiff", orientation),
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

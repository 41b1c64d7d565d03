import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { drawable, linesOfText } from "./pixel-font.ts";
import { imageGrid, imageGridPng } from "./png.ts";

/** n grey images of 2 × 2, image i of the value i/255 in bytes. */
const greys = (n: number) => Float32Array.from({ length: 4 * n }, (_, i) => Math.floor(i / 4) / 127.5 - 1);

const rows = ({ width, channels, pixels }: ReturnType<typeof imageGrid>) =>
  Array.from({ length: pixels.length / (width * channels) }, (_, y) => [
    ...pixels.subarray(y * width * channels, (y + 1) * width * channels),
  ]);

describe("imageGrid", () => {
  it("fills rows from left to right, with white between and for what is missing", () => {
    const _ = 255;
    expect(rows(imageGrid(greys(3), [1, 2, 2], { columns: 2, padding: 1 }))).toEqual([
      [_, _, _, _, _, _, _],
      [_, 0, 0, _, 1, 1, _],
      [_, 0, 0, _, 1, 1, _],
      [_, _, _, _, _, _, _],
      [_, 2, 2, _, _, _, _],
      [_, 2, 2, _, _, _, _],
      [_, _, _, _, _, _, _],
    ]);
  });

  it("repeats pixels to scale, and keeps the padding as it is", () => {
    const image = Float32Array.of(-1, 1, 1, -1);
    const _ = 255;
    expect(rows(imageGrid(image, [1, 2, 2], { padding: 1, scale: 2 }))).toEqual([
      [_, _, _, _, _, _],
      [_, 0, 0, _, _, _],
      [_, 0, 0, _, _, _],
      [_, _, _, 0, 0, _],
      [_, _, _, 0, 0, _],
      [_, _, _, _, _, _],
    ]);
  });

  it("makes the grid about square, and no wider than there are images", () => {
    expect(imageGrid(greys(16), [1, 2, 2], { padding: 0 })).toMatchObject({ width: 8, height: 8 });
    expect(imageGrid(greys(3), [1, 2, 2], { padding: 0, columns: 10 })).toMatchObject({
      width: 6,
      height: 2,
    });
  });

  it("interleaves colours and clips what is out of range", () => {
    const image = Float32Array.of(-2, 1, 5);
    expect([...imageGrid(image, [3, 1, 1], { padding: 0 }).pixels]).toEqual([0, 255, 255]);
  });

  it("writes names above the columns, in letters that need no fonts, and numbers for other scripts", () => {
    const given = { columns: 2, padding: 1, scale: 16, titles: ["Käse", "猫"] };
    const grid = rows(imageGrid(greys(2), [1, 2, 2], given));
    const drawn = grid.slice(0, 16).map((row) =>
      row
        .map((value) => (value === 0 ? "#" : " "))
        .join("")
        .trimEnd(),
    );
    expect(drawn.filter((_, y) => y % 2 === 0)).toMatchInlineSnapshot(`
      [
        "",
        " ##  ##    ##      ####  ######   ##  ##  ####",
        " ##  ##  ##  ##  ##      ##       ######      ##",
        " ####    ######    ##    ####     ##  ##    ##",
        " ##  ##  ##  ##      ##  ##       ######  ##",
        " ##  ##  ##  ##  ####    ######   ##  ##  ######",
        "",
        "",
      ]
    `);
    expect(grid[16 + 1].slice(1, 3)).toEqual([0, 0]);
    const plain = rows(imageGrid(greys(2), [1, 2, 2], { ...given, titles: [] }));
    expect(grid.slice(16)).toEqual(plain);
  });

  it("breaks long names at spaces, and cuts what takes more than three lines", () => {
    expect(linesOfText("LONG BAR", 5, 3)).toEqual(["LONG", "BAR"]);
    expect(["LONG BAR", "LONG BA", "TRIANGLE"].map((text) => linesOfText(text, 8, 3))).toEqual([
      ["LONG", "BAR"],
      ["LONG BA"],
      ["TRIANGLE"],
    ]);
    expect(linesOfText("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 5, 3)).toEqual(["ABCDE", "FGHIJ", "KLM.."]);
    expect([drawable("Žluťoučký"), drawable("cat_1"), drawable("кот"), drawable("")]).toEqual([
      "ZLUTOUCKY",
      "CAT_1",
      undefined,
      undefined,
    ]);
  });

  it.each([
    [new Float32Array(4), [2, 2], {}, "expected n images of [1 or 3,height,width]; got 4 values of [2,2]"],
    [new Float32Array(5), [1, 2, 2], {}, "got 5 values of [1,2,2]"],
    [new Float32Array(0), [1, 2, 2], {}, "got 0 values of [1,2,2]"],
    [new Float32Array(8), [2, 2, 2], {}, "got 8 values of [2,2,2]"],
    [new Float32Array(4), [1, 2, 2], { scale: 1.5 }, "scale must be an integer of at least 1; got 1.5"],
    [new Float32Array(4), [1, 2, 2], { columns: 0 }, "columns must be an integer of at least 1; got 0"],
    [new Float32Array(4), [1, 2, 2], { padding: -1 }, "padding must be an integer of at least 0; got -1"],
  ])("refuses what does not fit: %#", (images, shape, options, message) => {
    expect(() => imageGrid(images, shape, options)).toThrow(UsageError);
    expect(() => imageGrid(images, shape, options)).toThrow(message);
  });
});

describe("imageGridPng", () => {
  it.each([1, 3])("gives back the pixels of the grid, %i channels", async (channels) => {
    const images = Float32Array.from({ length: 5 * channels * 12 }, (_, i) => Math.sin(i));
    const shape = [channels, 3, 4];
    const grid = imageGrid(images, shape, { scale: 2 });
    const png = await imageGridPng(images, shape, { scale: 2 });
    const { width, height } = grid;
    expect(await sharp(png).metadata()).toMatchObject({ format: "png", width, height, channels });
    const data = await sharp(png)
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw()
      .toBuffer();
    expect([...data]).toEqual([...grid.pixels]);
  });

  it("gives equal bytes for equal images", async () => {
    const images = greys(9);
    expect(await imageGridPng(images, [1, 2, 2])).toEqual(await imageGridPng(images, [1, 2, 2]));
  });
});

/** Folders of pairs as people and the authors of pix2pix and CycleGAN lay them out. */
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { pairLayout } from "../data/pair-layout.ts";
import { checkRow, type Place, pngOfPixels, type Row } from "../testing/own-data.ts";
import { asStored, type Pixels, pattern } from "../testing/picture-files.ts";

const files =
  (...names: string[]) =>
  async (place: Place): Promise<void> => {
    for (const [i, name] of names.entries()) await place.picture(name, i);
  };

const numbered = (folder: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${folder}/${i}.png`);

const rows: Row[] = [
  {
    did: "has A and B with the same names",
    make: files(...numbered("A", 10), ...numbered("B", 10)),
    reads: { size: 9, pairs: "aligned", shape: [6, 4, 4] },
    says: ["own (folder): 9 pairs (20 PNG)", "pairs by name in A and B"],
  },
  {
    did: "writes a and b, within one more folder",
    make: files(...numbered("data/a", 10), ...numbered("data/b", 10)),
    reads: { size: 9, pairs: "aligned" },
  },
  {
    did: "lost the partner of one",
    make: files(...numbered("A", 11), ...numbered("B", 10)),
    reads: { size: 9, pairs: "aligned" },
    says: ["pairs by name in A and B; left out: 1 without a partner"],
  },
  {
    did: "has two kinds of other names",
    make: files(...numbered("A", 10), "B/x.png", "B/y.png"),
    reads: { size: 9, pairs: "independent" },
    says: ["two kinds that do not belong together: 10 in A, 2 in B"],
  },
  {
    did: "has CycleGAN's folders",
    make: files(...numbered("trainA", 3), "trainB/x.png", "trainB/y.png", "testA/z.png", "testB/z.png"),
    reads: { size: 3, pairs: "independent" },
  },
  {
    did: "asks for CycleGAN's tests",
    make: files(...numbered("trainA", 3), "trainB/x.png", "testA/z.png", "testB/z.png"),
    options: { split: "test" },
    reads: { size: 1, pairs: "aligned" },
  },
  {
    did: "has A and B within train and test",
    make: files(...numbered("train/A", 3), ...numbered("train/B", 3), "test/A/0.png", "test/B/0.png"),
    reads: { size: 3, pairs: "aligned" },
  },
  {
    did: "has train and test within A and B",
    make: files(...numbered("A/train", 3), ...numbered("B/train", 3), "A/val/0.png", "B/val/0.png"),
    options: { split: "test" },
    reads: { size: 1, pairs: "aligned" },
  },
  {
    did: "has pix2pix's pictures side by side",
    make: files(...numbered("train", 3), "val/0.png"),
    reads: { size: 3, pairs: "aligned" },
    says: ["pairs side by side, the one to start from on the left"],
  },
  {
    did: "has pictures beside A and B",
    make: files("cover.png", ...numbered("A", 10), ...numbered("B", 10)),
    reads: { size: 9, pairs: "aligned" },
  },
  {
    did: "damaged one of a pair",
    make: async (place: Place) => {
      await files(...numbered("A", 3), ...numbered("B", 2))(place);
      place.write("B/2.png", "<html>");
    },
    refused: [
      1,
      /^own: every image of a pair must be readable; cannot be read: B\/2\.png \(no picture but HTML, a web page\); mend or remove both of the pair$/,
    ],
  },
  {
    did: "has A alone",
    make: async (place: Place) => {
      await files(...numbered("A", 3))(place);
      place.write("B/notes.txt", "to come");
    },
    refused: [1, /^own: expected pictures in B; got none that can be read$/],
  },
].map((row): Row => ({ ...row, options: { ...row.options, pairs: true } }) as Row);

/** A picture of each half that the camera turned, beside each other in one file. */
const turned = (orientation: number): Row => {
  const whole: Pixels = pattern(16, 8);
  return {
    did: `took pairs side by side with a camera that says orientation ${orientation}`,
    make: async (place) => {
      for (const n of [0, 1, 2]) {
        const { width, height, data } = asStored(whole, orientation);
        place.write(
          `first/${n}.webp`,
          await sharp(data, { raw: { width, height, channels: 3 } })
            .withMetadata({ orientation })
            .webp({ lossless: true })
            .toBuffer(),
        );
      }
      return place.at("first");
    },
    options: { pairs: true, size: 8 },
    reads: { size: 2, shape: [6, 8, 8] },
    twin: async (place) => {
      for (const n of [0, 1, 2]) place.write(`twin/${n}.png`, await pngOfPixels(whole));
      return place.at("twin");
    },
  };
};

describe("the pairs of a person who", () => {
  it.each(rows)("$did", checkRow);
  it.each([1, 2, 3, 4, 5, 6, 7, 8].map(turned))("$did", checkRow);
});

describe("the layout of pairs", () => {
  it("takes letters and splits for what they are, whatever their case and depth", () => {
    const { kind, places } = pairLayout([
      "x/Train_A/sub/1.jpg",
      "x/Train_B/sub/1.png",
      "x/test-A/2.png",
      "x/readme.txt",
    ]);
    expect(kind).toBe("two kinds");
    expect(places).toEqual([
      { side: "A", split: "train", name: "sub/1" },
      { side: "B", split: "train", name: "sub/1" },
      { side: "A", split: "test", name: "2" },
      undefined,
    ]);
  });

  it("does not take a folder that merely begins with A for a kind", () => {
    expect(pairLayout(["apples/1.png", "b/1.png"]).kind).toBe("side by side");
  });
});

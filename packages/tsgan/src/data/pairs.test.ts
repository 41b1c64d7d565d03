import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import {
  alignedPairs,
  checkDataset,
  fromExamples,
  independentPairs,
  invertAndTurn,
  mappedPairs,
  outline,
  splitOff,
} from "./index.ts";

/** n images [1, 2, 2]; every pixel of image i is first + i / 100. */
const numbered = (n: number, first = 0) =>
  fromExamples({
    name: "numbered",
    shape: [1, 2, 2],
    examples: Float32Array.from({ length: 4 * n }, (_, i) => first + Math.floor(i / 4) / 100),
  });
const all = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

describe("maps of images", () => {
  it("turn clockwise and change black for white", () => {
    expect([...invertAndTurn(Float32Array.of(1, 2, 3, 4), [1, 2, 2])]).toEqual([-3, -1, -4, -2]);
  });

  it("give the image back after four turns", () => {
    const image = Float32Array.from({ length: 18 }, (_, i) => i);
    let turned = image;
    for (let i = 0; i < 4; i++) turned = invertAndTurn(turned, [2, 3, 3]) as Float32Array<ArrayBuffer>;
    expect(turned).toEqual(image);
  });

  it("draw a line where neighbours differ, and nothing in what is even", () => {
    expect([...outline(Float32Array.of(1, 1, -1, 1, 1, -1, 1, 1, -1), [1, 3, 3])]).toEqual([
      1, -1, 1, 1, -1, 1, 1, -1, 1,
    ]);
    expect(new Set(outline(new Float32Array(12).fill(0.3), [3, 2, 2]))).toEqual(new Set([1]));
  });
});

describe("pairs", () => {
  it("of an image and its map have it first or second", async () => {
    const source = fromExamples({ name: "one", shape: [1, 2, 2], examples: Float32Array.of(1, 2, 3, 4) });
    const make = (from: "source" | "mapped") =>
      mappedPairs({ name: "p", source, map: invertAndTurn, from }).read(all(1));
    expect([...(await make("source")).examples]).toEqual([1, 2, 3, 4, -3, -1, -4, -2]);
    expect([...(await make("mapped")).examples]).toEqual([-3, -1, -4, -2, 1, 2, 3, 4]);
  });

  it("that are aligned keep together in every order", async () => {
    const pairs = alignedPairs("p", numbered(20), numbered(20, 1));
    expect(pairs).toMatchObject({ shape: [2, 2, 2], size: 20, pairs: "aligned" });
    const { examples } = await pairs.draw(7, 5, 30);
    for (let at = 0; at < examples.length; at += 8) expect(examples[at + 4] - examples[at]).toBeCloseTo(1, 5);
  });

  it("that are independent come in orders of their own, the same for the same seed", async () => {
    const pairs = independentPairs("p", numbered(20), numbered(20, 1));
    const { examples } = await pairs.draw(7, 0, 20);
    const apart = examples.filter((_, i) => i % 8 === 0).map((x, n) => examples[8 * n + 4] - x);
    expect(apart.some((difference) => Math.abs(difference - 1) > 0.005)).toBe(true);
    expect((await pairs.draw(7, 4, 3)).examples).toEqual(examples.slice(32, 56));
  });

  it("are held out from the end, none of them trained on", async () => {
    const pairs = alignedPairs("p", numbered(20), numbered(20, 1));
    const [train, test] = [splitOff(pairs, "train"), splitOff(pairs, "test")];
    expect([train.size, test.size, test.pairs]).toEqual([18, 2, "aligned"]);
    expect((await test.read(all(2))).examples[0]).toBeCloseTo(0.18, 6);
  });

  it("are refused where they do not fit", () => {
    expect(() => alignedPairs("p", numbered(3), numbered(4))).toThrow(UsageError);
    expect(() => alignedPairs("p", numbered(3), numbered(4))).toThrow(
      "as many images of one kind as of the other",
    );
  });

  it("pass the check of data without a word about their channels", async () => {
    const examples = Float32Array.from({ length: 8 * 16 * 4 }, (_, i) => Math.sin(i));
    const source = fromExamples({ name: "s", shape: [1, 8, 8], examples });
    const pairs = mappedPairs({ name: "p", source, map: invertAndTurn, from: "source" });
    expect(await checkDataset(pairs, { batch: 4, seed: 1 })).toEqual([]);
  });
});

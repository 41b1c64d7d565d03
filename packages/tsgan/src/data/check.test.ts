import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { checkDataset, type Dataset, fromExamples, grid, line, moons, ring, spiral } from "./index.ts";

const noise = (length: number, low = -1, high = 1) => {
  const values = new Float32Array(length);
  randomStream(5, "test").fillUniform(values, low, high);
  return values;
};

const images = (examples: Float32Array, shape = [1, 4, 4]) =>
  fromExamples({ name: "pictures", shape, examples });

const check = async (dataset: Dataset, batch = 8) =>
  (await checkDataset(dataset, { batch, seed: 1 })).map(({ severity, message }) => `${severity}: ${message}`);

describe("checkDataset", () => {
  it.each([ring(), grid(), spiral(), moons(), line()])("has nothing to say about $name", async (dataset) => {
    expect(await check(dataset, 256)).toEqual([]);
  });

  it("has nothing to say about images of full range", async () => {
    expect(await check(images(noise(16 * 100)))).toEqual([]);
  });

  it("names the example that holds NaN or infinity", async () => {
    const examples = noise(16 * 100);
    examples[16 * 42 + 3] = Number.NaN;
    examples[16 * 77] = Number.NEGATIVE_INFINITY;
    expect(await check(images(examples))).toEqual([
      "error: data set pictures: 2 of 100 examples looked at hold NaN or infinity (number 42, 77)",
    ]);
  });

  it("recognises pixels in [0, 255]", async () => {
    expect(await check(images(noise(16 * 100, 0, 255).map(Math.round)))).toEqual([
      expect.stringMatching(/^error: .* which looks like \[0, 255\]; use x \/ 127.5 − 1$/),
    ]);
  });

  it("recognises pixels in [0, 1]", async () => {
    expect(await check(images(noise(16 * 100, 0, 1)))).toEqual([
      expect.stringMatching(/^warning: .* which looks like \[0, 1\]; use 2x − 1, or a generator/),
    ]);
  });

  it("warns of pixels beyond [−1, 1]", async () => {
    expect(await check(images(noise(16 * 100, -3, 3)))).toEqual([
      expect.stringMatching(/^warning: .* pixels should lie in \[−1, 1\]; got \[-3, 2.99\]/),
    ]);
  });

  it("counts constant images and says which", async () => {
    const examples = noise(16 * 100);
    examples.fill(0.5, 16 * 10, 16 * 11);
    expect(await check(images(examples))).toEqual([
      "warning: data set pictures: 1 of 100 examples looked at are of a single value (number 10)",
    ]);
    const flat = noise(100);
    expect(await check(images(Float32Array.from({ length: 1600 }, (_, i) => flat[i >> 4])))).toEqual([
      "error: data set pictures: 100 of 100 examples looked at are of a single value (number 0, 1, 2, …)",
    ]);
  });

  it("counts duplicates", async () => {
    const examples = noise(16 * 100);
    for (let i = 0; i < 20; i++) examples.copyWithin(16 * (50 + i), 0, 16);
    expect(await check(images(examples))).toEqual([
      "warning: data set pictures: 20 of 100 examples looked at repeat another one",
    ]);
  });

  it("takes no two different images for duplicates, black and white ones included", async () => {
    const binary = noise(16 * 3000).map((value) => (value < 0 ? -1 : 1));
    for (let n = 0; n < 3000; n++) {
      // The number itself in binary makes each image another one.
      for (let bit = 0; bit < 12; bit++) binary[16 * n + bit] = (n >> bit) & 1 ? 1 : -1;
    }
    expect(await check(images(binary))).toEqual([]);
  });

  it("refuses a data set of one and the same example", async () => {
    const one = noise(16);
    expect(await check(images(Float32Array.from({ length: 1600 }, (_, i) => one[i % 16])))).toEqual([
      "error: data set pictures: all 100 examples looked at are identical",
    ]);
  });

  it("says that fewer examples than a batch come several times in one, and refuses a single one", async () => {
    expect(await check(images(noise(16 * 5)))).toEqual([
      "warning: data set pictures: 5 examples are fewer than a batch of 8, which holds some of them several times; a batch of 5 holds each once",
    ]);
    expect(await check(images(noise(16)))).toEqual([
      "error: data set pictures: needs at least 2 examples; got 1",
    ]);
  });

  it.each([
    ["nearly black", -1, -0.88, 6],
    ["nearly white", 0.7, 1, 15],
    ["of little contrast", -0.1, 0.1, 10],
  ])("warns of images that are %s", async (where, low, high, percent) => {
    expect(await check(images(noise(16 * 100, low, high)))).toEqual([
      `warning: data set pictures: pixels use ${percent} % of the range from black to white, and are ${where}; stretch them (for a folder: ImageMagick's -normalize)`,
    ]);
  });

  it("warns of dark images even where single pixels are bright", async () => {
    const dark = noise(16 * 1000, -1, -0.9);
    for (let i = 0; i < 10; i++) dark[1601 * i] = 1;
    expect(await check(images(dark))).toEqual([expect.stringContaining("nearly black")]);
  });

  it.each([
    [[4, 4], "error: data set pictures: an example must be [d] or [channels,height,width]; got [4,4]"],
    [
      [4, 4, 3],
      "warning: data set pictures: images usually have 1 or 3 channels; got [4,4,3]; is the order channels, height, width?",
    ],
  ])("says what is odd about the shape %j", async (shape, message) => {
    const stride = shape.reduce((product, side) => product * side, 1);
    expect(await check(images(noise(stride * 20), shape))).toEqual([message]);
  });

  it.each([[[1, 4, 8]], [[3, 6, 6]]])("leaves sides to the model at hand: %j", async (shape) => {
    const stride = shape.reduce((product, side) => product * side, 1);
    expect(await check(images(noise(stride * 20), shape))).toEqual([]);
  });

  it("warns of points far from the origin", async () => {
    const dataset = fromExamples({ name: "money", shape: [2], examples: noise(200, 0, 5000) });
    expect(await check(dataset)).toEqual([
      expect.stringMatching(/^warning: data set money: coordinates reach from/),
    ]);
  });

  it("warns of points that are all but one", async () => {
    const narrow = fromExamples({ name: "metres", shape: [2], examples: noise(200, -0.002, 0.002) });
    expect(await check(narrow)).toEqual([
      expect.stringMatching(
        /^warning: data set metres: coordinates reach from -0.00\d+ to 0.00\d+ only.*\[−2, 2\]$/,
      ),
    ]);
    const small = fromExamples({ name: "shares", shape: [2], examples: noise(200, 0, 0.1) });
    expect(await check(small)).toEqual([]);
  });

  it("refuses labels outside the classes", async () => {
    const sound = images(noise(16 * 20));
    const dataset: Dataset = {
      ...sound,
      classes: ["a", "b"],
      read: async (indices) => ({
        ...(await sound.read(indices)),
        labels: new Int32Array(indices.length).fill(2),
      }),
    };
    expect(await check(dataset)).toEqual([
      "error: data set pictures: labels must be whole numbers in 0 … 1; got 2",
    ]);
  });

  it("looks at no more than 2,000 examples", async () => {
    let read = 0;
    const sound = images(noise(16 * 5000));
    const dataset: Dataset = {
      ...sound,
      read: (indices) => {
        read += indices.length;
        return sound.read(indices);
      },
    };
    expect(await check(dataset)).toEqual([]);
    expect(read).toBe(2000);
  });
});

/** Colour features rank what is spoilt by degrees, in ways that the network has not learnt from, too. */
import { expect, it } from "vitest";
import { extractorFor, openDataset } from "../../node/index.ts";
import { randomStream } from "../../random/index.ts";
import { spoils } from "../../testing/index.ts";
import { kid } from "../kid.ts";
import { rawExtractor } from "./raw.ts";

const SHAPE = [3, 32, 32] as const;
const COUNT = 120;
const DEGREES = [0, 0.1, 0.3, 0.8];

const sprites = await openDataset("pokemon", { size: 32 });
const half = async (first: number): Promise<Float32Array> =>
  (await sprites.read!(Uint32Array.from({ length: COUNT }, (_, i) => 10 * i + first))).examples;
const [real, other] = [await half(0), await half(5)];
const colour = await extractorFor(sprites);
const pixels = rawExtractor(SHAPE);

/** KID of each degree, and how far the least stands out, in deviations of the untouched half's. */
const judged = async (extractor: typeof colour, way: string) => {
  const reference = (await extractor.features(real)).features;
  const found = [];
  for (const degree of DEGREES) {
    const images = spoils[way](other, SHAPE, degree, randomStream(1, way));
    const { features } = await extractor.features(images);
    found.push(kid(reference, features, { subsets: 10, size: COUNT / 2, seed: 1 }));
  }
  const [untouched, least] = found;
  return { means: found.map(({ mean }) => mean), standsOut: (least.mean - untouched.mean) / untouched.std };
};

it("are what sprites are judged by unless something else is asked for", () => {
  expect(colour.name).toBe("colour");
});

it.each(Object.keys(spoils))("rank %s by its degree", async (way) => {
  const { means } = await judged(colour, way);
  expect(means).toEqual([...means].sort((a, b) => a - b));
});

it("see blur that pixels hardly see", async () => {
  const [seen, hardly] = [await judged(colour, "blur"), await judged(pixels, "blur")];
  expect(seen.standsOut).toBeGreaterThan(5 * hardly.standsOut);
});

it("take grey pictures as colour ones whose channels are equal, and average large ones down", async () => {
  const grey = await extractorFor({ name: "own", shape: [1, 32, 32] }, { features: "colour" });
  const large = await extractorFor({ name: "own", shape: [3, 128, 128] });
  const plane = real.subarray(0, 1024);
  const three = new Float32Array(3 * 1024);
  for (let c = 0; c < 3; c++) three.set(plane, c * 1024);
  const [one, same] = [(await grey.features(plane)).features, (await colour.features(three)).features];
  one.data.forEach((value, i) => {
    expect(value).toBeCloseTo(same.data[i], 5);
  });
  expect((await large.features(new Float32Array(3 * 128 * 128).fill(0.5))).features.columns).toBe(608);
  await grey.dispose();
  await large.dispose();
});

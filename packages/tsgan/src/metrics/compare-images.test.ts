import { describe, expect, it } from "vitest";
import { matrix } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { compareImages, type Images } from "./compare-images.ts";
import type { FeatureExtractor } from "./extractor.ts";
import { rawExtractor } from "./features/raw.ts";

const images = (seed: number, count: number, side = 12, channels = 1): Images => {
  const data = new Float32Array(count * channels * side * side);
  randomStream(seed, "images").fillUniform(data, -1, 1);
  return { data, shape: [count, channels, side, side] };
};

const valuesOf = async (...args: Parameters<typeof compareImages>) => {
  const { figures } = await compareImages(...args);
  return Object.fromEntries(figures.map(({ key, value }) => [key, value]));
};

describe("compareImages", () => {
  it("finds a set and itself the same by every metric", async () => {
    const set = images(1, 1500);
    const figures = await valuesOf(set, set);
    expect(figures).toMatchObject({
      fid: 0,
      precision: 1,
      recall: 1,
      coverage: 1,
      slicedWasserstein: 0,
      copies: 1,
    });
    expect(figures.nearestRatio).toBe(0);
    expect(Math.abs(figures.kid)).toBeLessThan(0.01);
    expect(Object.keys(figures)).toContain("msSsim");
  });

  it("is 0, to rounding, for the same images in another order", async () => {
    const set = images(1, 200);
    const turned = Float32Array.from(
      set.data,
      (_, k) => set.data[(199 - Math.floor(k / 144)) * 144 + (k % 144)],
    );
    expect((await valuesOf(set, { ...set, data: turned }, { metrics: ["fid"] })).fid).toBeLessThan(1e-7);
  });

  it("gives the same figures of bytes and of the numbers that they stand for", async () => {
    const bytes = (seed: number) => images(seed, 40).data;
    const byte = (seed: number) => Uint8Array.from(bytes(seed), (value) => Math.round((value + 1) * 127.5));
    const shape = [40, 1, 12, 12];
    const float = (seed: number) => Float32Array.from(byte(seed), (value) => value / 127.5 - 1);
    expect(await compareImages({ data: byte(1), shape }, { data: byte(2), shape })).toEqual(
      await compareImages({ data: float(1), shape }, { data: float(2), shape }),
    );
  });

  it("takes any features, and the metrics that these allow", async () => {
    const pixels = rawExtractor([1, 12, 12]);
    const classifier: FeatureExtractor = {
      ...pixels,
      name: "sums",
      classes: 2,
      features: async (examples) => {
        const { features } = await pixels.features(examples);
        const rows = Array.from({ length: features.rows }, (_, i) => (i % 2 === 0 ? [0.9, 0.1] : [0.2, 0.8]));
        return { features, probabilities: matrix(features.rows, 2, rows.flat()) };
      },
    };
    const figures = await valuesOf(images(1, 60), images(2, 60), { features: classifier });
    expect(figures.inceptionScore).toBeGreaterThan(1);
    expect(figures.modesCovered).toBe(2);
  });

  it("leaves out what so few images cannot give", async () => {
    const { figures, leftOut } = await compareImages(images(1, 3), images(2, 3));
    expect(leftOut.map(({ metric }) => metric)).toEqual(["precision-recall"]);
    expect(figures.find(({ key }) => key === "fid")?.unreliable).toContain("144 features of only 3 samples");
  });

  it.each<[() => Promise<unknown>, string]>([
    [
      () => compareImages({ data: [0], shape: [1] }, images(1, 3)),
      "compareImages: real must be { data, shape: [n, channels, height, width] }; got a shape of [1]",
    ],
    [() => compareImages([[0]] as never, images(1, 3)), "got a shape of undefined"],
    [
      () => compareImages({ data: new Float32Array(5), shape: [2, 1, 2, 2] }, images(1, 3)),
      "real of [2,1,2,2] must hold 8 numbers; got 5",
    ],
    [() => compareImages(images(1, 1), images(1, 3)), "real must hold at least 2 images; got 1"],
    [
      () => compareImages({ data: new Float32Array(8).fill(255), shape: [2, 1, 2, 2] }, images(1, 3, 2)),
      "real must be numbers in [−1, 1], or bytes in a Uint8Array; got 255; divide by 127.5 and take 1 off",
    ],
    [
      () => compareImages(images(1, 3), images(1, 3, 8)),
      "fake must be of the same channels and sides as real, [1,12,12]; got [1,8,8]",
    ],
    [
      () => compareImages(images(1, 3), images(1, 3), { features: rawExtractor([1, 8, 8]) }),
      "features must be of the same channels and sides as real, [1,12,12]; got [1,8,8]",
    ],
    [
      () => compareImages(images(1, 3), images(1, 3), { metric: ["fid"] } as never),
      'unknown option of compareImages "metric"; did you mean "metrics"?',
    ],
    [
      () => compareImages(images(1, 3), images(1, 3), { metrics: ["fidd"] }),
      'unknown metric "fidd"; did you mean "fid"?',
    ],
    [
      () => compareImages(images(1, 3), images(1, 3), { metrics: ["is"] }),
      "metric is: it needs a classifier; the features are pixels",
    ],
  ])("refuses what does not fit: %#", async (call, message) => {
    const failure = await call().catch((error: Error) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toContain(message);
  });
});

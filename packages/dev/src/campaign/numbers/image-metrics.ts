/** What compares images: SSIM and its mean over scales. */
import { msSsim, pairwiseMsSsim, ssim } from "tsgan/metrics";
import type { RandomStream } from "tsgan/random";
import { exponentOf, pick, shift, sizeOf } from "./inputs.ts";
import { indices } from "./reference.ts";
import { close, holds, type Property } from "./trial.ts";

/** An image and how it is given: values in a range of L, at any scale. */
const imagesOf = (random: RandomStream, least: number) => {
  const shape = [sizeOf(random, 3), sizeOf(random, 24, least), sizeOf(random, 24, least)] as const;
  const size = shape[0] * shape[1] * shape[2];
  const one = (): Float64Array => {
    const flat = random.uniform() < 0.2;
    const offset = pick(random, 0, 0, 0.5);
    return Float64Array.from({ length: size }, () => (flat ? 0.3 : random.uniform()) + offset);
  };
  const exponent = exponentOf(random, 990);
  const [x, y] = [one(), one()];
  const at = (image: Float64Array): number[] => [...image.map((value) => shift(value, exponent))];
  return { shape, x, y, exponent, givenX: at(x), givenY: at(y), dataRange: shift(2, exponent) };
};

/** SSIM of one plane by its definition, window by window. */
const ssimOf = (x: Float64Array, y: Float64Array, height: number, width: number, range: number): number => {
  const side = 11;
  const window = indices(side).map((i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const whole = window.reduce((sum, value) => sum + value, 0) ** 2;
  let total = 0;
  for (let r = 0; r + side <= height; r++) {
    for (let c = 0; c + side <= width; c++) {
      let [mx, my, xx, yy, xy] = [0, 0, 0, 0, 0];
      for (let i = 0; i < side; i++) {
        for (let j = 0; j < side; j++) {
          const w = (window[i] * window[j]) / whole;
          const [u, v] = [x[(r + i) * width + c + j], y[(r + i) * width + c + j]];
          mx += w * u;
          my += w * v;
          xx += w * u * u;
          yy += w * v * v;
          xy += w * u * v;
        }
      }
      const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
      total +=
        ((2 * mx * my + c1) * (2 * (xy - mx * my) + c2)) /
        ((mx * mx + my * my + c1) * (xx - mx * mx + yy - my * my + c2));
    }
  }
  return total / ((height - side + 1) * (width - side + 1));
};

export const imageProperties: Readonly<Record<string, Property>> = {
  ssim: (random) => {
    const { shape, x, y, exponent, givenX, givenY, dataRange } = imagesOf(random, 11);
    return {
      tried: `images of ${shape}, times 2^${exponent}`,
      check: () => {
        const [channels, height, width] = shape;
        const size = height * width;
        let want = 0;
        for (let c = 0; c < channels; c++) {
          const plane = (image: Float64Array) => image.subarray(c * size, (c + 1) * size);
          want += ssimOf(plane(x), plane(y), height, width, 2) / channels;
        }
        close("SSIM", ssim(givenX, givenY, shape, dataRange), want, 1e-8, 1e-10);
        close("it is 1 of an image and itself", ssim(givenX, givenX, shape, dataRange), 1, 1e-12, 0);
        // A range that is nothing beside the values must not divide by 0.
        const tiny = ssim(givenX, givenX, shape, Number.MIN_VALUE);
        close("whatever the range", tiny, 1, 1e-9, 0);
      },
    };
  },
  msSsim: (random) => {
    const { shape, exponent, givenX, givenY, dataRange } = imagesOf(random, 1);
    const scales = 1 + random.integer(5);
    return {
      tried: `images of ${shape}, times 2^${exponent}, ${scales} scales`,
      check: () => {
        const options = { dataRange, scales };
        const { value } = msSsim(givenX, givenY, shape, options);
        holds(`it is from 0 to 1; got ${value}`, value >= 0 && value <= 1 + 1e-12);
        close("it is symmetric", msSsim(givenY, givenX, shape, options).value, value, 1e-9, 1e-12);
        close("it is 1 of an image and itself", msSsim(givenX, givenX, shape, options).value, 1, 1e-9, 0);
        const pair = pairwiseMsSsim([...givenX, ...givenY], shape, options);
        close("the mean of one pair is the pair", pair.mean, value, 1e-12, 0);
      },
    };
  },
};

import { describe, expect, it } from "vitest";
import { register } from "../define/index.ts";
import {
  constant,
  grad,
  input,
  interpret,
  mean,
  mul,
  sign,
  square,
  sub,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import * as builtIn from "./augmentations/built-in.ts";
import { brightness, contrast, saturation } from "./augmentations/color.ts";
import { cut } from "./augmentations/cutout.ts";
import { shifted } from "./augmentations/translation.ts";
import { sampledAt } from "./augmentations/warp.ts";
import {
  type Augmentation,
  augmentationCatalogue,
  augmentationPolicy,
  augmentations,
  defineAugmentation,
  diffAugment,
  overfitting,
  perImage,
  type Random,
} from "./index.ts";

const valuesOf = (t: Tensor): number[] => [...interpret([t])[0]];
const u = (...values: number[]): Tensor => constant(values, [values.length, 1, 1, 1]);
const image = (size: number, channels = 1): Tensor => {
  const pixels = Float32Array.from({ length: channels * size * size }, (_, i) => i + 1);
  return constant(pixels, [1, channels, size, size]);
};
/** A stand-in for fresh random numbers: always the same. */
const always =
  (value: number): Random =>
  (_kind, shape) =>
    constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape);

describe("augmentations", () => {
  it("leave the image alone at the middle of their range", () => {
    const x = image(8, 3);
    for (const transform of [brightness, saturation, contrast]) {
      expect(valuesOf(transform(x, u(0.5)))).toEqual(valuesOf(x).map((v) => expect.closeTo(v, 4)));
    }
    expect(valuesOf(shifted(x, u(0.5), u(0.5)))).toEqual(valuesOf(x));
  });

  it("shift by whole pixels of up to an eighth of the side, zeros moving in", () => {
    const x = image(8);
    const down = valuesOf(shifted(x, u(0.99), u(0.5)));
    expect(down).toEqual([...new Array(8).fill(0), ...valuesOf(x).slice(0, 56)]);
    const left = valuesOf(shifted(x, u(0.5), u(0)));
    expect(left.slice(0, 8)).toEqual([2, 3, 4, 5, 6, 7, 8, 0]);
  });

  it("cut a square of half the side, whole inside and clipped at the border", () => {
    const kept = (rows: number, columns: number): number =>
      valuesOf(cut(image(8), u(rows), u(columns))).filter((v) => v !== 0).length;
    expect(kept(0.5, 0.5)).toBe(64 - 16);
    expect(kept(0, 0)).toBe(64 - 4);
    // The rows of the square are those around its centre.
    const rows = valuesOf(mean(cut(image(8), u(0.5), u(0.5)), [0, 1, 3]));
    const whole = valuesOf(mean(image(8), [0, 1, 3]));
    expect(rows.map((v, i) => v === whole[i])).toEqual([true, true, false, false, false, false, true, true]);
  });

  it("read an image between its pixels, and the border beyond it", () => {
    const x = constant([1, 2, 3, 4, 10, 20, 30, 40], [2, 1, 2, 2]);
    const places = (...values: number[]): Tensor => constant([...values, ...values], [2, 1, 2, 2]);
    const middle = valuesOf(sampledAt(x, places(0, 0, 0.5, 9), places(0.5, -3, 0.5, 9)));
    expect(middle).toEqual([1.5, 1, 2.5, 4, 15, 10, 25, 40]);
  });

  it("turn, stretch, shear, shift and bend an image, each by itself", () => {
    const still = { turn: 0, stretch: 0, shear: 0, shift: 0, bend: 0 };
    // All random numbers are 1: the end of each range.
    const warped = (options: Partial<typeof still>, x = image(4)): number[] =>
      valuesOf(diffAugment([augmentations.warp({ ...still, ...options })])(x, always(1)));
    const close = (values: number[]): unknown[] => values.map((v) => expect.closeTo(v, 4));
    const [a, b, c, d] = [0, 4, 8, 12].map((row) => [1, 2, 3, 4].map((v) => v + row));
    expect(warped({})).toEqual(close([...a, ...b, ...c, ...d]));
    // A quarter turn: the new first row is the last column, from the top.
    const turned = [4, 8, 12, 16, 3, 7, 11, 15, 2, 6, 10, 14, 1, 5, 9, 13];
    expect(warped({ turn: 90 })).toEqual(close(turned));
    const right = [a, b, c, d].flatMap(([, y, z, w]) => [y, z, w, w]);
    expect(warped({ shift: 1 / 4 })).toEqual(close([...right.slice(4), ...right.slice(12)]));
    expect(warped({ bend: 1 / 4 })).toEqual(close(warped({ shift: 1 / 4 })));
    // Twice as far from the middle, by the border: columns −1.75, −0.25, … of a stretch of ½.
    expect(warped({ stretch: 0.5 }, constant([0, 1, 2, 3], [1, 1, 1, 4]))).toEqual(close([0, 0.75, 2.25, 3]));
    // Rows above the middle move one way, those below the other, by half a pixel here.
    const sheared = warped({ shear: 1 }, constant([0, 1, 2, 0, 1, 2], [1, 1, 2, 3]));
    expect(sheared).toEqual(close([0, 0.5, 1.5, 0.5, 1.5, 2]));
  });

  it("treat each image by its own numbers", () => {
    const x = constant(new Float32Array(128).fill(1), [2, 1, 8, 8]);
    const y = valuesOf(brightness(x, u(0, 0.75)));
    expect([y[0], y[64]]).toEqual([0.5, 1.25]);
  });

  it("let gradients pass, which agree with finite differences", () => {
    const augment = diffAugment();
    const { first, second } = gradientErrors((x) => augment(x, always(0.3)), [randomPoint([2, 3, 8, 8], 1)]);
    expect(first).toBeLessThan(1e-7);
    expect(second).toBeLessThan(1e-7);
  });

  it("have no derivative by the random numbers of where to shift and cut", () => {
    const random = input("u", [1, 1, 1, 1]);
    const value = sum(square(cut(shifted(image(8), random, random), random, random)));
    expect(interpret(grad(value, [random]), { u: [0.4] })[0][0]).toBe(0);
  });

  it("are chosen by a policy, and applied with ADA's probability", () => {
    const x = image(8);
    expect(valuesOf(diffAugment("color")(x, always(0.5)))).toEqual(
      valuesOf(x).map((v) => expect.closeTo(v, 4)),
    );
    const adaptive = (p: number): number[] =>
      valuesOf(diffAugment("translation, cutout", { probability: constant([p], []) })(x, always(0.4)));
    expect(adaptive(0)).toEqual(valuesOf(x));
    expect(adaptive(1)).toEqual(valuesOf(diffAugment("translation,cutout")(x, always(0.4))));
  });

  it("refuse what they do not know", () => {
    expect(() => diffAugment("rotation")).toThrow(
      'unknown augmentation "rotation" (known: warp, color, cutout, translation)',
    );
    expect(() => diffAugment()(input("x", [2, 3]), always(0))).toThrow(
      "diffAugment: images must be [N,C,H,W]; got [2,3]",
    );
  });
});

/** What each augmentation makes of an image of ones, 8 × 8, with all random numbers ¼. A new augmentation is a row. */
const rows: Readonly<
  Record<string, { readonly options?: Readonly<Record<string, number>>; readonly sum: number }[]>
> = {
  // Brightness takes ¼ away; the others change nothing of a grey image of one colour.
  color: [{ sum: 64 * 0.75 }, { options: { strength: 0.5 }, sum: 64 * 0.875 }],
  // A shift of −1 of −1 … 1, and of −2 of −4 … 4.
  translation: [{ sum: 7 * 7 }, { options: { share: 0.5 }, sum: 6 * 6 }],
  // A square of 4 around place 2, and of 2.
  cutout: [{ sum: 64 - 4 * 4 }, { options: { share: 0.25 }, sum: 64 - 2 * 2 }],
  // What moves in is the border, which is 1 too.
  warp: [{ sum: 64 }, { options: { turn: 90, shift: 1 }, sum: 64 }],
};

const cases = Object.entries(rows).flatMap(([name, listed]) =>
  listed.map((row) => ({ name, row, made: augmentationCatalogue.get(name).create(row.options) })),
);

describe("the catalogue of augmentations", () => {
  it("has a row of this contract for each definition, and lists each under its own name", () => {
    expect(Object.keys(rows).sort()).toEqual([...augmentationCatalogue.names].sort());
    expect(Object.keys(builtIn).sort()).toEqual([...augmentationCatalogue.names].sort());
  });
});

describe.each(cases)("$name $row.options", ({ name, row, made }) => {
  const ones = constant(new Float32Array(64).fill(1), [1, 1, 8, 8]);

  it("makes what it should of an image", () => {
    const total = valuesOf(sum(diffAugment([made])(ones, always(0.25))))[0];
    expect(total).toBeCloseTo(row.sum, 4);
  });

  it("lets gradients pass, which agree with finite differences", () => {
    const change = diffAugment([made]);
    const { first } = gradientErrors((x) => change(x, always(0.3)), [randomPoint([2, 3, 8, 8], 1)]);
    expect(first).toBeLessThan(1e-7);
  });

  it("is the same when it is made again from its options", () => {
    expect(augmentationCatalogue.get(name).create(made.options).options).toEqual(made.options);
  });
});

describe("an augmentation of one's own", () => {
  const negative = defineAugmentation({
    name: "negative",
    title: "black for white, half of the time",
    options: {},
    create: () => [(x, random) => mul(x, sign(sub(perImage(x, random), 0.5)))],
  });
  const x = image(8);

  it("is taken as it is, and by its name once it is registered", () => {
    const changed = (policy: string | readonly Augmentation[]): number[] =>
      valuesOf(diffAugment(policy)(x, always(0.25)));
    const expected = valuesOf(x).map((v) => -v);
    expect(changed([negative()])).toEqual(expected);
    expect(() => changed("negative")).toThrow('unknown augmentation "negative"');
    const undo = register(negative);
    expect(changed("negative")).toEqual(expected);
    expect(changed("negative, cutout")).toEqual(changed([negative(), augmentations.cutout()]));
    expect(augmentationPolicy.check("x", "policy", "negative,cutout")).toBe("negative,cutout");
    undo();
    expect(() => augmentationPolicy.check("x", "policy", "negative,cutout")).toThrow(
      'x: policy: unknown augmentation "negative"',
    );
  });
});

describe("ADA", () => {
  it("measures overfitting by the signs of real scores", () => {
    expect(valuesOf(overfitting(constant([3, 0.1, -2, 5], [4])))[0]).toBe(0.5);
  });
});

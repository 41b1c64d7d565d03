/**
 * Differentiable augmentation of images [N, C, H, W] in [−1, 1] (DiffAugment, Zhao et al. 2020, arXiv:2006.10738), and the
 * controller of adaptive augmentation (ADA, Karras et al. 2020, arXiv:2006.06676). Applied to real and generated images
 * alike, in both players' steps; gradients pass through. u stands for numbers uniform in [0, 1), one for each example.
 */
import { UsageError } from "../errors.ts";
import {
  add,
  cast,
  constant,
  equal,
  formatShape,
  greater,
  less,
  matmul,
  mean,
  mul,
  sign,
  sub,
  type Tensor,
  where,
} from "../graph/index.ts";
import { checkNumber } from "../options.ts";

/** Fresh random numbers of a shape. */
export type Random = (kind: "uniform" | "normal", shape: readonly number[]) => Tensor;

/** A random change of images. */
export type Augment = (x: Tensor, random: Random) => Tensor;

/** x + (u − ½). u [N, 1, 1, 1]. */
export const brightness = (x: Tensor, u: Tensor): Tensor => add(x, sub(u, 0.5));

/** The distance from grey (the mean over channels) times 2u. u [N, 1, 1, 1]. */
export const saturation = (x: Tensor, u: Tensor): Tensor => {
  const grey = mean(x, 1, true);
  return add(mul(sub(x, grey), mul(u, 2)), grey);
};

/** The distance from the image's mean times u + ½. u [N, 1, 1, 1]. */
export const contrast = (x: Tensor, u: Tensor): Tensor => {
  const level = mean(x, [1, 2, 3], true);
  return add(mul(sub(x, level), add(u, 0.5)), level);
};

/** ⌊u · count⌋, an integer of 0 … count − 1 for u in [0, 1). */
const integerBelow = (u: Tensor, count: number): Tensor => cast(mul(u, count), "int32");

/**
 * Matrices that shift `size` places by −most … most, zeros moving in: entry (i, j) is 1 where i − j is the shift.
 * u [N, 1, 1, 1] → [N, 1, size, size].
 */
const shiftMatrices = (u: Tensor, size: number, most: number): Tensor => {
  const offsets = Int32Array.from(
    { length: size * size },
    (_, at) => Math.floor(at / size) - (at % size) + most,
  );
  return cast(equal(integerBelow(u, 2 * most + 1), constant(offsets, [1, 1, size, size])), "float32");
};

/** Shifts by whole pixels of up to an eighth of each side, zeros moving in. uRows, uColumns [N, 1, 1, 1]. */
export const translation = (x: Tensor, uRows: Tensor, uColumns: Tensor): Tensor => {
  const [, , height, width] = x.shape;
  const rows = shiftMatrices(uRows, height, Math.round(height / 8));
  const columns = shiftMatrices(uColumns, width, Math.round(width / 8));
  return matmul(matmul(rows, x), columns, { transposeB: true });
};

/** 1 inside a span of `length` places whose centre lies anywhere, 0 outside. u [N, 1, 1, 1] → [N, …] along `axis`. */
const span = (u: Tensor, size: number, length: number, axis: 2 | 3): Tensor => {
  const centre = cast(integerBelow(u, size + 1 - (length % 2)), "float32");
  const start = sub(centre, Math.floor(length / 2));
  const shape = [1, 1, 1, 1].with(axis, size);
  // Half a pixel off the grid, so that no comparison is a tie.
  const middle = constant(
    Float32Array.from({ length: size }, (_, i) => i + 0.5),
    shape,
  );
  return mul(cast(greater(middle, start), "float32"), cast(less(middle, add(start, length)), "float32"));
};

/** Zeros a square of half of each side, its centre anywhere. uRows, uColumns [N, 1, 1, 1]. */
export const cutout = (x: Tensor, uRows: Tensor, uColumns: Tensor): Tensor => {
  const [, , height, width] = x.shape;
  const rows = span(uRows, height, Math.round(height / 2), 2);
  const columns = span(uColumns, width, Math.round(width / 2), 3);
  return mul(x, sub(1, mul(rows, columns)));
};

const perExample = (x: Tensor, random: Random): Tensor => random("uniform", [x.shape[0], 1, 1, 1]);

/** The transformations of each part of a policy, in their order. */
const policies = {
  color: [
    (x, random) => brightness(x, perExample(x, random)),
    (x, random) => saturation(x, perExample(x, random)),
    (x, random) => contrast(x, perExample(x, random)),
  ],
  translation: [(x, random) => translation(x, perExample(x, random), perExample(x, random))],
  cutout: [(x, random) => cutout(x, perExample(x, random), perExample(x, random))],
} satisfies Record<string, Augment[]>;

export interface AugmentOptions {
  /** Probability of each transformation for each image, a scalar: ADA's p. Without it every image is transformed. */
  readonly probability?: Tensor;
}

/** DiffAugment: parts of `policy`, separated by commas, out of color, translation and cutout. */
export const diffAugment = (
  policy = "color,translation,cutout",
  { probability }: AugmentOptions = {},
): Augment => {
  const parts = policy.split(",").map((part) => part.trim());
  const transformations = parts.flatMap((part): readonly Augment[] => {
    if (part === "color" || part === "translation" || part === "cutout") return policies[part];
    throw new UsageError(
      `diffAugment: the policy must be made of ${Object.keys(policies).join(", ")}; got "${part}"`,
    );
  });
  return (x, random) => {
    if (x.shape.length !== 4) {
      throw new UsageError(`diffAugment: images must be [N,C,H,W]; got ${formatShape(x.shape)}`);
    }
    return transformations.reduce((images, transform) => {
      const changed = transform(images, random);
      return probability === undefined
        ? changed
        : where(less(perExample(x, random), probability), changed, images);
    }, x);
  };
};

/** r_t = E sign(D(real)): 0 where D cannot tell, towards 1 where it knows its training images by heart. */
export const overfitting = (realScores: Tensor): Tensor => mean(sign(realScores));

export interface AdaOptions {
  /** The overfitting that is held. */
  readonly target?: number;
  /** Real images that D sees while p moves from 0 to 1. */
  readonly speed?: number;
}

/**
 * ADA's controller: p ← max(0, p + sign(r_t − target) · images / speed), where `images` is the number of real images that
 * D saw since the last update (the paper updates every 4 batches). There is no upper limit, as in the authors' code.
 */
export const adaProbability = (
  p: number,
  overfitting: number,
  images: number,
  { target = 0.6, speed = 500_000 }: AdaOptions = {},
): number => {
  checkNumber("ada", "target", target);
  checkNumber("ada", "speed", speed, { least: 1 });
  return Math.max(0, p + (Math.sign(overfitting - target) * images) / speed);
};

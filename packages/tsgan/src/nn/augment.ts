/**
 * Differentiable augmentation of images [N, C, H, W] in [−1, 1] (DiffAugment, Zhao et al. 2020, arXiv:2006.10738), applied to real
 * and generated images alike, in both players' steps; gradients pass through. And what adaptive augmentation watches (ADA,
 * Karras et al. 2020, arXiv:2006.06676).
 */
import { type Catalogue, catalogueOf, type Option, text } from "../define/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import { formatShape, less, mean, sign, type Tensor, where } from "../graph/index.ts";
import { type Augment, type Augmentation, type AugmentationFactory, perImage } from "./augmentation.ts";
import * as builtIn from "./augmentations/built-in.ts";

/** All augmentations, built in and registered. */
export const augmentationCatalogue: Catalogue<AugmentationFactory> = catalogueOf("augmentation", builtIn);

const USUAL_POLICY = "color,translation,cutout";

const namesIn = (policy: string): readonly string[] => policy.split(",").map((name) => name.trim());

const policyText = text({ default: USUAL_POLICY, means: "names of augmentations, separated by commas" });

/** The option of whatever augments: names of augmentations, separated by commas. */
export const augmentationPolicy: Option<string> = {
  ...policyText,
  check: (where, name, value) => {
    const policy = policyText.check(where, name, value);
    const unknown = namesIn(policy).find((part) => !augmentationCatalogue.has(part));
    if (unknown === undefined) return policy;
    const { message } = unknownName("augmentation", unknown, augmentationCatalogue.names);
    throw new UsageError(`${where}: ${name}: ${message}`);
  },
};

/** How `diffAugment` applies a policy. */
export interface AugmentOptions {
  /** Probability of each change for each image, a scalar: ADA's p. Without it every image is changed. */
  readonly probability?: Tensor;
}

/**
 * DiffAugment: the augmentations of a policy one after the other.
 *
 * @param policy names with their usual options, separated by commas, or augmentations themselves
 *
 * @example
 * ```ts
 * import { augmentations, diffAugment } from "tsgan/nn";
 *
 * const usual = diffAugment("color,cutout");
 * const gentle = diffAugment([augmentations.color({ strength: 0.5 }), augmentations.translation()]);
 * ```
 */
export const diffAugment = (
  policy: string | readonly Augmentation[] = USUAL_POLICY,
  { probability }: AugmentOptions = {},
): Augment => {
  const parts =
    typeof policy === "string"
      ? namesIn(policy).map((name) => augmentationCatalogue.get(name).create())
      : policy;
  const changes = parts.flatMap((part) => part.changes);
  return (x, random) => {
    if (x.shape.length !== 4) {
      throw new UsageError(`diffAugment: images must be [N,C,H,W]; got ${formatShape(x.shape)}`);
    }
    return changes.reduce((images, change) => {
      const changed = change(images, random);
      return probability === undefined
        ? changed
        : where(less(perImage(x, random), probability), changed, images);
    }, x);
  };
};

/**
 * r_t = E sign(D(real)): 0 where D cannot tell, towards 1 where it knows its training images by heart.
 *
 * @param realScores logits of real images, [N]
 */
export const overfitting = (realScores: Tensor): Tensor => mean(sign(realScores));

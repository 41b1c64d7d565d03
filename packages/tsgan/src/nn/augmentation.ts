/** What an augmentation is, and how one is defined: random changes of images [N, C, H, W] in [−1, 1] that gradients pass. */
import { type Creator, type Definition, type Factory, factoryOf, type Made } from "../define/index.ts";
import type { OptionTable, ResolvedOptions } from "../define/option.ts";
import type { Tensor } from "../graph/index.ts";

/** Fresh random numbers of a shape. */
export type Random = (kind: "uniform" | "normal", shape: readonly number[]) => Tensor;

/** A random change of images. */
export type Augment = (x: Tensor, random: Random) => Tensor;

/** What is written down about an augmentation. */
export interface AugmentationDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "augmentation";
}

/** Random changes of images, one after the other. */
export interface Augmentation extends Made<AugmentationDefinition> {
  /** With a probability each of them has a chance of its own for each image. */
  readonly changes: readonly Augment[];
}

/** What makes an augmentation from options. */
export type AugmentationFactory = Creator<Augmentation, [], AugmentationDefinition>;

/** What `defineAugmentation` takes. */
export interface AugmentationInput<Table extends OptionTable>
  extends Omit<AugmentationDefinition<Table>, "kind"> {
  /** The changes, from every option with its value. */
  create(options: ResolvedOptions<Table>): readonly Augment[];
}

/**
 * Defines an augmentation, which policies name once it is registered. All but `create` are its `facts`.
 *
 * @example
 * ```ts
 * import { register } from "tsgan/define";
 * import { mul, sign, sub } from "tsgan/graph";
 * import { defineAugmentation, diffAugment, perImage } from "tsgan/nn";
 *
 * register(
 *   defineAugmentation({
 *     name: "negative",
 *     title: "black for white, half of the time",
 *     options: {},
 *     create: () => [(x, random) => mul(x, sign(sub(perImage(x, random), 0.5)))],
 *   }),
 * );
 * const change = diffAugment("negative,cutout");
 * ```
 */
export const defineAugmentation = <Table extends OptionTable>({
  create,
  ...facts
}: AugmentationInput<Table>): Factory<Table, Augmentation, [], AugmentationDefinition> => {
  const definition: AugmentationDefinition<Table> = { kind: "augmentation", ...facts };
  return factoryOf(definition, (options) => ({ changes: create(options) }));
};

/**
 * Numbers uniform in [0, 1), one for each image: [N, 1, 1, 1].
 *
 * @param x images [N, C, H, W]
 * @param random what gives the numbers of a step
 */
export const perImage = (x: Tensor, random: Random): Tensor => random("uniform", [x.shape[0], 1, 1, 1]);

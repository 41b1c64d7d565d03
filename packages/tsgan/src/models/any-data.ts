/** What models for images and for points share: DCGAN's layers for images, perceptrons for points. */
import { auto, integer, numbers, type Option } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { flatten, reshape, type Shape, sizeOf } from "../graph/index.ts";
import { fanInInit, heInit, layers } from "../nn/index.ts";
import type { Backbone } from "./backbone.ts";
import { type DiscriminatorNorm, dcganLayers, discriminatorNorms } from "./dcgan-net.ts";
import { discriminatorNormOption, normOr } from "./norm.ts";
import type { ImageShape } from "./sides.ts";

const BASE = 64;
const HIDDEN: readonly number[] = [128, 128];
/** Deeper ones are slips of the keyboard, whose graphs take minutes to build. */
export const MOST_LAYERS = 100;

/** Options of the layers. Those that are not for the data at hand stay undefined. */
export const backboneOptions = {
  base: auto(
    integer({ default: BASE, least: 1, means: "images: filters of the discriminator's first layer" }),
    `${BASE} for images`,
  ),
  discriminatorNorm: discriminatorNormOption(discriminatorNorms) as Option<DiscriminatorNorm | undefined>,
  hidden: auto(
    numbers({
      default: HIDDEN,
      least: 1,
      integer: true,
      length: { most: MOST_LAYERS },
      means: "points: widths of the hidden layers of both networks",
    }),
    `${HIDDEN} for points`,
  ),
} as const;

export interface BackboneOptions {
  readonly base?: number | undefined;
  readonly discriminatorNorm?: DiscriminatorNorm | undefined;
  readonly hidden?: readonly number[] | undefined;
}

/** [channels, height, width] of images; undefined for data of any other shape, which are points. */
export const imageOf = (shape: Shape): ImageShape | undefined =>
  shape.length === 3 ? [shape[0], shape[1], shape[2]] : undefined;

/** Refuses options that are for other data. @throws UsageError */
export const refuse = (
  name: string,
  given: Readonly<Record<string, unknown>>,
  theirs: "images" | "points",
): void => {
  const option = Object.keys(given).find((key) => given[key] !== undefined);
  if (option === undefined) return;
  throw new UsageError(
    `${name}: ${option} is for ${theirs}, and the data are ${theirs === "images" ? "points" : "images"}; leave it out`,
  );
};

const pointLayers = (shape: Shape, hidden: readonly number[]): Backbone => {
  // Biases that are not zero, as in mlp: kinks that all go through the origin blur distant modes.
  const widths = hidden.flatMap((width) => [
    layers.dense(width, { init: heInit(), biasInit: fanInInit }),
    layers.relu(),
  ]);
  const generator = layers.sequential(...widths, layers.dense(sizeOf(shape)));
  const body = layers.sequential(...widths);
  return {
    generator: (z, scope) => reshape(generator(z, scope), [z.shape[0], ...shape]),
    body: (x, scope) => body(flatten(x), scope),
    head: (units) => layers.dense(units),
  };
};

/** The layers for data of a shape, and the options' values. Errors call the model `name`. */
export const backboneOf = (
  name: string,
  { base, discriminatorNorm, hidden }: BackboneOptions,
  { shape, perExample }: { readonly shape: Shape; readonly perExample: boolean },
): { readonly backbone: Backbone; readonly options: BackboneOptions } => {
  const image = imageOf(shape);
  if (image === undefined) {
    refuse(name, { base, discriminatorNorm }, "images");
    const own = hidden ?? HIDDEN;
    return { backbone: pointLayers(shape, own), options: { hidden: own } };
  }
  refuse(name, { hidden }, "points");
  const own = { base: base ?? BASE, discriminatorNorm: normOr(discriminatorNorm, perExample) };
  return { backbone: dcganLayers(name, { image, ...own }), options: own };
};

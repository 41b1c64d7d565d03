/** The layers that models of several kinds are made of: DCGAN's for images, multilayer perceptrons for points. */
import { flatten, reshape, type Shape, sizeOf } from "../graph/index.ts";
import { fanInInit, heInit, type Layer, layers } from "../nn/index.ts";
import { type DiscriminatorNorm, dcganLayers } from "./dcgan.ts";

export interface Backbone {
  /** [N, any length] → [N, …shape]. */
  readonly generator: Layer;
  /** Examples → features [N, F]. */
  readonly body: Layer;
  /** A linear layer that reads features: [N, F] → [N, units]. */
  head(units: number): Layer;
}

export interface BackboneOptions {
  /** Shape of one example: [C, H, W] with a square side that halves at least twice; any other is that of a point. */
  readonly shape: Shape;
  /** Images: filters of the discriminator's first layer. */
  readonly base?: number;
  /** Images: normalisation of the discriminator. Per-example penalties need one that keeps examples apart: not "batch". */
  readonly discriminatorNorm?: DiscriminatorNorm;
  /** Points: widths of the hidden layers of both networks. */
  readonly hidden?: readonly number[];
}

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

/** The backbone for data of a shape, and its options. Errors call the model `name`. */
export const backboneOf = (
  name: string,
  { shape, base = 64, discriminatorNorm = "batch", hidden = [128, 128] }: BackboneOptions,
): { readonly backbone: Backbone; readonly options: Readonly<Record<string, unknown>> } => {
  if (shape.length !== 3) {
    return { backbone: pointLayers(shape, hidden), options: { shape: [...shape], hidden: [...hidden] } };
  }
  const image = [shape[0], shape[1], shape[2]] as const;
  return {
    backbone: dcganLayers(name, { image, base, discriminatorNorm }),
    options: { shape: [...shape], base, discriminatorNorm },
  };
};

/** Models: pairs of generator and discriminator. */
import { UsageError, unknownName } from "../errors.ts";
import { type DcganOptions, dcgan } from "./dcgan.ts";
import { type MlpOptions, mlp } from "./mlp.ts";
import type { Model } from "./model.ts";

export * from "./dcgan.ts";
export * from "./mlp.ts";
export * from "./model.ts";
export { packed } from "./packed.ts";

interface ModelEntry {
  readonly description: string;
  create(shape: readonly number[], options: Readonly<Record<string, unknown>>): Model;
}

const imageShape = (name: string, shape: readonly number[]): readonly [number, number, number] => {
  if (shape.length !== 3) {
    throw new UsageError(
      `model ${name} is for images [channels, height, width]; got data of shape [${shape.join(",")}]; use mlp`,
    );
  }
  return [shape[0], shape[1], shape[2]];
};

/** The models that can be named in a configuration. */
export const catalogue: Readonly<Record<string, ModelEntry>> = {
  mlp: {
    description: "multilayer perceptrons, for points and small images",
    create: (shape, options) => mlp({ ...(options as Omit<MlpOptions, "shape">), shape }),
  },
  dcgan: {
    description: "strided convolutions, for square images (Radford et al. 2016)",
    create: (shape, options) =>
      dcgan({ ...(options as Omit<DcganOptions, "image">), image: imageShape("dcgan", shape) }),
  },
};

/** A model by name, for data of the given shape. */
export const create = (
  name: string,
  shape: readonly number[],
  options: Readonly<Record<string, unknown>> = {},
): Model => {
  const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (entry === undefined) throw unknownName("model", name, Object.keys(catalogue));
  return entry.create(shape, options);
};

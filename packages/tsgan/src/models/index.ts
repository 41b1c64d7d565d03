/** Models: pairs of generator and discriminator. */
import { UsageError, unknownName } from "../errors.ts";
import { type AcganOptions, acgan } from "./acgan.ts";
import { type ConditionalOptions, cgan } from "./conditional.ts";
import { type DcganOptions, dcgan } from "./dcgan.ts";
import { type InfoganOptions, infogan } from "./infogan.ts";
import { type MlpOptions, mlp } from "./mlp.ts";
import type { Model } from "./model.ts";
import { type SemiSupervisedOptions, semiSupervisedGan } from "./semi-supervised.ts";

export { type AcganOptions, acgan } from "./acgan.ts";
export {
  type ClassOptions,
  type ConditionalOptions,
  type Conditioning,
  cgan,
  conditionings,
} from "./conditional.ts";
export { type DcganOptions, type DiscriminatorNorm, dcgan, discriminatorNorms } from "./dcgan.ts";
export { type InfoganOptions, infogan } from "./infogan.ts";
export * from "./mlp.ts";
export * from "./model.ts";
export { packed } from "./packed.ts";
export { type SemiSupervisedOptions, semiSupervisedGan } from "./semi-supervised.ts";

interface ModelEntry {
  readonly description: string;
  /** `classes`: how many the data have, where they are labelled. */
  create(shape: readonly number[], options: Readonly<Record<string, unknown>>, classes?: number): Model;
}

const imageShape = (name: string, shape: readonly number[]): readonly [number, number, number] => {
  if (shape.length !== 3) {
    throw new UsageError(
      `model ${name} is for images [channels, height, width]; got data of shape [${shape.join(",")}]; use mlp`,
    );
  }
  return [shape[0], shape[1], shape[2]];
};

/** The number of classes, for a model that needs labels. */
const labels = (name: string, classes: number | undefined): number => {
  if (classes !== undefined) return classes;
  throw new UsageError(
    `model ${name} needs labels; the data have none; use an unconditional model or labelled data`,
  );
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
  cgan: {
    description: "conditional, for labelled data: the discriminator reads the label (Mirza & Osindero 2014)",
    create: (shape, options, classes) =>
      cgan({ ...(options as Partial<ConditionalOptions>), shape, classes: labels("cgan", classes) }),
  },
  acgan: {
    description: "conditional, for labelled data: the discriminator names the class (Odena et al. 2017)",
    create: (shape, options, classes) =>
      acgan({ ...(options as Partial<AcganOptions>), shape, classes: labels("acgan", classes) }),
  },
  infogan: {
    description: "finds categories and directions of variation without labels (Chen et al. 2016)",
    create: (shape, options) => infogan({ ...(options as Partial<InfoganOptions>), shape }),
  },
  sgan: {
    description: "a classifier that learns from few labels and many examples (Salimans et al. 2016)",
    create: (shape, options, classes) =>
      semiSupervisedGan({
        ...(options as Partial<SemiSupervisedOptions>),
        shape,
        classes: labels("sgan", classes),
      }),
  },
};

/** A model by name, for data of the given shape and number of classes. */
export const create = (
  name: string,
  shape: readonly number[],
  options: Readonly<Record<string, unknown>> = {},
  classes?: number,
): Model => {
  const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (entry === undefined) throw unknownName("model", name, Object.keys(catalogue));
  return entry.create(shape, options, classes);
};

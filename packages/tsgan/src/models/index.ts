/** Models: pairs of generator and discriminator. */
import { UsageError, unknownName } from "../errors.ts";
import { type AcganOptions, acgan } from "./acgan.ts";
import { type BeganModelOptions, began, type EbganModelOptions, ebgan } from "./autoencoder.ts";
import { type ConditionalOptions, cgan } from "./conditional.ts";
import { type CycleganOptions, cyclegan } from "./cyclegan.ts";
import { type DcganOptions, dcgan } from "./dcgan.ts";
import { type Gan2014Options, gan2014 } from "./gan-2014.ts";
import { type InfoganOptions, infogan } from "./infogan.ts";
import { type MlpOptions, mlp } from "./mlp.ts";
import type { Model } from "./model.ts";
import { type Pix2pixOptions, pix2pix } from "./pix2pix.ts";
import { type R3ganOptions, r3gan } from "./r3gan.ts";
import { type ResnetOptions, resnet } from "./resnet.ts";
import { type SemiSupervisedOptions, semiSupervisedGan } from "./semi-supervised.ts";
import type { ImageShape } from "./sides.ts";
import { type SnganOptions, sngan } from "./sngan.ts";
import { type StudyNetOptions, studyNet } from "./study-net.ts";

export { type AcganOptions, acgan } from "./acgan.ts";
export * from "./autoencoder.ts";
export {
  type ClassOptions,
  type ConditionalOptions,
  type Conditioning,
  cgan,
  conditionings,
} from "./conditional.ts";
export { type CycleganOptions, cyclegan } from "./cyclegan.ts";
export {
  type DcganDiscriminatorOutput,
  type DcganOptions,
  type DiscriminatorNorm,
  dcgan,
  dcganDiscriminatorOutputs,
  discriminatorNorms,
  type GeneratorNorm,
  generatorNorms,
  type Minibatch,
  minibatches,
} from "./dcgan.ts";
export { type Gan2014Options, gan2014 } from "./gan-2014.ts";
export { type InfoganOptions, infogan } from "./infogan.ts";
export * from "./mlp.ts";
export * from "./model.ts";
export { packed } from "./packed.ts";
export { type Pix2pixOptions, pix2pix } from "./pix2pix.ts";
export { type R3ganOptions, r3gan } from "./r3gan.ts";
export * from "./resnet.ts";
export { type SemiSupervisedOptions, semiSupervisedGan } from "./semi-supervised.ts";
export type { ImageShape } from "./sides.ts";
export { type SnganOptions, sngan } from "./sngan.ts";
export { type StudyNetOptions, studyNet } from "./study-net.ts";

interface ModelEntry {
  readonly description: string;
  /** Whether it is for pairs of images. */
  readonly translates?: true;
  /** `classes`: how many the data have, where they are labelled. */
  create(shape: readonly number[], options: Readonly<Record<string, unknown>>, classes?: number): Model;
}

const imageShape = (name: string, shape: readonly number[]): ImageShape => {
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

/** An entry for images whose factory takes their shape as `image`. */
const ofImages = <Options extends { readonly image: ImageShape }>(
  name: string,
  description: string,
  make: (options: Options) => Model,
): ModelEntry => ({
  description,
  create: (shape, options) =>
    make({ ...(options as Omit<Options, "image">), image: imageShape(name, shape) } as Options),
});

/** The models that can be named in a configuration. */
export const catalogue: Readonly<Record<string, ModelEntry>> = {
  mlp: {
    description: "multilayer perceptrons, for points and small images",
    create: (shape, options) => mlp({ ...(options as Omit<MlpOptions, "shape">), shape }),
  },
  dcgan: ofImages<DcganOptions>(
    "dcgan",
    "strided convolutions, for square images (Radford et al. 2016, arXiv:1511.06434)",
    dcgan,
  ),
  "study-net": ofImages<StudyNetOptions>(
    "study-net",
    "two dense and two convolution layers each (InfoGAN's; Lucic et al. 2018, arXiv:1711.10337)",
    studyNet,
  ),
  sngan: ofImages<SnganOptions>(
    "sngan",
    "plain convolutions with spectral norm (Miyato et al. 2018, arXiv:1802.05957)",
    sngan,
  ),
  resnet: ofImages<ResnetOptions>(
    "resnet",
    "residual blocks (Gulrajani et al. 2017, arXiv:1704.00028; Miyato et al. 2018)",
    resnet,
  ),
  r3gan: ofImages<R3ganOptions>(
    "r3gan",
    "residual blocks without normalisation (Huang et al. 2024, arXiv:2501.05441)",
    r3gan,
  ),
  "gan-2014": {
    description: "perceptrons of ReLU and of maxout units (Goodfellow et al. 2014, arXiv:1406.2661)",
    create: (shape, options) => gan2014({ ...(options as Omit<Gan2014Options, "shape">), shape }),
  },
  began: ofImages<BeganModelOptions>(
    "began",
    "an auto-encoder as discriminator, for loss began (Berthelot et al. 2017, arXiv:1703.10717)",
    began,
  ),
  ebgan: ofImages<EbganModelOptions>(
    "ebgan",
    "an auto-encoder as discriminator, for loss ebgan (Zhao et al. 2017, arXiv:1609.03126)",
    ebgan,
  ),
  pix2pix: {
    translates: true,
    description: "translates images, learnt from pairs (Isola et al. 2017, arXiv:1611.07004)",
    create: (shape, options) =>
      pix2pix({ ...(options as Omit<Pix2pixOptions, "pair">), pair: imageShape("pix2pix", shape) }),
  },
  cyclegan: {
    translates: true,
    description: "translates images both ways, without pairs (Zhu et al. 2017, arXiv:1703.10593)",
    create: (shape, options) =>
      cyclegan({ ...(options as Omit<CycleganOptions, "pair">), pair: imageShape("cyclegan", shape) }),
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

/** Whether the model of that name is for pairs of images. */
export const translates = (name: string): boolean =>
  Object.hasOwn(catalogue, name) && catalogue[name].translates === true;

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

/** What a run of the images page trains, and how it stands in the page's address. */
import { UsageError } from "tsgan";
import { ganOf, type RunConfig, resolveConfig } from "tsgan/config";
import { integer, number, text } from "tsgan/define";
import { checkScores } from "tsgan/gan";
import { lossNames } from "tsgan/losses";
import { type DeviceChoice, deviceLabels } from "../engine/index.ts";
import {
  addressReader,
  type Fields,
  fieldsOf,
  type Look,
  type Read,
  titled,
  writeFields,
} from "../ui/fields.ts";
import { byData, type ImagesFacts, NO_END } from "./by-data.ts";

export const sources = {
  mnist: "MNIST digits",
  "fashion-mnist": "Fashion-MNIST clothes",
  pokemon: "Pokémon sprites",
  own: "Your own images",
} as const;
export type Source = keyof typeof sources;

/** What chooses networks, loss and rates. */
export const choosers = {
  hand: "chosen by hand",
  data: "as tsgan train --effort quick",
} as const;
export type Chooser = keyof typeof choosers;

/** Which networks, and whether they are told the names of classes. */
export const models = {
  dcgan: "DCGAN: without class names",
  cgan: "cGAN: both networks are told the class",
  projection: "cGAN by projection: the class weighs D's features",
  acgan: "AC-GAN: D names the class",
} as const;
export type ModelName = keyof typeof models;

/** Samples of the fixed noise that are watched, where there are no classes. */
export const GRID = 64;
export const GRID_COLUMNS = 8;
/** Classes that have a column in the grid, at most: the first ones. */
export const MOST_COLUMNS = 16;
/** Images of the data that are shown beside them. */
export const REAL = 16;

export interface Settings {
  readonly data: Source;
  readonly by: Chooser;
  /** Side of the images. */
  readonly size: number;
  readonly seed: number;
  // By hand:
  readonly model: ModelName;
  /** Filters of the discriminator's first layer; every other layer's are multiples of it. */
  readonly width: number;
  /** Length of the latent vector. */
  readonly latent: number;
  readonly batch: number;
  readonly loss: string;
  /** Learning rates. */
  readonly generatorRate: number;
  readonly discriminatorRate: number;
}

/** Digits and clothes are 28 pixels wide; a third size would only be blown up. */
const sizesOf = (source: Source): readonly number[] =>
  source === "mnist" || source === "fashion-mnist" ? [28, 32] : [28, 32, 64];

const modelOf = (name: ModelName) =>
  name === "projection" ? { name: "cgan", conditioning: name } : { name };

const resolved = ({
  data,
  model,
  loss,
  width,
  latent,
  batch,
  seed,
}: Omit<Settings, "size" | "by">): RunConfig =>
  resolveConfig({
    data,
    loss,
    model: { ...modelOf(model), base: width, latent },
    batch,
    seed,
    steps: NO_END,
  });

/** The configuration of the library's trainer. @param facts what the images are, which choose it where nobody does by hand */
export const configOf = (settings: Settings, facts: ImagesFacts): RunConfig => {
  if (settings.by === "data") return byData(settings, facts).config;
  const config = resolved(settings);
  const { generator, discriminator } = config.optimizer;
  return {
    ...config,
    optimizer: {
      generator: { ...generator, learningRate: settings.generatorRate },
      discriminator: { ...discriminator, learningRate: settings.discriminatorRate },
    },
  };
};

const usual = {
  data: "mnist",
  by: "hand",
  model: "dcgan",
  size: 28,
  width: 16,
  latent: 64,
  batch: 32,
  loss: "non-saturating",
  seed: 1,
} as const;

/** Narrow networks of small batches learn digits in 900 steps at 1e-3, and in several times as many at 2e-4. */
const RATE_FACTOR = 5;

/** The learning rates of the loss's preset, times what networks of this size bear. */
const usualRates = (loss: string): Pick<Settings, "generatorRate" | "discriminatorRate"> => {
  const { generator, discriminator } = resolved({
    ...usual,
    loss,
    generatorRate: 1,
    discriminatorRate: 1,
  }).optimizer;
  return {
    generatorRate: RATE_FACTOR * Number(generator.learningRate),
    discriminatorRate: RATE_FACTOR * Number(discriminator.learningRate),
  };
};

/** The settings where only data and loss were chosen. */
export const usualSettings = (data: Source = usual.data, loss: string = usual.loss): Settings => ({
  ...usual,
  data,
  loss,
  size: data === "mnist" || data === "fashion-mnist" ? 28 : 32,
  ...usualRates(loss),
});

const fits = (loss: string): boolean => {
  try {
    const gan = ganOf(resolved({ ...usualSettings(), loss }), { shape: [1, 28, 28] });
    checkScores(gan.model, gan.loss);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
};

/** Losses and presets of the library that a DCGAN of raw scores can be trained with. */
export const losses: readonly string[] = lossNames().filter(fits);

/** A number that is chosen among some. */
const oneOf = (means: string, usual: number, numbers: readonly number[], unit = ""): Look<number> => ({
  label: means,
  option: integer({ default: usual, least: Math.min(...numbers), most: Math.max(...numbers), means }),
  titles: Object.fromEntries(numbers.map((each) => [each, `${each}${unit}`])),
});

const rate = (key: string, means: string, usual: number): Look<number> => ({
  key,
  option: number({ default: usual, above: 0, most: 1, means }),
});

/** What the usual values of the others go by. */
const firstFields = fieldsOf({
  data: titled(sources, { default: usual.data, means: "Data" }),
  by: titled(choosers, { default: usual.by, means: "Networks, loss and rates" }),
  loss: titled(Object.fromEntries(losses.map((name) => [name, name])), {
    default: usual.loss,
    means: "Loss",
  }),
});

/** The other settings where data and loss are chosen. */
const otherFields = (data: Source, loss: string) => {
  const { size, generatorRate, discriminatorRate } = usualSettings(data, loss);
  return fieldsOf({
    size: oneOf("Image size", size, sizesOf(data), " px"),
    seed: integer({ default: usual.seed, least: 0, most: 2 ** 32 - 1, means: "Seed" }),
    model: titled(models, { default: usual.model, means: "Model" }),
    width: oneOf("Width", usual.width, [8, 16, 32, 64], " filters"),
    latent: oneOf("Latent size", usual.latent, [16, 32, 64, 128]),
    batch: oneOf("Batch", usual.batch, [8, 16, 32, 64, 128]),
    generatorRate: rate("lrG", "Learning rate G", generatorRate),
    discriminatorRate: rate("lrD", "Learning rate D", discriminatorRate),
  });
};

export const fieldsFor = (data: Source, loss: string) => ({ ...firstFields, ...otherFields(data, loss) });

/** Fields of what is trained: where the data choose, their choice is none of them. */
const fieldsBy = (settings: Pick<Settings, "data" | "loss" | "by">) => {
  const fields = fieldsFor(settings.data, settings.loss);
  const { data, by, size, seed } = fields;
  return settings.by === "hand" ? fields : { data, by, size, seed };
};

/** Where it is trained, which does not change what is trained. */
const otherwise = fieldsOf({
  device: titled(deviceLabels, { key: "on", default: "auto", means: "Device" }),
  generator: { option: text({ default: "", means: "run whose generator is opened" }) },
});

/** What the page's address says. */
export interface State {
  readonly settings: Settings;
  readonly device: DeviceChoice;
  /** A run of `tsgan studio` whose generator is to be opened; empty once it is. */
  readonly generator: string;
}

export const parseAddress = (query: URLSearchParams): Read<State> => {
  const address = addressReader(query);
  const first = address.all(firstFields);
  const settings = { ...first, ...address.all(otherFields(first.data, first.loss)) };
  return { state: { settings, ...address.all(otherwise) }, notices: address.notices("this page") };
};

/** Only what differs from the usual, so that addresses stay short. */
export const addressFor = ({ settings, ...rest }: State): URLSearchParams => {
  const query = new URLSearchParams();
  writeFields<Fields>(query, fieldsBy(settings), { ...settings });
  writeFields(query, otherwise, rest);
  return query;
};

/** Whether both would train the same run. */
export const sameSettings = (a: Settings, b: Settings): boolean =>
  (Object.keys(fieldsBy(a)) as (keyof Settings)[]).every((key) => a[key] === b[key]);

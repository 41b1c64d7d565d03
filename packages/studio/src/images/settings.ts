/** What a run of the images page trains, and how it stands in the page's address. */
import { UsageError } from "tsgan";
import { ganOf, type RunConfig, resolveConfig } from "tsgan/config";
import { checkScores } from "tsgan/gan";
import { lossNames } from "tsgan/losses";

export const sources = {
  mnist: "MNIST digits",
  "fashion-mnist": "Fashion-MNIST clothes",
  pokemon: "Pokémon sprites",
  own: "Your own images",
} as const;
export type Source = keyof typeof sources;

const sizes = [28, 32, 64] as const;
export const widths = [8, 16, 32, 64] as const;
export const batches = [8, 16, 32, 64, 128] as const;
export const latents = [16, 32, 64, 128] as const;

/** Samples of the fixed noise that are watched. */
export const GRID = 64;
export const GRID_COLUMNS = 8;
/** Images of the data that are shown beside them. */
export const REAL = 16;

export interface Settings {
  readonly data: Source;
  /** Side of the images. */
  readonly size: number;
  /** Filters of the discriminator's first layer; every other layer's are multiples of it. */
  readonly width: number;
  /** Length of the latent vector. */
  readonly latent: number;
  readonly batch: number;
  readonly loss: string;
  /** Learning rates. */
  readonly generatorRate: number;
  readonly discriminatorRate: number;
  readonly seed: number;
}

/** Digits and clothes are 28 pixels wide; a third size would only be blown up. */
export const sizesOf = (source: Source): readonly number[] =>
  source === "mnist" || source === "fashion-mnist" ? [28, 32] : sizes;

/** Page runs have no last step; constant learning rates do not ask for one. */
const NO_END = 1_000_000_000;

const resolved = ({ data, loss, width, latent, batch, seed }: Omit<Settings, "size">): RunConfig =>
  resolveConfig({
    data,
    loss,
    model: { name: "dcgan", base: width, latent },
    batch,
    seed,
    steps: NO_END,
  });

/** The configuration of the library's trainer. */
export const configOf = (settings: Settings): RunConfig => {
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

type Key = keyof Settings;

/** The names in the address. */
const keys: Readonly<Record<Key, string>> = {
  data: "data",
  size: "size",
  width: "width",
  latent: "latent",
  batch: "batch",
  loss: "loss",
  generatorRate: "lrG",
  discriminatorRate: "lrD",
  seed: "seed",
};

const isRate = (value: number): boolean => value > 0 && value <= 1;
const isSeed = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

const isOneOf =
  (values: readonly number[]) =>
  (value: number): boolean =>
    values.includes(value);

export interface ParsedSettings {
  readonly settings: Settings;
  /** Parts of the address that mean nothing here; the usual value stands in their place. */
  readonly ignored: readonly string[];
}

export const parseSettings = (query: URLSearchParams): ParsedSettings => {
  const ignored: string[] = [];
  const read = <T>(key: Key, accept: (text: string) => T | undefined, otherwise: T): T => {
    const text = query.get(keys[key]);
    if (text === null) return otherwise;
    const value = accept(text);
    if (value === undefined) ignored.push(`${keys[key]}=${text}`);
    return value ?? otherwise;
  };
  const data = read(
    "data",
    (text) => (Object.hasOwn(sources, text) ? (text as Source) : undefined),
    usual.data,
  );
  const loss = read("loss", (text) => losses.find((name) => name === text), usual.loss);
  const settings = usualSettings(data, loss);
  const number = (key: Exclude<Key, "data" | "loss">, isAllowed: (value: number) => boolean): number =>
    read(
      key,
      (text) => (text.trim() !== "" && isAllowed(Number(text)) ? Number(text) : undefined),
      settings[key],
    );
  return {
    settings: {
      data,
      loss,
      size: number("size", isOneOf(sizesOf(data))),
      width: number("width", isOneOf(widths)),
      latent: number("latent", isOneOf(latents)),
      batch: number("batch", isOneOf(batches)),
      generatorRate: number("generatorRate", isRate),
      discriminatorRate: number("discriminatorRate", isRate),
      seed: number("seed", isSeed),
    },
    ignored,
  };
};

/** Only what differs from the usual, so that addresses stay short. */
export const queryOf = (settings: Settings): URLSearchParams => {
  const query = new URLSearchParams();
  const usualOnes = usualSettings(settings.data, settings.loss);
  for (const key of Object.keys(keys) as Key[]) {
    const isChoice = key === "data" || key === "loss";
    if (settings[key] !== (isChoice ? usual[key] : usualOnes[key]))
      query.set(keys[key], String(settings[key]));
  }
  return query;
};

/** Whether both would train the same run. */
export const sameSettings = (a: Settings, b: Settings): boolean =>
  (Object.keys(keys) as Key[]).every((key) => a[key] === b[key]);

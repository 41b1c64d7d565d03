/** The settings of the playground as one table: what each is called, may be, and is where nothing is said. */
import { formatPoints, type Point, parsePoints } from "./drawn-points.ts";
import {
  type Choices,
  describeNamed,
  formatNamed,
  lossChoices,
  type Named,
  named,
  optimizerChoices,
  parseNamed,
  penaltyChoices,
} from "./named.ts";

export interface Field<T> {
  /** Name in the address. */
  readonly key: string;
  readonly label: string;
  readonly initial: T;
  /** Reads what the address says; throws with what is allowed. */
  parse(text: string): T;
  format(value: T): string;
  /** For people. */
  describe(value: T): string;
}

export interface NumberField extends Field<number> {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

export interface ChoiceField<T extends string> extends Field<T> {
  readonly choices: Readonly<Record<T, string>>;
}

const number = (
  key: string,
  label: string,
  initial: number,
  [least, most]: readonly [number, number],
  whole: boolean,
): NumberField => ({
  key,
  label,
  initial,
  least,
  most,
  whole,
  parse: (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      throw new Error(`a ${whole ? "whole " : ""}number from ${least} to ${most}`);
    }
    return value;
  },
  format: String,
  describe: String,
});

const wholeNumber = (key: string, label: string, initial: number, range: readonly [number, number]) =>
  number(key, label, initial, range, true);
const realNumber = (key: string, label: string, initial: number, range: readonly [number, number]) =>
  number(key, label, initial, range, false);

const choice = <Choices extends Readonly<Record<string, string>>>(
  key: string,
  label: string,
  initial: keyof NoInfer<Choices> & string,
  choices: Choices,
): ChoiceField<keyof Choices & string> => ({
  key,
  label,
  initial,
  choices,
  parse: (text) => {
    if (!Object.hasOwn(choices, text)) throw new Error(`one of ${Object.keys(choices).join(", ")}`);
    return text as keyof Choices & string;
  },
  format: (value) => value,
  describe: (value) => choices[value],
});

export const MOST_LAYERS = 6;
export const WIDEST = 256;

const widths = (key: string, label: string, initial: readonly number[]): Field<readonly number[]> => ({
  key,
  label,
  initial,
  parse: (text) => {
    const values = text.split("-").map(Number);
    if (
      values.length > MOST_LAYERS ||
      !values.every((value) => Number.isInteger(value) && value >= 1 && value <= WIDEST)
    ) {
      throw new Error(`1 to ${MOST_LAYERS} widths from 1 to ${WIDEST}, such as 64-64`);
    }
    return values;
  },
  format: (values) => values.join("-"),
  describe: (values) => values.join(", "),
});

const thing = (key: string, label: string, choices: Choices, initial: Named): Field<Named> => ({
  key,
  label,
  initial,
  parse: (text) => parseNamed(choices, text),
  format: (value) => formatNamed(choices, value),
  describe: (value) => describeNamed(choices, value),
});

const optimizer = (key: string, label: string): Field<Named> =>
  thing(key, label, optimizerChoices, named(optimizerChoices, "adam", { beta1: 0.5, beta2: 0.9 }));

export const dataFields = {
  data: choice("data", "Distribution", "ring", {
    ring: "Ring of Gaussians",
    grid: "Grid of Gaussians",
    line: "Line",
    disjoint: "Two disjoint squares",
    spiral: "Spiral",
    moons: "Two moons",
    drawn: "Your drawing",
  }),
  modes: wholeNumber("modes", "Modes of the ring", 8, [1, 16]),
  side: wholeNumber("side", "Modes along a side", 5, [1, 7]),
  noise: realNumber("noise", "Noise σ", 0.05, [0.005, 0.5]),
  points: {
    key: "pts",
    label: "Drawn points",
    initial: [] as readonly Point[],
    parse: parsePoints,
    format: formatPoints,
    describe: (points: readonly Point[]) => `${points.length} points`,
  },
} as const;

export const ganFields = {
  latentSize: wholeNumber("z", "Latent size", 2, [1, 64]),
  /** N(0, 1) or U(−1, 1) in each dimension. */
  latentDistribution: choice("zd", "Latent distribution", "normal", {
    normal: "Normal",
    uniform: "Uniform",
  }),
  generator: widths("g", "Generator's hidden layers", [64, 64]),
  discriminator: widths("d", "Discriminator's hidden layers", [64, 64]),
  activation: choice("act", "Activation", "leaky-relu", {
    relu: "ReLU",
    "leaky-relu": "Leaky ReLU",
    tanh: "tanh",
    elu: "ELU",
  }),
  spectralNorm: choice("sn", "Spectral norm of the discriminator", "off", { off: "Off", on: "On" }),
  loss: thing("loss", "Loss", lossChoices, named(lossChoices, "non-saturating")),
  code: wholeNumber("code", "Length of the discriminator's code or embedding", 16, [1, 64]),
  penalties: {
    key: "pen",
    label: "Penalties",
    initial: [] as readonly Named[],
    parse: (text: string) =>
      text === "" ? [] : text.split("_").map((one) => parseNamed(penaltyChoices, one)),
    format: (penalties: readonly Named[]) =>
      penalties.map((penalty) => formatNamed(penaltyChoices, penalty)).join("_"),
    describe: (penalties: readonly Named[]) =>
      penalties.map((penalty) => describeNamed(penaltyChoices, penalty)).join(", ") || "none",
  },
  generatorOptimizer: optimizer("go", "Generator's optimiser"),
  generatorRate: realNumber("glr", "Generator's learning rate", 0.001, [1e-7, 1]),
  discriminatorOptimizer: optimizer("do", "Discriminator's optimiser"),
  discriminatorRate: realNumber("dlr", "Discriminator's learning rate", 0.001, [1e-7, 1]),
  decay: wholeNumber("decay", "Learning rates fall linearly to 0 at iteration (0: never)", 0, [0, 1_000_000]),
  criticSteps: wholeNumber("k", "Discriminator steps an iteration", 1, [1, 20]),
  batch: wholeNumber("b", "Batch", 256, [2, 1024]),
  ema: realNumber("ema", "Average of the generator (EMA decay, 0: none)", 0, [0, 0.9999]),
  seed: wholeNumber("seed", "Seed", 1, [0, 4_294_967_295]),
} as const;

type ValuesOf<Table extends Readonly<Record<string, { readonly initial: unknown }>>> = {
  readonly [Name in keyof Table]: Table[Name] extends Field<infer T> ? T : never;
};

export type DataSettings = ValuesOf<typeof dataFields>;
export type GanSettings = ValuesOf<typeof ganFields>;
export type DataField = keyof typeof dataFields;
export type GanField = keyof typeof ganFields;

export const MOST_GANS = 4;

/** What the page trains: one distribution, one GAN, and up to three more that differ from it in some settings. */
export interface Experiment {
  readonly data: DataSettings;
  readonly base: GanSettings;
  readonly variants: readonly Partial<GanSettings>[];
}

const initialOf = <Table extends Readonly<Record<string, { readonly initial: unknown }>>>(
  table: Table,
): ValuesOf<Table> =>
  Object.fromEntries(Object.entries(table).map(([name, { initial }]) => [name, initial])) as ValuesOf<Table>;

export const initialExperiment: Experiment = {
  data: initialOf(dataFields),
  base: initialOf(ganFields),
  variants: [],
};

/** All GANs with all their settings. */
export const gansOf = ({ base, variants }: Experiment): GanSettings[] => [
  base,
  ...variants.map((variant) => ({ ...base, ...variant })),
];

/** A, B, C, D. */
export const letterOf = (index: number): string => "ABCD"[index];

/** A field of the table with the type of its values forgotten, for code that treats all alike. */
export const anyField = (name: GanField): Field<unknown> => ganFields[name] as unknown as Field<unknown>;

/** Settings in which a GAN differs from the first. */
export const differences = ({ base, variants }: Experiment, index: number): GanField[] => {
  const variant = index === 0 ? {} : variants[index - 1];
  return (Object.keys(variant) as GanField[]).filter(
    (name) => anyField(name).format(variant[name]) !== anyField(name).format(base[name]),
  );
};

/** The experiment with a setting of one GAN changed. A variant that is set to what the first has follows it again. */
export const withSetting = <Name extends GanField>(
  experiment: Experiment,
  index: number,
  name: Name,
  value: GanSettings[Name],
): Experiment => {
  if (index === 0) return { ...experiment, base: { ...experiment.base, [name]: value } };
  const variants = experiment.variants.map((variant, i) => {
    if (i !== index - 1) return variant;
    const { [name]: _, ...rest } = variant;
    const same = anyField(name).format(value) === anyField(name).format(experiment.base[name]);
    return (same ? rest : { ...rest, [name]: value }) as Partial<GanSettings>;
  });
  return { ...experiment, variants };
};

/** The settings of the playground as one table: what each is called, may be, and is where nothing is said. */
import { integer, number, numbers, value } from "tsgan/define";
import { type Field, fieldsOf, initialOf, type Look, titled, type ValuesOf } from "../ui/fields.ts";
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

const whole = (
  key: string,
  means: string,
  usual: number,
  [least, most]: readonly [number, number],
): Look<number> => ({ key, option: integer({ default: usual, least, most, means }) });

const real = (
  key: string,
  means: string,
  usual: number,
  [least, most]: readonly [number, number],
): Look<number> => ({ key, option: number({ default: usual, least, most, means }) });

const MOST_LAYERS = 6;
const WIDEST = 256;

const widths = (key: string, means: string): Look<readonly number[]> => ({
  key,
  option: numbers({
    default: [64, 64],
    least: 1,
    most: WIDEST,
    integer: true,
    length: { least: 1, most: MOST_LAYERS },
    means,
  }),
  entries: { least: 1, most: MOST_LAYERS, label: "Width of layer", one: "a layer" },
  describe: (values) => values.join(", "),
});

/** What no schema can read stands in the address as its own module writes it. */
const written = <T>(
  key: string,
  means: string,
  usual: T,
  text: Required<Pick<Look<T>, "parse" | "format" | "describe">>,
): Look<T> => ({
  key,
  option: value<T>({ default: usual, means, check: (_where, _name, given) => given as T }),
  ...text,
});

const thing = (key: string, means: string, choices: Choices, usual: Named): Look<Named> =>
  written(key, means, usual, {
    parse: (text) => parseNamed(choices, text),
    format: (given) => formatNamed(choices, given),
    describe: (given) => describeNamed(choices, given),
  });

const optimizer = (key: string, means: string): Look<Named> =>
  thing(key, means, optimizerChoices, named(optimizerChoices, "adam", { beta1: 0.5, beta2: 0.9 }));

export const dataFields = fieldsOf({
  data: titled(
    {
      ring: "Ring of Gaussians",
      grid: "Grid of Gaussians",
      line: "Line",
      disjoint: "Two disjoint squares",
      spiral: "Spiral",
      moons: "Two moons",
      drawn: "Your drawing",
    },
    { default: "ring", means: "Distribution" },
  ),
  modes: whole("modes", "Modes of the ring", 8, [1, 16]),
  side: whole("side", "Modes along a side", 5, [1, 7]),
  noise: real("noise", "Noise σ", 0.05, [0.005, 0.5]),
  points: written<readonly Point[]>("pts", "Drawn points", [], {
    parse: parsePoints,
    format: formatPoints,
    describe: (points) => `${points.length} points`,
  }),
});

export const ganFields = fieldsOf({
  latentSize: whole("z", "Latent size", 2, [1, 64]),
  /** N(0, 1) or U(−1, 1) in each dimension. */
  latentDistribution: titled(
    { normal: "Normal", uniform: "Uniform" },
    { key: "zd", default: "normal", means: "Latent distribution" },
  ),
  generator: widths("g", "Generator's hidden layers"),
  discriminator: widths("d", "Discriminator's hidden layers"),
  activation: titled(
    { relu: "ReLU", "leaky-relu": "Leaky ReLU", tanh: "tanh", elu: "ELU" },
    { key: "act", default: "leaky-relu", means: "Activation" },
  ),
  spectralNorm: titled(
    { off: "Off", on: "On" },
    { key: "sn", default: "off", means: "Spectral norm of the discriminator" },
  ),
  loss: thing("loss", "Loss", lossChoices, named(lossChoices, "non-saturating")),
  code: whole("code", "Length of the discriminator's code or embedding", 16, [1, 64]),
  penalties: written<readonly Named[]>("pen", "Penalties", [], {
    parse: (text) => (text === "" ? [] : text.split("_").map((one) => parseNamed(penaltyChoices, one))),
    format: (penalties) => penalties.map((penalty) => formatNamed(penaltyChoices, penalty)).join("_"),
    describe: (penalties) =>
      penalties.map((penalty) => describeNamed(penaltyChoices, penalty)).join(", ") || "none",
  }),
  generatorOptimizer: optimizer("go", "Generator's optimiser"),
  generatorRate: real("glr", "Generator's learning rate", 0.001, [1e-7, 1]),
  discriminatorOptimizer: optimizer("do", "Discriminator's optimiser"),
  discriminatorRate: real("dlr", "Discriminator's learning rate", 0.001, [1e-7, 1]),
  decay: whole("decay", "Learning rates fall linearly to 0 at iteration (0: never)", 0, [0, 1_000_000]),
  criticSteps: whole("k", "Discriminator steps an iteration", 1, [1, 20]),
  batch: whole("b", "Batch", 256, [2, 1024]),
  ema: real("ema", "Average of the generator (EMA decay, 0: none)", 0, [0, 0.9999]),
  seed: whole("seed", "Seed", 1, [0, 4_294_967_295]),
});

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
export const anyField = (name: GanField): Field => ganFields[name];

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

/** Settings that can change while a GAN is trained: they leave its networks and the state of its optimisers as they are. */
const LIVE: readonly GanField[] = ["generatorRate", "discriminatorRate", "criticSteps", "penalties"];

const penaltyNames = ({ penalties }: GanSettings): string => penalties.map(({ name }) => name).join();

/** Whether a setting can change while it runs. Of penalties the weights can, but not which there are. */
const isLive = (name: GanField): boolean => LIVE.includes(name);

/** What changes, in words; undefined where training has to begin anew. */
export const liveChanges = (before: GanSettings, now: GanSettings): readonly string[] | undefined => {
  const names = (Object.keys(ganFields) as GanField[]).filter(
    (name) => anyField(name).format(before[name]) !== anyField(name).format(now[name]),
  );
  if (!names.every(isLive) || penaltyNames(before) !== penaltyNames(now)) return undefined;
  return names.map((name) => `${anyField(name).label}: ${anyField(name).describe(now[name])}`);
};

/** Whether an experiment can go on as another: the same data and as many GANs, none of which has to begin anew. */
export const canGoOn = (before: Experiment, now: Experiment): boolean => {
  const [old, next] = [gansOf(before), gansOf(now)];
  const sameData = (Object.keys(dataFields) as DataField[]).every((name) => {
    const field = dataFields[name] as Field;
    return field.format(before.data[name]) === field.format(now.data[name]);
  });
  return (
    sameData && old.length === next.length && old.every((gan, i) => liveChanges(gan, next[i]) !== undefined)
  );
};

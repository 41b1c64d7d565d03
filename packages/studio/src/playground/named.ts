/** Losses, penalties and optimisers by name, with their options: in the address `gradient-penalty*weight*0.1`. */
import type { OptionTable } from "tsgan/define";
import { type LossFactory, catalogue as losses } from "tsgan/losses";
import { adam, adamW, rmsProp, sgd } from "tsgan/nn";
import { type PenaltyFactory, catalogue as penalties } from "tsgan/penalties";

export type OptionValue = number | string | boolean;

export interface Named {
  readonly name: string;
  /** Those that differ from the defaults of the thing. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** What can be chosen, and what its options are. */
export interface Choice {
  readonly name: string;
  readonly title: string;
  readonly defaults: Readonly<Record<string, OptionValue>>;
  /** Meaning of each option. */
  readonly meanings: Readonly<Record<string, string>>;
  /** The words that an option takes, where it takes some words only. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Throws with what is allowed. */
  check(options: Readonly<Record<string, OptionValue>>): void;
  /** Of losses and penalties: all that is known of them. */
  readonly definition?: (LossFactory | PenaltyFactory)["definition"];
}

const eachOption = <T>(table: OptionTable, of: (option: OptionTable[string]) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(table).map(([name, option]) => [name, of(option)]));

const fromFactory = (factory: LossFactory | PenaltyFactory): Choice => {
  const { definition } = factory;
  const { name, title, options } = definition;
  return {
    name,
    title,
    defaults: eachOption(options, (option) => option.default as OptionValue),
    meanings: eachOption(options, ({ symbol, means }) =>
      symbol === undefined ? means : `${symbol}: ${means}`,
    ),
    values: eachOption(options, ({ choices = [] }) => choices),
    check: (given) => void factory.create(given),
    definition,
  };
};

export const lossChoices: readonly Choice[] = losses.all.map(fromFactory);

export const penaltyChoices: readonly Choice[] = penalties.all
  .filter(({ definition }) => definition.imagesOnly !== true)
  .map(fromFactory);

const optimizer = (
  make: (options: Readonly<Record<string, never>>) => { readonly name: string; readonly options: object },
  title: string,
  meanings: Readonly<Record<string, string>>,
): Choice => {
  const { name, options } = make({});
  return {
    name,
    title,
    defaults: options as Readonly<Record<string, OptionValue>>,
    meanings: { weightDecay: "L2 term", epsilon: "ε", ...meanings },
    check: (given) => void make(given as Readonly<Record<string, never>>),
  };
};
const betas = { beta1: "β₁: memory of the mean", beta2: "β₂: memory of the squares" };

export const optimizerChoices: readonly Choice[] = [
  optimizer(adam, "Adam", betas),
  optimizer(adamW, "AdamW", { ...betas, weightDecay: "share that weights lose, times the learning rate" }),
  optimizer(rmsProp, "RMSProp", { alpha: "α: memory of the squares" }),
  optimizer(sgd, "SGD", { momentum: "μ", nesterov: "Nesterov's momentum" }),
];

/** The words that an option takes; none where it takes no words. */
export const valuesOf = (choice: Choice, option: string): readonly string[] => choice.values?.[option] ?? [];

export const choiceNamed = (choices: readonly Choice[], name: string): Choice => {
  const found = choices.find((choice) => choice.name === name);
  if (found === undefined) throw new Error(`one of ${choices.map((choice) => choice.name).join(", ")}`);
  return found;
};

/** With the options in the order of the choice's own, and without those that are as they would be anyway. */
export const named = (
  choices: readonly Choice[],
  name: string,
  options: Readonly<Record<string, OptionValue>> = {},
): Named => {
  const choice = choiceNamed(choices, name);
  choice.check(options);
  const own = Object.keys(choice.defaults).filter(
    (option) => options[option] !== undefined && options[option] !== choice.defaults[option],
  );
  return { name, options: Object.fromEntries(own.map((option) => [option, options[option]])) };
};

/** The value of an option: as given, or the default. */
export const optionOf = (choice: Choice, thing: Named, option: string): OptionValue =>
  thing.options[option] ?? choice.defaults[option];

const parseOption = (text: string, like: OptionValue | undefined): OptionValue => {
  if (typeof like === "number") return text === "" ? Number.NaN : Number(text);
  return typeof like === "boolean" ? text === "true" : text;
};

export const parseNamed = (choices: readonly Choice[], text: string): Named => {
  const [name, ...rest] = text.split("*");
  const { defaults } = choiceNamed(choices, name);
  const options: Record<string, OptionValue> = {};
  for (let i = 0; i < rest.length; i += 2) {
    if (!Object.hasOwn(defaults, rest[i]))
      throw new Error(`${name} with options ${Object.keys(defaults).join(", ") || "none"}`);
    options[rest[i]] = parseOption(rest[i + 1] ?? "", defaults[rest[i]]);
  }
  return named(choices, name, options);
};

export const formatNamed = ({ name, options }: Named): string =>
  [name, ...Object.entries(options).flatMap(([option, value]) => [option, String(value)])].join("*");

/** As people read it: "gradient-penalty (weight 0.1)". */
export const describeNamed = ({ name, options }: Named): string => {
  const parts = Object.entries(options).map(([option, value]) => `${option} ${value}`);
  return parts.length === 0 ? name : `${name} (${parts.join(", ")})`;
};

/** Losses, penalties and optimisers by name, with their options: in the address `gradient-penalty*weight*0.1`. */
import type { Definition, Settings } from "tsgan/define";
import { catalogue as losses } from "tsgan/losses";
import { optimizerCatalogue } from "tsgan/nn";
import { catalogue as penalties } from "tsgan/penalties";
import { type Field, type Fields, fieldsOf } from "../ui/fields.ts";

export interface Named {
  readonly name: string;
  /** Those that differ from the defaults of the thing. */
  readonly options: Settings;
}

/** What can be chosen, and what its options are. */
export interface Choice<D extends Definition = Definition> {
  readonly name: string;
  readonly title: string;
  readonly fields: Fields;
  readonly definition: D;
  /** Throws with what is allowed. */
  check(options: Settings): void;
}

/** What can be chosen now: things that are registered later count too. */
export interface Choices<D extends Definition = Definition> {
  readonly all: readonly Choice<D>[];
  /** Throws with what is allowed. */
  get(name: string): Choice<D>;
}

interface Source<D extends Definition> {
  readonly all: readonly { readonly definition: D; create(options?: Settings): unknown }[];
}

const choicesOf = <D extends Definition>(
  source: Source<D>,
  {
    fits = () => true,
    titleOf = ({ title }) => title,
    without = [],
  }: {
    readonly fits?: (definition: D) => boolean;
    readonly titleOf?: (definition: D) => string;
    /** Options that the page has a control of its own for. */
    readonly without?: readonly string[];
  } = {},
): Choices<D> => {
  const all = (): Choice<D>[] =>
    source.all
      .filter(({ definition }) => fits(definition))
      .map((creator) => ({
        name: creator.definition.name,
        title: titleOf(creator.definition),
        fields: Object.fromEntries(
          Object.entries(fieldsOf(creator.definition.options)).filter(([name]) => !without.includes(name)),
        ),
        definition: creator.definition,
        check: (options) => void creator.create(options),
      }));
  return {
    get all() {
      return all();
    },
    get: (name) => {
      const choices = all();
      const found = choices.find((choice) => choice.name === name);
      if (found === undefined) throw new Error(`one of ${choices.map((choice) => choice.name).join(", ")}`);
      return found;
    },
  };
};

export const lossChoices = choicesOf(losses);

export const penaltyChoices = choicesOf(penalties, { fits: ({ imagesOnly }) => imagesOnly !== true });

/** The learning rate is a setting of its own: it falls with the run. */
export const optimizerChoices = choicesOf(optimizerCatalogue, {
  titleOf: ({ title }) => title.split(/[:(,]/)[0].trim(),
  without: ["learningRate"],
});

/** With the options in the order of the choice's own, and without those that are as they would be anyway. */
export const named = (choices: Choices, name: string, options: Settings = {}): Named => {
  const choice = choices.get(name);
  choice.check(options);
  const own = Object.values(choice.fields).filter(
    (field) => options[field.name] !== undefined && !isUsual(field, options[field.name]),
  );
  return { name, options: Object.fromEntries(own.map((field) => [field.name, options[field.name]])) };
};

const isUsual = ({ format, initial }: Field, value: unknown): boolean => format(value) === format(initial);

/** `*` parts a thing's options in the address, and `_` one penalty from the next. */
const escaped = (text: string): string =>
  text.replace(/[%*_]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const unescaped = (text: string): string =>
  text.replace(/%(25|2A|5F)/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));

export const parseNamed = (choices: Choices, text: string): Named => {
  const [name, ...rest] = text.split("*").map(unescaped);
  const { fields } = choices.get(name);
  const options: Record<string, unknown> = {};
  for (let i = 0; i < rest.length; i += 2) {
    if (!Object.hasOwn(fields, rest[i])) {
      throw new Error(`${name} with options ${Object.keys(fields).join(", ") || "none"}`);
    }
    const field = fields[rest[i]];
    options[field.name] = field.parse(rest[i + 1] ?? "");
  }
  return named(choices, name, options);
};

/** The options that differ from the usual, each with its value as a text. */
const optionTexts = (choices: Choices, { name, options }: Named): (readonly [string, string])[] =>
  Object.values(choices.get(name).fields)
    .filter((field) => options[field.name] !== undefined)
    .map((field) => [field.name, field.format(options[field.name])]);

export const formatNamed = (choices: Choices, thing: Named): string =>
  [thing.name, ...optionTexts(choices, thing).flat().map(escaped)].join("*");

/** "weight 0.1, sided one" */
export const describeOptions = (choices: Choices, thing: Named): string =>
  optionTexts(choices, thing)
    .map((pair) => pair.join(" "))
    .join(", ");

/** As people read it: "gradient-penalty (weight 0.1)". */
export const describeNamed = (choices: Choices, thing: Named): string => {
  const options = describeOptions(choices, thing);
  return options === "" ? thing.name : `${thing.name} (${options})`;
};

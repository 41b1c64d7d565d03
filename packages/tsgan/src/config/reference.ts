/**
 * The catalogues of losses, penalties and constraints with the presets and recipes that use them: what `tsgan losses` prints
 * and docs/losses.md holds.
 */
import { describedIn, describeOption, type Facts, type OptionTable, type Settings } from "../define/index.ts";
import { unknownName } from "../errors.ts";
import * as auxiliary from "../losses/auxiliary/index.ts";
import * as divergences from "../losses/divergences/index.ts";
import {
  type LossDefinition,
  catalogue as losses,
  type Preset,
  presets,
  scoreTexts,
  terms,
} from "../losses/index.ts";
import * as nn from "../nn/index.ts";
import * as penalties from "../penalties/index.ts";
import type { Named } from "./config.ts";
import { recipes } from "./recipes.ts";

export interface TopicOption {
  readonly name: string;
  readonly symbol?: string | undefined;
  readonly meaning: string;
  /** What it takes, in words: "a number at least 0". */
  readonly takes: string;
  /** The value where nothing is said, or what stands for it, in words. */
  readonly default: string;
}

export interface Topic extends Facts {
  readonly kind: "adversarial loss" | "penalty" | "constraint" | "auxiliary loss" | "distribution loss";
  /** How the discriminator's output is read; of losses and penalties. */
  readonly scores?: string;
  /** How to ask for it. */
  readonly use: string;
  /** The functions of `tsgan/losses` and the like that compute it; of what has no name in a configuration. */
  readonly functions?: readonly string[];
  readonly options: readonly TopicOption[];
  readonly presets: readonly Preset[];
  /** Names of the recipes that have it. */
  readonly recipes: readonly string[];
}

const written = (x: unknown): string => {
  if (Array.isArray(x)) return x.length === 0 ? "none" : x.map(written).join("; ");
  if (typeof x !== "object" || x === null) return String(x);
  return Object.entries(x)
    .map(([key, inner]) => (key === "name" ? String(inner) : `${key} ${written(inner)}`))
    .join(", ");
};

/**
 * The settings of a preset or recipe for people to read, one string each: "criticSteps: 5". Of a preset, a recipe, or
 * any part of a configuration: all keys but `optimizer` come first, as the `config` has them; then those of `optimizer`.
 */
export const settingsOf = ({ optimizer, ...config }: Settings): string[] => {
  const { generator, discriminator } = (optimizer ?? {}) as Settings;
  const same = JSON.stringify(generator) === JSON.stringify(discriminator);
  const players = same ? { optimizer: generator } : { "generator's optimizer": generator, discriminator };
  return Object.entries({ ...config, ...players }).flatMap(([key, x]) =>
    x === undefined ? [] : [`${key}: ${written(x)}`],
  );
};

/**
 * The options of a thing for people: what each means, what it takes, and what it is where nothing is said.
 *
 * @param table the schema of a definition: `losses.hinge.definition.options`
 */
export const optionsOf = (table: OptionTable): readonly TopicOption[] =>
  Object.entries(table).map(([name, option]) => ({
    name,
    symbol: option.symbol,
    meaning: option.means,
    takes: describeOption(option),
    default: option.otherwise ?? written(option.default),
  }));

/** The facts of a definition, and nothing else that it holds. */
const factsOf = ({ name, title, formulas, symbols, papers, approximates, failure, notes }: Facts): Facts => ({
  name,
  title,
  ...(formulas && { formulas }),
  ...(symbols !== undefined && { symbols }),
  ...(papers && { papers }),
  ...(approximates !== undefined && { approximates }),
  ...(failure !== undefined && { failure }),
  ...(notes !== undefined && { notes }),
});

const namesOf = (list: unknown): readonly string[] =>
  ((list ?? []) as readonly Named[]).map(({ name }) => name);

/** Whether a preset or recipe has the loss, or the penalty. */
const hasLoss = (name: string) => (config: Settings) => (config.loss as Named | undefined)?.name === name;
const hasPenalty = (name: string) => (config: Settings) => namesOf(config.penalties).includes(name);

const usesOf = (isIn: (config: Settings) => boolean): Pick<Topic, "presets" | "recipes"> => ({
  presets: presets().filter(({ images, points }) => isIn({ ...points, ...images })),
  recipes: Object.keys(recipes).filter((name) => isIn(recipes[name].config as Settings)),
});

/** How to ask for a loss on images, where not every discriminator gives what it reads. */
const useOfLoss = ({ name, scores }: LossDefinition): string => {
  if (scores !== "energy" && scores !== "embedding") return `\`--loss ${name}\``;
  const more = scores === "energy" ? `--model ${name}` : "--set model.discriminatorOutput=embedding";
  return `\`--loss ${name}\` for points, \`--loss ${name} ${more}\` for images`;
};

const scoresOf = ({ scores, alsoReads, scoresNote }: LossDefinition): string =>
  [scoreTexts[scores], alsoReads && `or ${scoreTexts[alsoReads]}`, scoresNote].filter(Boolean).join("; ");

const lossTopics = (): readonly Topic[] =>
  losses.all.map(({ definition }) => ({
    kind: "adversarial loss",
    ...factsOf(definition),
    scores: scoresOf(definition),
    use: useOfLoss(definition),
    options: optionsOf(definition.options),
    ...usesOf(hasLoss(definition.name)),
  }));

const penaltyTopics = (): readonly Topic[] =>
  penalties.catalogue.all.map(({ definition }) => ({
    kind: "penalty",
    ...factsOf(definition),
    scores: penalties.scoresText,
    use: `\`--set 'penalties=[{"name":"${definition.name}"}]'\``,
    options: optionsOf(definition.options),
    ...usesOf(hasPenalty(definition.name)),
  }));

const describedTopics = (kind: Topic["kind"], module: Readonly<Record<string, unknown>>): readonly Topic[] =>
  describedIn(module).map(({ facts, functions }) => ({
    kind,
    ...factsOf(facts),
    use: facts.use,
    functions,
    options: [],
    presets: [],
    recipes: [],
  }));

/** Auxiliary losses, with what is known of those that are terms too. */
const auxiliaryTopics = (): readonly Topic[] => {
  const described = describedTopics("auxiliary loss", auxiliary);
  const named = terms.all.map(({ definition }): Topic => {
    const { name, options } = definition;
    const beside = described.find((topic) => topic.name === name);
    return {
      kind: "auxiliary loss",
      ...factsOf(definition),
      use: beside?.use ?? `\`--set 'terms=[{"name":"${name}"}]'\``,
      ...(beside?.functions && { functions: beside.functions }),
      options: optionsOf(options),
      ...usesOf((config) => namesOf(config.terms).includes(name)),
    };
  });
  return [...described.filter(({ name }) => !terms.has(name)), ...named];
};

/**
 * All topics, kind by kind: adversarial losses, penalties, constraints, auxiliary losses, distribution losses, those
 * that are registered among them.
 */
export const topics = (): readonly Topic[] => [
  ...lossTopics(),
  ...penaltyTopics(),
  ...describedTopics("constraint", { ...nn, ...penalties }),
  ...auxiliaryTopics(),
  ...describedTopics("distribution loss", divergences),
];

/**
 * The topics that a name stands for: one of that name, and for a preset its loss and its penalties.
 *
 * @throws UsageError for a name of neither a loss, a penalty nor a preset, with the nearest
 */
export const topicsOf = (name: string): readonly Topic[] => {
  const all = topics();
  const { images, points } = presets().find((preset) => preset.name === name) ?? {};
  const config: Settings = { ...points, ...images };
  const found = all.filter(
    (topic) =>
      topic.name === name ||
      (topic.kind === "adversarial loss" && hasLoss(topic.name)(config)) ||
      (topic.kind === "penalty" && hasPenalty(topic.name)(config)),
  );
  if (found.length > 0) return found;
  throw unknownName("loss or penalty", name, [...new Set([...all, ...presets()].map((each) => each.name))]);
};

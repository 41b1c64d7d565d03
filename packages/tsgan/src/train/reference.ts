/**
 * The catalogues of losses, penalties and constraints with the presets and recipes that use them: what `tsgan losses` prints
 * and docs/losses.md holds.
 */
import type { Described, Entry } from "../catalogue.ts";
import { unknownName } from "../errors.ts";
import {
  type AdversarialLoss,
  auxiliaryLosses,
  distributionLosses,
  catalogue as losses,
  type ScoreKind,
} from "../losses/index.ts";
import { constraints, catalogue as penalties } from "../penalties/index.ts";
import { lossPresets, type PartialConfig, pointPresets } from "./config.ts";
import { recipes } from "./recipes.ts";

/** A preset by its name: what it sets for images and for points. */
export interface Preset {
  readonly name: string;
  /** Where there is none, points go by `points` and images by the defaults. */
  readonly images?: PartialConfig | undefined;
  /** Where there is none, points go by `images`. */
  readonly points?: PartialConfig | undefined;
}

export interface Topic extends Omit<Described, "functions"> {
  readonly kind: "adversarial loss" | "penalty" | "constraint" | "auxiliary loss" | "distribution loss";
  readonly options: readonly {
    readonly name: string;
    readonly meaning: string;
    readonly default: number | string;
  }[];
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

/** The settings of a preset or recipe for people to read, one string each: "criticSteps: 5". */
export const settingsOf = ({ optimizer, ...config }: PartialConfig): string[] => {
  const { generator, discriminator } = optimizer ?? {};
  const same = JSON.stringify(generator) === JSON.stringify(discriminator);
  const players = same ? { optimizer: generator } : { "generator's optimizer": generator, discriminator };
  return Object.entries({ ...config, ...players }).flatMap(([key, x]) =>
    x === undefined ? [] : [`${key}: ${written(x)}`],
  );
};

const presets: readonly Preset[] = [
  ...new Set([...Object.keys(lossPresets), ...Object.keys(pointPresets)]),
].map((name) => ({
  name,
  images: Object.hasOwn(lossPresets, name) ? lossPresets[name] : undefined,
  points: Object.hasOwn(pointPresets, name) ? pointPresets[name] : undefined,
}));

const configOf = ({ images, points }: Preset): PartialConfig => ({ ...points, ...images });

/** How to ask for a loss on images, where not every discriminator gives what it reads. */
const imageFlags: Partial<Record<ScoreKind, (name: string) => string>> = {
  energy: (name) => `--model ${name}`,
  embedding: () => "--set model.discriminatorOutput=embedding",
};

const useOfLoss = ({ name, create }: Entry<AdversarialLoss>): string => {
  const more = imageFlags[create().scores]?.(name);
  return more === undefined
    ? `\`--loss ${name}\``
    : `\`--loss ${name}\` for points, \`--loss ${name} ${more}\` for images`;
};

const topicOf = (
  kind: "adversarial loss" | "penalty",
  entry: Entry<unknown>,
  use: string,
  isIn: (config: PartialConfig) => boolean,
): Topic => {
  const { create: _, defaults, options, ...description } = entry;
  return {
    kind,
    ...description,
    use,
    options: Object.entries(options).map(([name, meaning]) => ({ name, meaning, default: defaults[name] })),
    presets: presets.filter((preset) => isIn(configOf(preset))),
    recipes: Object.keys(recipes).filter((name) => isIn(recipes[name].config)),
  };
};

const described =
  (kind: Topic["kind"]) =>
  ({ functions: _, ...description }: Described): Topic => ({
    kind,
    ...description,
    options: [],
    presets: [],
    recipes: [],
  });

const hasPenalty = (config: PartialConfig, name: string): boolean =>
  config.penalties?.some((penalty) => penalty.name === name) ?? false;

/** All topics, kind by kind. */
export const topics: readonly Topic[] = [
  ...losses.entries.map((entry) =>
    topicOf("adversarial loss", entry, useOfLoss(entry), ({ loss }) => loss?.name === entry.name),
  ),
  ...penalties.entries.map((entry) =>
    topicOf("penalty", entry, `\`--set 'penalties=[{"name":"${entry.name}"}]'\``, (config) =>
      hasPenalty(config, entry.name),
    ),
  ),
  ...constraints.map(described("constraint")),
  ...auxiliaryLosses.map(described("auxiliary loss")),
  ...distributionLosses.map(described("distribution loss")),
];

/** The topics that a name stands for: one of that name, and for a preset its loss and its penalties. */
export const topicsOf = (name: string): Topic[] => {
  const config = presets.filter((preset) => preset.name === name).map(configOf)[0] ?? {};
  const found = topics.filter(
    (topic) =>
      topic.name === name ||
      (topic.kind === "adversarial loss" && topic.name === config.loss?.name) ||
      (topic.kind === "penalty" && hasPenalty(config, topic.name)),
  );
  if (found.length > 0) return found;
  const names = new Set([...topics, ...presets].map((named) => named.name));
  throw unknownName("loss or penalty", name, [...names]);
};

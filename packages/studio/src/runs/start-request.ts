/** A run that is about to be begun: what was chosen in the form, and how the server is asked for it. */

import { auto, integer, optionsFrom, type Settings, text } from "tsgan/define";
import type { Session, StartRequest, Thing } from "../api.ts";
import { type Fields, fieldsOf, initialOf, type Look, type ValuesOf } from "../ui/fields.ts";

/** A thing that was chosen, with those of its options that were set. */
export interface Chosen {
  readonly name: string;
  readonly options: Settings;
}

/** The things that a run is made of: where they go in its configuration, and how many of a kind there may be. */
interface Slot {
  readonly label: string;
  readonly kind: keyof Session["things"];
  readonly many: boolean;
}

export const slots = {
  data: { label: "Data", kind: "dataset", many: false },
  loss: { label: "Loss", kind: "loss", many: false },
  model: { label: "Model", kind: "model", many: false },
  penalties: { label: "Penalties", kind: "penalty", many: true },
  terms: { label: "Terms", kind: "term", many: true },
  techniques: { label: "Techniques", kind: "technique", many: true },
  optimizer: { label: "Optimiser", kind: "optimizer", many: false },
  links: { label: "Optimiser's links", kind: "link", many: true },
  evaluateMetrics: { label: "Metrics", kind: "metric", many: true },
} as const satisfies Readonly<Record<string, Slot>>;
export type SlotName = keyof typeof slots;

export type Choices = Readonly<Record<SlotName, readonly Chosen[]>>;

export const noChoices: Choices = {
  data: [{ name: "ring", options: {} }],
  loss: [],
  model: [],
  penalties: [],
  terms: [],
  techniques: [],
  optimizer: [],
  links: [],
  evaluateMetrics: [],
};

/** What can be chosen: of models, those that the data can train. A preset is chosen as a loss is, and has no options. */
export const thingsFor = (
  slot: SlotName,
  { things, losses }: Session,
  { data }: Pick<Choices, "data"> = noChoices,
): readonly Thing[] => {
  const all = things[slots[slot].kind];
  if (slot === "model") {
    const { models } = things.dataset.find(({ name }) => name === data[0]?.name) ?? {};
    return models === undefined ? all : all.filter(({ name }) => models.includes(name));
  }
  if (slot !== "loss") return all;
  return losses.map((name) => all.find((each) => each.name === name) ?? { name, title: name, options: {} });
};

/** The choices with those of one slot changed. A model that the new data cannot train is no longer chosen. */
export const withChosen = (
  choices: Choices,
  slot: SlotName,
  chosen: readonly Chosen[],
  session: Session,
): Choices => {
  const next = { ...choices, [slot]: chosen };
  const offered = thingsFor("model", session, next);
  return { ...next, model: next.model.filter(({ name }) => offered.some((thing) => thing.name === name)) };
};

export const fieldsOfThing = ({ options }: Thing): Fields => fieldsOf(optionsFrom(options));

/** The name of a run's folder; undefined for the first free one. */
export const runName: Look<string | undefined> = {
  option: auto(text({ default: "", means: "Name" }), "the first free one"),
  parse: (written) => {
    const name = written.trim();
    if (name === "") return undefined;
    if (!/^\w[\w.-]{0,99}$/.test(name)) throw new Error("letters, digits, . - _, 100 at most");
    return name;
  },
};

/** Settings that are fields of their own. */
export const plainFields = fieldsOf({
  recipe: auto(text({ default: "", means: "Recipe" }), "none"),
  /** Those of a first look: a minute or two on two cores. */
  steps: integer({ default: 1000, least: 1, most: 1_000_000_000, means: "Steps" }),
  seed: integer({ default: 1, least: 0, means: "Seed" }),
  evaluateEvery: auto(integer({ default: 250, least: 1, means: "Evaluate every" }), "never"),
  name: runName,
});
export type Plain = ValuesOf<typeof plainFields>;

export const firstPlain: Plain = { ...initialOf(plainFields), evaluateEvery: 250 };

const whole = ({ name, options }: Chosen): Settings => ({ name, ...options });

const listOf = (chosen: readonly Chosen[]): readonly Settings[] | undefined =>
  chosen.length === 0 ? undefined : chosen.map(whole);

/**
 * What the server is asked for. What is undefined does not get into JSON: it is as the recipe or the default has it. Options of
 * data, model and loss stand beside these, so that a preset brings the rest of what it has.
 */
export const requestOf = ({ name, ...plain }: Plain, choices: Choices): StartRequest => {
  const [data] = choices.data;
  const [model] = choices.model;
  const [loss] = choices.loss;
  const [optimizer] = choices.optimizer;
  const under = (path: string, chosen: Chosen | undefined): readonly [string, unknown][] =>
    Object.entries(chosen?.options ?? {}).map(([option, value]) => [`${path}.${option}`, value]);
  const set = [...under("dataOptions", data), ...under("model", model), ...under("loss", loss)];
  return {
    ...(name !== undefined && { name }),
    config: {
      ...plain,
      data: data?.name,
      model: model?.name,
      loss: loss?.name,
      penalties: listOf(choices.penalties),
      terms: listOf(choices.terms),
      techniques: listOf(choices.techniques),
      optimizer: optimizer && { ...whole(optimizer), links: listOf(choices.links) },
      evaluateMetrics: listOf(choices.evaluateMetrics),
    },
    ...(set.length > 0 && { set: Object.fromEntries(set) }),
  };
};

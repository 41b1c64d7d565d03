/** The playground's state in the query of its address: only what differs from the defaults, under short keys. */
import { integer, value } from "tsgan/define";
import { deviceLabels } from "../engine/index.ts";
import {
  addressReader,
  fieldsOf,
  fieldsUnder,
  initialOf,
  type Look,
  titled,
  type ValuesOf,
  writeFields,
} from "../ui/fields.ts";
import { examples } from "./examples.ts";
import { dataFields, type Experiment, ganFields, letterOf, MOST_GANS } from "./settings.ts";
import { FASTEST } from "./speeds.ts";

export const layers = {
  real: "Real",
  fake: "Generated",
  surface: "Surface",
  manifold: "Grid",
  gradients: "Arrows",
} as const;
export type Layer = keyof typeof layers;
const layerNames = Object.keys(layers) as readonly Layer[];

const shownLayers: Look<readonly Layer[]> = {
  key: "show",
  option: value<readonly Layer[]>({
    default: layerNames,
    means: "layers that are drawn",
    check: (_where, _name, given) => given as readonly Layer[],
  }),
  parse: (text) => {
    const names = text === "none" ? [] : text.split("-");
    if (!names.every((name) => Object.hasOwn(layers, name))) {
      throw new Error(`none, or some of ${layerNames.join("-")}`);
    }
    return layerNames.filter((name) => names.includes(name));
  },
  format: (shown) => shown.join("-") || "none",
};

/** What is shown and where it runs; it does not change what is trained. */
const viewFields = fieldsOf({
  layers: shownLayers,
  device: titled(deviceLabels, { key: "on", default: "auto", means: "Runs on" }),
  speed: integer({ default: FASTEST, least: 0, most: FASTEST, means: "Speed" }),
});
const { gans: ganCount } = fieldsOf({
  gans: integer({ default: 1, least: 1, most: MOST_GANS, means: "GANs side by side" }),
});

export type View = ValuesOf<typeof viewFields>;

export const initialView: View = initialOf(viewFields);

export interface State {
  readonly experiment: Experiment;
  readonly view: View;
}

/** Settings of one of the GANs beside the first: `b.k`. */
const variantFields = (index: number): typeof ganFields =>
  fieldsUnder(letterOf(index).toLowerCase(), ganFields);

/** The experiment alone: what a training state belongs to. */
export const experimentQuery = (experiment: Experiment): URLSearchParams => {
  const query = new URLSearchParams();
  writeFields(query, dataFields, experiment.data);
  writeFields(query, ganFields, experiment.base);
  if (experiment.variants.length > 0) query.set(ganCount.key, String(experiment.variants.length + 1));
  const { base } = experiment;
  experiment.variants.forEach((variant, i) => {
    writeFields(query, variantFields(i + 1), { ...base, ...variant }, base);
  });
  return query;
};

/** An address that says nothing is the first example: it begins by itself. */
export const isBare = (query: URLSearchParams): boolean => query.size === 0;

export const formatState = ({ experiment, view }: State): URLSearchParams => {
  const query = experimentQuery(experiment);
  writeFields(query, viewFields, view);
  if (isBare(query)) query.set(ganFields.seed.key, ganFields.seed.format(experiment.base.seed));
  return query;
};

/** Reads the address. What cannot be read is replaced by the default, and a notice says so. */
export const parseState = (
  query: URLSearchParams,
): { readonly state: State; readonly notices: readonly string[] } => {
  const address = addressReader(isBare(query) ? new URLSearchParams(examples[0].query) : query);
  const data = address.all(dataFields);
  const base = address.all(ganFields);
  const count = address.take(ganCount, ganCount.initial);
  const variants = Array.from({ length: count - 1 }, (_, i) => address.given(variantFields(i + 1), base));
  const view = address.all(viewFields);
  return {
    state: { experiment: { data, base, variants }, view },
    notices: address.notices("the playground"),
  };
};

/** The playground's state in the query of its address: only what differs from the defaults, under short keys. */
import { type DeviceChoice, deviceChoices, deviceLabels } from "../engine/index.ts";
import {
  anyField,
  type DataSettings,
  dataFields,
  differences,
  type Experiment,
  type Field,
  type GanField,
  type GanSettings,
  ganFields,
  initialExperiment,
  letterOf,
  MOST_GANS,
} from "./settings.ts";

export const layers = {
  real: "Real points",
  fake: "Generated points",
  surface: "Discriminator",
  manifold: "Latent grid",
  gradients: "Gradients",
} as const;
export type Layer = keyof typeof layers;

/** What is shown and where it runs; it does not change what is trained. */
export interface View {
  readonly layers: readonly Layer[];
  readonly device: DeviceChoice;
  readonly slow: boolean;
}

export const initialView: View = {
  layers: Object.keys(layers) as Layer[],
  device: "auto",
  slow: false,
};

export interface State {
  readonly experiment: Experiment;
  readonly view: View;
}

type Table = Readonly<Record<string, Field<unknown>>>;

const write = (query: URLSearchParams, table: Table, values: Readonly<Record<string, unknown>>): void => {
  for (const [name, field] of Object.entries(table)) {
    const text = field.format(values[name]);
    if (text !== field.format(field.initial)) query.set(field.key, text);
  }
};

/** The experiment alone: what a training state belongs to. */
export const experimentQuery = (experiment: Experiment): URLSearchParams => {
  const query = new URLSearchParams();
  write(query, dataFields as unknown as Table, experiment.data);
  write(query, ganFields as unknown as Table, experiment.base);
  if (experiment.variants.length > 0) query.set("gans", String(experiment.variants.length + 1));
  experiment.variants.forEach((variant, i) => {
    for (const name of differences(experiment, i + 1)) {
      const { key, format } = anyField(name);
      query.set(`${letterOf(i + 1).toLowerCase()}.${key}`, format(variant[name]));
    }
  });
  return query;
};

export const formatState = ({ experiment, view }: State): URLSearchParams => {
  const query = experimentQuery(experiment);
  if (view.layers.length !== initialView.layers.length) query.set("show", view.layers.join("-") || "none");
  if (view.device !== initialView.device) query.set("on", view.device);
  if (view.slow) query.set("slow", "1");
  return query;
};

/** Reads the address. What cannot be read is replaced by the default, and a notice says so. */
export const parseState = (query: URLSearchParams): { readonly state: State; readonly notices: string[] } => {
  const notices: string[] = [];
  const known = new Set<string>();
  const take = <T>(
    key: string,
    initial: T,
    parse: (text: string) => T,
    describe: (value: T) => string,
  ): T => {
    known.add(key);
    const text = query.get(key);
    if (text === null) return initial;
    try {
      return parse(text);
    } catch (error) {
      const expected = error instanceof Error ? error.message : String(error);
      notices.push(`${key}=${text} in the address: expected ${expected}; using ${describe(initial)}.`);
      return initial;
    }
  };
  const read = (table: Table): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(table).map(([name, { key, initial, parse, describe }]) => [
        name,
        take(key, initial, parse, describe),
      ]),
    );

  const data = read(dataFields as unknown as Table) as unknown as DataSettings;
  const base = read(ganFields as unknown as Table) as unknown as GanSettings;
  const count = take("gans", 1, wholeFrom(1, MOST_GANS), String);
  const variants = Array.from({ length: count - 1 }, (_, i) => {
    const variant: Record<string, unknown> = {};
    for (const name of Object.keys(ganFields) as GanField[]) {
      const { key, parse, describe } = anyField(name);
      const own = `${letterOf(i + 1).toLowerCase()}.${key}`;
      const value = take<unknown>(own, undefined, parse, () => describe(base[name]));
      if (value !== undefined) variant[name] = value;
    }
    return variant as Partial<GanSettings>;
  });
  const view: View = {
    layers: take("show", initialView.layers, parseLayers, (shown) => shown.join("-")),
    device: take("on", initialView.device, parseDevice, (device) => deviceLabels[device]),
    slow: take("slow", "0", parseFlag, String) === "1",
  };
  for (const key of query.keys()) {
    if (!known.has(key))
      notices.push(`${key} in the address is not a setting of the playground; it is left out.`);
  }
  return { state: { experiment: { ...initialExperiment, data, base, variants }, view }, notices };
};

const wholeFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Error(`a whole number from ${least} to ${most}`);
    }
    return value;
  };

const parseLayers = (text: string): Layer[] => {
  const names = text === "none" ? [] : text.split("-");
  if (!names.every((name) => Object.hasOwn(layers, name))) {
    throw new Error(`none, or some of ${Object.keys(layers).join("-")}`);
  }
  return (Object.keys(layers) as Layer[]).filter((name) => names.includes(name));
};

const parseDevice = (text: string): DeviceChoice => {
  const found = deviceChoices.find((device) => device === text);
  if (found === undefined) throw new Error(`one of ${deviceChoices.join(", ")}`);
  return found;
};

const parseFlag = (text: string): string => {
  if (text !== "0" && text !== "1") throw new Error("0 or 1");
  return text;
};

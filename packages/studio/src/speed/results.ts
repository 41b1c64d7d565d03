/** What this page is about, and how its address says it: what is to be measured, and what was, wherever that was. */
import type { ChosenDevice } from "../engine/index.ts";
import type { Read } from "../ui/fields.ts";

/** The workloads that a page can train in seconds. */
export const workloadTitles = {
  "mlp-ns": "Small perceptrons on points",
  "mlp-wgan-gp": "The same with WGAN-GP, five critic steps",
  "dcgan28-ns": "DCGAN on images of 28 × 28 pixels",
} as const;
export type WorkloadName = keyof typeof workloadTitles;
export const workloadNames = Object.keys(workloadTitles) as readonly WorkloadName[];

export type Place = ChosenDevice["choice"];
/** In the order in which they are measured. */
export const places: readonly Place[] = ["single", "threads", "webgpu"];

/** Milliseconds of an iteration. */
export type Figures = Readonly<Partial<Record<Place, Readonly<Partial<Record<WorkloadName, number>>>>>>;

export interface Result {
  readonly figures: Figures;
  /** Day, as 2026-11-29. */
  readonly date: string;
  readonly version: string;
  readonly browser: string;
  readonly cores: number;
  readonly gpu: string | undefined;
}

export interface State {
  readonly workloads: readonly WorkloadName[];
  /** All that the browser has where nothing is said. */
  readonly places: readonly Place[] | undefined;
  /** The last that was measured, here or by whoever made the link. */
  readonly result: Result | undefined;
}

/** Longest text of an address that is shown. */
const LONGEST = 80;

const writeFigures = (of: Figures[Place]): string =>
  Object.entries(of ?? {})
    .map(([name, ms]) => `${name}:${Number(ms.toPrecision(4))}`)
    .join();

export const write = ({ workloads, places: chosen, result }: State): URLSearchParams => {
  const query = new URLSearchParams();
  if (workloads.length !== workloadNames.length) query.set("only", workloads.join());
  if (chosen !== undefined) query.set("devices", chosen.join());
  if (result === undefined) return query;
  for (const place of places) {
    const text = writeFigures(result.figures[place]);
    if (text !== "") query.set(place, text);
  }
  const { date, version, browser, cores, gpu } = result;
  query.set("date", date);
  query.set("version", version);
  query.set("browser", browser);
  query.set("cores", String(cores));
  if (gpu !== undefined) query.set("gpu", gpu);
  return query;
};

/** Those of `known` that a list of the address names, and what it names beside them. */
const namesIn = <Name extends string>(
  query: URLSearchParams,
  key: string,
  known: readonly Name[],
): { readonly names: readonly Name[] | undefined; readonly notices: readonly string[] } => {
  const text = query.get(key);
  if (text === null) return { names: undefined, notices: [] };
  const asked = text.split(",");
  const names = known.filter((name) => asked.includes(name));
  const wrong = asked.find((name) => !known.includes(name as Name));
  return {
    names: names.length === 0 ? undefined : names,
    notices: wrong === undefined ? [] : [`${key}: expected some of ${known.join(", ")}.`],
  };
};

const readFigures = (text: string): Figures[Place] => {
  const found = text.split(",").map((entry): [WorkloadName, number] | undefined => {
    const [name, value] = entry.split(":");
    const ms = Number(value);
    return Object.hasOwn(workloadTitles, name) && ms > 0 && Number.isFinite(ms)
      ? [name as WorkloadName, ms]
      : undefined;
  });
  return found.includes(undefined)
    ? undefined
    : Object.fromEntries(found as readonly [WorkloadName, number][]);
};

/** What does not hold together is left out, with a notice. */
export const read = (query: URLSearchParams): Read<State> => {
  const only = namesIn(query, "only", workloadNames);
  const devices = namesIn(query, "devices", places);
  const notices = [...only.notices, ...devices.notices];
  const figures: Partial<Record<Place, Figures[Place]>> = {};
  for (const place of places) {
    const text = query.get(place);
    if (text === null) continue;
    const found = readFigures(text);
    if (found === undefined) notices.push(`${place}: expected milliseconds, as mlp-ns:5.9; it is left out.`);
    else figures[place] = found;
  }
  const textOf = (key: string): string => (query.get(key) ?? "").slice(0, LONGEST);
  const cores = Number(query.get("cores"));
  return {
    state: {
      workloads: only.names ?? workloadNames,
      places: devices.names,
      result:
        Object.keys(figures).length === 0
          ? undefined
          : {
              figures: figures as Figures,
              date: /^\d{4}-\d\d-\d\d$/.test(textOf("date")) ? textOf("date") : "an unknown day",
              version: textOf("version") || "of an unknown version",
              browser: textOf("browser") || "An unknown browser",
              cores: Number.isSafeInteger(cores) && cores > 0 ? cores : 0,
              gpu: textOf("gpu") || undefined,
            },
    },
    notices,
  };
};

/** Name and version of a browser, of what it says of itself. */
export const browserName = (agent: string): string => {
  // Each also claims to be those after it.
  for (const [pattern, name] of [
    [/Edg\/(\d+)/, "Edge"],
    [/OPR\/(\d+)/, "Opera"],
    [/Firefox\/(\d+)/, "Firefox"],
    [/Chrome\/(\d+)/, "Chrome"],
    [/Version\/(\d+).*Safari/, "Safari"],
  ] as const) {
    const version = pattern.exec(agent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return "A browser";
};

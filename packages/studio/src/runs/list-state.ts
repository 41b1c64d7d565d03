/** What of the runs is listed, and how: the state of the list's address. */
import { flag, integer, text, value } from "tsgan/define";
import type { RunSummary } from "../api.ts";
import { fieldsOf, titled, type ValuesOf } from "../ui/fields.ts";

export const listFields = fieldsOf({
  search: { option: text({ default: "", means: "Search" }) },
  state: titled(
    {
      "": "any",
      running: "running",
      finished: "finished",
      stopped: "stopped",
      failed: "failed",
      damaged: "damaged",
    },
    { default: "", means: "State" },
  ),
  /** "newest", "name", or a figure. */
  order: { option: text({ default: "newest", means: "Order" }) },
  reverse: flag({ default: false, means: "The other way round" }),
  grouped: { key: "group", option: flag({ default: false, means: "Grouped by configuration" }) },
  /** Undefined: those that the runs have most. */
  columns: {
    option: value<readonly string[] | undefined>({
      default: undefined,
      means: "Columns",
      check: (_where, _name, given) => given as readonly string[] | undefined,
    }),
    parse: (written: string) => (written === "none" ? [] : written.split(",").filter((key) => key !== "")),
    format: (columns: readonly string[] | undefined) =>
      columns === undefined ? "" : columns.join(",") || "none",
  },
  page: integer({ default: 1, least: 1, means: "Page" }),
});

export type ListState = ValuesOf<typeof listFields>;

export const PAGE = 50;

/** What the server is asked for. */
export const listQuery = ({ search, state, order, reverse, grouped, page }: ListState): URLSearchParams =>
  new URLSearchParams({
    search,
    ...(state !== "" && { state }),
    order: grouped ? "group" : order,
    ...(reverse && !grouped && { reverse: "1" }),
    limit: String(PAGE),
    ...(page > 1 && { offset: String((page - 1) * PAGE) }),
  });

/** Columns that are shown where none were chosen. */
const MOST_COLUMNS = 3;

/** Figures that runs have, those of most runs first. */
export const figuresIn = (runs: readonly RunSummary[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { figures = {} } of runs)
    for (const key of Object.keys(figures)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([key]) => key);
};

/** @param better which way the figures of evaluations are better: the losses say little and are shown when asked for */
export const columnsOf = (
  { columns }: Pick<ListState, "columns">,
  runs: readonly RunSummary[],
  better: Readonly<Record<string, string>>,
): readonly string[] =>
  columns ??
  figuresIn(runs)
    .filter((key) => Object.hasOwn(better, key) && better[key] !== "neither")
    .slice(0, MOST_COLUMNS);

/** What a click on the head of a column makes of the order: the best first, then the other way round. */
export const sorted = (
  state: ListState,
  key: string,
  better: Readonly<Record<string, string>>,
): ListState => {
  const first = better[key] === "higher";
  const reverse = state.order === key ? !state.reverse : first;
  return { ...state, order: key, reverse, grouped: false, page: 1 };
};

export interface Group {
  readonly key: string;
  readonly runs: readonly RunSummary[];
}

/** Runs of one configuration that stand side by side. */
export const groupsOf = (runs: readonly RunSummary[]): readonly Group[] => {
  const groups: { key: string; runs: RunSummary[] }[] = [];
  for (const run of runs) {
    const key = run.group ?? run.id;
    const last = groups[groups.length - 1];
    if (last?.key === key) last.runs.push(run);
    else groups.push({ key, runs: [run] });
  }
  return groups;
};

/** Mean and standard deviation (divided by n − 1) of a figure over runs that have it; undefined for fewer than two. */
export const spreadOf = (
  runs: readonly RunSummary[],
  key: string,
): { readonly mean: number; readonly deviation: number } | undefined => {
  const values = runs.flatMap(({ figures }) => figures?.[key] ?? []);
  if (values.length < 2) return undefined;
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
};

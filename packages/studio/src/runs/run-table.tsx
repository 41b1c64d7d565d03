/** The runs of a page of the list as a table: what they are, how they stand, and the figures that were chosen. */
import type { RunSummary } from "../api.ts";
import { href } from "../route.ts";
import { shortNumber } from "../ui/chart-data.ts";
import { viewOf } from "./addresses.ts";
import { type Group, groupsOf, type ListState, sorted, spreadOf } from "./list-state.ts";
import { Plate } from "./plate.tsx";
import { NotesOf, RunMenu } from "./run-actions.tsx";
import { Progress, StateBadge } from "./run-parts.tsx";

const when = (time: number): string =>
  new Date(time).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });

export interface RunTableProps {
  readonly runs: readonly RunSummary[];
  readonly columns: readonly string[];
  readonly state: ListState;
  readonly better: Readonly<Record<string, string>>;
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (state: ListState) => void;
  readonly onChoose: (ids: readonly string[], isChosen: boolean) => void;
  /** Runs have been moved. */
  readonly onMoved: () => void;
}

const madeOf = ({ data, loss, model }: RunSummary): string =>
  [data, loss, model].filter((name) => name !== undefined).join(" · ") || "no configuration";

/** The best value of a column on this page; undefined where none is better. */
const bestOf = (runs: readonly RunSummary[], key: string, better: string | undefined): number | undefined => {
  const values = runs.flatMap(({ figures }) => figures?.[key] ?? []);
  if (values.length < 2 || (better !== "lower" && better !== "higher")) return undefined;
  return better === "lower" ? Math.min(...values) : Math.max(...values);
};

const Head = ({
  name,
  title,
  ...props
}: Pick<RunTableProps, "state" | "better" | "onChange"> & {
  readonly name: string;
  readonly title: string;
}) => {
  const { state, better, onChange } = props;
  const isOrder = state.order === name && !state.grouped;
  // "newest" is the order of a time that falls.
  const direction = (name === "newest") === state.reverse ? "ascending" : "descending";
  return (
    <th
      scope="col"
      class={name === "name" || name === "newest" ? undefined : "number"}
      aria-sort={isOrder ? direction : undefined}
    >
      <button type="button" class="sort" onClick={() => onChange(sorted(state, name, better))}>
        {title}
        <span aria-hidden="true">{isOrder ? (direction === "ascending" ? " ↑" : " ↓") : ""}</span>
      </button>
    </th>
  );
};

const RunRow = ({
  run,
  best,
  ...props
}: RunTableProps & { readonly run: RunSummary; readonly best: readonly (number | undefined)[] }) => {
  const { id, sample, state, problem, updated, figures } = run;
  const { columns, chosen, onChoose, onMoved } = props;
  return (
    <tr class="run">
      <td class="choose">
        <input
          type="checkbox"
          aria-label={`Choose ${id}`}
          checked={chosen.has(id)}
          onChange={({ currentTarget }) => onChoose([id], currentTarget.checked)}
        />
      </td>
      <td class="plate">
        <Plate run={run} sample={sample} alt="" small />
      </td>
      <th scope="row" class="name">
        <a href={viewOf([id])}>{id}</a>
        <span class="muted">{madeOf(run)}</span>
        <NotesOf run={run} search={(tag) => href("runs", new URLSearchParams({ search: tag }))} />
        {problem !== undefined && <span class="problem">{problem}</span>}
      </th>
      <td class="status">
        <StateBadge state={state} />
        {state !== "damaged" && state !== "starting" && <Progress run={run} />}
      </td>
      {columns.map((key, i) => {
        const value = figures?.[key];
        const isBest = value !== undefined && value === best[i];
        return (
          <td key={key} class={isBest ? "number best" : "number"} data-label={key}>
            {value === undefined ? <span class="muted">–</span> : shortNumber(value)}
            {isBest && <span class="visually-hidden"> (best here)</span>}
          </td>
        );
      })}
      <td class="time muted">{updated > 0 && state !== "running" && when(updated)}</td>
      <td class="change">
        <RunMenu run={run} onMoved={onMoved} />
      </td>
    </tr>
  );
};

/** What the runs of a configuration have in common, and how far they spread. */
const GroupRow = ({ group, ...props }: RunTableProps & { readonly group: Group }) => {
  const { columns, chosen, onChoose } = props;
  const ids = group.runs.map(({ id }) => id);
  return (
    <tr class="group">
      <td class="choose">
        <input
          type="checkbox"
          aria-label={`Choose the runs of ${madeOf(group.runs[0])}`}
          checked={ids.every((id) => chosen.has(id))}
          onChange={({ currentTarget }) => onChoose(ids, currentTarget.checked)}
        />
      </td>
      <th scope="rowgroup" colSpan={3}>
        {madeOf(group.runs[0])}
        <span class="muted">
          {" "}
          {ids.length} {ids.length === 1 ? "run" : "runs"} of one configuration
        </span>
      </th>
      {columns.map((key) => {
        const spread = spreadOf(group.runs, key);
        return (
          <td key={key} class="number" data-label={key}>
            {spread !== undefined && `${shortNumber(spread.mean)} ± ${shortNumber(spread.deviation)}`}
          </td>
        );
      })}
      <td colSpan={2} />
    </tr>
  );
};

export const RunTable = (props: RunTableProps) => {
  const { runs, columns, state, better } = props;
  const best = columns.map((key) => bestOf(runs, key, better[key]));
  const heads = { state, better, onChange: props.onChange };
  const groups = state.grouped ? groupsOf(runs) : [{ key: "", runs }];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="run-list" aria-label="Table of runs" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            <td />
            <Head {...heads} name="name" title="Run" />
            <th scope="col">State</th>
            {columns.map((key) => (
              <Head key={key} {...heads} name={key} title={key} />
            ))}
            <Head {...heads} name="newest" title="Trained" />
            <td />
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.key}>
            {state.grouped && <GroupRow {...props} group={group} />}
            {group.runs.map((run) => (
              <RunRow key={run.id} {...props} run={run} best={best} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
};

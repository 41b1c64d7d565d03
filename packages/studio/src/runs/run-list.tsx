/** The runs of the folder, a page of them at a time, as they are now. */
import { useState } from "preact/hooks";
import type { RunList, RunState, RunSummary } from "../api.ts";
import { href, replaceQuery, route } from "../route.ts";
import { sampleAddress, viewOf } from "./addresses.ts";
import { read, session, useLive } from "./connection.ts";
import { count, Progress, StateBadge } from "./run-parts.tsx";
import { StartForm } from "./start-form.tsx";

const PAGE = 50;
const STATES: readonly RunState[] = ["running", "finished", "stopped", "failed", "damaged"];

const setQuery = (changes: Readonly<Record<string, string>>): void => {
  const query = new URLSearchParams(route.peek().query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === "") query.delete(key);
    else query.set(key, value);
  }
  replaceQuery(query);
};

const when = (time: number): string =>
  new Date(time).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });

const RunRow = ({
  run,
  chosen,
  onChoose,
}: {
  run: RunSummary;
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
}) => {
  const { id, data, model, loss, sample, state, problem, updated } = run;
  const made = [data, loss, model].filter((name) => name !== undefined);
  return (
    <li>
      <input
        type="checkbox"
        aria-label={`Choose ${id}`}
        checked={chosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <div class="thumbnail">
        {sample !== undefined && (
          <img src={sampleAddress(id, sample)} alt="" loading="lazy" width="64" height="64" />
        )}
      </div>
      <div class="name">
        <a href={viewOf([id])}>{id}</a>
        <span class="muted">{made.length === 0 ? "no configuration" : made.join(" · ")}</span>
        {problem !== undefined && <span class="problem">{problem}</span>}
      </div>
      <div class="status">
        <span>
          <StateBadge state={state} />
          {updated > 0 && state !== "running" && <span class="muted"> {when(updated)}</span>}
        </span>
        {state !== "damaged" && state !== "starting" && <Progress run={run} />}
      </div>
    </li>
  );
};

export const RunListView = () => {
  const { query } = route.value;
  const search = query.get("search") ?? "";
  const state = query.get("state") ?? "";
  const order = query.get("order") ?? "newest";
  const page = Math.max(0, Math.floor(Number(query.get("page") ?? 1)) - 1) || 0;
  const [list, setList] = useState<RunList>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [starting, setStarting] = useState(false);

  const address = new URLSearchParams({ search, order, ...(state !== "" && { state }), limit: String(PAGE) });
  if (page > 0) address.set("offset", String(page * PAGE));
  const { error } = useLive(
    address.toString(),
    async (abort) => setList(await read<RunList>(`runs?${address}`, abort)),
    ({ changed, listed }) =>
      listed || state !== "" || (list?.runs.some(({ id }) => changed.includes(id)) ?? true),
  );

  const choose = (id: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };

  const pages = list === undefined ? 1 : Math.max(1, Math.ceil(list.matching / PAGE));
  const from = page * PAGE;
  return (
    <>
      <div class="heading">
        <h1>Runs</h1>
        <span class="muted path">{session.value?.folder}</span>
        <button type="button" class="primary" aria-expanded={starting} onClick={() => setStarting(!starting)}>
          New run
        </button>
      </div>
      {starting && <StartForm onDone={() => setStarting(false)} />}
      {list !== undefined && list.studies.length > 0 && (
        <nav class="studies" aria-label="Studies">
          Studies:{" "}
          {list.studies.map((id) => (
            <a key={id} href={href("runs", new URLSearchParams({ study: id }))}>
              {id}
            </a>
          ))}
        </nav>
      )}
      <div class="filters">
        <label>
          <span>Search</span>
          <input
            type="search"
            value={search}
            placeholder="name, data, loss, model"
            onInput={({ currentTarget }) => setQuery({ search: currentTarget.value, page: "" })}
          />
        </label>
        <label>
          <span>State</span>
          <select
            value={state}
            onChange={({ currentTarget }) => setQuery({ state: currentTarget.value, page: "" })}
          >
            <option value="">any</option>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Order</span>
          <select
            value={order}
            onChange={({ currentTarget }) => setQuery({ order: currentTarget.value, page: "" })}
          >
            <option value="newest">newest first</option>
            <option value="name">name</option>
          </select>
        </label>
        <div class="chosen">
          {chosen.size > 0 && (
            <>
              <a class="button" href={viewOf([...chosen])}>
                {chosen.size === 1 ? "Open" : `Compare ${chosen.size}`}
              </a>
              <button type="button" onClick={() => setChosen(new Set())}>
                Clear
              </button>
            </>
          )}
        </div>
      </div>
      {error !== undefined && (
        <p class="notice error" role="alert">
          {error}
        </p>
      )}
      {list !== undefined && list.runs.length === 0 && (
        <p class="notice">
          {list.total === 0 ? (
            <>
              There are no runs in this folder yet. Start one here, or with <code>npx tsgan train ring</code>.
            </>
          ) : (
            "No run matches."
          )}
        </p>
      )}
      <ul class="run-list">
        {list?.runs.map((run) => (
          <RunRow
            key={run.id}
            run={run}
            chosen={chosen.has(run.id)}
            onChoose={(isChosen) => choose(run.id, isChosen)}
          />
        ))}
      </ul>
      {list !== undefined && list.matching > 0 && (
        <nav class="pages" aria-label="Pages of runs">
          <button
            type="button"
            disabled={page === 0}
            onClick={() => setQuery({ page: page === 1 ? "" : String(page) })}
          >
            Previous
          </button>
          <span role="status">
            {count(from + 1)}–{count(Math.min(from + PAGE, list.matching))} of {count(list.matching)}
          </span>
          <button
            type="button"
            disabled={page + 1 >= pages}
            onClick={() => setQuery({ page: String(page + 2) })}
          >
            Next
          </button>
        </nav>
      )}
    </>
  );
};

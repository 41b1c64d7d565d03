/** The runs of the folder, a page of them at a time, as they are now. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { RunList } from "../api.ts";
import { href } from "../route.ts";
import { addressOf } from "../ui/address.ts";
import { FieldControl } from "../ui/controls.tsx";
import { fieldsIn } from "../ui/fields.ts";
import { Menu } from "../ui/menu.tsx";
import { viewOf } from "./addresses.ts";
import { read, session, useLive } from "./connection.ts";
import { columnsOf, figuresIn, type ListState, listFields, listQuery, PAGE } from "./list-state.ts";
import { Trash } from "./run-actions.tsx";
import { count } from "./run-parts.tsx";
import { RunTable } from "./run-table.tsx";
import { StartForm } from "./start-form.tsx";

interface PartProps {
  readonly state: ListState;
  readonly onChange: (state: ListState) => void;
}

const Columns = ({ state, onChange, list }: PartProps & { readonly list: RunList }) => {
  const shown = columnsOf(state, list.runs, session.value?.figures ?? {});
  const offered = [...new Set([...shown, ...figuresIn(list.runs)])];
  if (offered.length === 0) return null;
  return (
    <Menu label="Columns" class="figures">
      {() =>
        offered.map((key) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={shown.includes(key)}
              onChange={({ currentTarget }) =>
                onChange({
                  ...state,
                  columns: currentTarget.checked ? [...shown, key] : shown.filter((other) => other !== key),
                })
              }
            />{" "}
            {key}
          </label>
        ))
      }
    </Menu>
  );
};

const Filters = ({ state, onChange, list }: PartProps & { readonly list: RunList | undefined }) => (
  <>
    <label class="search">
      <span>Search</span>
      <input
        type="search"
        value={state.search}
        placeholder="name, data, tag, fid<50"
        onInput={({ currentTarget }) => onChange({ ...state, search: currentTarget.value, page: 1 })}
      />
    </label>
    <FieldControl
      label="State"
      field={listFields.state}
      value={state.state}
      onChange={(name) => onChange({ ...state, state: name, page: 1 })}
    />
    <FieldControl
      label="Grouped by configuration"
      field={listFields.grouped}
      value={state.grouped}
      onChange={(grouped) => onChange({ ...state, grouped, page: 1 })}
    />
    {list !== undefined && <Columns state={state} onChange={onChange} list={list} />}
  </>
);

const Pages = ({ state, onChange, list }: PartProps & { readonly list: RunList }) => {
  const { page } = state;
  const from = (page - 1) * PAGE;
  return (
    <nav class="pages" aria-label="Pages of runs">
      <button type="button" disabled={page === 1} onClick={() => onChange({ ...state, page: page - 1 })}>
        Previous
      </button>
      <span role="status">
        {count(from + 1)}–{count(Math.min(from + PAGE, list.matching))} of {count(list.matching)}
      </span>
      <button
        type="button"
        disabled={from + PAGE >= list.matching}
        onClick={() => onChange({ ...state, page: page + 1 })}
      >
        Next
      </button>
    </nav>
  );
};

export const RunListView = () => {
  const address = useMemo(
    () => addressOf({ isHere: ([name]) => name === "runs", ...fieldsIn(listFields, "this page") }),
    [],
  );
  useEffect(() => address.follow(), [address]);
  const state = address.state.value;
  const [list, setList] = useState<RunList>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [starting, setStarting] = useState(false);
  const better = session.value?.figures ?? {};

  const asked = listQuery(state).toString();
  const { error, reload } = useLive(
    asked,
    async (abort) => setList(await read<RunList>(`runs?${asked}`, abort)),
    ({ changed, listed }) =>
      listed || state.state !== "" || (list?.runs.some(({ id }) => changed.includes(id)) ?? true),
  );

  const choose = (ids: readonly string[], isChosen: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (isChosen) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };

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
      {address.notices.value.length > 0 && <p class="notice">{address.notices.value.join(" ")}</p>}
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
        <Filters state={state} onChange={address.change} list={list} />
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
      {list === undefined && error === undefined && <p class="muted loading">Looking for runs …</p>}
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
      {list !== undefined && list.runs.length > 0 && (
        <RunTable
          runs={list.runs}
          columns={columnsOf(state, list.runs, better)}
          state={state}
          better={better}
          chosen={chosen}
          onChange={address.change}
          onChoose={choose}
          onMoved={reload}
        />
      )}
      {list !== undefined && list.matching > 0 && (
        <Pages state={state} onChange={address.change} list={list} />
      )}
      <Trash />
    </>
  );
};

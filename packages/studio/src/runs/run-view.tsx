/** One run in full, or several against each other. */
import { useMemo } from "preact/hooks";
import type { HealthVerdict, RunDetail } from "../api.ts";
import { href } from "../route.ts";
import { seriesColor } from "../ui/colors.ts";
import { viewOf } from "./addresses.ts";
import { fileAddress, session, useLive } from "./connection.ts";
import { Curves, type Source } from "./curves.tsx";
import { BestTable, EvaluationTable } from "./evaluations.tsx";
import { ParallelCoordinates } from "./parallel.tsx";
import type { Dimension } from "./parallel-axes.ts";
import { differences, evaluationsOf } from "./records.ts";
import { NotesOf, RunMenu } from "./run-actions.tsx";
import { count, Progress, RunControls, StateBadge, size } from "./run-parts.tsx";
import { createRunStore, type RunStore } from "./run-store.ts";
import { Samples } from "./samples.tsx";

const Head = ({
  store,
  others,
  color,
  onChange,
}: {
  store: RunStore;
  others: readonly string[];
  /** Of its curves, where it stands beside others. */
  color: string;
  onChange: () => void;
}) => {
  const run = store.detail.value;
  return (
    <div class="panel run-head">
      <div class="heading">
        <h2>
          {others.length > 0 && <span class="own" style={{ background: color }} />}
          {others.length === 0 ? store.id : <a href={viewOf([store.id])}>{store.id}</a>}
        </h2>
        {run !== undefined && <StateBadge state={run.state} />}
        {others.length > 0 && (
          <a class="remove" href={viewOf(others)} aria-label={`Leave out ${store.id}`}>
            leave out
          </a>
        )}
        {run !== undefined && (
          <RunMenu
            run={run}
            onMoved={(id) => {
              location.hash =
                id === undefined && others.length === 0
                  ? href("runs")
                  : viewOf([...(id === undefined ? [] : [id]), ...others]);
            }}
          />
        )}
      </div>
      {store.missing.value && <p class="problem">There is no such run.</p>}
      {run === undefined && !store.missing.value && (
        <p class="muted loading" role="status">
          Reading the run …
        </p>
      )}
      {run !== undefined && (
        <>
          <p class="muted">
            {[run.data, run.loss, run.model].filter((name) => name !== undefined).join(" · ")}
          </p>
          {run.state === "starting" ? (
            <p class="muted">Its process is loading the data …</p>
          ) : (
            <Progress run={run} />
          )}
          {run.problem !== undefined && <p class="problem">{run.problem}</p>}
          <NotesOf run={run} search={(tag) => href("runs", new URLSearchParams({ search: tag }))} />
          {(others.length === 0 || run.state === "running") && <RunControls run={run} onChange={onChange} />}
        </>
      )}
    </div>
  );
};

const LEVELS = { alarm: "Alarm", note: "Note", healthy: "Healthy" } as const;

const Health = ({ verdicts }: { verdicts: readonly HealthVerdict[] }) => {
  if (verdicts.length === 0) return null;
  return (
    <section aria-labelledby="health">
      <h2 id="health">Health</h2>
      <ul class="health">
        {verdicts.map(({ severity, title, evidence, advice }) => (
          <li key={title} class={severity}>
            <span class="level">{LEVELS[severity]}</span> <strong>{title}</strong>
            {evidence !== "" && `: ${evidence}`}
            {advice !== "" && <div class="muted">{advice}</div>}
          </li>
        ))}
      </ul>
      <p class="muted">From the records alone; tsgan doctor looks at samples and weights, too.</p>
    </section>
  );
};

/** Settings that are drawn, at most: more do not fit side by side. */
const MOST_SETTINGS = 8;
const MOST_FIGURES = 4;

const Parallel = ({ stores, runs }: { stores: readonly RunStore[]; runs: readonly RunDetail[] }) => {
  const better = session.value?.figures ?? {};
  const settings = differences(
    runs.map(({ config }) => config),
    false,
  )
    // What only some runs have stands in the table; as an axis it would say nothing.
    .filter(({ values }) => new Set(values.filter((value) => value !== undefined)).size > 1)
    .map(({ key, values }): Dimension => {
      // A number where all that have it have one.
      const isNumber = values.every(
        (value) => value === undefined || (value !== "" && Number.isFinite(Number(value))),
      );
      return {
        name: key,
        isFigure: false,
        values: values.map((value) => (isNumber && value !== undefined ? Number(value) : value)),
      };
    });
  const tables = stores.map(({ records }) => evaluationsOf(records.value, better));
  const names = [...new Set(tables.flatMap((table) => table.names))].filter(
    (name) => better[name] !== "neither",
  );
  const figures = names.map(
    (name): Dimension => ({
      name,
      isFigure: true,
      values: tables.map((table) => {
        const row = table.best[table.names.indexOf(name)];
        return row === undefined ? undefined : table.rows[row].values[table.names.indexOf(name)];
      }),
    }),
  );
  return (
    <ParallelCoordinates
      ids={runs.map(({ id }) => id)}
      dimensions={[...settings.slice(0, MOST_SETTINGS), ...figures.slice(0, MOST_FIGURES)]}
    />
  );
};

const Configuration = ({ runs }: { runs: readonly RunDetail[] }) => {
  const single = runs.length === 1;
  const rows = differences(
    runs.map(({ config }) => config),
    single,
  );
  const table = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" aria-label="Table of the configuration" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">key</th>
            {runs.map(({ id }) => (
              <th key={id} scope="col">
                {single ? "value" : id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, values }) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              {values.map((value, i) => (
                <td key={runs[i].id}>{value ?? <span class="muted">–</span>}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
  if (single) {
    return rows.length === 0 ? null : (
      <details class="configuration">
        <summary>
          <h2>Configuration</h2>
        </summary>
        {table}
      </details>
    );
  }
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">What differs</h2>
      {rows.length === 0 ? <p class="muted">The configurations are the same.</p> : table}
    </section>
  );
};

const Files = ({ run }: { run: RunDetail }) => {
  const { id, checkpoints, hasReport, hasGenerator, version } = run;
  if (version === "") return null;
  return (
    <section aria-labelledby="files">
      <h2 id="files">Files</h2>
      <ul class="files">
        {hasReport && (
          <li>
            <a href={fileAddress(id, "report.html")} target="_blank" rel="noreferrer">
              report.html
            </a>{" "}
            <span class="muted">samples and curves in one page</span>
          </li>
        )}
        {hasGenerator && (
          <li>
            <a href={fileAddress(id, "generator.onnx")} download={`${id.replaceAll("/", "-")}.onnx`}>
              generator.onnx
            </a>{" "}
            <span class="muted">
              {run.isPoints !== true && (
                <a href={href("images", new URLSearchParams({ generator: id }))}>Open in Images</a>
              )}
            </span>
          </li>
        )}
        {checkpoints.map(({ name, bytes }) => (
          <li key={name}>
            <a href={fileAddress(id, `checkpoints/${name}`)} download>
              {name}
            </a>{" "}
            <span class="muted">
              {name.startsWith("best") ? "the best evaluation's, " : ""}
              {size(bytes)}
            </span>
          </li>
        ))}
        <li>
          <a href={fileAddress(id, "metrics.jsonl")} download>
            metrics.jsonl
          </a>{" "}
          <span class="muted">
            and <a href={fileAddress(id, "config.json")}>config.json</a>
          </span>
        </li>
      </ul>
    </section>
  );
};

/** What a run has nothing of yet: what will be there. */
const ToCome = ({ runs, sources }: { runs: readonly RunDetail[]; sources: readonly Source[] }) => {
  const better = session.value?.figures ?? {};
  const missing = [
    ...(runs.every(({ samples }) => samples.length === 0) ? ["samples"] : []),
    ...(sources.every(({ records }) => records.columns.size === 0) ? ["curves"] : []),
    ...(sources.every(({ records }) => evaluationsOf(records, better).rows.length === 0)
      ? ["evaluations"]
      : []),
  ];
  if (missing.length === 0) return null;
  const words = missing.join(missing.length === 3 ? ", " : " and ").replace(/, (\w+)$/, " and $1");
  return (
    <p class="muted to-come">
      {`No ${words} yet. `}
      {missing.includes("curves") && "Curves begin with the first step. "}
      {missing.includes("samples") && "Samples come as often as --sample-every says. "}
      {missing.includes("evaluations") && "Evaluations come where --evaluate-every asks for them."}
    </p>
  );
};

export const RunView = ({ ids }: { ids: readonly string[] }) => {
  const key = JSON.stringify(ids);
  const stores = useMemo(() => ids.map(createRunStore), [key]);
  const { error, reload } = useLive(
    key,
    async (abort) => {
      const results = await Promise.allSettled(stores.map((store) => store.refresh(abort)));
      const failed = results.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
    ({ changed }) => changed.some((id) => ids.includes(id)),
  );
  const details = stores.flatMap(({ detail }) => detail.value ?? []);
  const sources = stores.map(({ id, records }) => ({ id, records: records.value }));
  const isMissing = stores.some(({ missing }) => missing.value);
  const damaged = sources.reduce((sum, { records }) => sum + records.damaged, 0);
  return (
    <>
      <p class="back">
        <a href={href("runs")}>← All runs</a>
      </p>
      <h1 class="visually-hidden">{ids.length === 1 ? `Run ${ids[0]}` : `${ids.length} runs`}</h1>
      {error !== undefined && !isMissing && (
        <p class="notice error" role="alert">
          {error}
        </p>
      )}
      <div class="heads">
        {stores.map((store, i) => (
          <Head
            key={store.id}
            store={store}
            others={ids.filter((id) => id !== store.id)}
            color={seriesColor(i)}
            onChange={reload}
          />
        ))}
      </div>
      {damaged > 0 && (
        <p class="notice">
          {count(damaged)} {damaged === 1 ? "line" : "lines"} of metrics.jsonl could not be read and are left
          out.
        </p>
      )}
      {ids.length > 1 && details.length === ids.length && (
        <>
          <Configuration runs={details} />
          <Parallel stores={stores} runs={details} />
        </>
      )}
      <div class="columns">
        <Samples runs={details} />
        {ids.length === 1 && <Health verdicts={stores[0].health.value} />}
      </div>
      <Curves sources={sources} />
      {details.length === ids.length && <ToCome runs={details} sources={sources} />}
      {ids.length === 1 ? (
        <EvaluationTable records={stores[0].records.value} />
      ) : (
        <BestTable stores={stores} />
      )}
      {ids.length === 1 && details.length === 1 && (
        <>
          <Files run={details[0]} />
          <Configuration runs={details} />
        </>
      )}
    </>
  );
};

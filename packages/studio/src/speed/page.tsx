/** The speed page: how long this machine takes for an iteration, as a link that others can open. */
import "./speed.css";
import { useEffect, useId, useState } from "preact/hooks";
import { deviceLabels, reasonsAgainst } from "../engine/index.ts";
import { Problem } from "../ui/problem.tsx";
import {
  type Figures,
  type Place,
  places,
  type Result,
  type WorkloadName,
  workloadNames,
  workloadTitles,
} from "./results.ts";
import {
  address,
  doing,
  environment,
  examine,
  isOwn,
  measure,
  problem,
  soFar,
  stop,
  usualPlaces,
} from "./session.ts";

const milliseconds = (ms: number): string =>
  ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);

const FiguresTable = ({ figures, caption }: { readonly figures: Figures; readonly caption: string }) => {
  const shown = places.filter((place) => figures[place] !== undefined);
  const rows = workloadNames.filter((name) => shown.some((place) => figures[place]?.[name] !== undefined));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="figures" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            {shown.map((place) => (
              <th key={place} scope="col" class="number">
                {deviceLabels[place]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((name) => (
            <tr key={name}>
              <th scope="row">
                {workloadTitles[name]} <small class="muted">{name}</small>
              </th>
              {shown.map((place) => {
                const ms = figures[place]?.[name];
                return (
                  <td key={place} class="number">
                    {ms === undefined ? "…" : `${milliseconds(ms)} ms`}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};

const toggled = <Name,>(all: readonly Name[], chosen: readonly Name[], name: Name): readonly Name[] =>
  all.filter((each) => (each === name) !== chosen.includes(each));

const Checks = <Name extends string>({
  legend,
  all,
  chosen,
  titles,
  reasons,
  onChange,
}: {
  readonly legend: string;
  readonly all: readonly Name[];
  readonly chosen: readonly Name[];
  readonly titles: Readonly<Record<Name, string>>;
  readonly reasons?: Readonly<Partial<Record<Name, string>>>;
  readonly onChange: (chosen: readonly Name[]) => void;
}) => {
  const id = useId();
  return (
    <fieldset disabled={doing.value !== undefined}>
      <legend>{legend}</legend>
      {all.map((name) => (
        <div key={name}>
          <label class="check">
            <input
              type="checkbox"
              checked={chosen.includes(name) && reasons?.[name] === undefined}
              disabled={reasons?.[name] !== undefined}
              aria-describedby={reasons?.[name] === undefined ? undefined : `${id}-${name}`}
              onChange={() => onChange(toggled(all, chosen, name))}
            />
            {titles[name]}
          </label>
          {reasons?.[name] !== undefined && (
            <small id={`${id}-${name}`} class="muted reason">
              {reasons?.[name]}
            </small>
          )}
        </div>
      ))}
    </fieldset>
  );
};

const CopyLink = () => {
  const [said, say] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address.link());
      say("Copied");
    } catch {
      // The clipboard may be forbidden; the address bar holds the same.
      say("Copy the address");
    }
  };
  return (
    <button type="button" aria-live="polite" onClick={() => void copy()}>
      {said || "Copy the link"}
    </button>
  );
};

const Found = ({ result }: { readonly result: Result }) => {
  const { figures, date, version, browser, cores, gpu } = result;
  const machine = [browser, cores > 0 && `${cores} cores`, gpu].filter(Boolean).join(", ");
  return (
    <section class="panel">
      <h2>{isOwn.value ? "This machine" : "From the link"}</h2>
      <p class="muted">
        {machine}; tsgan {version}, {date}.
      </p>
      <FiguresTable figures={figures} caption="An iteration takes" />
      <CopyLink />
    </section>
  );
};

const Doing = () => {
  const { place, workload } = doing.value!;
  const what = workload === undefined ? "loading ONNX Runtime" : workloadTitles[workload];
  return (
    <>
      <p role="status">
        {deviceLabels[place]}: {what} …
      </p>
      {Object.keys(soFar.value).length > 0 && <FiguresTable figures={soFar.value} caption="So far" />}
    </>
  );
};

export const Page = () => {
  useEffect(
    () =>
      address.follow((before, now) => {
        if (before.result !== now.result) isOwn.value = false;
      }),
    [],
  );
  useEffect(() => {
    void examine();
    return stop;
  }, []);
  const state = address.state.value;
  const { auto: _, ...reasons } = reasonsAgainst(environment.value);
  const chosen = state.places ?? usualPlaces();
  const nothing = state.workloads.length === 0 || chosen.length === 0;
  return (
    <div class="speed">
      <h1>How fast does this machine train?</h1>
      <p class="muted lead">
        GANs that stay the same from version to version are trained here for some seconds each, on random
        numbers. Nothing is sent anywhere: the result is in the page’s address, for whoever you give it to.
      </p>
      {address.notices.value.length > 0 && <p class="notice">{address.notices.value.join(" ")}</p>}
      {state.result !== undefined && doing.value === undefined && <Found result={state.result} />}
      <form class="panel" aria-label="Measurement" onSubmit={(event) => event.preventDefault()}>
        <Checks
          legend="Workloads"
          all={workloadNames}
          chosen={state.workloads}
          titles={workloadTitles}
          onChange={(workloads: readonly WorkloadName[]) => address.change({ ...state, workloads })}
        />
        <Checks
          legend="Devices"
          all={places}
          chosen={chosen}
          titles={deviceLabels}
          reasons={reasons}
          onChange={(next: readonly Place[]) => address.change({ ...state, places: next })}
        />
        {doing.value === undefined ? (
          <button type="button" class="primary" disabled={nothing} onClick={() => void measure()}>
            Measure this machine
          </button>
        ) : (
          <>
            <button type="button" onClick={stop}>
              Stop
            </button>
            <Doing />
          </>
        )}
      </form>
      <Problem of={problem} class="problem-line" />
    </div>
  );
};

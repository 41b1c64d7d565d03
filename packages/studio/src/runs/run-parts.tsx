/** What the list and the view of runs have in common. */
import { useEffect, useState } from "preact/hooks";
import { integer } from "tsgan/define";
import type { RunState, RunSummary, Started } from "../api.ts";
import { messageOf } from "../engine/message-of.ts";
import { href } from "../route.ts";
import { FieldControl } from "../ui/controls.tsx";
import { fieldsOf } from "../ui/fields.ts";
import { change, idPart } from "./connection.ts";

const LABELS: Readonly<Record<RunState, string>> = {
  starting: "starting",
  running: "running",
  finished: "finished",
  failed: "failed",
  stopped: "stopped",
  damaged: "damaged",
};

export const StateBadge = ({ state }: { state: RunState }) => (
  <span class={`state ${state}`}>{LABELS[state]}</span>
);

export const count = (value: number): string => value.toLocaleString("en-GB");

/** `1.2 MB` */
export const size = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toPrecision(3)} ${units[power - 1]}`;
};

/** `12.5 steps/s`, or `4.1 s/step` where it is slow. */
const pace = (speed: number): string =>
  speed >= 1 || speed === 0
    ? `${Number(speed.toPrecision(3))} steps/s`
    : `${Number((1 / speed).toPrecision(3))} s/step`;

export const Progress = ({ run }: { run: RunSummary }) => {
  const { step, steps, speed, state } = run;
  return (
    <span class="progress">
      <progress max={steps ?? 1} value={steps === undefined ? 0 : Math.min(step, steps)} aria-label="steps" />
      <span>
        step {count(step)}
        {steps !== undefined && ` of ${count(steps)}`}
        {state === "running" && speed !== undefined && `, ${pace(speed)}`}
      </span>
    </span>
  );
};

/** Stops, resumes or extends a run. */
export const RunControls = ({ run, onChange }: { run: RunSummary; onChange: () => void }) => {
  const { id, state, step, steps = step } = run;
  const isDone = step >= steps;
  const [asked, setAsked] = useState<"stop" | "resume">();
  const [problem, setProblem] = useState<string>();
  const [upTo, setUpTo] = useState<number>();
  useEffect(() => setAsked(undefined), [state]);
  const target = upTo ?? (isDone ? 2 * steps : steps);
  const { field } = fieldsOf({
    field: integer({
      default: target,
      least: isDone ? steps + 1 : steps,
      most: 1e9,
      means: isDone ? "Train on to step" : "Go on to step",
    }),
  });

  const ask = async (what: "stop" | "resume", body: object): Promise<void> => {
    setAsked(what);
    setProblem(undefined);
    try {
      await change<Started>(`runs/${idPart(id)}/${what}`, body);
      onChange();
      // A stop takes until the step and the saving are done.
      if (what === "resume") setAsked(undefined);
    } catch (error) {
      setAsked(undefined);
      setProblem(messageOf(error));
    }
  };

  if (run.study !== undefined) {
    return (
      <p class="muted">
        A trial of the study <a href={href("runs", new URLSearchParams({ study: run.study }))}>{run.study}</a>
      </p>
    );
  }
  const canResume = state === "stopped" || state === "finished";
  return (
    <div class="controls">
      {state === "running" && (
        <button type="button" disabled={asked === "stop"} onClick={() => void ask("stop", {})}>
          {asked === "stop" ? "Saving …" : "Stop and save"}
        </button>
      )}
      {canResume && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setUpTo(undefined);
            void ask("resume", target === steps ? {} : { steps: target });
          }}
        >
          <FieldControl label={field.label} field={field} value={target} onChange={setUpTo} />
          <button type="submit" disabled={asked === "resume"}>
            Resume
          </button>
        </form>
      )}
      {problem !== undefined && (
        <p class="notice error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
};

/** The tables page: a CSV becomes a generator of rows like its own, in the browser. */
import "./tables.css";
import { useEffect, useState } from "preact/hooks";
import { ColumnsView } from "./columns-view.tsx";
import { Confirm } from "./confirm.tsx";
import { DropView } from "./drop-view.tsx";
import { ResultsView } from "./results-view.tsx";
import { environment, openTable, pause, session } from "./session.ts";
import { busy, inspection, problem, run, status } from "./state.ts";
import { TakeView } from "./take-view.tsx";
import { TrainView } from "./train-view.tsx";

/** Asks before a tab is closed in which rows were learnt. */
const useLeaveWarning = (isAsked: boolean): void => {
  useEffect(() => {
    if (!isAsked) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isAsked]);
};

/** Takes a file that is dropped anywhere on the page. @returns whether one is held over it */
const useDrop = (onFile: (file: File) => void): boolean => {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      setIsOver(false);
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      onFile(file);
    };
    document.addEventListener("dragover", over, { signal });
    document.addEventListener("dragleave", leave, { signal });
    document.addEventListener("drop", drop, { signal });
    return () => listening.abort();
  }, [onFile]);
  return isOver;
};

const take = (file: File): void => void openTable({ name: file.name, content: file });

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** What is going on, in a line of its own that is always there. */
const Progress = () => {
  const { value } = session.status;
  const now = value.kind === "loading" ? value.progress : undefined;
  if (now === undefined)
    return <p class="working muted">{busy.value === undefined ? "" : `${busy.value} …`}</p>;
  const { loaded, total } = now;
  return (
    <p class="working muted">
      <progress aria-label="Loading ONNX Runtime" value={loaded} max={total ?? undefined} /> ONNX Runtime:{" "}
      {megabytes(loaded)}
      {total === undefined ? "" : ` of ${megabytes(total)}`}
    </p>
  );
};

const Problem = () => {
  if (problem.value === undefined) return null;
  return (
    <div class="problem-line">
      <p class="notice error" role="alert">
        {problem.value}
      </p>
      <button
        type="button"
        onClick={() => {
          problem.value = undefined;
        }}
      >
        Dismiss
      </button>
    </div>
  );
};

export const Page = () => {
  const isOver = useDrop(take);
  const hasTable = inspection.value !== undefined;
  useEffect(() => () => void pause(), []);
  useLeaveWarning((run.value?.step ?? 0) > 0);
  return (
    <div class={`tables${isOver ? " over" : ""}`}>
      <h1>
        Turn <span class="real-word">real rows</span> into <span class="made-word">new ones like them</span>{" "}
        that belong to nobody.
      </h1>
      <p class="muted lead">All of it happens in this page. No row is sent anywhere.</p>
      <p class="visually-hidden" role="status" aria-live="polite">
        {status.value}
      </p>
      {environment.value?.wasmProblem !== undefined && (
        <p class="notice error">Nothing can be trained here. {environment.value.wasmProblem}</p>
      )}
      <Progress />
      <Problem />
      {hasTable ? (
        <div class="bench">
          <ColumnsView />
          <div class="side">
            <TrainView />
            <ResultsView />
            <TakeView />
          </div>
        </div>
      ) : (
        <DropView />
      )}
      <Confirm />
    </div>
  );
};

/** The tables page: a CSV becomes a generator of rows like its own, in the browser. */
import { Problem } from "../ui/problem.tsx";
import "./tables.css";
import { useEffect, useState } from "preact/hooks";
import { ColumnsView } from "./columns-view.tsx";
import { Confirm } from "./confirm.tsx";
import { DropView } from "./drop-view.tsx";
import { ResultsView } from "./results-view.tsx";
import { environment, openTable, pause } from "./session.ts";
import { inspection, problem, status } from "./state.ts";
import { TakeView } from "./take-view.tsx";
import { TrainView, Working } from "./train-view.tsx";

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

export const Page = () => {
  const isOver = useDrop(take);
  const hasTable = inspection.value !== undefined;
  useEffect(() => () => void pause(), []);
  return (
    <div class={`tables${isOver ? " over" : ""}`}>
      <h1>
        Turn <span class="real-word">real rows</span> into <span class="made-word">new ones</span> like them,
        without leaving this page.
      </h1>
      {!hasTable && (
        <p class="muted lead">
          For tests, demos and samples: see how alike they are, and whether they give anybody away. No row is
          sent anywhere.
        </p>
      )}
      <p class="visually-hidden" role="status" aria-live="polite">
        {status.value}
      </p>
      {environment.value?.wasmProblem !== undefined && (
        <p class="notice error">Nothing can be trained here. {environment.value.wasmProblem}</p>
      )}
      {!hasTable && <Working />}
      <Problem of={problem} class="problem-line" />
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

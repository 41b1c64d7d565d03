/** How far a study has come, by model and data set. */
import { useState } from "preact/hooks";
import type { StudyCell, StudyProgress } from "../api.ts";
import { href } from "../route.ts";
import { shortNumber } from "../ui/chart-data.ts";
import { viewOf } from "./addresses.ts";
import { apiAddress, idPart, read, useLive } from "./connection.ts";
import { count } from "./run-parts.tsx";

const sum = (cells: readonly StudyCell[], key: "finished" | "failed" | "stopped" | "running"): number =>
  cells.reduce((total, cell) => total + cell[key], 0);

const Row = ({ study, cell }: { study: string; cell: StudyCell }) => {
  const { data, model, planned, running, finished, failed, stopped, best } = cell;
  return (
    <tr>
      <th scope="row">{model}</th>
      <td>{data}</td>
      <td>
        <progress
          max={planned ?? 1}
          value={finished + failed + stopped}
          aria-label={`trials of ${model} on ${data}`}
        />
      </td>
      {[finished, running, failed, stopped].map((value, i) => (
        <td key={["finished", "running", "failed", "stopped"][i]} class="number">
          {count(value)}
        </td>
      ))}
      <td class="number">{planned === undefined ? "–" : count(planned)}</td>
      <td>
        {best !== undefined && (
          <a href={viewOf([`${study}/trials/${best.trial}`])}>
            {best.figure} {shortNumber(best.value)}
          </a>
        )}
      </td>
    </tr>
  );
};

export const StudyView = ({ id }: { id: string }) => {
  const [study, setStudy] = useState<StudyProgress>();
  const { error } = useLive(
    id,
    async (abort) => setStudy(await read<StudyProgress>(`studies/${idPart(id)}`, abort)),
    ({ changed }) => changed.some((other) => other === id || other.startsWith(`${id}/`)),
  );
  const cells = study?.cells ?? [];
  const ended = sum(cells, "finished") + sum(cells, "failed") + sum(cells, "stopped");
  return (
    <>
      <p class="back">
        <a href={href("runs")}>← All runs</a>
      </p>
      <h1>Study {study?.name ?? id}</h1>
      {error !== undefined && (
        <p class="notice error" role="alert">
          {error}
        </p>
      )}
      {study === undefined && error === undefined && (
        <p class="muted loading" role="status">
          Reading the study …
        </p>
      )}
      {study?.problem !== undefined && <p class="notice error">{study.problem}</p>}
      {study !== undefined && cells.length === 0 && (
        <p class="muted">No trial of it has begun yet: each model has a row here once it is known.</p>
      )}
      {study !== undefined && cells.length > 0 && (
        <>
          <p>
            {count(ended)} {study.planned === undefined ? "" : `of ${count(study.planned)} `}trials have
            ended, of which {count(sum(cells, "failed"))} failed; {count(sum(cells, "running"))} are running.{" "}
            <a href={href("runs", new URLSearchParams({ search: `${id}/`, order: "name" }))}>Their runs</a>
            {study.hasReport && (
              <>
                {", "}
                <a href={apiAddress(`studies/${idPart(id)}/report`)} target="_blank" rel="noreferrer">
                  their report
                </a>
              </>
            )}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section class="scroll" aria-label="Table of trials" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  {["model", "data", "ended"].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                  {["finished", "running", "failed", "stopped", "planned"].map((name) => (
                    <th key={name} scope="col" class="number">
                      {name}
                    </th>
                  ))}
                  <th scope="col">best</th>
                </tr>
              </thead>
              <tbody>
                {cells.map((cell) => (
                  <Row key={`${cell.model}/${cell.data}`} study={id} cell={cell} />
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </>
  );
};

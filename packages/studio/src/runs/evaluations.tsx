/** The evaluations of a run by step, and the best ones of several runs. */
import { shortNumber } from "../ui/chart-data.ts";
import { session } from "./connection.ts";
import { evaluationsOf, type Records } from "./records.ts";
import { count } from "./run-parts.tsx";
import type { RunStore } from "./run-store.ts";

/** Rows of a table of evaluations, at most: the rest is in metrics.jsonl. */
const MOST_ROWS = 200;

const Value = ({ value, best }: { value: number | undefined; best: boolean }) => (
  <td class={best ? "number best" : "number"}>
    {value === undefined ? "" : shortNumber(value)}
    {best && <span class="visually-hidden"> (best)</span>}
  </td>
);

export const EvaluationTable = ({ records }: { records: Records }) => {
  const { names, rows, best } = evaluationsOf(records, session.value?.figures ?? {});
  if (rows.length === 0) return null;
  const shown = rows.map((row, i) => ({ ...row, i })).slice(-MOST_ROWS);
  return (
    <section aria-labelledby="evaluations">
      <h2 id="evaluations">Evaluations</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-label="Table of evaluations" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                step
              </th>
              {names.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ step, values, i }) => (
              <tr key={step}>
                <th scope="row" class="number">
                  {count(step)}
                </th>
                {values.map((value, column) => (
                  <Value key={names[column]} value={value} best={best[column] === i} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="muted">
        The best of each figure is marked.
        {rows.length > MOST_ROWS && ` The newest ${MOST_ROWS} of ${count(rows.length)}.`}
      </p>
    </section>
  );
};

export const BestTable = ({ stores }: { stores: readonly RunStore[] }) => {
  const figures = session.value?.figures ?? {};
  const runs = stores.map(({ id, records }) => ({ id, ...evaluationsOf(records.value, figures) }));
  const names = [...new Set(runs.flatMap((run) => run.names))].filter((name) => figures[name] !== "neither");
  if (names.length === 0) return null;
  const bestValue = ({ names: own, rows, best }: (typeof runs)[number], name: string): number | undefined => {
    const column = own.indexOf(name);
    const row = best[column];
    return row === undefined ? undefined : rows[row].values[column];
  };
  return (
    <section aria-labelledby="evaluations">
      <h2 id="evaluations">Best evaluations</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-label="Table of the best evaluations" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">run</th>
              {names.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <th scope="row">{run.id}</th>
                {names.map((name) => {
                  const sign = figures[name] === "lower" ? 1 : -1;
                  const value = bestValue(run, name);
                  const costs = runs
                    .flatMap((other) => bestValue(other, name) ?? [])
                    .map((other) => sign * other);
                  return (
                    <Value
                      key={name}
                      value={value}
                      best={value !== undefined && sign * value === Math.min(...costs)}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="muted">The best value of each run, whatever its step; the best of all is marked.</p>
    </section>
  );
};

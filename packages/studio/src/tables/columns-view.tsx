/** The table as it was understood, column by column, and what is learnt of each. */
import { FileButton } from "../ui/file-button.tsx";
import { ColumnEditor } from "./column-editor.tsx";
import { TableButton } from "./drop-view.tsx";
import { Histogram, Missing } from "./histogram.tsx";
import type { ColumnView } from "./inspect.ts";
import { RulesView } from "./rules-view.tsx";
import { closeTable, loadSchema, saveSchema } from "./session.ts";
import { busy, inspection, look } from "./state.ts";

const quoted = (texts: readonly string[]): string => texts.map((text) => `“${text.slice(0, 40)}”`).join(", ");

/** What a picture shows, for those who do not see it. */
const labelOf = ({ schema, says, drawn }: ColumnView, score: number | undefined, step: number): string => {
  const range = drawn?.range === undefined ? "" : `, from ${drawn.range[0]} to ${drawn.range[1]}`;
  const made = score === undefined ? "" : `; synthetic rows of step ${step} agree to ${score.toFixed(2)}`;
  return `Distribution of ${schema.name}: ${says}${range}${made}`;
};

const Learnt = ({ view }: { view: ColumnView }) => {
  const { schema, says, examples, drawn, missing } = view;
  const shown = look.value;
  const made = shown?.made[schema.name];
  const score = shown?.scores[schema.name];
  return (
    <li class="panel column">
      <div class="column-head">
        <h3>{schema.name}</h3>
        {score !== undefined && (
          <span class="score" title="How alike the two distributions are; 1 is the same">
            {score.toFixed(2)}
          </span>
        )}
      </div>
      {drawn !== undefined && (
        <Histogram
          label={labelOf(view, score, shown?.step ?? 0)}
          scale={drawn.scale}
          real={drawn.real}
          made={made}
          range={drawn.range}
        />
      )}
      <div class="column-foot">
        <p class="muted says" title={`for example ${quoted(examples)}`}>
          {says}
        </p>
        <Missing real={missing} made={made?.missing} />
        <ColumnEditor view={view} />
      </div>
    </li>
  );
};

/** Why a column is not learnt, and what becomes of it. */
const reasonOf = ({ schema, missing }: ColumnView): string => {
  const gaps = missing > 0 ? `; ${Math.round(100 * missing)} % missing` : "";
  switch (schema.kind) {
    case "identifier":
      return `Names a row or a person: new ones are made by the pattern ${schema.pattern}${gaps}`;
    case "text":
      return `Free text could tell of a person: left out${gaps}`;
    case "constant":
      return `Always ${schema.value === "" ? "missing" : `“${schema.value}”`}`;
    default:
      return `Left out${gaps}`;
  }
};

const Other = ({ view }: { view: ColumnView }) => (
  <li>
    <h4>{view.schema.name}</h4>
    <p>
      {reasonOf(view)}.
      {view.schema.kind !== "constant" && <span class="muted"> {quoted(view.examples.slice(0, 2))}</span>}
    </p>
    <ColumnEditor view={view} />
  </li>
);

export const ColumnsView = () => {
  const { name, rows, described, notes, columns } = inspection.value!;
  const learnt = columns.filter(({ drawn }) => drawn !== undefined);
  const others = columns.filter(({ drawn }) => drawn === undefined);
  const isBusy = busy.value !== undefined;
  return (
    <section class="stage" aria-labelledby="table-title">
      <div class="stage-head">
        <div>
          <h2 id="table-title">{name}</h2>
          <p class="muted">
            {rows.toLocaleString("en")} rows, {described}
            {notes.map((note) => `; ${note}`)}
          </p>
        </div>
        <div class="buttons">
          <TableButton label="Other file" />
          <FileButton
            label="Load schema"
            accept=".json,application/json"
            disabled={isBusy}
            onChoose={(file) => void loadSchema(file)}
          />
          <button type="button" onClick={saveSchema}>
            Save schema
          </button>
          <button type="button" disabled={isBusy} onClick={() => void closeTable()}>
            Close
          </button>
        </div>
      </div>
      <p class="legend">
        <span class="real-word">Real</span>
        <span class="made-word">{look.value === undefined ? "Synthetic, once it trains" : "Synthetic"}</span>
        {look.value !== undefined && (
          <span class="muted">
            {look.value.rows.toLocaleString("en")} rows of step {look.value.step.toLocaleString("en")}
          </span>
        )}
      </p>
      <ul class="columns">
        {learnt.map((view) => (
          <Learnt key={view.schema.name} view={view} />
        ))}
      </ul>
      <RulesView />
      {others.length > 0 && (
        <>
          <h3>Not learnt</h3>
          <ul class="others panel">
            {others.map((view) => (
              <Other key={view.schema.name} view={view} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
};

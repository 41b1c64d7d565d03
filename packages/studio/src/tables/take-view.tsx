/** What one takes along: rows, the model, its generator. */
import { useState } from "preact/hooks";
import type { RowFormat } from "tsgan/tables";
import { ParsedControl, SelectControl, TextControl } from "../ui/controls.tsx";
import { cancelRows, saveGenerator, saveReport, saveRows, saveRun } from "./session.ts";
import { busy, inspection, making, run, settings } from "./state.ts";

const FORMATS: Readonly<Record<RowFormat, string>> = { csv: "CSV", jsonl: "JSON lines" };

/** A billion rows are nobody's wish, and no browser's. */
const MOST_ROWS = 5_000_000;

const parseRows = (text: string): number => {
  const value = Number(text.replaceAll(/[\s,]/g, ""));
  if (!Number.isSafeInteger(value) || value < 1 || value > MOST_ROWS) {
    throw new Error(`a whole number from 1 to ${MOST_ROWS.toLocaleString("en")}`);
  }
  return value;
};

export const TakeView = () => {
  const [rows, setRows] = useState<number>();
  const [format, setFormat] = useState<RowFormat>("csv");
  const [where, setWhere] = useState("");
  const isReady = (run.value?.step ?? 0) > 0 && busy.value === undefined;
  const underWay = making.value;
  const wanted = rows ?? inspection.value!.rows;
  return (
    <section class="panel take" aria-labelledby="take-title">
      <h2 id="take-title">Take them along</h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const conditions = where.split(/\s+and\s+/i).filter((text) => text.trim() !== "");
          void saveRows({ rows: wanted, format, seed: settings.peek().seed, where: conditions });
        }}
      >
        <div class="fields">
          <ParsedControl
            label="Rows"
            value={wanted}
            format={String}
            parse={parseRows}
            inputMode="numeric"
            onChange={setRows}
          />
          <SelectControl<RowFormat> label="Format" value={format} choices={FORMATS} onChange={setFormat} />
        </div>
        <TextControl
          label="Only rows where"
          placeholder="country=DE and age>=40"
          value={where}
          onChange={setWhere}
        />
        {underWay === undefined ? (
          <button type="submit" class="primary" disabled={!isReady}>
            Download rows
          </button>
        ) : (
          <div class="making">
            <progress aria-label="Rows made" value={underWay.done} max={underWay.rows} />
            <span>{underWay.done.toLocaleString("en")} rows</span>
            <button type="button" onClick={cancelRows}>
              Cancel
            </button>
          </div>
        )}
      </form>
      <div class="buttons">
        <button
          type="button"
          disabled={!isReady}
          title="A folder for tsgan sample, evaluate and train --resume"
          onClick={() => void saveRun()}
        >
          Download the run
        </button>
        <button type="button" disabled={!isReady} onClick={() => void saveReport()}>
          Report
        </button>
        <button type="button" disabled={!isReady} onClick={() => void saveGenerator()}>
          generator.onnx
        </button>
      </div>
      <p class="muted small">
        The run holds the ranges and categories of the table, and none of its rows. tsgan sample reads it.
      </p>
    </section>
  );
};

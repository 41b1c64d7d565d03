/** Begins a run on this machine. */
import { useState } from "preact/hooks";
import type { Started } from "../api.ts";
import { messageOf } from "../engine/message-of.ts";
import { FieldControl, SelectControl } from "../ui/controls.tsx";
import type { Field } from "../ui/fields.ts";
import { viewOf } from "./addresses.ts";
import { change, session } from "./connection.ts";
import {
  firstPlain,
  noChoices,
  type Plain,
  plainFields,
  requestOf,
  type SlotName,
  slots,
  thingsFor,
  withChosen,
} from "./start-request.ts";
import { ThingControl } from "./thing-control.tsx";

export const StartForm = ({ onDone }: { onDone: () => void }) => {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [plain, setPlain] = useState(firstPlain);
  const [choices, setChoices] = useState(noChoices);
  const about = session.value;
  if (about === undefined) return null;

  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { id } = await change<Started>("runs", requestOf(plain, choices));
      onDone();
      location.hash = viewOf([id]);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };

  const plainControl = <Name extends keyof Plain>(name: Name, placeholder?: string) => (
    <FieldControl
      label={plainFields[name].label}
      field={plainFields[name] as Field<Plain[Name]>}
      value={plain[name]}
      placeholder={placeholder}
      onChange={(value) => setPlain({ ...plain, [name]: value })}
    />
  );
  const usual = plain.recipe === undefined ? "default" : "the recipe's";
  const recipe = about.recipes.find(({ name }) => name === plain.recipe);
  const thingControl = (slot: SlotName, none: string | undefined) => (
    <ThingControl
      label={slots[slot].label}
      many={slots[slot].many}
      usual={none}
      things={thingsFor(slot, about, choices)}
      chosen={choices[slot]}
      onChange={(chosen) => setChoices((before) => withChosen(before, slot, chosen, about))}
    />
  );

  return (
    <form
      class="panel start"
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      {thingControl("data", undefined)}
      <SelectControl
        label={plainFields.recipe.label}
        value={plain.recipe ?? ""}
        choices={{ "": "none", ...Object.fromEntries(about.recipes.map(({ name }) => [name, name])) }}
        note={recipe && `${recipe.title} (${recipe.data})`}
        onChange={(name) => setPlain({ ...plain, recipe: name || undefined })}
      />
      {thingControl("loss", usual)}
      {plainControl("steps")}
      {plainControl("seed")}
      {plainControl("evaluateEvery", "never")}
      {plainControl("name", "data-loss-1")}
      <details class="more">
        <summary>Model, penalties, techniques, optimiser, metrics</summary>
        <div class="more-things">
          {thingControl("model", usual)}
          {thingControl("penalties", usual)}
          {thingControl("terms", usual)}
          {thingControl("techniques", usual)}
          {thingControl("optimizer", usual)}
          {choices.optimizer.length > 0 && thingControl("links", "none")}
          {thingControl("evaluateMetrics", usual)}
        </div>
      </details>
      <div class="buttons">
        <button type="submit" class="primary" disabled={busy}>
          Start
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
      {problem !== undefined && (
        <p class="notice error" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
};

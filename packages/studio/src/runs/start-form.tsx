/** Begins a run on this machine. */
import { useState } from "preact/hooks";
import type { Started } from "../api.ts";
import { messageOf } from "../engine/message-of.ts";
import { viewOf } from "./addresses.ts";
import { change, session } from "./connection.ts";
import { noChoices, requestOf, type SlotName, slots, thingsFor, withChosen } from "./start-request.ts";
import { ThingControl } from "./thing-control.tsx";

/** Steps of a first look: a minute or two on two cores. */
const STEPS = 1000;
const EVERY = 250;

const number = (form: FormData, name: string): number | undefined => {
  const text = String(form.get(name) ?? "");
  return text === "" ? undefined : Number(text);
};

const word = (form: FormData, name: string): string | undefined => {
  const text = String(form.get(name) ?? "").trim();
  return text === "" ? undefined : text;
};

export const StartForm = ({ onDone }: { onDone: () => void }) => {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [recipe, setRecipe] = useState("");
  const [choices, setChoices] = useState(noChoices);
  const about = session.value;
  if (about === undefined) return null;

  const start = async (form: FormData): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const plain = {
      name: word(form, "name"),
      recipe: word(form, "recipe"),
      steps: number(form, "steps"),
      seed: number(form, "seed"),
      evaluateEvery: number(form, "evaluateEvery"),
    };
    try {
      const { id } = await change<Started>("runs", requestOf(plain, choices));
      onDone();
      location.hash = viewOf([id]);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };

  const usual = recipe === "" ? "default" : "the recipe's";
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
        void start(new FormData(event.currentTarget));
      }}
    >
      {thingControl("data", undefined)}
      <label>
        <span>Recipe</span>
        <select name="recipe" value={recipe} onChange={({ currentTarget }) => setRecipe(currentTarget.value)}>
          <option value="">none</option>
          {about.recipes.map(({ name, title, data }) => (
            <option key={name} value={name} title={`${title} (${data})`}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {thingControl("loss", usual)}
      <label>
        <span>Steps</span>
        <input name="steps" type="number" min="1" max="1000000000" step="1" defaultValue={STEPS} required />
      </label>
      <label>
        <span>Seed</span>
        <input name="seed" type="number" min="0" step="1" defaultValue="1" required />
      </label>
      <label>
        <span>Evaluate every</span>
        <input name="evaluateEvery" type="number" min="1" step="1" defaultValue={EVERY} placeholder="never" />
      </label>
      <label>
        <span>Name</span>
        <input
          name="name"
          pattern="\w[\w.\-]{0,99}"
          placeholder="data-loss-1"
          title="letters, digits, . - _"
        />
      </label>
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

/** Begins a run on this machine. */
import { useState } from "preact/hooks";
import type { Started } from "../api.ts";
import { viewOf } from "./addresses.ts";
import { change, session } from "./connection.ts";

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
  const about = session.value;
  if (about === undefined) return null;

  const start = async (form: FormData): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const config = {
      data: word(form, "data"),
      recipe: word(form, "recipe"),
      loss: word(form, "loss"),
      steps: number(form, "steps"),
      seed: number(form, "seed"),
      evaluateEvery: number(form, "evaluateEvery"),
    };
    try {
      // What is undefined does not get into JSON: it is as the recipe or the default has it.
      const { id } = await change<Started>("runs", { name: word(form, "name"), config });
      onDone();
      location.hash = viewOf([id]);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <form
      class="panel start"
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        void start(new FormData(event.currentTarget));
      }}
    >
      <label>
        <span>Data</span>
        <select name="data">
          {Object.entries(about.datasets).map(([name, description]) => (
            <option key={name} value={name} title={description} selected={name === "ring"}>
              {name}
            </option>
          ))}
        </select>
      </label>
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
      <label>
        <span>Loss</span>
        <select name="loss">
          <option value="">{recipe === "" ? "default" : "the recipe's"}</option>
          {about.losses.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
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

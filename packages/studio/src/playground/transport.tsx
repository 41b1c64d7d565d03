/** What makes the training go: play, steps, slow motion, reset, seed, device. */
import { useState } from "preact/hooks";
import { type DeviceChoice, deviceChoices, deviceLabels, unavailable } from "../engine/index.ts";
import { FieldControl, SelectControl } from "../ui/controls.tsx";
import {
  addGan,
  copyableLink,
  device,
  environment,
  experiment,
  frame,
  iteration,
  phase,
  play,
  playable,
  playing,
  ready,
  reset,
  setDevice,
  setExperiment,
  setView,
  step,
  view,
} from "./session.ts";
import { ganFields, MOST_GANS, withSetting } from "./settings.ts";

const newSeed = (): void => {
  const [seed] = crypto.getRandomValues(new Uint16Array(1));
  setExperiment(withSetting(experiment.peek(), 0, "seed", seed));
};

/** Milliseconds for which the button says that it has worked. */
const COPIED = 2000;

const CopyLink = () => {
  const [said, say] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(copyableLink());
      say("Link copied");
    } catch {
      // The clipboard may be forbidden; the address bar holds the same.
      say("Copy the address");
    }
    setTimeout(() => say(""), COPIED);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={() => void copy()}>
      {said || "Copy link"}
    </button>
  );
};

const DeviceChooser = () => {
  const found = environment.value;
  const chosen = device.value;
  const choices = Object.fromEntries(
    deviceChoices
      .filter((choice) => choice === "auto" || found === undefined || !unavailable(choice, found))
      .map((choice) => [
        choice,
        choice === "auto" && chosen !== undefined
          ? `Automatic: ${deviceLabels[chosen.choice]}`
          : deviceLabels[choice],
      ]),
  ) as Record<DeviceChoice, string>;
  return <SelectControl label="Runs on" value={view.value.device} choices={choices} onChange={setDevice} />;
};

export const Transport = () => {
  const off = !ready.value;
  const { iterationsPerSecond = 0 } = frame.value ?? {};
  return (
    <div class="transport panel">
      <div class="buttons">
        <button
          type="button"
          class="primary play"
          disabled={!playable.value}
          aria-keyshortcuts="Space"
          onClick={() => play(!playing.value)}
        >
          {playing.value ? "Pause" : "Play"}
        </button>
        <button type="button" disabled={off} aria-keyshortcuts="s" onClick={() => step("iteration")}>
          Step
        </button>
        <button type="button" disabled={off} onClick={() => step("discriminator")}>
          Only D
        </button>
        <button type="button" disabled={off} onClick={() => step("generator")}>
          Only G
        </button>
        <button type="button" disabled={off} aria-keyshortcuts="r" onClick={reset}>
          Reset
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={view.value.slow}
            onChange={(event) => setView({ slow: event.currentTarget.checked })}
          />
          Slow motion
        </label>
      </div>
      <div class="counters">
        <output class="count" aria-label="Iteration">
          <span class="muted">Iteration</span> {iteration.value?.toLocaleString("en") ?? "–"}
        </output>
        <output class="rate" aria-label="Speed">
          {phase.value !== undefined ? (
            <span>{phase.value === "discriminator" ? "D has been trained" : "G has been trained"}</span>
          ) : (
            <span>
              {playing.value && iterationsPerSecond > 0
                ? `${Math.round(iterationsPerSecond)} a second`
                : "paused"}
            </span>
          )}
        </output>
      </div>
      <div class="choices">
        <FieldControl
          label="Seed"
          field={ganFields.seed}
          value={experiment.value.base.seed}
          onChange={(value) => setExperiment(withSetting(experiment.peek(), 0, "seed", value))}
        />
        <button type="button" onClick={newSeed}>
          New seed
        </button>
        <DeviceChooser />
        <button type="button" disabled={experiment.value.variants.length + 1 >= MOST_GANS} onClick={addGan}>
          Add a GAN to compare
        </button>
        <CopyLink />
      </div>
    </div>
  );
};

/** The settings beside the picture; under it on a phone. Loaded when they are first asked for. */
import { useEffect, useRef } from "preact/hooks";
import { type DeviceChoice, deviceChoices, deviceLabels, unavailable } from "../engine/index.ts";
import { FieldControl, SelectControl } from "../ui/controls.tsx";
import {
  addGan,
  device,
  environment,
  experiment,
  ready,
  reset,
  setDevice,
  setExperiment,
  step,
  view,
} from "./session.ts";
import { ganFields, MOST_GANS, withSetting } from "./settings.ts";
import { Panel, SettingsPanel } from "./settings-panel.tsx";
import { closeSettings, opened } from "./viewing.ts";

const newSeed = (): void => {
  const [seed] = crypto.getRandomValues(new Uint16Array(1));
  setExperiment(withSetting(experiment.peek(), 0, "seed", seed));
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

const RunPanel = () => (
  <Panel section="run" title="Run">
    <div class="pair">
      <FieldControl
        label={ganFields.seed.label}
        field={ganFields.seed}
        value={experiment.value.base.seed}
        onChange={(value) => setExperiment(withSetting(experiment.peek(), 0, "seed", value))}
      />
      <button type="button" onClick={newSeed}>
        New seed
      </button>
    </div>
    <DeviceChooser />
    <button type="button" disabled={!ready.value} onClick={reset}>
      Start again from iteration 0
    </button>
    <div class="row">
      <span>One step of</span>
      <button type="button" disabled={!ready.value} onClick={() => step("discriminator")}>
        Only D
      </button>
      <button type="button" disabled={!ready.value} onClick={() => step("generator")}>
        Only G
      </button>
    </div>
  </Panel>
);

export const Drawer = () => {
  const aside = useRef<HTMLElement>(null);
  const { value: section } = opened;
  useEffect(() => {
    const asked = aside.current?.querySelector<HTMLElement>(`[data-section="${section}"] > summary`);
    asked?.focus({ preventScroll: true });
    const top = asked?.offsetTop ?? 0;
    aside.current?.scrollTo({ top: Math.max(0, top - 72) });
  }, [section]);
  return (
    <aside
      ref={aside}
      class="panel settings"
      aria-label="Settings"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) closeSettings();
      }}
    >
      <header>
        <h2>Settings</h2>
        <button type="button" disabled={experiment.value.variants.length + 1 >= MOST_GANS} onClick={addGan}>
          Add a GAN to compare
        </button>
        <button type="button" class="icon" aria-label="Close the settings" onClick={closeSettings}>
          ×
        </button>
      </header>
      <SettingsPanel />
      <RunPanel />
    </aside>
  );
};

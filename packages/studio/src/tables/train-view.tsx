/** Training: its one button, how far it is, and its settings. */
import { type DeviceChoice, deviceLabels, reasonsAgainst } from "../engine/index.ts";
import { FieldControls, SelectControl } from "../ui/controls.tsx";
import { changeSettings, chooseDeviceAs, environment, pause, restart, session, train } from "./session.ts";
import { settingsFields, usualSettings } from "./settings.ts";
import { busy, curve, deviceChoice, isTraining, look, rate, run, settings, timeLeft } from "./state.ts";

const MORE = 1000;

export const duration = (seconds: number): string => {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const count = (value: number): string => value.toLocaleString("en");

const MainButton = () => {
  const isBusy = busy.value !== undefined;
  const current = run.value;
  if (isTraining.value) {
    return (
      <button type="button" class="primary big" onClick={() => void pause()}>
        Pause
      </button>
    );
  }
  const isOver = current !== undefined && current.step >= settings.value.steps;
  const label = current === undefined ? "Train" : isOver ? `Train ${count(MORE)} more` : "Continue";
  return (
    <button
      type="button"
      class="primary big"
      disabled={isBusy || environment.value?.wasmProblem !== undefined}
      onClick={() => {
        if (isOver) changeSettings({ steps: current.step + MORE });
        void train();
      }}
    >
      {label}
    </button>
  );
};

/** Quality by step, small. */
const Sparkline = () => {
  const { quality } = curve.value;
  if (quality.length < 2) return null;
  const points = quality.map(
    (value, i) => `${(100 * i) / (quality.length - 1)},${(30 * (1 - value)).toFixed(2)}`,
  );
  return (
    <svg class="sparkline" viewBox="-1 -1 102 32" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(" ")} />
    </svg>
  );
};

const Settings = () => {
  const current = run.value;
  const isChanged =
    current !== undefined &&
    (["batch", "seed", "holdOut"] as const).some((key) => current.settings[key] !== settings.value[key]);
  return (
    <details class="settings">
      <summary>Settings</summary>
      <div class="form">
        <div class="fields">
          <FieldControls fields={settingsFields} values={{ ...settings.value }} onChange={changeSettings} />
        </div>
        <SelectControl<DeviceChoice>
          label="Device"
          value={deviceChoice.value}
          disabled={busy.value !== undefined || isTraining.value}
          choices={deviceLabels}
          reasons={reasonsAgainst(environment.value)}
          onChange={(choice) => void chooseDeviceAs(choice)}
        />
        {isChanged && <p class="notice">Rows a step, seed and held-out rows count from the next start on.</p>}
        {settings.value !== usualSettings && (
          <button type="button" onClick={() => changeSettings(usualSettings)}>
            Usual settings
          </button>
        )}
      </div>
    </details>
  );
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** How far ONNX Runtime is loaded, while it is. */
const Loading = () => {
  const { value } = session.status;
  const { loaded, total } = (value.kind === "loading" && value.progress) || { loaded: 0, total: undefined };
  return (
    <>
      <progress aria-label="Loading ONNX Runtime" value={loaded} max={total ?? undefined} />
      <p class="how-far muted">
        ONNX Runtime: {megabytes(loaded)}
        {total === undefined ? "" : ` of ${megabytes(total)}`}
      </p>
    </>
  );
};

const isLoading = (): boolean => session.status.value.kind === "loading";

/** What the page is waiting for, before there is a table. */
export const Working = () => (
  <div class="working">
    {isLoading() ? <Loading /> : <p class="muted">{busy.value === undefined ? "" : `${busy.value} …`}</p>}
  </div>
);

const HowFar = () => {
  const { steps } = settings.value;
  const left = timeLeft.value;
  const step = run.value?.step ?? 0;
  const speed = rate.value;
  const isOver = step >= steps && step > 0;
  const words = [
    ...(isOver ? ["done"] : isTraining.value && left !== undefined ? [`${duration(left)} left`] : []),
    ...(speed === undefined ? [] : [`${speed.toFixed(speed < 10 ? 1 : 0)} steps/s`]),
  ];
  return (
    <>
      <progress aria-label="Steps of training" value={step} max={steps} />
      <p class="how-far">
        <span>
          Step <b>{count(step)}</b> of {count(steps)}
        </span>
        <span class="muted">{busy.value === undefined ? words.join(", ") : `${busy.value} …`}</span>
      </p>
    </>
  );
};

/** The button, and how far it is: on a phone it stays at the thumb. */
const Transport = () => (
  <div class="panel transport">
    <div class="buttons">
      <MainButton />
      {run.value !== undefined && (
        <button type="button" disabled={busy.value !== undefined} onClick={() => void restart()}>
          Restart
        </button>
      )}
    </div>
    {isLoading() ? <Loading /> : <HowFar />}
  </div>
);

export const TrainView = () => {
  const current = run.value;
  return (
    <>
      <Transport />
      <section class="panel train" aria-labelledby="train-title">
        <h2 id="train-title" class="visually-hidden">
          Training
        </h2>
        {look.value !== undefined && (
          <div class="live">
            <span>Quality so far</span>
            <Sparkline />
            <b>{look.value.quality.toFixed(2)}</b>
          </div>
        )}
        <p class="muted small">
          {current === undefined
            ? "Training takes minutes. Pause whenever the columns look right."
            : `${count(current.facts.training)} rows are learnt from${
                current.facts.heldOut > 0 ? `, ${count(current.facts.heldOut)} are kept to judge by` : ""
              }.`}
          {current?.facts.warnings.map((warning) => ` ${warning}.`)}
        </p>
        <Settings />
      </section>
    </>
  );
};

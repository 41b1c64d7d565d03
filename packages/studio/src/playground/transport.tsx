/** What makes the training go: play, a step back and on, speed, start again. */
import { useId } from "preact/hooks";
import { begun, narrated, play, playable, playing, ready, reset, setView, step, view } from "./session.ts";
import { FASTEST, speeds } from "./speeds.ts";
import { closeSettings, hasPast, lookBack, lookOn, opened, openSettings } from "./viewing.ts";

/** One step on: to the next moment where the past is looked at, else a phase or an iteration of training. */
export const stepOn = (): void => {
  if (!lookOn()) step(narrated.peek() ? "phase" : "iteration");
};

export const stepBack = (): void => {
  if (playing.peek()) play(false);
  lookBack();
};

const Icon = ({ path }: { readonly path: string }) => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={path} fill="currentColor" />
  </svg>
);

const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 2.5h3v11H4zM9 2.5h3v11H9z";
const BACK = "M12 3v10L5.5 8zM4 3h1.5v10H4z";
const ON = "M4 3v10l6.5-5zM10.5 3H12v10h-1.5z";
const AGAIN = "M8 3a5 5 0 1 1-4.6 3l1.4.6A3.5 3.5 0 1 0 8 4.5V7L4.5 3.7 8 .5z";

const SpeedControl = () => {
  const id = useId();
  const { speed } = view.value;
  return (
    <div class="speed">
      <label for={id}>Speed</label>
      <input
        id={id}
        type="range"
        min={0}
        max={FASTEST}
        step={1}
        value={speed}
        aria-valuetext={speeds[speed].text}
        title={speeds[speed].text}
        onInput={(event) => setView({ speed: event.currentTarget.valueAsNumber })}
      />
    </div>
  );
};

/** The one loud button of the page. */
export const PlayButton = () => (
  <button
    type="button"
    class="primary play"
    disabled={!playable.value}
    aria-keyshortcuts="Space"
    data-asks={!playing.value && !begun.value}
    onClick={() => play(!playing.value)}
  >
    <Icon path={playing.value ? PAUSE : PLAY} />
    {playing.value ? "Pause" : "Play"}
  </button>
);

export const Transport = () => (
  <section class="transport" aria-label="Training">
    <PlayButton />
    <button
      type="button"
      class="icon"
      aria-label="Step back"
      title="Step back (b)"
      aria-keyshortcuts="b"
      disabled={!hasPast.value}
      onClick={stepBack}
    >
      <Icon path={BACK} />
    </button>
    <button
      type="button"
      class="icon"
      aria-label="Step"
      title={narrated.value ? "Next phase (s)" : "One iteration (s)"}
      disabled={!ready.value}
      aria-keyshortcuts="s"
      onClick={stepOn}
    >
      <Icon path={ON} />
    </button>
    <SpeedControl />
    <button
      type="button"
      class="icon again"
      aria-label="Reset"
      title="Start again from iteration 0 (r)"
      disabled={!ready.value}
      aria-keyshortcuts="r"
      onClick={reset}
    >
      <Icon path={AGAIN} />
    </button>
    <button
      type="button"
      class="pill"
      aria-expanded={opened.value !== undefined}
      onClick={() => (opened.value === undefined ? openSettings("data") : closeSettings())}
    >
      Settings
    </button>
  </section>
);

/** The picture, with what is drawn in it, where in time one is, and what happens. */
import { unavailable } from "../engine/index.ts";
import { href } from "../route.ts";
import { type Layer, layers } from "./address.ts";
import { GanCanvas, Scale } from "./gan-canvas.tsx";
import { Info } from "./info.tsx";
import { captionOf } from "./narration.ts";
import { recorded } from "./recording.ts";
import { environment, experiment, playing, report, setView, started, status, view } from "./session.ts";
import { gansOf, letterOf } from "./settings.ts";
import {
  legibleCount,
  legibleIteration,
  legibleMoment,
  lookAt,
  phaseShown,
  shown,
  surfaceKind,
  viewed,
} from "./viewing.ts";

const MEGABYTE = 1e6;

/** Loading, and what is missing. Its place is kept, so that nothing jumps. */
export const StatusLine = () => {
  const { value } = status;
  switch (value.kind) {
    case "starting":
      return <p class="status muted">Building the networks …</p>;
    case "loading": {
      const { loaded, total } = value.progress ?? { loaded: 0, total: undefined };
      const of = total === undefined ? "" : ` of ${(total / MEGABYTE).toFixed(0)}`;
      return (
        <div class="status">
          <progress
            aria-label="Loading ONNX Runtime"
            value={total === undefined ? undefined : loaded}
            max={total}
          />
          <span class="muted">
            {recorded.value && "A recording, while what trains is loaded. "}
            Loading ONNX Runtime: {(loaded / MEGABYTE).toFixed(0)}
            {of} MB
          </span>
        </div>
      );
    }
    case "waiting":
      return (
        <p class="status notice" role="status">
          {value.reason}
        </p>
      );
    case "impossible":
      return (
        <p class="status notice error" role="alert">
          {value.reason} Training in this page needs it. What still works:{" "}
          <a href={href("lessons")}>the lessons</a> whose figures are computed without it, and{" "}
          <a href={href("runs")}>the runs</a> of tsgan studio.
        </p>
      );
    case "failed":
      return (
        <p class="status notice error" role="alert">
          {value.reason}
        </p>
      );
    case "ready":
      return <p class="status muted">{readyText()}</p>;
  }
};

const readyText = (): string => {
  const found = environment.value;
  const { storageProblem } = report.value ?? {};
  if (storageProblem !== undefined)
    return `A reload will start again: states cannot be kept (${storageProblem}).`;
  if (found?.isolated === false) return `Training runs on one thread. ${unavailable("threads", found)}`;
  return "Trained in this page. Space: play, s: step, b: back, r: reset.";
};

const Layers = () => (
  <fieldset class="layers">
    <legend class="visually-hidden">Shown</legend>
    {(Object.entries(layers) as [Layer, string][]).map(([name, label]) => (
      <span key={name} class={`chip-box ${name}`}>
        <label class={`check ${name}`}>
          <input
            type="checkbox"
            checked={view.value.layers.includes(name)}
            onChange={({ currentTarget: { checked } }) =>
              setView({
                layers: (Object.keys(layers) as Layer[]).filter((other) =>
                  other === name ? checked : view.peek().layers.includes(other),
                ),
              })
            }
          />
          {label}
        </label>
        {name === "manifold" && <Info term="grid" name="the latent grid" />}
      </span>
    ))}
  </fieldset>
);

/** Where in time one is; dragging goes back. */
const Timeline = () => {
  const last = legibleCount.value - 1;
  const at = viewed.value ?? last;
  const step = viewed.value === undefined ? legibleIteration.value : shown.value?.step;
  const { iterationsPerSecond = 0 } = legibleMoment.value ?? {};
  const rate =
    viewed.value !== undefined
      ? "in the past"
      : playing.value && iterationsPerSecond > 0
        ? `${Math.round(iterationsPerSecond)} a second`
        : playing.value || report.value?.playing === true
          ? ""
          : "paused";
  return (
    <div class="timeline">
      <output class="count" aria-label="Iteration">
        <span class="muted">Iteration</span> {step?.toLocaleString("en") ?? "–"}
      </output>
      <input
        type="range"
        aria-label="Time: drag to go back"
        title="Drag to go back in time"
        min={0}
        max={Math.max(1, last)}
        step={1}
        value={Math.max(0, at)}
        disabled={last < 1}
        aria-valuetext={`iteration ${step ?? 0}`}
        onInput={(event) => lookAt(event.currentTarget.valueAsNumber)}
      />
      <output class="rate muted" aria-label="Speed">
        {rate}
      </output>
    </div>
  );
};

/** What happens now, in words, for each GAN alike: the numbers are those of the first. */
const Caption = () => {
  const moment = shown.value;
  const phase = moment?.phase;
  if (moment === undefined || phase === undefined) return null;
  const { batch, criticSteps } = gansOf(experiment.value)[0];
  const kind = started.value?.gans[0]?.surface ?? "probability";
  const { title, text } = captionOf(phase, { kind, batch, criticSteps, notes: moment.notes[0] });
  return (
    <p class="caption" data-player={phase.player} role="status">
      <b>{title}</b> {text}
    </p>
  );
};

export const Stage = () => {
  const count = experiment.value.variants.length + 1;
  const told = phaseShown.value !== undefined;
  return (
    <section class="stage panel" aria-label="Picture">
      <Layers />
      <div class="gans" data-count={count}>
        {Array.from({ length: count }, (_, i) => (
          <GanCanvas key={letterOf(i)} index={i} />
        ))}
      </div>
      {surfaceKind.value !== undefined && <Scale index={0} />}
      <Timeline />
      {told ? <Caption /> : <StatusLine />}
    </section>
  );
};

import "./playground.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { unavailable } from "../engine/index.ts";
import { href } from "../route.ts";
import { type Layer, layers } from "./address.ts";
import { Charts, FiguresTable, summary } from "./charts.tsx";
import { examples } from "./examples.ts";
import { GanCanvas } from "./gan-canvas.tsx";
import {
  environment,
  experiment,
  notices,
  open,
  play,
  playable,
  playing,
  ready,
  report,
  reset,
  setView,
  status,
  step,
  view,
} from "./session.ts";
import { letterOf } from "./settings.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import { Transport } from "./transport.tsx";

const MEGABYTE = 1e6;

/** Loading, and what is missing. Its place is kept, so that nothing jumps. */
const StatusLine = () => {
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
  return "Ready. Space plays and pauses, s steps, r resets.";
};

/** Keys that a control has a use of its own for. */
const isTaken = ({ target }: KeyboardEvent, key: string): boolean => {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=checkbox], [type=radio]), select, textarea") !== null) return true;
  return (
    key === " " && target.closest("a, button, input, summary, [role=slider], [role=application]") !== null
  );
};

const useShortcuts = (): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key } = event;
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!plain || isTaken(event, key)) return;
      // The space bar would scroll the page, too.
      if (key === " ") event.preventDefault();
      if (key === " " && playable.peek()) play(!playing.peek());
      else if (key === "s" && ready.peek()) step("iteration");
      else if (key === "r" && ready.peek()) reset();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
};

/** Milliseconds between sentences while it plays. */
const SPEAK_EVERY = 10_000;

const Spoken = () => {
  const [text, setText] = useState("");
  const isPlaying = playing.value;
  useEffect(() => {
    if (isPlaying) {
      const timer = setInterval(() => setText(summary()), SPEAK_EVERY);
      return () => clearInterval(timer);
    }
    return report.subscribe(() => setText(summary()));
  }, [isPlaying]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
};

const Layers = () => (
  <fieldset class="layers">
    <legend class="visually-hidden">Shown</legend>
    {(Object.entries(layers) as [Layer, string][]).map(([name, label]) => (
      <label key={name} class={`check ${name}`}>
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
    ))}
  </fieldset>
);

const Examples = () => {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  useEffect(() => {
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && menu.current?.contains(target))) close();
    };
    addEventListener("pointerdown", onPointerDown);
    return () => removeEventListener("pointerdown", onPointerDown);
  }, []);
  return (
    <details
      class="examples"
      ref={menu}
      onKeyDown={({ key }) => {
        if (key === "Escape") close();
      }}
    >
      <summary>Examples</summary>
      <ul>
        {examples.map(({ name, text, query }) => (
          <li key={name}>
            <a href={href("playground", new URLSearchParams(query))} onClick={close}>
              {name}
            </a>{" "}
            <span class="muted">{text}</span>
          </li>
        ))}
      </ul>
    </details>
  );
};

export const Page = () => {
  useEffect(open, []);
  useShortcuts();
  const count = experiment.value.variants.length + 1;
  return (
    <div class="playground">
      <div class="title">
        <h1>Playground</h1>
        <Examples />
      </div>
      {notices.value.map((text) => (
        <p key={text} class="notice" role="status">
          {text}
        </p>
      ))}
      <Transport />
      <StatusLine />
      <div class="columns">
        <SettingsPanel />
        <div class="stage">
          <Layers />
          <div class="overview" data-several={count > 1}>
            <div class="gans">
              {Array.from({ length: count }, (_, i) => (
                <GanCanvas key={letterOf(i)} index={i} />
              ))}
            </div>
            <FiguresTable />
          </div>
          <Charts />
        </div>
      </div>
      <Spoken />
    </div>
  );
};

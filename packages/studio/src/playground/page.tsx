import "./playground.css";
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isEmbedded } from "../route.ts";
import { Cards } from "./cards.tsx";
import { FiguresTable, Legend, Sizes, summary, Verdicts } from "./figures-panel.tsx";
import { Info } from "./info.tsx";
import { ModelGraph } from "./model-graph.tsx";
import { followRecording } from "./recording.ts";
import { experiment, notices, open, play, playable, playing, ready, report, reset } from "./session.ts";
import { ShareMenu } from "./share.tsx";
import { Stage } from "./stage.tsx";
import { PlayButton, stepBack, stepOn, Transport } from "./transport.tsx";
import { followFrames, opened } from "./viewing.ts";

/** Keys that a control has a use of its own for. */
const isTaken = ({ target }: KeyboardEvent, key: string): boolean => {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=checkbox], [type=radio], [type=range]), select, textarea") !== null)
    return true;
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
      else if (key === "s" && ready.peek()) stepOn();
      else if (key === "b") stepBack();
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

/** A part of the page that is not needed at once; undefined until it has been loaded. */
const useLazy = (isWanted: boolean, load: () => Promise<ComponentType>): ComponentType | undefined => {
  const [Part, setPart] = useState<ComponentType>();
  useEffect(() => {
    if (isWanted && Part === undefined) void load().then((loaded) => setPart(() => loaded));
  }, [isWanted]);
  return isWanted ? Part : undefined;
};

const Settings = () => {
  const Drawer = useLazy(opened.value !== undefined, async () => (await import("./drawer.tsx")).Drawer);
  return Drawer === undefined ? null : <Drawer />;
};

const Losses = () => {
  // What trains is loaded before what draws its curves, which then stays.
  const known = useRef(false);
  const wasReady = known.current || ready.value;
  known.current = wasReady;
  const Charts = useLazy(wasReady, async () => (await import("./charts.tsx")).MainCharts);
  return (
    <section class="panel loss-curves" aria-label="Losses">
      <div class="about-curves">
        <Legend />
        <Info term="losses" name="Losses" />
      </div>
      {Charts === undefined ? (
        <div class="waiting">
          <b>Losses</b>
          <p class="muted">The curves of both networks begin here when they train.</p>
        </div>
      ) : (
        <Charts />
      )}
    </section>
  );
};

const Curves = () => {
  const [isOpen, setOpen] = useState(false);
  const Charts = useLazy(isOpen, async () => (await import("./charts.tsx")).MoreCharts);
  return (
    <details class="panel curves" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>All curves</summary>
      {Charts !== undefined && (
        <>
          <Legend />
          <Charts />
        </>
      )}
    </details>
  );
};

const Sentence = () => (
  <h1>
    Two networks play against each other: the <span class="fake">generator</span> turns noise into{" "}
    <span class="fake">orange points</span>, the <span class="disc">discriminator</span> tells them from{" "}
    <span class="real">real, blue ones</span>, and each learns from the other.
  </h1>
);

/** The running example alone, for somebody's page or slides. */
const Embedded = () => (
  <div class="playground embedded">
    <h1 class="visually-hidden">A GAN learns</h1>
    <Stage />
    <div class="transport">
      <PlayButton />
      <a href={location.href.replace(location.search, "")} target="_blank" rel="noreferrer">
        Open in tsgan studio
      </a>
    </div>
  </div>
);

const Whole = () => (
  <div
    class="playground"
    data-settings={opened.value !== undefined}
    data-count={experiment.value.variants.length + 1}
  >
    <div class="whole">
      <div class="hero">
        <Sentence />
        <Transport />
        <ShareMenu />
      </div>
      {notices.value.map((text) => (
        <p key={text} class="notice" role="status">
          {text}
        </p>
      ))}
      <ModelGraph />
      <div class="view" data-count={experiment.value.variants.length + 1}>
        <Stage />
        <div class="side">
          <Verdicts />
          <Losses />
          <section class="panel about-figures" aria-label="Figures">
            <FiguresTable />
            <Sizes />
          </section>
        </div>
        <Cards />
      </div>
      <Curves />
    </div>
    <Settings />
  </div>
);

export const Page = () => {
  useEffect(() => {
    const stops = [followFrames(), open(), followRecording()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  useShortcuts();
  return (
    <>
      {isEmbedded ? <Embedded /> : <Whole />}
      <Spoken />
    </>
  );
};

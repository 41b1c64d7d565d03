/** One GAN: what it is, its picture, the scale of the picture's colours. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { FOR_SMALL_NETWORKS } from "../engine/index.ts";
import { isDark } from "../theme.ts";
import { ganColor } from "./figures-panel.tsx";
import { type Colors, drawScene, type Surface, surfaceScale, themeColors } from "./plot.ts";
import type { Started } from "./protocol.ts";
import { experiment, isCalm, removeGan, report, selected, started, view, wantFrame } from "./session.ts";
import { anyField, differences, ganFields, gansOf, letterOf } from "./settings.ts";
import { short } from "./short.ts";
import { type Moment, shown, surfaceKind, travelled } from "./viewing.ts";

/** For those who want less motion: milliseconds between pictures. */
const CALM_PAUSE = 500;
/**
 * Milliseconds between pictures, on average. With few cores each picture takes time from training (bench/studio.ts): forty a
 * second leave it the rate that it has without smooth pictures.
 */
const PICTURE_PERIOD = navigator.hardwareConcurrency < FOR_SMALL_NETWORKS ? 25 : 0;

/** The scale of a GAN's surface at a moment: one for all GANs whose scores are of its kind. */
export const scaleOf = (moment: Moment, { gans }: Started, index: number): Surface => {
  const kind = gans[index].surface;
  const alike = moment.pictures.filter((_, i) => gans[i]?.surface === kind);
  return surfaceScale(kind, ...alike.map(({ surface }) => surface));
};

/** The frame of the page in which a paced canvas was drawn last: one a frame, so that none of them takes long. */
let lastPaced = Number.NaN;

/**
 * A square canvas that is drawn anew when what is shown changes; `draw` says whether it wants to go on.
 *
 * @param of what it shows
 * @param pace milliseconds between two drawings
 */
export const useCanvas = (
  draw: (context: CanvasRenderingContext2D, size: number, colors: Colors) => boolean,
  {
    of = [shown, view, started],
    pace = 0,
  }: { readonly of?: readonly ReadonlySignal<unknown>[]; readonly pace?: number } = {},
) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = useRef<Colors>(undefined);
  const size = useRef(0);
  const due = useRef(0);
  const drawn = useRef(Number.NEGATIVE_INFINITY);
  const dark = isDark();
  const latest = useRef(draw);
  latest.current = draw;

  const paint = (at: number): void => {
    due.current = 0;
    const element = canvas.current;
    if (element === null || size.current === 0) return;
    if (pace > 0 && (at - drawn.current < pace || at === lastPaced)) {
      request();
      return;
    }
    drawn.current = at;
    if (pace > 0) lastPaced = at;
    const side = Math.round(size.current * devicePixelRatio);
    if (element.width !== side) {
      element.width = side;
      element.height = side;
    }
    colors.current ??= themeColors(element.parentElement!);
    const context = element.getContext("2d")!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    if (latest.current(context, size.current, colors.current)) request();
  };
  const request = (): void => {
    if (due.current === 0) due.current = requestAnimationFrame(paint);
  };

  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => {
      size.current = contentRect.width;
      drawn.current = Number.NEGATIVE_INFINITY;
      request();
    });
    observer.observe(canvas.current!);
    const stops = of.map((signal) => signal.subscribe(request));
    return () => {
      observer.disconnect();
      cancelAnimationFrame(due.current);
      due.current = 0;
      for (const stop of stops) stop();
    };
  }, []);
  useEffect(() => {
    colors.current = undefined;
    drawn.current = Number.NEGATIVE_INFINITY;
    request();
  }, [dark]);
  return canvas;
};

let pictureDue = 0;
let asking: ReturnType<typeof setTimeout> | undefined;
/** Asks for the next picture once it is due. */
const askForPicture = (): void => {
  if (asking !== undefined) return;
  const now = performance.now();
  pictureDue = Math.max(pictureDue + (isCalm.matches ? CALM_PAUSE : PICTURE_PERIOD), now);
  asking = setTimeout(() => {
    asking = undefined;
    wantFrame();
  }, pictureDue - now);
};

/** The picture of a GAN. The first one's asks for the next frame, which is made while this one is drawn. */
const usePicture = (index: number) =>
  useCanvas((context, size, colors) => {
    if (index === 0) askForPicture();
    const moment = shown.peek();
    const about = started.peek();
    const picture = moment?.pictures[index];
    if (moment === undefined || picture === undefined || about?.gans[index] === undefined) return false;
    const { phase } = moment;
    const share = travelled(moment);
    const { layers } = view.peek();
    const pulls = phase?.player === "generator" && phase.part > 0 && !layers.includes("gradients");
    drawScene(context, size, {
      picture,
      real: about.real,
      kind: about.gans[index].surface,
      scale: scaleOf(moment, about, index),
      latentSize: gansOf(experiment.peek())[index]?.latentSize ?? 2,
      layers: pulls ? [...layers, "gradients"] : layers,
      colors,
      trace: moment.from && { from: moment.from[index], share },
    });
    return share < 1;
  });

const scaleNames = {
  probability: "σ(D(x)): how real D believes a place to be",
  score: "D(x): critic’s score",
  energy: "D(x): energy, low for real",
  embedding: "D(x): first number of the embedding",
} as const;

/** What the colours of the surface mean: one for all GANs, where they are of one kind. */
export const Scale = ({ index }: { readonly index: number }) => {
  const kind = started.value?.gans[index]?.surface ?? "probability";
  // With the reports, a few times a second: numbers that change with every frame cannot be read.
  report.value;
  const moment = shown.peek();
  const about = started.peek();
  const known = moment?.pictures[index] !== undefined && about?.gans[index] !== undefined;
  const { middle, reach } = known ? scaleOf(moment, about, index) : { middle: 0.5, reach: 0.5 };
  const [low, high] = [middle - reach, middle + reach];
  const ends = kind === "energy" ? [high, low] : [low, high];
  return (
    <div class="scale">
      <span class="number">{kind === "probability" ? "0" : short(ends[0])}</span>
      <span class="strip" aria-hidden="true" />
      <span class="number">{kind === "probability" ? "1" : short(ends[1])}</span>
      <span class="name muted">{scaleNames[kind]}</span>
    </div>
  );
};

/** What a GAN is: its loss and penalties, or what it differs in from the first. */
const What = ({ index }: { readonly index: number }) => {
  const settings = gansOf(experiment.value)[index];
  const different = differences(experiment.value, index);
  if (index === 0) {
    const penalties =
      settings.penalties.length > 0 && ` + ${ganFields.penalties.describe(settings.penalties)}`;
    return (
      <p class="what">
        {settings.loss.name}
        {penalties}
      </p>
    );
  }
  if (different.length === 0) {
    const letter = letterOf(index);
    return <p class="what muted">as A: choose {letter} in the settings and change one</p>;
  }
  return (
    <p class="what">
      {different.map((name) => (
        <span key={name} class="chip">
          {anyField(name).label}: <strong>{anyField(name).describe(settings[name])}</strong>
        </span>
      ))}
    </p>
  );
};

export const GanCanvas = ({ index }: { readonly index: number }) => {
  const several = experiment.value.variants.length > 0;
  const canvas = usePicture(index);
  const problem = report.value?.gans[index]?.status.problem;
  const letter = letterOf(index);
  return (
    <section class="gan" aria-label={`GAN ${letter}`} data-selected={several && selected.value === index}>
      {several && (
        <header>
          <h2 class="own" style={{ "--own": ganColor(index) }}>
            {letter}
          </h2>
          <What index={index} />
          {index > 0 && (
            <button type="button" aria-label={`Remove GAN ${letter}`} onClick={() => removeGan(index)}>
              ×
            </button>
          )}
        </header>
      )}
      <canvas
        ref={canvas}
        role="img"
        aria-label={`GAN ${letter}: real and generated points in the plane, coordinates from −3 to 3`}
      />
      {surfaceKind.value === undefined && <Scale index={index} />}
      {problem !== undefined && (
        <p class="notice error" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
};

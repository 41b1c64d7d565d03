/** One GAN: what it is, its picture, the scale of the picture's colours. */
import { useEffect, useRef } from "preact/hooks";
import { isDark } from "../theme.ts";
import { type Colors, drawScene, surfaceScale, themeColors } from "./plot.ts";
import { experiment, frame, removeGan, report, selected, started, view, wantFrame } from "./session.ts";
import { anyField, differences, ganFields, gansOf, letterOf } from "./settings.ts";
import { short } from "./short.ts";

/** For those who want less motion: milliseconds between pictures. */
const CALM_PAUSE = 500;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Draws when something has changed, and asks for the next frame when all canvases have been drawn. */
const useDrawing = (index: number) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = useRef<Colors>(undefined);
  const size = useRef(0);
  const due = useRef(0);
  const dark = isDark();

  const draw = (): void => {
    due.current = 0;
    const element = canvas.current;
    const picture = frame.peek()?.pictures[index];
    const about = started.peek();
    if (element === null || picture === undefined || about?.gans[index] === undefined) return;
    const side = Math.round(size.current * devicePixelRatio);
    if (element.width !== side) {
      element.width = side;
      element.height = side;
    }
    colors.current ??= themeColors(element.parentElement!);
    const context = element.getContext("2d")!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    drawScene(context, size.current, {
      picture,
      real: about.real,
      kind: about.gans[index].surface,
      latentSize: gansOf(experiment.peek())[index]?.latentSize ?? 2,
      layers: view.peek().layers,
      colors: colors.current,
    });
    if (index === 0) setTimeout(wantFrame, calm.matches ? CALM_PAUSE : 0);
  };
  const request = (): void => {
    if (due.current === 0) due.current = requestAnimationFrame(draw);
  };

  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => {
      size.current = contentRect.width;
      request();
    });
    observer.observe(canvas.current!);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(due.current);
    };
  }, []);
  useEffect(() => {
    colors.current = undefined;
    request();
  }, [dark]);
  useEffect(() => frame.subscribe(request), []);
  useEffect(() => view.subscribe(request), []);
  useEffect(() => started.subscribe(request), []);
  return canvas;
};

const Scale = ({ index }: { readonly index: number }) => {
  const kind = started.value?.gans[index]?.surface ?? "probability";
  // With the reports, a few times a second: numbers that change with every frame cannot be read.
  report.value;
  const values = frame.peek()?.pictures[index]?.surface;
  const { middle, reach } = values === undefined ? { middle: 0.5, reach: 0.5 } : surfaceScale(kind, values);
  const [low, high] = [middle - reach, middle + reach];
  const ends = kind === "energy" ? [high, low] : [low, high];
  const name = {
    probability: "σ(D(x)): probability of being real",
    score: "D(x): critic's score",
    energy: "D(x): energy, low for real",
    embedding: "D(x): first number of the embedding",
  }[kind];
  return (
    <div class="scale">
      <span class="number">{kind === "probability" ? "0" : short(ends[0])}</span>
      <span class="strip" aria-hidden="true" />
      <span class="number">{kind === "probability" ? "1" : short(ends[1])}</span>
      <span class="name muted">{name}</span>
    </div>
  );
};

const count = (value = 0): string => value.toLocaleString("en");

export const GanCanvas = ({ index }: { readonly index: number }) => {
  const canvas = useDrawing(index);
  const settings = gansOf(experiment.value)[index];
  const different = differences(experiment.value, index);
  const several = experiment.value.variants.length > 0;
  const { status } = report.value?.gans[index] ?? {};
  const { parameters } = started.value?.gans[index] ?? {};
  const letter = letterOf(index);
  return (
    <section class="gan" aria-label={`GAN ${letter}`} data-selected={several && selected.value === index}>
      <header>
        {several && <h2>{letter}</h2>}
        <p class="what">
          {index === 0 ? (
            <>
              {settings.loss.name}
              {settings.penalties.length > 0 && ` + ${ganFields.penalties.describe(settings.penalties)}`}
            </>
          ) : different.length === 0 ? (
            <span class="muted">as A: choose {letter} in the settings and change one</span>
          ) : (
            different.map((name) => (
              <span key={name} class="chip">
                {anyField(name).label}: <strong>{anyField(name).describe(settings[name])}</strong>
              </span>
            ))
          )}
        </p>
        {index > 0 && (
          <button type="button" aria-label={`Remove GAN ${letter}`} onClick={() => removeGan(index)}>
            ×
          </button>
        )}
      </header>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`GAN ${letter}: real and generated points in the plane, coordinates from −3 to 3`}
      />
      <Scale index={index} />
      <p class="steps muted">
        D {count(status?.discriminatorSteps)} steps, {count(parameters?.discriminator)} parameters
        <br />G {count(status?.generatorSteps)} steps, {count(parameters?.generator)} parameters
      </p>
      {status?.problem !== undefined && (
        <p class="notice error" role="alert">
          {status.problem}
        </p>
      )}
    </section>
  );
};

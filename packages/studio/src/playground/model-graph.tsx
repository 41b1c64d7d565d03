/** The game as a map: noise → G → samples, with real points → D → losses → gradients, each with its picture, lit as it acts. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { Layer } from "./address.ts";
import { ganColor } from "./figures-panel.tsx";
import { scaleOf, useCanvas } from "./gan-canvas.tsx";
import { actingIn, type Notes, type Part } from "./narration.ts";
import { drawNoise, drawScene } from "./plot.ts";
import { experiment, playing, selected, started } from "./session.ts";
import { gansOf, letterOf } from "./settings.ts";
import { short } from "./short.ts";
import type { Term, TermName } from "./terms.ts";
import { legibleMoment, openSettings, phaseShown, sectionOf, shown } from "./viewing.ts";

const titles: Readonly<Record<Part, string>> = {
  noise: "noise z",
  generator: "generator G",
  samples: "generated",
  real: "real points",
  discriminator: "discriminator D",
  losses: "losses",
  gradients: "gradients",
};

const layersOf: Readonly<Partial<Record<Part, readonly Layer[]>>> = {
  generator: ["manifold"],
  samples: ["fake"],
  real: ["real"],
  discriminator: ["surface"],
  gradients: ["gradients"],
};

/** What a miniature is drawn of, where that is not each moment. */
const sourcesOf: Readonly<Partial<Record<Part, readonly ReadonlySignal<unknown>[]>>> = {
  noise: [experiment],
  real: [started, computed(() => shown.value === undefined)],
};

/** Milliseconds between two drawings of a miniature. */
const PACE = 120;

const Miniature = ({ index, part }: { readonly index: number; readonly part: Part }) => {
  const canvas = useCanvas(
    (context, size, colors) => {
      const latentSize = gansOf(experiment.peek())[index]?.latentSize ?? 2;
      if (part === "noise") {
        drawNoise(context, size, latentSize, colors);
        return false;
      }
      const [moment, about] = [shown.peek(), started.peek()];
      const picture = moment?.pictures[index];
      if (picture === undefined || about?.gans[index] === undefined) return false;
      drawScene(context, size, {
        picture,
        real: about.real,
        kind: about.gans[index].surface,
        scale: scaleOf(moment!, about, index),
        latentSize,
        layers: layersOf[part] ?? [],
        colors,
        bare: true,
      });
      return false;
    },
    { of: sourcesOf[part] ?? [shown, started], pace: PACE },
  );
  return <canvas ref={canvas} />;
};

const lossesOf = ({ discriminatorLoss, generatorLoss }: Notes = {}) =>
  [
    ["D", discriminatorLoss],
    ["G", generatorLoss],
  ] as const;

/** The latest losses as bars: those of all GANs on one scale. */
const LossBars = ({ index }: { readonly index: number }) => {
  const { notes = [] } = legibleMoment.value ?? {};
  const losses = lossesOf(notes[index]);
  const most = Math.max(1, ...notes.flatMap(lossesOf).map(([, value]) => Math.abs(value ?? 0)));
  return (
    <span class="bars">
      {losses.map(([who, value]) => (
        <span key={who} class={`bar ${who}`}>
          {who}
          <i style={{ scale: `${(Math.abs(value ?? 0) / most).toFixed(3)} 1` }} />
          <b>{short(value)}</b>
        </span>
      ))}
    </span>
  );
};

const Node = ({
  index,
  part,
  lit,
}: {
  readonly index: number;
  readonly part: Part;
  readonly lit: boolean;
}) => {
  const explained = useExplanation();
  const several = experiment.value.variants.length > 0;
  const whose = several ? ` of GAN ${letterOf(index)}` : "";
  return (
    <button
      type="button"
      class={`node ${part}`}
      data-lit={lit}
      aria-label={`${titles[part]}${whose}: open its settings`}
      onClick={() => {
        selected.value = index;
        openSettings(sectionOf[part]);
      }}
      {...explained.on(part)}
    >
      {part === "losses" ? <LossBars index={index} /> : <Miniature index={index} part={part} />}
      <span class="label">{titles[part]}</span>
      {explained.tip}
    </button>
  );
};

/** What a part does, beside it, while the pointer or the focus is on it. */
const useExplanation = () => {
  const [term, setTerm] = useState<Term>();
  const isOn = useRef(false);
  const show = async (part: Part): Promise<void> => {
    isOn.current = true;
    const { terms } = await import("./terms.ts");
    if (isOn.current) setTerm(terms[part satisfies TermName]);
  };
  const hide = (): void => {
    isOn.current = false;
    setTerm(undefined);
  };
  return {
    on: (part: Part) => ({
      onMouseEnter: () => void show(part),
      onFocus: () => void show(part),
      onMouseLeave: hide,
      onBlur: hide,
      onKeyDown: ({ key }: KeyboardEvent) => {
        if (key === "Escape") hide();
      },
    }),
    tip: term !== undefined && (
      <span class="tip" role="tooltip">
        <strong>{term.title}.</strong> {term.text} <em>Click to change it.</em>
      </span>
    ),
  };
};

const Edge = ({ name, lit }: { readonly name: string; readonly lit: boolean }) => (
  <span class={`edge ${name}`} data-lit={lit} aria-hidden="true" />
);

const Row = ({ index }: { readonly index: number }) => {
  const phase = phaseShown.value;
  const acting = phase === undefined ? undefined : new Set(actingIn(phase));
  const lit = (...parts: readonly Part[]): boolean =>
    acting !== undefined && parts.every((part) => acting.has(part));
  const node = (part: Part) => <Node index={index} part={part} lit={lit(part)} />;
  const several = experiment.value.variants.length > 0;
  return (
    <div class="flow" data-running={playing.value && acting === undefined}>
      {several && (
        <strong class="letter own" style={{ "--own": ganColor(index) }}>
          {letterOf(index)}
        </strong>
      )}
      {node("noise")}
      <Edge name="straight" lit={lit("noise", "generator")} />
      {node("generator")}
      <Edge name="straight" lit={lit("generator", "samples")} />
      <div class="pair">
        {node("samples")}
        {node("real")}
      </div>
      <Edge name="join" lit={lit("samples", "discriminator")} />
      {node("discriminator")}
      <Edge name="straight" lit={lit("discriminator", "losses")} />
      {node("losses")}
      <Edge name="straight" lit={lit("losses", "gradients")} />
      {node("gradients")}
      <span
        class="return"
        data-lit={acting?.has("gradients") === true && phase?.part === 2}
        aria-hidden="true"
      >
        <span>
          back into the weights of{" "}
          {phase?.part === 2 ? (phase.player === "generator" ? "G" : "D") : "G and D"}
        </span>
      </span>
    </div>
  );
};

export const ModelGraph = () => (
  <section
    class="graph panel"
    aria-label="How the networks play"
    data-several={experiment.value.variants.length > 0}
  >
    {gansOf(experiment.value).map((_, index) => (
      <Row key={letterOf(index)} index={index} />
    ))}
  </section>
);

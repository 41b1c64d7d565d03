/** What of a run is looked at: now, or a moment of its past; and which settings are open. */
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Part } from "./narration.ts";
import type { Frame } from "./protocol.ts";
import { frame, isCalm, iteration, playing, report, started, view } from "./session.ts";
import { speeds } from "./speeds.ts";
import { Trail } from "./trail.ts";
import { type FigureColumns, upTo } from "./verdict.ts";

/** A moment of the run as it was shown. */
export interface Moment extends Frame {
  /** Where the generated points of each GAN were before the generator moved, in slow motion. */
  readonly from: readonly Float32Array[] | undefined;
  readonly arrived: number;
}

/** Moments that are kept: 15 kB each and GAN. */
const KEPT = 200;
const trail = new Trail<Moment>(KEPT);
const latest = signal<Moment | undefined>(undefined);

/** The moments that one can go back to. */
export const moments = signal<readonly Moment[]>([]);
/** Which of them is looked at; undefined for now. */
export const viewed = signal<number | undefined>(undefined);

export const shown = computed((): Moment | undefined =>
  viewed.value === undefined ? latest.value : (moments.value[viewed.value] ?? latest.value),
);

/** Where slow motion is. */
export const phaseShown = computed(() => shown.value?.phase);
/** Whether what is looked at has been trained. */
export const isTrained = computed(() => (shown.value?.step ?? 0) > 0);
/** Whether there is an earlier moment to look at. */
export const hasPast = computed(() => (viewed.value ?? moments.value.length - 1) > 0);

/** Milliseconds between two changes of numbers that somebody is to read. */
const READABLE = 100;

interface Legible<T> {
  readonly value: ReadonlySignal<T>;
  readonly follow: () => () => void;
}

/** A signal as it may be read: of changes that follow each other fast some are left out, the last one never. */
const legibly = <T>(of: ReadonlySignal<T>): Legible<T> => {
  const value = signal(of.peek());
  const follow = (): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const show = (): void => {
      timer = undefined;
      last = performance.now();
      value.value = of.peek();
    };
    const stop = of.subscribe(() => {
      timer ??= setTimeout(show, Math.max(0, last + READABLE - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  };
  return { value, follow };
};

const reading = {
  moment: legibly(shown),
  iteration: legibly(iteration),
  count: legibly(computed(() => moments.value.length)),
};
export const legibleMoment = reading.moment.value;
/** While it plays; of what stands still each step is seen at once. */
export const legibleIteration = computed(() =>
  playing.value ? reading.iteration.value.value : iteration.value,
);
export const legibleCount = reading.count.value;

/** The figures of a GAN up to the moment that is looked at. */
export const figuresShown = (index: number): FigureColumns | undefined => {
  const columns = report.value?.gans[index]?.curves.figures;
  if (columns === undefined || viewed.value === undefined) return columns;
  return upTo(columns, shown.value?.step ?? Number.POSITIVE_INFINITY);
};

const take = (next: Frame | undefined): void => {
  if (next === undefined) {
    trail.clear();
    moments.value = [];
    latest.value = undefined;
    viewed.value = undefined;
    return;
  }
  const before = latest.peek();
  const moves = next.phase?.player === "generator" && next.phase.part === 2;
  const moment: Moment = {
    ...next,
    from: moves ? before?.pictures.map(({ fake }) => fake) : undefined,
    arrived: performance.now(),
  };
  latest.value = moment;
  trail.add(moment);
  moments.value = trail.moments;
};

/** Keeps what is shown, for as long as the page is open. */
export const followFrames = (): (() => void) => {
  const stops = [
    ...Object.values(reading).map(({ follow }) => follow()),
    effect(() => {
      const { value } = frame;
      untracked(() => take(value));
    }),
    effect(() => {
      if (playing.value) viewed.value = undefined;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    take(undefined);
  };
};

/** Looks at a moment; the last one is now. */
export const lookAt = (index: number): void => {
  const last = moments.peek().length - 1;
  viewed.value = index >= last ? undefined : Math.max(0, index);
};

export const lookBack = (): void => lookAt((viewed.peek() ?? moments.peek().length - 1) - 1);

/** @returns whether there was a later moment to look at */
export const lookOn = (): boolean => {
  const { value } = viewed;
  if (value === undefined) return false;
  lookAt(value + 1);
  return true;
};

/** Milliseconds that points take to where they go. */
const TRAVEL = 900;

/** How much of their way the points have gone at a moment, from 0 to 1. */
export const travelled = ({ arrived, from }: Moment): number => {
  if (from === undefined || viewed.peek() !== undefined || isCalm.matches) return 1;
  const time = Math.min(TRAVEL, 0.8 * speeds[view.peek().speed].pause || TRAVEL);
  const share = Math.min(1, (performance.now() - arrived) / time);
  return share * (2 - share);
};

/** Whether the surfaces of all GANs mean the same and have one scale. */
export const surfaceKind = computed(() => {
  const kinds = new Set(started.value?.gans.map(({ surface }) => surface));
  return kinds.size === 1 ? [...kinds][0] : undefined;
});

/** The part of the settings that is open, and what it is about. */
export const opened = signal<Section | undefined>(undefined);
export type Section = "data" | "networks" | "loss" | "training" | "run";
/** Where the focus returns to. */
let opener: Element | null = null;

export const openSettings = (section: Section): void => {
  if (opened.peek() === undefined) opener = document.activeElement;
  opened.value = section;
};

export const closeSettings = (): void => {
  opened.value = undefined;
  if (opener instanceof HTMLElement) opener.focus();
};

export const sectionOf: Readonly<Record<Part, Section>> = {
  noise: "networks",
  generator: "networks",
  samples: "training",
  real: "data",
  discriminator: "networks",
  losses: "loss",
  gradients: "training",
};

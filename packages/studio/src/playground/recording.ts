/**
 * A recording of the first example, which plays while ONNX Runtime is loaded, and the last pictures of the first examples for
 * their cards. recording.runtime.test.ts makes it and holds it to what training gives.
 */
import { signal } from "@preact/signals";
import { experimentQuery, parseState } from "./address.ts";
import type { FigureKey } from "./figures.ts";
import type { Notes } from "./narration.ts";
import { type Packed, unpack } from "./packed.ts";
import type { Picture, SurfaceKind } from "./picture.ts";
import type { CurveKey, Curves, Report, Started } from "./protocol.ts";
import url from "./recording.json?url";
import { experiment, frame, iteration, playing, ready, report, started } from "./session.ts";

export type PackedPicture = Readonly<Record<keyof Picture, Packed>>;

export interface Card {
  readonly query: string;
  readonly surface: SurfaceKind;
  /** Of the last of its GANs. */
  readonly picture: PackedPicture;
}

export interface Recording {
  readonly query: string;
  readonly real: Packed;
  readonly modes: number;
  readonly surface: SurfaceKind;
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  readonly frames: readonly {
    readonly step: number;
    readonly notes: Notes;
    readonly picture: PackedPicture;
  }[];
  readonly losses: Readonly<Record<CurveKey | "step", readonly number[]>>;
  readonly figures: Readonly<Record<FigureKey | "step", readonly number[]>>;
  readonly cards: readonly Card[];
}

export const unpackPicture = ({ fake, surface, manifold, pull }: PackedPicture): Picture => ({
  fake: unpack(fake),
  surface: unpack(surface),
  manifold: unpack(manifold),
  pull: unpack(pull),
});

/** Of the recorded run and the cards; undefined until it is loaded. */
export const recording = signal<Recording | undefined>(undefined);
/** Whether what is shown is the recording. */
export const recorded = signal(false);

/** Milliseconds from one picture to the next. */
const PACE = 100;

const rows = <Key extends string>(
  columns: Readonly<Record<Key, readonly number[]>>,
  steps: readonly number[],
  until: number,
): Readonly<Record<Key, Float64Array>> => {
  const count = steps.filter((step) => step <= until).length;
  return Object.fromEntries(
    (Object.entries(columns) as [Key, readonly number[]][]).map(([key, values]) => [
      key,
      Float64Array.from(values.slice(0, count)),
    ]),
  ) as Record<Key, Float64Array>;
};

const curvesUntil = ({ losses, figures }: Recording, step: number): Curves => ({
  losses: rows(losses, losses.step, step),
  figures: rows(figures, figures.step, step),
});

const reportAt = (of: Recording, step: number): Report => ({
  event: "report",
  step,
  playing: true,
  gans: [
    {
      status: { discriminatorSteps: step, generatorSteps: step, problem: undefined },
      curves: curvesUntil(of, step),
      marks: [],
    },
  ],
  storageProblem: undefined,
});

const startedOf = ({ real, surface, parameters, modes }: Recording): Started => ({
  real: unpack(real),
  gans: [{ surface, parameters }],
  modes,
});

/** Loads the recording, and shows it while what trains is loaded, where it is of the experiment. */
export const followRecording = (): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mine: Report | undefined;
  let isOpen = true;
  const show = (of: Recording, at: number): void => {
    const isMine = report.peek() === mine;
    const isSame =
      experimentQuery(experiment.peek()).toString() ===
      experimentQuery(parseState(new URLSearchParams(of.query)).state.experiment).toString();
    if (!isOpen || !isMine || !isSame || ready.peek() || at >= of.frames.length) return;
    if (at === 0 || playing.peek()) {
      const { step, notes, picture } = of.frames[at];
      started.value ??= startedOf(of);
      mine = reportAt(of, step);
      report.value = mine;
      frame.value = {
        event: "frame",
        step,
        phase: undefined,
        iterationsPerSecond: 0,
        pictures: [unpackPicture(picture)],
        notes: [notes],
      };
      iteration.value = step;
      recorded.value = true;
      at++;
    }
    timer = setTimeout(show, PACE, of, at);
  };
  const stop = ready.subscribe((isReady) => {
    if (isReady) recorded.value = false;
  });
  const load = async (): Promise<void> => {
    const response = await fetch(url);
    recording.value = (await response.json()) as Recording;
    show(recording.value, 0);
  };
  // Without it the page is as good, only later.
  load().catch(() => undefined);
  return () => {
    isOpen = false;
    clearTimeout(timer);
    stop();
    recorded.value = false;
  };
};

/** The playground as the page holds it: its state, which is its address, and what the worker says. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  type DeviceChoice,
  isClosed,
  type SessionStatus,
  tabName,
  trainingSession,
} from "../engine/index.ts";
import { addressOf } from "../ui/address.ts";
import { experimentQuery, formatState, parseState, type View } from "./address.ts";
import type { PlaygroundApi } from "./playground.worker.ts";
import type { Frame, Report, Started, StepKind, WorkerEvent } from "./protocol.ts";
import { type Experiment, MOST_GANS } from "./settings.ts";

/** "starting": the networks are being built. "waiting": nothing can be trained before `reason` is seen to. */
export type Status =
  | Exclude<SessionStatus, { readonly kind: "closed" }>
  | { readonly kind: "starting" }
  | { readonly kind: "waiting"; readonly reason: string };

/**
 * On two cores a second thread makes an iteration of the default networks slower by half, and the page is left without a
 * core to draw on (bench/playground.mjs).
 */
const THREADS_FROM = 4;

/** Whether it was playing: a reload then goes on by itself. Of this tab alone. */
const PLAYING_KEY = "tsgan-playground-playing";

const address = addressOf({
  isHere: ([name = "playground"]) => name === "playground",
  read: parseState,
  write: formatState,
});
export const { notices } = address;
export const experiment = computed(() => address.state.value.experiment);
export const view = computed(() => address.state.value.view);
export const copyableLink = (): string => address.link();

/** The last that was built: it shows until the next one is. */
export const started = signal<Started | undefined>(undefined);
export const frame = signal<Frame | undefined>(undefined);
export const report = signal<Report | undefined>(undefined);
/** Undefined until the worker has said it: a state that was kept goes on from where it was. */
export const iteration = signal<number | undefined>(undefined);
/** What the page has asked for; the worker's reports follow. */
export const playing = signal(false);
/** Which GAN's settings are shown. */
export const selected = signal(0);
const failure = signal<string | undefined>(undefined);
/** Whether the worker has the networks of the experiment as it is. */
const built = signal(false);

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const fail = (error: unknown): void => {
  if (isClosed(error)) return;
  playing.value = false;
  failure.value = message(error);
};

const onEvent = (event: WorkerEvent): void => {
  switch (event.event) {
    case "failed":
      fail(event.reason);
      return;
    case "frame":
      frame.value = event;
      iteration.value = event.step;
      return;
    case "report":
      report.value = event;
      iteration.value = event.step;
      if (event.gans.every((gan) => gan.status.problem !== undefined)) playing.value = false;
  }
};

const session = trainingSession<PlaygroundApi, WorkerEvent>({
  worker: () => new Worker(new URL("./playground.worker.ts", import.meta.url), { type: "module" }),
  wanted: computed(() => view.value.device),
  threadsFrom: THREADS_FROM,
  onEvent,
  onFailure: fail,
});
export const { environment, device } = session;

/** Why there is nothing to learn yet. */
const missing = computed(() => {
  const { data, points } = experiment.value.data;
  return data === "drawn" && points.length === 0
    ? "Draw a distribution first: there are no points yet."
    : undefined;
});

export const status = computed((): Status => {
  if (failure.value !== undefined) return { kind: "failed", reason: failure.value };
  const { value } = session.status;
  if (value.kind === "impossible" || value.kind === "failed") return value;
  if (missing.value !== undefined) return { kind: "waiting", reason: missing.value };
  if (value.kind === "closed") return { kind: "starting" };
  if (value.kind !== "ready") return value;
  return built.value ? value : { kind: "starting" };
});
export const ready = computed(() => status.value.kind === "ready");
/** Whether training can be asked for: while the runtime loads it begins as soon as it can. */
export const playable = computed(() => !["impossible", "failed", "waiting"].includes(status.value.kind));
/** Which player slow motion has just trained; nobody while it stands still. */
export const phase = computed(() => (playing.value && view.value.slow ? frame.value?.phase : undefined));

/** Asks for the next frame; to be called when the last one has been drawn. */
export const wantFrame = (): void => {
  if (session.isOpen()) session.call("wantFrame").catch(fail);
};

const clearShown = (): void =>
  batch(() => {
    started.value = undefined;
    frame.value = undefined;
    report.value = undefined;
    iteration.value = undefined;
  });

let isOpen = false;
/** Counts what was asked for, so that what arrives late is known to be late. */
let generation = 0;

/** Builds the GANs of the experiment anew. Of several wishes in a row the last one counts. */
const start = async ({ resume }: { readonly resume: boolean }): Promise<void> => {
  if (!isOpen) return;
  const mine = ++generation;
  batch(() => {
    failure.value = undefined;
    built.value = false;
    iteration.value = undefined;
  });
  if (missing.peek() !== undefined) {
    playing.value = false;
    clearShown();
    await session.call("play", false).catch(fail);
    return;
  }
  try {
    const tab = await tabName();
    await session.ready();
    if (mine !== generation) return;
    const answer = await session.call("start", { experiment: experiment.peek(), tab, resume });
    if (mine !== generation) return;
    started.value = answer;
    built.value = true;
    await session.call("slow", view.peek().slow);
    if (playing.peek()) await session.call("play", true);
    wantFrame();
  } catch (error) {
    if (mine === generation) fail(error);
  }
};

/** A new worker, on the device of the view. */
const restart = (): void => {
  session.close();
  void start({ resume: true });
};

export const setView = (change: Partial<View>): void => {
  const before = view.peek();
  address.change({ ...address.state.peek(), view: { ...before, ...change } });
  followView(before);
};

/** Does what a changed view asks of the worker. */
const followView = (before: View): void => {
  const { slow, device: wanted } = view.peek();
  if (wanted !== before.device) restart();
  else if (slow !== before.slow && session.isOpen()) session.call("slow", slow).catch(fail);
};

export const setDevice = (choice: DeviceChoice): void => setView({ device: choice });

let pending: ReturnType<typeof setTimeout> | undefined;
/** Milliseconds after the last change of a setting: while one types, settings change many times. */
const SETTLING = 250;

/** Changes what is trained. Training starts again, so that a link stands for one curve. */
export const setExperiment = (next: Experiment): void => {
  const changed = experimentQuery(next).toString() !== experimentQuery(experiment.peek()).toString();
  address.change({ ...address.state.peek(), experiment: next });
  selected.value = Math.min(selected.peek(), next.variants.length);
  if (!changed) return;
  clearTimeout(pending);
  pending = setTimeout(settle, SETTLING);
};

/** Starts with the latest settings at once, where that is still to come. */
const settle = (): void => {
  if (pending === undefined) return;
  clearTimeout(pending);
  pending = undefined;
  void start({ resume: false });
};

export const play = (value: boolean): void => {
  settle();
  playing.value = value;
  // What is being built is played as soon as it is there.
  if (built.peek()) session.call("play", value).catch(fail);
};

export const step = (kind: StepKind): void => {
  settle();
  playing.value = false;
  session.call("step", kind).catch(fail);
};

/** Back to the initial weights. */
export const reset = (): void => {
  clearTimeout(pending);
  pending = undefined;
  void start({ resume: false });
};

/** A new GAN beside the others, as the first until one of its settings is changed. */
export const addGan = (): void => {
  const current = experiment.peek();
  if (current.variants.length + 1 >= MOST_GANS) return;
  setExperiment({ ...current, variants: [...current.variants, {}] });
  selected.value = current.variants.length + 1;
};

export const removeGan = (index: number): void => {
  const current = experiment.peek();
  setExperiment({ ...current, variants: current.variants.filter((_, i) => i !== index - 1) });
};

/** When the page is opened; it then follows the address until it is closed. */
export const open = (): (() => void) => {
  isOpen = true;
  playing.value = sessionStorage.getItem(PLAYING_KEY) === "1";
  const keepPlaying = effect(() => {
    sessionStorage.setItem(PLAYING_KEY, playing.value ? "1" : "0");
  });
  void start({ resume: true });
  const unfollow = address.follow((before, now) => {
    if (now.view.device === before.view.device) {
      const isOther =
        experimentQuery(now.experiment).toString() !== experimentQuery(before.experiment).toString();
      if (isOther) void start({ resume: true });
    }
    followView(before.view);
  });
  return () => {
    keepPlaying();
    unfollow();
    clearTimeout(pending);
    pending = undefined;
    generation++;
    isOpen = false;
    session.close();
    clearShown();
    built.value = false;
    failure.value = undefined;
  };
};

/** The playground as the page holds it: its state, which is its address, and what the worker says. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  type DeviceChoice,
  FOR_SMALL_NETWORKS,
  isClosed,
  type SessionStatus,
  tabName,
  trainingSession,
} from "../engine/index.ts";
import { messageOf } from "../engine/message-of.ts";
import { href, isEmbedded, route } from "../route.ts";
import { keepText, recallText } from "../stored.ts";
import { addressOf } from "../ui/address.ts";
import { experimentQuery, formatState, isBare, parseState, type View } from "./address.ts";
import type { PlaygroundApi } from "./playground.worker.ts";
import type { AskedStep, Frame, Report, Started, WorkerEvent } from "./protocol.ts";
import { canGoOn, type Experiment, MOST_GANS } from "./settings.ts";
import { speeds } from "./speeds.ts";

/** "starting": the networks are being built. "waiting": nothing can be trained before `reason` is seen to. */
export type Status =
  | Exclude<SessionStatus, { readonly kind: "closed" }>
  | { readonly kind: "starting" }
  | { readonly kind: "waiting"; readonly reason: string };

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
/** Whether there is something that a change could begin again. */
export const begun = computed(() => (iteration.value ?? 0) > 0);
/** What the page has asked for; the worker's reports follow. */
export const playing = signal(false);
/** Which GAN's settings are shown. */
export const selected = signal(0);
const failure = signal<string | undefined>(undefined);
/** Whether the worker has the networks of the experiment as it is. */
const built = signal(false);

const fail = (error: unknown): void => {
  if (isClosed(error)) return;
  playing.value = false;
  failure.value = messageOf(error);
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
  threadsFrom: FOR_SMALL_NETWORKS,
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
  const { value } = session.status;
  if (value.kind === "impossible") return value;
  if (failure.value !== undefined) return { kind: "failed", reason: failure.value };
  if (value.kind === "failed") return value;
  if (missing.value !== undefined) return { kind: "waiting", reason: missing.value };
  if (value.kind === "closed") return { kind: "starting" };
  if (value.kind !== "ready") return value;
  return built.value ? value : { kind: "starting" };
});
export const ready = computed(() => status.value.kind === "ready");
/** Whether training can be asked for: while the runtime loads it begins as soon as it can. */
export const playable = computed(() => !["impossible", "failed", "waiting"].includes(status.value.kind));
/** Whether each phase of an iteration is shown and told. */
export const narrated = computed(() => speeds[view.value.speed].narrated);

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
/** What the worker trains. */
let running: Experiment | undefined;
/** A step that was asked for while its networks were still to be built. */
let askedStep: AskedStep | undefined;
/** Counts what was asked for, so that what arrives late is known to be late. */
let generation = 0;

/** Builds the GANs of the experiment anew. Of several wishes in a row the last one counts. */
const start = async ({ resume }: { readonly resume: boolean }): Promise<void> => {
  if (!isOpen) return;
  const mine = ++generation;
  askedStep = undefined;
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
    const wanted = experiment.peek();
    const answer = await session.call("start", { experiment: wanted, tab, resume });
    if (mine !== generation) return;
    running = wanted;
    started.value = answer;
    built.value = true;
    await session.call("speed", view.peek().speed);
    if (playing.peek()) await session.call("play", true);
    else if (askedStep !== undefined) await session.call("step", askedStep);
    askedStep = undefined;
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
  const { speed, device: wanted } = view.peek();
  if (wanted !== before.device) restart();
  else if (speed !== before.speed && session.isOpen()) session.call("speed", speed).catch(fail);
};

export const setDevice = (choice: DeviceChoice): void => setView({ device: choice });

let pending: ReturnType<typeof setTimeout> | undefined;
/** Milliseconds after the last change of a setting: while one types, settings change many times. */
const SETTLING = 250;

/** Whether training would go on with an experiment, and not begin anew. */
export const goesOn = (next: Experiment): boolean =>
  built.peek() && running !== undefined && begun.peek() && canGoOn(running, next);

/** Changes what is trained. Training begins anew, but for settings that can change while it runs. */
export const setExperiment = (next: Experiment): void => {
  const changed = experimentQuery(next).toString() !== experimentQuery(experiment.peek()).toString();
  address.change({ ...address.state.peek(), experiment: next });
  selected.value = Math.min(selected.peek(), next.variants.length);
  if (!changed) return;
  clearTimeout(pending);
  pending = setTimeout(settle, SETTLING);
};

/** Takes the latest settings up at once, where that is still to come. */
const settle = (): void => {
  if (pending === undefined) return;
  clearTimeout(pending);
  pending = undefined;
  const next = experiment.peek();
  if (!goesOn(next)) return void start({ resume: false });
  running = next;
  session.call("change", next).catch(fail);
};

export const play = (value: boolean): void => {
  settle();
  askedStep = undefined;
  playing.value = value;
  // What is being built is played as soon as it is there.
  if (built.peek()) session.call("play", value).catch(fail);
};

export const step = (kind: AskedStep): void => {
  settle();
  playing.value = false;
  // What is being built takes its step as soon as it is there.
  if (built.peek()) session.call("step", kind).catch(fail);
  else askedStep = kind;
};

/** Back to the initial weights. */
export const reset = (): void => {
  clearTimeout(pending);
  pending = undefined;
  void start({ resume: false });
};

/** An example is a promise: it begins at its beginning, and by itself. */
export const openExample = (query: string): void => {
  playing.value = true;
  isFresh = true;
  const before = route.peek();
  location.hash = href("playground", new URLSearchParams(query));
  // The same again is no change of the address.
  if (before.query.toString() === new URLSearchParams(query).toString()) reset();
};
/** Whether what the address brings next begins at its beginning. */
let isFresh = false;

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

/** For those who want less motion nothing begins by itself. */
export const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether training begins without being asked to: after a reload while it played, and the first time. */
const beginsByItself = (kept: string | null): boolean =>
  kept === null ? (isBare(route.peek().query) || isEmbedded) && !isCalm.matches : kept === "1";

/** When the page is opened; it then follows the address until it is closed. */
export const open = (): (() => void) => {
  isOpen = true;
  const kept = recallText("session", PLAYING_KEY);
  playing.value = beginsByItself(kept);
  const keepPlaying = effect(() => {
    keepText("session", PLAYING_KEY, playing.value ? "1" : "0");
  });
  // Who sees the page for the first time sees it from the beginning.
  void start({ resume: kept !== null || !isBare(route.peek().query) });
  const unfollow = address.follow((before, now) => {
    selected.value = Math.min(selected.peek(), now.experiment.variants.length);
    if (now.view.device === before.view.device) {
      const isOther =
        experimentQuery(now.experiment).toString() !== experimentQuery(before.experiment).toString();
      if (isOther || isFresh) void start({ resume: !isFresh });
    }
    isFresh = false;
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

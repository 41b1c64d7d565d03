/** The playground as the page holds it: its state, which is its address, and what the worker says. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  type ChosenDevice,
  type Connection,
  chooseDevice,
  connect,
  type DeviceChoice,
  type Environment,
  examineEnvironment,
  type LoadProgress,
} from "../engine/index.ts";
import { replaceQuery, route } from "../route.ts";
import { experimentQuery, formatState, initialView, parseState, type State, type View } from "./address.ts";
import type { PlaygroundApi } from "./playground.worker.ts";
import type { Frame, Report, Started, StepKind, WorkerEvent } from "./protocol.ts";
import { type Experiment, initialExperiment, MOST_GANS } from "./settings.ts";

export type Status =
  | { readonly kind: "starting" }
  | { readonly kind: "loading"; readonly progress: LoadProgress }
  | { readonly kind: "ready" }
  | { readonly kind: "impossible"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * On two cores a second thread makes an iteration of the default networks slower by half, and the page is left without a
 * core to draw on (bench/playground.mjs).
 */
const THREADS_FROM = 4;

/** Whether it was playing: a reload then goes on by itself. Of this tab alone. */
const PLAYING_KEY = "tsgan-playground-playing";

export const state = signal<State>({ experiment: initialExperiment, view: initialView });
export const notices = signal<readonly string[]>([]);
export const status = signal<Status>({ kind: "starting" });
export const environment = signal<Environment | undefined>(undefined);
export const device = signal<ChosenDevice | undefined>(undefined);
export const started = signal<Started | undefined>(undefined);
export const frame = signal<Frame | undefined>(undefined);
export const report = signal<Report | undefined>(undefined);
/** What the page has asked for; the worker's reports follow. */
export const playing = signal(false);
/** Which GAN's settings are shown. */
export const selected = signal(0);

export const experiment = computed(() => state.value.experiment);
export const view = computed(() => state.value.view);
export const ready = computed(() => status.value.kind === "ready");

let connection: Connection<PlaygroundApi> | undefined;
/** Counts what was asked for, so that what arrives late is known to be late. */
let generation = 0;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const fail = (error: unknown): void => {
  playing.value = false;
  status.value = { kind: "failed", reason: message(error) };
};

const onEvent = (event: WorkerEvent): void => {
  switch (event.event) {
    case "loading":
      status.value = { kind: "loading", progress: event.progress };
      return;
    case "failed":
      fail(event.reason);
      return;
    case "frame":
      frame.value = event;
      return;
    case "report":
      report.value = event;
      if (event.gans.every((gan) => gan.status.problem !== undefined)) playing.value = false;
  }
};

/** Asks for the next frame; to be called when the last one has been drawn. */
export const wantFrame = (): void => {
  connection?.call("wantFrame").catch(fail);
};

/** Builds the GANs of the experiment anew. */
const start = async ({ resume }: { readonly resume: boolean }): Promise<void> => {
  const { value } = device;
  if (connection === undefined || value === undefined) return;
  const mine = ++generation;
  try {
    const request = { experiment: experiment.peek(), device: value.device as "wasm" | "webgpu", resume };
    const answer = await connection.call("start", request);
    if (mine !== generation) return;
    batch(() => {
      started.value = answer;
      status.value = { kind: "ready" };
    });
  } catch (error) {
    if (mine === generation) fail(error);
  }
};

/** A new worker, on the device of the view. */
const restartWorker = async ({ resume }: { readonly resume: boolean }): Promise<void> => {
  connection?.close();
  connection = undefined;
  const found = environment.peek();
  if (found === undefined) return;
  if (found.wasmProblem !== undefined) {
    status.value = { kind: "impossible", reason: found.wasmProblem };
    return;
  }
  const chosen = chooseDevice(view.peek().device, found, { threadsFrom: THREADS_FROM });
  device.value = chosen;
  status.value = { kind: "starting" };
  const worker = new Worker(new URL("./playground.worker.ts", import.meta.url), { type: "module" });
  const opened = connect<PlaygroundApi, WorkerEvent>(worker, onEvent, fail);
  connection = opened;
  try {
    await opened.call("load", chosen);
  } catch (error) {
    if (connection === opened) fail(error);
    return;
  }
  if (connection !== opened) return;
  await start({ resume });
  if (connection !== opened) return;
  await opened.call("slow", view.peek().slow);
  if (playing.peek()) await opened.call("play", true);
  wantFrame();
};

const writeAddress = (): void => {
  replaceQuery(formatState(state.peek()));
};

export const setView = (change: Partial<View>): void => {
  const before = view.peek();
  state.value = { ...state.peek(), view: { ...before, ...change } };
  writeAddress();
  if (change.slow !== undefined) connection?.call("slow", change.slow).catch(fail);
  if (change.device !== undefined && change.device !== before.device) void restartWorker({ resume: true });
};

export const setDevice = (choice: DeviceChoice): void => setView({ device: choice });

let pending: ReturnType<typeof setTimeout> | undefined;
/** Milliseconds after the last change of a setting: while one types, settings change many times. */
const SETTLING = 250;

/** Changes what is trained. Training starts again, so that a link stands for one curve. */
export const setExperiment = (next: Experiment): void => {
  const changed = experimentQuery(next).toString() !== experimentQuery(experiment.peek()).toString();
  state.value = { ...state.peek(), experiment: next };
  selected.value = Math.min(selected.peek(), next.variants.length);
  writeAddress();
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
  connection?.call("play", value).catch(fail);
};

export const step = (kind: StepKind): void => {
  settle();
  playing.value = false;
  connection?.call("step", kind).catch(fail);
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

/** Takes over what an address says, as a link or the history of the browser does. */
const readAddress = (query: URLSearchParams): void => {
  const parsed = parseState(query);
  state.value = parsed.state;
  notices.value = parsed.notices;
};

/** Once, when the page is first opened; it then follows the address until it is closed. */
export const open = (): (() => void) => {
  readAddress(route.peek().query);
  playing.value = sessionStorage.getItem(PLAYING_KEY) === "1";
  const begin = async (): Promise<void> => {
    environment.value = await examineEnvironment();
    await restartWorker({ resume: true });
  };
  begin().catch(fail);
  const keepPlaying = effect(() => {
    sessionStorage.setItem(PLAYING_KEY, playing.value ? "1" : "0");
  });
  const follow = effect(() => {
    const { path, query } = route.value;
    if ((path[0] ?? "playground") !== "playground") return;
    if (query.toString() === formatState(state.peek()).toString()) return;
    const before = state.peek();
    readAddress(query);
    const { experiment: next, view: nextView } = state.peek();
    if (nextView.device !== before.view.device) void restartWorker({ resume: true });
    else if (experimentQuery(next).toString() !== experimentQuery(before.experiment).toString()) {
      void start({ resume: true });
    }
    if (nextView.slow !== before.view.slow) connection?.call("slow", nextView.slow).catch(fail);
  });
  return () => {
    keepPlaying();
    follow();
    clearTimeout(pending);
    pending = undefined;
    generation++;
    connection?.close();
    connection = undefined;
    batch(() => {
      started.value = undefined;
      frame.value = undefined;
      report.value = undefined;
      status.value = { kind: "starting" };
    });
  };
};

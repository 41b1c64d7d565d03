/** The worker that trains, with the run in it, and what of the run is kept in this browser. */
import { computed } from "@preact/signals";
import { tabName, trainingSession } from "../engine/index.ts";
import { EVERY_TAB, forget, keep, recall } from "../engine/kept.ts";
import { messageOf } from "../engine/message-of.ts";
import { route } from "../route.ts";
import { loadData, type OwnImages } from "./data.ts";
import { keepSpeed, speedOf } from "./expectation.ts";
import { type Curves, extended, type Frame, noCurves, withFrame } from "./history.ts";
import type { ImagesEvent, NamedFile } from "./protocol.ts";
import { type Settings, sources } from "./settings.ts";
import {
  change,
  curves,
  deviceChoice,
  file,
  frames,
  isTraining,
  ownImages,
  problem,
  progress,
  rate,
  revision,
  run,
  runImages,
  settings,
  status,
  viewedStep,
} from "./state.ts";
import type { ImagesHandlers } from "./worker.ts";

/** What is kept across a reload. */
interface Kept {
  readonly version: typeof KEPT_VERSION;
  readonly settings: Settings;
  readonly step: number;
  readonly checkpoint: Uint8Array<ArrayBuffer>;
  readonly curves: Curves;
  readonly frame: Frame | undefined;
}

/** Raised when what is kept changes its form: what another version has left is not taken up. */
const KEPT_VERSION = 1;
const RUN_KEY = "run";
const RUN_IMAGES_KEY = "run-images";
/** Of all tabs. */
const OWN_KEY = "own-images";
/** Tabs whose runs are kept. */
const MOST_KEPT = 8;

/** What the worker has to be given anew when it was closed: the state to start the run from, and the generator that was opened. */
export const held: { checkpoint?: Uint8Array<ArrayBuffer> | undefined; generator?: NamedFile } = {};

export const remember = async (): Promise<void> => {
  const { settings, step } = run.peek()!;
  const all = frames.peek();
  const kept = {
    version: KEPT_VERSION,
    settings,
    step,
    checkpoint: held.checkpoint,
    curves: curves.peek(),
    frame: all[all.length - 1],
  };
  try {
    await keep(await tabName(), RUN_KEY, kept, MOST_KEPT);
  } catch (error) {
    problem.value = `the run cannot be kept for a reload: ${messageOf(error)}; save a checkpoint to a file`;
  }
};

const onEvent = (event: ImagesEvent): void => {
  switch (event.kind) {
    case "trained": {
      const { records } = event;
      curves.value = extended(curves.peek(), records);
      rate.value = event.rate ?? rate.peek();
      const { settings, facts } = run.peek()!;
      if (event.rate !== undefined && facts !== undefined) {
        keepSpeed(speedOf(event.rate, settings, facts.images));
      }
      run.value = { ...run.peek()!, step: records[records.length - 1].step };
      return;
    }
    case "sampled":
      frames.value = withFrame(frames.peek(), event);
      revision.value++;
      return;
    case "saved":
      held.checkpoint = event.bytes;
      run.value = { ...run.peek()!, step: event.step };
      void remember();
      return;
    case "failed":
      isTraining.value = false;
      status.value = "Training stopped";
      problem.value = event.message;
      setBack();
  }
};

/** After a failure the state may be useless: the run goes on from what was last kept. */
export const setBack = (): void => {
  run.value = { ...run.peek()!, facts: undefined };
};

const noFacts = (): void => {
  isTraining.value = false;
  if (run.peek() !== undefined) run.value = { ...run.peek()!, facts: undefined };
  file.value = undefined;
};

export const session = trainingSession<ImagesHandlers, ImagesEvent>({
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  wanted: deviceChoice,
  onEvent,
  onFailure: (message) => {
    noFacts();
    problem.value = `The worker that trains has failed: ${message}`;
  },
});
export const { environment, device } = session;

/** How far ONNX Runtime is loaded. */
export const runtimeProgress = computed(() => {
  const { value } = session.status;
  return value.kind === "loading" && value.progress ? { ...value.progress, what: "ONNX Runtime" } : undefined;
});

/** The worker ends; the run goes on from the last checkpoint when it is next needed. */
export const closeWorker = (): void => {
  session.close();
  noFacts();
};

/** Puts the run into the worker, where it is not there: the one on show, or a new one with the page's settings. */
export const openRun = async (): Promise<void> => {
  await session.ready();
  const current = run.peek();
  if (current?.facts !== undefined) return;
  const wanted = current?.settings ?? settings.peek();
  if (current === undefined && wanted.data === "own" && ownImages.peek() !== undefined) {
    runImages.value = ownImages.peek();
    await keep(await tabName(), RUN_IMAGES_KEY, runImages.peek(), MOST_KEPT);
  }
  const data = await loadData(wanted.data, wanted.size, runImages.peek(), (loaded) => {
    progress.value = { ...loaded, what: sources[wanted.data] };
  });
  progress.value = undefined;
  const start = held.checkpoint && { name: "the kept checkpoint", bytes: held.checkpoint };
  const facts = await session.call("start", wanted, data, start);
  run.value = { settings: wanted, step: facts.step, facts };
};

const clear = (): void => {
  held.checkpoint = undefined;
  run.value = undefined;
  runImages.value = undefined;
  curves.value = noCurves;
  frames.value = [];
  viewedStep.value = undefined;
  rate.value = undefined;
};

/** The run as it is held here, to be put back if another cannot take its place. */
export const snapshot = (): (() => void) => {
  const before = {
    checkpoint: held.checkpoint,
    run: run.peek(),
    runImages: runImages.peek(),
    curves: curves.peek(),
    frames: frames.peek(),
  };
  return () => {
    clear();
    held.checkpoint = before.checkpoint;
    run.value = before.run && { ...before.run, facts: undefined };
    runImages.value = before.runImages;
    curves.value = before.curves;
    frames.value = before.frames;
  };
};

/** The run goes from the page; what the browser keeps of it is replaced when the next one is kept. */
export const clearRun = (): void => clear();

/** The run goes, from this browser too. */
export const forgetRun = async (): Promise<void> => {
  clear();
  const tab = await tabName();
  await Promise.all([RUN_KEY, RUN_IMAGES_KEY].map((key) => forget(tab, key)));
};

export const keepOwn = (images: OwnImages): Promise<void> => keep(EVERY_TAB, OWN_KEY, images, 1);
export const forgetOwn = (): Promise<void> => forget(EVERY_TAB, OWN_KEY);

const isKept = (value: unknown): value is Kept => (value as Kept | undefined)?.version === KEPT_VERSION;

/** Takes up what this browser has kept. */
export const recallAll = async (): Promise<void> => {
  const hadSettings = route.peek().query.size > 0;
  const tab = await tabName();
  const [kept, own, ofRun] = await Promise.all([
    recall(tab, RUN_KEY),
    recall(EVERY_TAB, OWN_KEY),
    recall(tab, RUN_IMAGES_KEY),
  ]);
  ownImages.value = own as OwnImages | undefined;
  runImages.value = ofRun as OwnImages | undefined;
  if (!isKept(kept)) return;
  held.checkpoint = kept.checkpoint;
  // Of before the data could choose, where it does not say who chose.
  const keptSettings: Settings = { ...kept.settings, by: kept.settings.by ?? "hand" };
  run.value = { settings: keptSettings, step: kept.step, facts: undefined };
  curves.value = kept.curves;
  frames.value = kept.frame === undefined ? [] : [kept.frame];
  if (!hadSettings) change(keptSettings);
  status.value = `The run is kept at step ${kept.step}`;
};

/** Resolves when the run stands still, after the iteration that it is in. */
export const pause = async (): Promise<void> => {
  if (!isTraining.peek()) return;
  await session.call("pause");
  isTraining.value = false;
  status.value = `Paused at step ${run.peek()?.step}`;
};

/** The worker that trains, with the run in it, and what of the run is kept in this browser. */
import { type Connection, connect, examineEnvironment } from "../engine/index.ts";
import { route } from "../route.ts";
import { loadData, type OwnImages } from "./data.ts";
import { type Curves, extended, type Frame, noCurves, withFrame } from "./history.ts";
import { type Settings, sources } from "./settings.ts";
import {
  change,
  curves,
  device,
  environment,
  file,
  frames,
  giveUp,
  isTraining,
  messageOf,
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
import { forget, keep, recall } from "./store.ts";
import type { ImagesEvent, ImagesHandlers, NamedFile } from "./worker.ts";

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
export const OWN_KEY = "own-images";
const RUN_IMAGES_KEY = "run-images";

/** What the worker has to be given anew when it was closed: the state to start the run from, and the generator that was opened. */
export const held: { checkpoint?: Uint8Array<ArrayBuffer> | undefined; generator?: NamedFile } = {};

let connection: Connection<ImagesHandlers> | undefined;

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
    await keep(RUN_KEY, kept);
  } catch (error) {
    problem.value = `the run cannot be kept for a reload: ${messageOf(error)}; save a checkpoint to a file`;
  }
};

const onEvent = (event: ImagesEvent): void => {
  switch (event.kind) {
    case "loading":
      progress.value = { ...event.progress, what: "ONNX Runtime" };
      return;
    case "trained": {
      const { records } = event;
      curves.value = extended(curves.peek(), records);
      rate.value = event.rate ?? rate.peek();
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

/** The worker ends; the run goes on from the last checkpoint when it is next needed. */
export const closeWorker = (): void => {
  connection?.close();
  connection = undefined;
  isTraining.value = false;
  if (run.peek() !== undefined) run.value = { ...run.peek()!, facts: undefined };
  file.value = undefined;
};

const onFailure = (message: string): void => {
  closeWorker();
  problem.value = `The worker that trains has failed: ${message}`;
  giveUp(new Error(problem.peek()));
};

export const openWorker = async (): Promise<Connection<ImagesHandlers>> => {
  if (environment.peek() === undefined) environment.value = await examineEnvironment();
  const chosen = device.peek()!;
  const { wasmProblem } = environment.peek()!;
  if (wasmProblem !== undefined) throw new Error(wasmProblem);
  connection ??= connect<ImagesHandlers, ImagesEvent>(
    new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    onEvent,
    onFailure,
  );
  await connection.call("prepare", { device: chosen.device, threads: chosen.threads });
  return connection;
};

/** The worker with the run in it: the one on show, or a new one with the page's settings. */
export const openRun = async (): Promise<Connection<ImagesHandlers>> => {
  const worker = await openWorker();
  const current = run.peek();
  if (current?.facts !== undefined) return worker;
  const wanted = current?.settings ?? settings.peek();
  if (current === undefined && wanted.data === "own" && ownImages.peek() !== undefined) {
    runImages.value = ownImages.peek();
    await keep(RUN_IMAGES_KEY, runImages.peek());
  }
  const data = await loadData(wanted.data, wanted.size, runImages.peek(), (loaded) => {
    progress.value = { ...loaded, what: sources[wanted.data] };
  });
  progress.value = undefined;
  const start = held.checkpoint && { name: "the kept checkpoint", bytes: held.checkpoint };
  const facts = await worker.call("start", wanted, data, start);
  run.value = { settings: wanted, step: facts.step, facts };
  return worker;
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

/** The run goes, from this browser too. */
export const forgetRun = async (): Promise<void> => {
  clear();
  await Promise.all([RUN_KEY, RUN_IMAGES_KEY].map(forget));
};

/** Takes up what this browser has kept. */
const isKept = (value: unknown): value is Kept => (value as Kept | undefined)?.version === KEPT_VERSION;

export const recallAll = async (): Promise<void> => {
  const hadSettings = route.peek().query.size > 0;
  const [kept, own, ofRun] = await Promise.all([RUN_KEY, OWN_KEY, RUN_IMAGES_KEY].map(recall));
  ownImages.value = own as OwnImages | undefined;
  runImages.value = ofRun as OwnImages | undefined;
  if (!isKept(kept)) return;
  held.checkpoint = kept.checkpoint;
  run.value = { settings: kept.settings, step: kept.step, facts: undefined };
  curves.value = kept.curves;
  frames.value = kept.frame === undefined ? [] : [kept.frame];
  if (!hadSettings) change(kept.settings);
  status.value = `The run is kept at step ${kept.step}`;
};

/** Resolves when the run stands still, after the iteration that it is in. */
export const pause = async (): Promise<void> => {
  if (!isTraining.peek()) return;
  await connection?.call("pause");
  isTraining.value = false;
  status.value = `Paused at step ${run.peek()?.step}`;
};

/** Whether there is a worker. */
export const isOpen = (): boolean => connection !== undefined;

/** What the explorer asks of the worker. The generator is there: the explorer shows what is open. */
export const generator = (): Connection<ImagesHandlers> => connection!;

/** The state of the images page, and what its controls do. It outlives the page: another page may be looked at meanwhile. */
import { computed, signal } from "@preact/signals";
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
import { download } from "../ui/download.ts";
import { factsOf, loadData, type OwnImages } from "./data.ts";
import type { GeneratorFacts } from "./generator-file.ts";
import { type Curves, extended, type Frame, noCurves, withFrame } from "./history.ts";
import { decodeImages } from "./own-images.ts";
import { drawGrid, gridSize } from "./pixels.ts";
import {
  addressFor,
  GRID,
  GRID_COLUMNS,
  parseAddress,
  type Settings,
  sameSettings,
  sources,
  usualSettings,
} from "./settings.ts";
import { forget, keep, recall } from "./store.ts";
import type { ImagesEvent, ImagesHandlers, NamedFile, RunFacts } from "./worker.ts";

export interface Run {
  readonly settings: Settings;
  readonly step: number;
  /** Undefined until the worker has it: a run that was kept across a reload is opened when it is needed. */
  readonly facts: RunFacts | undefined;
}

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
const OWN_KEY = "own-images";
const RUN_IMAGES_KEY = "run-images";

export const settings = signal<Settings>(usualSettings());
/** Parts of the address that were not understood. */
export const notices = signal<readonly string[]>([]);
export const run = signal<Run | undefined>(undefined);
export const isTraining = signal(false);
/** What the page is waiting for. */
export const busy = signal<string | undefined>(undefined);
export const progress = signal<(LoadProgress & { readonly what: string }) | undefined>(undefined);
/** The last thing that happened, for those who do not see it. */
export const status = signal("");
export const problem = signal<string | undefined>(undefined);
/** Iterations a second. */
export const rate = signal<number | undefined>(undefined);
export const curves = signal<Curves>(noCurves);
export const frames = signal<readonly Frame[]>([]);
/** The step whose grid is looked at; undefined for the newest. */
export const viewedStep = signal<number | undefined>(undefined);
export const environment = signal<Environment | undefined>(undefined);
export const deviceChoice = signal<DeviceChoice>("auto");
export const ownImages = signal<OwnImages | undefined>(undefined);
/** Those that the run was started on, where it is one on images of the user's: others may have been added since. */
const runImages = signal<OwnImages | undefined>(undefined);
/** What became of the files that were dropped last. */
export const ownNotice = signal<string | undefined>(undefined);
/** Whether the site has the sprites; undefined until it is known. */
export const hasSprites = signal<boolean | undefined>(undefined);
export const file = signal<{ readonly name: string; readonly facts: GeneratorFacts } | undefined>(undefined);
/** Counts the changes of the run's generator. */
export const revision = signal(0);

export const device = computed<ChosenDevice | undefined>(
  () => environment.value && chooseDevice(deviceChoice.value, environment.value),
);
/** Whether the settings, or the images, are no longer those of the run. */
export const isChanged = computed(() => {
  if (run.value === undefined) return false;
  const isOwn = run.value.settings.data === "own";
  return (
    !sameSettings(run.value.settings, settings.value) ||
    (isOwn && runImages.value?.added !== ownImages.value?.added)
  );
});
export const frame = computed<Frame | undefined>(() => {
  const all = frames.value;
  const wanted = viewedStep.value;
  if (wanted === undefined) return all[all.length - 1];
  return all.findLast(({ step }) => step <= wanted) ?? all[0];
});

let connection: Connection<ImagesHandlers> | undefined;
/** The state to start the run from when the worker has to be given it anew. */
let checkpoint: Uint8Array<ArrayBuffer> | undefined;
let generatorFile: NamedFile | undefined;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Ends what is being waited for: a worker that has failed answers no more. */
let giveUp: (error: Error) => void = () => {};

/** Does one thing at a time, says what, and shows what went wrong. Whether it went well. */
const doing = async (what: string, action: () => Promise<void>): Promise<boolean> => {
  if (busy.peek() !== undefined) return false;
  busy.value = what;
  problem.value = undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      giveUp = reject;
      action().then(resolve, reject);
    });
    return true;
  } catch (error) {
    problem.value = messageOf(error);
    return false;
  } finally {
    busy.value = undefined;
    progress.value = undefined;
  }
};

const remember = async (): Promise<void> => {
  const { settings, step } = run.peek()!;
  const all = frames.peek();
  const kept = {
    version: KEPT_VERSION,
    settings,
    step,
    checkpoint,
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
      checkpoint = event.bytes;
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
const setBack = (): void => {
  run.value = { ...run.peek()!, facts: undefined };
};

/** The worker ends; the run goes on from the last checkpoint when it is next needed. */
const closeWorker = (): void => {
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

const openWorker = async (): Promise<Connection<ImagesHandlers>> => {
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
const openRun = async (): Promise<Connection<ImagesHandlers>> => {
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
  const start = checkpoint && { name: "the kept checkpoint", bytes: checkpoint };
  const facts = await worker.call("start", wanted, data, start);
  run.value = { settings: wanted, step: facts.step, facts };
  return worker;
};

const clear = (): void => {
  checkpoint = undefined;
  run.value = undefined;
  runImages.value = undefined;
  curves.value = noCurves;
  frames.value = [];
  viewedStep.value = undefined;
  rate.value = undefined;
};

/** The query that the page's state has. */
export const addressOf = (): URLSearchParams => addressFor(settings.peek(), deviceChoice.peek());

export const change = (changed: Partial<Settings>): void => {
  settings.value = { ...settings.peek(), ...changed };
  notices.value = [];
  replaceQuery(addressOf());
};

/** Takes over what the address holds. One without a query leaves everything as it is. */
export const readAddress = (): void => {
  const { query } = route.peek();
  if (query.size === 0) {
    replaceQuery(addressOf());
    return;
  }
  const parsed = parseAddress(query);
  settings.value = parsed.settings;
  notices.value = parsed.notices;
  if (parsed.device === deviceChoice.peek()) return;
  if (connection === undefined) deviceChoice.value = parsed.device;
  else void chooseDeviceAs(parsed.device);
};

const isKept = (value: unknown): value is Kept => (value as Kept | undefined)?.version === KEPT_VERSION;

const recallAll = async (): Promise<void> => {
  const hadSettings = route.peek().query.size > 0;
  const [kept, own, ofRun] = await Promise.all([RUN_KEY, OWN_KEY, RUN_IMAGES_KEY].map(recall));
  ownImages.value = own as OwnImages | undefined;
  runImages.value = ofRun as OwnImages | undefined;
  if (!isKept(kept)) return;
  ({ checkpoint } = kept);
  run.value = { settings: kept.settings, step: kept.step, facts: undefined };
  curves.value = kept.curves;
  frames.value = kept.frame === undefined ? [] : [kept.frame];
  if (!hadSettings) change(kept.settings);
  status.value = `The run is kept at step ${kept.step}`;
};

/** Once, before the page is first shown: what the browser offers, and what it has kept. */
export const initialise = (): void => {
  const failed = (what: string) => (error: unknown) => {
    problem.value = `${what}: ${messageOf(error)}`;
  };
  busy.value = "Opening the page";
  void recallAll()
    .catch(failed("what this browser has kept cannot be read"))
    .finally(() => {
      busy.value = undefined;
    });
  readAddress();
  void examineEnvironment().then((found) => {
    environment.value = found;
  }, failed("this browser cannot be examined"));
  void factsOf("pokemon").then((facts) => {
    hasSprites.value = facts !== undefined;
  }, failed("the data of this site cannot be reached"));
};

export const train = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
    const worker = await openRun();
    await worker.call("play");
    isTraining.value = true;
    viewedStep.value = undefined;
    status.value = "Training";
  });

/** Resolves when the run stands still, after the iteration that it is in. */
export const pause = async (): Promise<void> => {
  if (!isTraining.peek()) return;
  await connection?.call("pause");
  isTraining.value = false;
  status.value = `Paused at step ${run.peek()?.step}`;
};

export const step = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
    const worker = await openRun();
    try {
      await worker.call("step");
    } catch (error) {
      setBack();
      throw error;
    }
    viewedStep.value = undefined;
    status.value = `Step ${run.peek()?.step}`;
  });

/** A run from its start, with the page's settings, in place of the one before. */
export const startAnew = async (): Promise<void> => {
  await pause();
  await doing("Preparing the run", async () => {
    clear();
    await Promise.all([RUN_KEY, RUN_IMAGES_KEY].map(forget));
    await openRun();
    status.value = "New run at step 0";
  });
};

/** The run goes, from this browser too. */
export const deleteRun = async (): Promise<void> => {
  await pause();
  await doing("Deleting the run", async () => {
    clear();
    await Promise.all([RUN_KEY, RUN_IMAGES_KEY].map(forget));
    status.value = "The run is deleted";
  });
};

/** Wakes a run that was kept, to look at its generator. */
export const wake = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
    await openRun();
  });

export const chooseDeviceAs = async (choice: DeviceChoice): Promise<void> => {
  await pause();
  await doing("Changing the device", async () => {
    if (run.peek()?.facts !== undefined) {
      checkpoint = (await connection!.call("checkpoint")) as Uint8Array<ArrayBuffer>;
    }
    closeWorker();
    rate.value = undefined;
    deviceChoice.value = choice;
    replaceQuery(addressOf());
    if (generatorFile !== undefined) await openGeneratorFile(generatorFile);
  });
};

const fileOf = async (chosen: File): Promise<NamedFile> => ({
  name: chosen.name,
  bytes: new Uint8Array(await chosen.arrayBuffer()),
});

const stepName = (step = run.peek()?.step ?? 0): string => `step-${String(step).padStart(6, "0")}`;

export const saveCheckpointFile = (): Promise<boolean> =>
  doing("Saving", async () => {
    const bytes = await (await openRun()).call("checkpoint");
    download(`${stepName()}.safetensors`, bytes as Uint8Array<ArrayBuffer>, "application/octet-stream");
    status.value = "Checkpoint saved";
  });

export const loadCheckpointFile = async (chosen: File): Promise<void> => {
  await pause();
  await doing("Loading the checkpoint", async () => {
    const worker = await openRun();
    const named = await fileOf(chosen);
    const before = frames.peek();
    frames.value = [];
    try {
      const { step } = await worker.call("restore", named);
      checkpoint = named.bytes;
      curves.value = noCurves;
      rate.value = undefined;
      viewedStep.value = undefined;
      run.value = { ...run.peek()!, step };
      status.value = `Checkpoint of step ${step} loaded`;
      await remember();
    } catch (error) {
      frames.value = before;
      throw error;
    }
  });
};

export const saveGenerator = (): Promise<boolean> =>
  doing("Exporting", async () => {
    const bytes = await (await openRun()).call("exportGenerator");
    download("generator.onnx", bytes as Uint8Array<ArrayBuffer>, "application/octet-stream");
    status.value = "generator.onnx saved";
  });

/** The grid that is looked at, as a picture. */
export const saveGrid = (): Promise<boolean> =>
  doing("Saving", async () => {
    const { step, samples } = frame.peek()!;
    const canvas = new OffscreenCanvas(...gridSize(samples.shape, GRID, GRID_COLUMNS));
    drawGrid(canvas.getContext("2d")!, samples, 0, GRID, GRID_COLUMNS);
    download(`samples-${stepName(step)}.png`, await canvas.convertToBlob(), "image/png");
    status.value = "Picture saved";
  });

export const saveSamples = (): Promise<boolean> =>
  doing("Exporting", async () => {
    const bytes = await (await openRun()).call("exportSamples");
    download(
      `samples-${stepName()}.safetensors`,
      bytes as Uint8Array<ArrayBuffer>,
      "application/octet-stream",
    );
    status.value = "Samples saved";
  });

const openGeneratorFile = async (named: NamedFile): Promise<void> => {
  const facts = await (await openWorker()).call("open", named);
  generatorFile = named;
  file.value = { name: named.name, facts };
  status.value = `${named.name} opened`;
};

export const openGenerator = (chosen: File): Promise<boolean> =>
  doing("Opening the generator", async () => openGeneratorFile(await fileOf(chosen)));

/** What the explorer asks of the worker. The generator is there: the explorer shows what is open. */
export const generator = (): Connection<ImagesHandlers> => connection!;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const deleteOwnImages = (): Promise<boolean> =>
  doing("Deleting the images", async () => {
    ownImages.value = undefined;
    ownNotice.value = undefined;
    await forget(OWN_KEY);
    status.value = "The images are deleted";
  });

export const addOwnImages = (chosen: readonly File[]): Promise<boolean> =>
  doing("Reading the images", async () => {
    ownNotice.value = undefined;
    const { images, unreadable, left } = await decodeImages(chosen, (loaded, total) => {
      progress.value = { loaded, total, what: "files" };
    });
    ownImages.value = images;
    const named = unreadable.slice(0, 5).join(", ");
    ownNotice.value = [
      `${plural(images.count, images.shape[0] === 1 ? "grey image" : "colour image")} read`,
      ...(unreadable.length > 0
        ? [`${plural(unreadable.length, "file")} not readable: ${named}${unreadable.length > 5 ? ", …" : ""}`]
        : []),
      ...(left > 0 ? [`${plural(left, "file")} beyond the most that are taken`] : []),
    ].join("; ");
    status.value = ownNotice.peek()!;
    if (settings.peek().data !== "own") change({ ...usualSettings("own", settings.peek().loss) });
    await keep(OWN_KEY, images);
  });

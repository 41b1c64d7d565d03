/** The state of the images page. It outlives the page: another page may be looked at meanwhile. */
import { computed, signal } from "@preact/signals";
import type { LoadProgress } from "../engine/index.ts";
import { addressOf } from "../ui/address.ts";
import { doingOneThing } from "../ui/doing.ts";
import type { ImagesFacts } from "./by-data.ts";
import type { DataFacts, OwnImages } from "./data.ts";
import type { GeneratorFacts } from "./generator-file.ts";
import { type Curves, type Frame, noCurves } from "./history.ts";
import type { RunFacts } from "./protocol.ts";
import { addressFor, parseAddress, type Settings, sameSettings } from "./settings.ts";

export interface Run {
  readonly settings: Settings;
  readonly step: number;
  /** Undefined until the worker has it: a run that was kept across a reload is opened when it is needed. */
  readonly facts: RunFacts | undefined;
}

/** What the next run trains, and where. */
export const address = addressOf({
  isHere: ([name]) => name === "images",
  read: parseAddress,
  write: addressFor,
  bare: "kept",
});
export const settings = computed(() => address.state.value.settings);
export const deviceChoice = computed(() => address.state.value.device);
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
export const ownImages = signal<OwnImages | undefined>(undefined);
/** Those that the run was started on, where it is one on images of the user's: others may have been added since. */
export const runImages = signal<OwnImages | undefined>(undefined);
/** What became of the files that were dropped last. */
export const ownNotice = signal<string | undefined>(undefined);
/** The files that were dropped last, as they are, until they have been read. */
export const previews = signal<readonly string[]>([]);
/** What the site says of the chosen data, where it has them. */
export const siteFacts = signal<DataFacts | undefined>(undefined);
/** Whether the site has the sprites; undefined until it is known. */
export const hasSprites = signal<boolean | undefined>(undefined);
export const file = signal<{ readonly name: string; readonly facts: GeneratorFacts } | undefined>(undefined);
/** Counts the changes of the run's generator. */
export const revision = signal(0);

/** Images and classes of the chosen data, as far as they are known. */
export const chosenData = computed<Pick<OwnImages, "count" | "shape" | "classes"> | undefined>(() =>
  settings.value.data === "own" ? ownImages.value : siteFacts.value,
);
/** What the data's choice hangs on, as far as it is known. */
export const imagesFacts = computed<ImagesFacts | undefined>(() => {
  const known = chosenData.value;
  return known && { channels: known.shape[0], count: known.count, classes: known.classes?.length };
});
/** Whether there is something to lose. */
export const isWorth = computed(() => (run.value?.step ?? 0) > 0);
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

export const change = (changed: Partial<Settings>): void => {
  const state = address.state.peek();
  address.change({ ...state, settings: { ...state.settings, ...changed } });
};

export const doing = doingOneThing({
  busy,
  problem,
  onEnd: () => {
    progress.value = undefined;
  },
});

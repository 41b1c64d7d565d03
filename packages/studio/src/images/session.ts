/** What the controls of the images page do. */
import { computed, effect } from "@preact/signals";
import type { DeviceChoice } from "../engine/index.ts";
import { messageOf } from "../engine/message-of.ts";
import { factsOf } from "./data.ts";
import { origin } from "./explorer.ts";
import { mayDrop, openGeneratorFile, openRunGenerator } from "./files.ts";
import { closeWorker, forgetRun, held, openRun, pause, recallAll, session, setBack } from "./run-worker.ts";
import {
  address,
  busy,
  doing,
  hasSprites,
  isChanged,
  isTraining,
  problem,
  rate,
  run,
  settings,
  siteFacts,
  status,
  viewedStep,
} from "./state.ts";

/** Follows the address while the page is open. A link without a query leaves everything as it is. */
export const follow = (): (() => void) =>
  address.follow((before, now) => {
    if (now.device !== before.device) void changeDevice();
    if (now.generator !== "") void openAsked();
  });

/** Opens the generator that a link asks for, once. */
const openAsked = async (): Promise<void> => {
  const { generator } = address.state.peek();
  if (generator === "") return;
  address.change({ ...address.state.peek(), generator: "" });
  if (await openRunGenerator(generator)) origin.value = "file";
};

/** How many images and which classes the chosen data have, as far as the site says. */
const watchFacts = (): void => {
  const chosen = computed(() => settings.value.data);
  effect(() => {
    const data = chosen.value;
    siteFacts.value = undefined;
    if (data === "own") return;
    factsOf(data).then(
      (facts) => {
        if (chosen.peek() === data) siteFacts.value = facts;
      },
      // What needs the data says so.
      () => undefined,
    );
  });
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
      void openAsked();
    });
  watchFacts();
  session.examine().catch(failed("this browser cannot be examined"));
  void factsOf("pokemon").then((facts) => {
    hasSprites.value = facts !== undefined;
  }, failed("the data of this site cannot be reached"));
};

/** Goes on with the run; or begins one of other settings, where these were changed. */
export const train = async (): Promise<void> => {
  if (isChanged.peek() && !(await startAnew())) return;
  await goOn();
};

/** Goes on with the run as it is, or with its first step. */
export const goOn = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
    await openRun();
    await session.call("play");
    isTraining.value = true;
    viewedStep.value = undefined;
    status.value = "Training";
  });

/** One step, of a new run where the settings are those of another. */
export const step = async (): Promise<void> => {
  if (isChanged.peek() && !(await startAnew())) return;
  await doing("Preparing the run", async () => {
    await openRun();
    try {
      await session.call("step");
    } catch (error) {
      setBack();
      throw error;
    }
    viewedStep.value = undefined;
    status.value = `Step ${run.peek()?.step}`;
  });
};

/** A run from its start, with the page's settings, in place of the one before. @returns whether it is there */
export const startAnew = async (): Promise<boolean> => {
  await pause();
  if (!(await mayDrop("A new run"))) return false;
  return doing("Preparing the run", async () => {
    await forgetRun();
    await openRun();
    status.value = "New run at step 0";
  });
};

export const deleteRun = async (): Promise<void> => {
  await pause();
  if (!(await mayDrop("Deleting it"))) return;
  await doing("Deleting the run", async () => {
    await forgetRun();
    status.value = "The run is deleted";
  });
};

/** Wakes a run that was kept, to look at its generator. */
export const wake = (): Promise<boolean> => doing("Preparing the run", openRun);

/** After another device was chosen: the run goes on there. */
const changeDevice = async (): Promise<void> => {
  if (!session.isOpen()) return;
  await pause();
  await doing("Changing the device", async () => {
    if (run.peek()?.facts !== undefined) {
      held.checkpoint = (await session.call("checkpoint")) as Uint8Array<ArrayBuffer>;
    }
    closeWorker();
    rate.value = undefined;
    if (held.generator !== undefined) await openGeneratorFile(held.generator);
  });
};

export const chooseDeviceAs = (device: DeviceChoice): void => {
  address.change({ ...address.state.peek(), device });
  void changeDevice();
};

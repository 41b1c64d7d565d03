/** What the controls of the images page do. */
import type { DeviceChoice } from "../engine/index.ts";
import { factsOf } from "./data.ts";
import { openGeneratorFile } from "./files.ts";
import { closeWorker, forgetRun, held, openRun, pause, recallAll, session, setBack } from "./run-worker.ts";
import {
  address,
  busy,
  doing,
  hasSprites,
  isTraining,
  messageOf,
  problem,
  rate,
  run,
  status,
  viewedStep,
} from "./state.ts";

/** Follows the address while the page is open. A link without a query leaves everything as it is. */
export const follow = (): (() => void) =>
  address.follow((before, now) => {
    if (now.device !== before.device) void changeDevice();
  });

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
  session.examine().catch(failed("this browser cannot be examined"));
  void factsOf("pokemon").then((facts) => {
    hasSprites.value = facts !== undefined;
  }, failed("the data of this site cannot be reached"));
};

export const train = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
    await openRun();
    await session.call("play");
    isTraining.value = true;
    viewedStep.value = undefined;
    status.value = "Training";
  });

export const step = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
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

/** A run from its start, with the page's settings, in place of the one before. */
export const startAnew = async (): Promise<void> => {
  await pause();
  await doing("Preparing the run", async () => {
    await forgetRun();
    await openRun();
    status.value = "New run at step 0";
  });
};

export const deleteRun = async (): Promise<void> => {
  await pause();
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

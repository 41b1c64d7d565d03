/** What the controls of the images page do. */
import { type DeviceChoice, examineEnvironment } from "../engine/index.ts";
import { replaceQuery, route } from "../route.ts";
import { factsOf } from "./data.ts";
import { openGeneratorFile } from "./files.ts";
import {
  closeWorker,
  forgetRun,
  generator,
  held,
  isOpen,
  openRun,
  pause,
  recallAll,
  setBack,
} from "./run-worker.ts";
import { parseAddress } from "./settings.ts";
import {
  addressOf,
  busy,
  deviceChoice,
  doing,
  environment,
  hasSprites,
  isTraining,
  messageOf,
  notices,
  problem,
  rate,
  run,
  settings,
  status,
  viewedStep,
} from "./state.ts";

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
  if (!isOpen()) deviceChoice.value = parsed.device;
  else void chooseDeviceAs(parsed.device);
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
export const wake = (): Promise<boolean> =>
  doing("Preparing the run", async () => {
    await openRun();
  });

export const chooseDeviceAs = async (choice: DeviceChoice): Promise<void> => {
  await pause();
  await doing("Changing the device", async () => {
    if (run.peek()?.facts !== undefined) {
      held.checkpoint = (await generator().call("checkpoint")) as Uint8Array<ArrayBuffer>;
    }
    closeWorker();
    rate.value = undefined;
    deviceChoice.value = choice;
    replaceQuery(addressOf());
    if (held.generator !== undefined) await openGeneratorFile(held.generator);
  });
};

/** What the page takes and gives as files: checkpoints, generators, pictures, images of the user's. */

import { fileAddress } from "../runs/connection.ts";
import { download } from "../ui/download.ts";
import { number, plural } from "../ui/words.ts";
import { type Carried, carriedBy, withCarried } from "./carried.ts";
import { ask } from "./confirm.tsx";
import { type Given, unpacked } from "./given.ts";
import { noCurves } from "./history.ts";
import { decodeImages, joined } from "./own-images.ts";
import { countOf, drawGrid, gridSize } from "./pixels.ts";
import type { NamedFile } from "./protocol.ts";
import {
  clearRun,
  forgetOwn,
  held,
  keepOwn,
  openRun,
  pause,
  remember,
  session,
  snapshot,
} from "./run-worker.ts";
import { GRID_COLUMNS, usualSettings } from "./settings.ts";
import {
  address,
  change,
  curves,
  doing,
  file,
  frame,
  frames,
  isWorth,
  ownImages,
  ownNotice,
  previews,
  progress,
  rate,
  run,
  settings,
  status,
  viewedStep,
} from "./state.ts";

const fileOf = async (chosen: File): Promise<NamedFile> => ({
  name: chosen.name,
  bytes: new Uint8Array(await chosen.arrayBuffer()),
});

const stepName = (step = run.peek()?.step ?? 0): string => `step-${String(step).padStart(6, "0")}`;

const downloadCheckpoint = async (): Promise<void> => {
  await openRun();
  const bytes = await session.call("checkpoint");
  const carried = { settings: run.peek()!.settings, curves: curves.peek() };
  download(`${stepName()}.safetensors`, withCarried(bytes, carried), "application/octet-stream");
  status.value = "Checkpoint saved";
};

export const saveCheckpointFile = (): Promise<boolean> => doing("Saving", downloadCheckpoint);

/** Asks before a run is dropped that has been trained. @returns whether it may go */
export const mayDrop = async (instead: string): Promise<boolean> => {
  if (!isWorth.peek()) return true;
  const step = number(run.peek()!.step);
  const decision = await ask(`${instead} drops the run at step ${step} from this page and this browser.`);
  return decision === "save" ? saveCheckpointFile() : decision === "drop";
};

/** A run of the checkpoint's own settings in place of the one before. */
const startFrom = async ({ settings, curves: carried }: Carried, named: NamedFile): Promise<void> => {
  const putBack = snapshot();
  const before = address.state.peek();
  try {
    clearRun();
    change(settings);
    held.checkpoint = named.bytes;
    await openRun();
    curves.value = carried;
  } catch (error) {
    putBack();
    address.change(before);
    throw error;
  }
};

/** The state alone, of a file that does not say what it was trained with: into the run that is there. */
const restoreFrom = async (named: NamedFile): Promise<void> => {
  await openRun();
  const before = frames.peek();
  frames.value = [];
  try {
    const { step } = await session.call("restore", named);
    held.checkpoint = named.bytes;
    curves.value = noCurves;
    run.value = { ...run.peek()!, step };
  } catch (error) {
    frames.value = before;
    throw error;
  }
};

export const loadCheckpointFile = async (chosen: File): Promise<void> => {
  await pause();
  const named = await fileOf(chosen);
  let carried: Carried | undefined;
  const isRead = await doing("Reading the checkpoint", async () => {
    carried = carriedBy(named.bytes, named.name);
  });
  if (!isRead) return;
  if (!(await mayDrop(`Loading ${named.name}`))) return;
  await doing("Loading the checkpoint", async () => {
    await (carried === undefined ? restoreFrom(named) : startFrom(carried, named));
    rate.value = undefined;
    viewedStep.value = undefined;
    status.value = `Checkpoint of step ${run.peek()?.step} loaded`;
    await remember();
  });
};

export const saveGenerator = (): Promise<boolean> =>
  doing("Exporting", async () => {
    await openRun();
    const bytes = await session.call("exportGenerator");
    download("generator.onnx", bytes as Uint8Array<ArrayBuffer>, "application/octet-stream");
    status.value = "generator.onnx saved";
  });

/** The grid that is looked at, as a picture. */
export const saveGrid = (): Promise<boolean> =>
  doing("Saving", async () => {
    const { step, samples, classes } = frame.peek()!;
    const columns = classes?.length ?? GRID_COLUMNS;
    const canvas = new OffscreenCanvas(...gridSize(samples.shape, countOf(samples), columns));
    drawGrid(canvas.getContext("2d")!, samples, 0, countOf(samples), columns);
    download(`samples-${stepName(step)}.png`, await canvas.convertToBlob(), "image/png");
    status.value = "Picture saved";
  });

export const saveSamples = (): Promise<boolean> =>
  doing("Exporting", async () => {
    await openRun();
    const bytes = await session.call("exportSamples");
    download(
      `samples-${stepName()}.safetensors`,
      bytes as Uint8Array<ArrayBuffer>,
      "application/octet-stream",
    );
    status.value = "Samples saved";
  });

export const openGeneratorFile = async (named: NamedFile): Promise<void> => {
  const facts = await session.call("open", named);
  held.generator = named;
  file.value = { name: named.name, facts };
  status.value = `${named.name} opened`;
};

export const openGenerator = (chosen: File): Promise<boolean> =>
  doing("Opening the generator", async () => openGeneratorFile(await fileOf(chosen)));

/** The generator of a run of `tsgan studio`. */
export const openRunGenerator = (id: string): Promise<boolean> =>
  doing("Opening the run's generator", async () => {
    const response = await fetch(fileAddress(id, "generator.onnx"));
    if (!response.ok) throw new Error(`run ${id}: it has no generator.onnx; export it with tsgan export`);
    await openGeneratorFile({
      name: `${id}: generator.onnx`,
      bytes: new Uint8Array(await response.arrayBuffer()),
    });
  });

export const deleteOwnImages = (): Promise<boolean> =>
  doing("Deleting the images", async () => {
    ownImages.value = undefined;
    ownNotice.value = undefined;
    await forgetOwn();
    status.value = "The images are deleted";
  });

/** Thumbnails that are shown. */
export const THUMBNAILS = 24;

const dropPreviews = (): void => {
  for (const url of previews.peek()) URL.revokeObjectURL(url);
  previews.value = [];
};

const showPreviews = async (chosen: readonly Given[]): Promise<void> => {
  const blobs = await Promise.allSettled(chosen.slice(0, THUMBNAILS).map(({ open }) => open()));
  previews.value = blobs.flatMap((blob) =>
    blob.status === "fulfilled" ? URL.createObjectURL(blob.value) : [],
  );
};

const chooseOwn = (): void => {
  const { data, loss, by } = settings.peek();
  if (data !== "own") change({ ...usualSettings("own", loss), by });
  // Those of before had class names, and these have none.
  if (ownImages.peek()?.classes === undefined) change({ model: "dcgan" });
};

/** Pictures of the camera, behind the images that are there. */
export const addPictures = (planes: readonly Uint8Array[], className: string): Promise<boolean> =>
  doing("Keeping the pictures", async () => {
    ownImages.value = joined(ownImages.peek(), planes, className);
    const of = className === "" ? "" : ` of ${className}`;
    ownNotice.value = `${plural(planes.length, "picture")}${of} taken; ${plural(ownImages.peek()!.count, "image")} in all`;
    status.value = ownNotice.peek()!;
    chooseOwn();
    await keepOwn(ownImages.peek()!);
  });

export const addOwnImages = (given: readonly Given[]): Promise<boolean> =>
  doing("Reading the images", async () => {
    ownNotice.value = undefined;
    try {
      const chosen = await unpacked(given);
      await showPreviews(chosen);
      await readOwnImages(chosen);
    } finally {
      dropPreviews();
    }
  });

const readOwnImages = async (chosen: readonly Given[]): Promise<void> => {
  const { images, unreadable, left, passedOver } = await decodeImages(chosen, (loaded, total) => {
    progress.value = { loaded, total, what: "files" };
  });
  ownImages.value = images;
  const named = unreadable.slice(0, 5).join(", ");
  const of = images.classes === undefined ? "" : ` of ${images.classes.length} classes`;
  ownNotice.value = [
    `${plural(images.count, images.shape[0] === 1 ? "grey image" : "colour image")}${of} read`,
    ...(unreadable.length > 0
      ? [`${plural(unreadable.length, "file")} not readable: ${named}${unreadable.length > 5 ? ", …" : ""}`]
      : []),
    ...passedOver,
    ...(left > 0 ? [`${plural(left, "file")} beyond the most that are taken`] : []),
  ].join("; ");
  status.value = ownNotice.peek()!;
  chooseOwn();
  await keepOwn(images);
};

/** What the page takes and gives as files: checkpoints, generators, pictures, images of the user's. */
import { download } from "../ui/download.ts";
import { noCurves } from "./history.ts";
import { decodeImages } from "./own-images.ts";
import { drawGrid, gridSize } from "./pixels.ts";
import { forgetOwn, held, keepOwn, openRun, pause, remember, session } from "./run-worker.ts";
import { GRID, GRID_COLUMNS, usualSettings } from "./settings.ts";
import {
  change,
  curves,
  doing,
  file,
  frame,
  frames,
  ownImages,
  ownNotice,
  progress,
  rate,
  run,
  settings,
  status,
  viewedStep,
} from "./state.ts";
import type { NamedFile } from "./worker.ts";

const fileOf = async (chosen: File): Promise<NamedFile> => ({
  name: chosen.name,
  bytes: new Uint8Array(await chosen.arrayBuffer()),
});

const stepName = (step = run.peek()?.step ?? 0): string => `step-${String(step).padStart(6, "0")}`;

export const saveCheckpointFile = (): Promise<boolean> =>
  doing("Saving", async () => {
    await openRun();
    const bytes = await session.call("checkpoint");
    download(`${stepName()}.safetensors`, bytes as Uint8Array<ArrayBuffer>, "application/octet-stream");
    status.value = "Checkpoint saved";
  });

export const loadCheckpointFile = async (chosen: File): Promise<void> => {
  await pause();
  await doing("Loading the checkpoint", async () => {
    await openRun();
    const named = await fileOf(chosen);
    const before = frames.peek();
    frames.value = [];
    try {
      const { step } = await session.call("restore", named);
      held.checkpoint = named.bytes;
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
    await openRun();
    const bytes = await session.call("exportGenerator");
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

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const deleteOwnImages = (): Promise<boolean> =>
  doing("Deleting the images", async () => {
    ownImages.value = undefined;
    ownNotice.value = undefined;
    await forgetOwn();
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
    await keepOwn(images);
  });

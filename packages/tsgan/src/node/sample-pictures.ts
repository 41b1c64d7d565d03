/** Pictures of a run's samples, drawn while training goes on. */
import type { RunEvent } from "./run-events.ts";
import type { RunFolder } from "./run-folder.ts";
import { drawingProblem } from "./sample-png.ts";

export interface SamplePictures {
  /**
   * Begins to draw the picture of a step, once the one before is written.
   *
   * @param shape of one sample
   * @throws what went wrong with the one before
   */
  draw(step: number, shape: readonly number[], picture: () => Promise<Uint8Array>): Promise<void>;
  /**
   * Waits until the picture is written. Checkpoints come after it, so that all samples before a checkpoint are there.
   *
   * @throws what went wrong with it
   */
  written(): Promise<void>;
}

type PictureEvent = Extract<RunEvent, { type: "sample" | "warning" }>;

/** Where samples of that shape cannot be drawn on this machine, one warning says so, and none are. */
export const samplePictures = (folder: RunFolder, onEvent: (event: PictureEvent) => void): SamplePictures => {
  let problem: Promise<string | undefined> | undefined;
  let drawing = Promise.resolve();
  const problemOf = async (shape: readonly number[]): Promise<string | undefined> => {
    const message = await drawingProblem(shape);
    if (message !== undefined) onEvent({ type: "warning", message });
    return message;
  };
  const write = async (
    step: number,
    shape: readonly number[],
    picture: () => Promise<Uint8Array>,
  ): Promise<void> => {
    problem ??= problemOf(shape);
    if ((await problem) !== undefined) return;
    const path = folder.writeSample(step, await picture());
    onEvent({ type: "sample", step, path });
  };
  return {
    draw: async (step, shape, picture) => {
      await drawing;
      drawing = write(step, shape, picture);
      // Where it fails, whoever waits for it is told.
      drawing.catch(() => {});
    },
    written: () => drawing,
  };
};

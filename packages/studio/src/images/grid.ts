/** The samples of a run that are watched: of the same noise from its first step to its last. */
import { encodeSafetensors, type GanTrainer } from "tsgan/train";
import type { Frame } from "./history.ts";
import { type ImageShape, toPixels } from "./pixels.ts";
import { GRID, MOST_COLUMNS } from "./settings.ts";

/** What is trained, and what its grid is made of. */
export interface Run {
  readonly trainer: GanTrainer;
  /** Of the noise. */
  readonly seed: number;
  /** Undefined where there are no classes, or they have no names. */
  readonly classNames: readonly string[] | undefined;
}

interface Latents {
  readonly z: Float32Array;
  readonly labels: Int32Array | undefined;
}

export const shapeOf = ({ gan }: GanTrainer): ImageShape => {
  const [channels, height, width] = gan.model.shape;
  return [channels, height, width];
};

/** With classes one latent vector for each row, and a column for each class. */
const latentsOf = ({ trainer, seed }: Run): Latents => {
  const { latent, classes } = trainer.gan.model;
  if (classes === undefined) return { z: trainer.latents(GRID, seed), labels: undefined };
  const columns = Math.min(classes, MOST_COLUMNS);
  const rows = Math.max(1, Math.floor(GRID / columns));
  const own = trainer.latents(rows, seed);
  const z = new Float32Array(rows * columns * latent.size);
  for (let i = 0; i < rows * columns; i++) {
    const row = Math.floor(i / columns);
    z.set(own.subarray(row * latent.size, (row + 1) * latent.size), i * latent.size);
  }
  return { z, labels: Int32Array.from({ length: rows * columns }, (_, i) => i % columns) };
};

/** What the columns are called; undefined where there are no classes. */
const columnNames = ({ trainer, classNames }: Run): readonly string[] | undefined => {
  const { classes } = trainer.gan.model;
  if (classes === undefined) return undefined;
  return Array.from({ length: Math.min(classes, MOST_COLUMNS) }, (_, i) => classNames?.[i] ?? String(i));
};

/** `count` images with what they are made of. */
const draw = async (
  run: Run,
): Promise<Latents & { readonly count: number; readonly image: Float32Array }> => {
  const { z, labels } = latentsOf(run);
  const count = z.length / run.trainer.gan.model.latent.size;
  return { z, labels, count, image: await run.trainer.sample(count, { z, ...(labels && { labels }) }) };
};

/** The grid at the run's step, to be looked at. */
export const frameOf = async (run: Run): Promise<Frame> => {
  const { image } = await draw(run);
  return {
    step: run.trainer.progress.step,
    samples: toPixels(image, shapeOf(run.trainer)),
    classes: columnNames(run),
  };
};

/** The grid as a safetensors file: `z` [count, latent], with classes `label` [count], `image` [count, …shape] in [−1, 1]. */
export const gridFile = async (run: Run): Promise<Uint8Array> => {
  const { latent, shape } = run.trainer.gan.model;
  const { z, labels, count, image } = await draw(run);
  return encodeSafetensors({
    z: { shape: [count, latent.size], data: z },
    ...(labels && { label: { shape: [count], data: labels } }),
    image: { shape: [count, ...shape], data: image },
  });
};

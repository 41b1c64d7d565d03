/** A walk through the latent space as a moving picture: a grid whose samples change into others, and back to the first. */
import { UsageError } from "../errors.ts";
import type { Latent } from "../models/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { imageGrid } from "./png.ts";
import { sampleColumns } from "./sample-png.ts";
import { loadSharp } from "./sharp.ts";

/** Latent vectors that a walk passes, and pictures from one to the next. */
const STOPS = 4;
const PACES = 12;
/** Milliseconds of a picture. */
const DELAY = 80;
const READABLE = 64;

interface Span {
  readonly begin: number;
  readonly end: number;
  readonly distribution: string;
}

const spansOf = ({ size, distribution, parts }: Latent): readonly Span[] => {
  let begin = 0;
  return (parts ?? [{ size, distribution }]).map((part) => {
    const span = { begin, end: begin + part.size, distribution: part.distribution };
    begin = span.end;
    return span;
  });
};

/**
 * A latent vector between two: along a line, (1 − t) a + t b; of normal numbers divided by √((1 − t)² + t²), so that they are
 * distributed as those that training draws; a category stays that of `home`.
 *
 * @param latent how the vectors are drawn
 * @param home the vector at which the walk begins
 */
export const between = (
  latent: Latent,
  home: Float32Array,
  a: Float32Array,
  b: Float32Array,
  t: number,
): Float32Array => {
  const z = new Float32Array(latent.size);
  for (const { begin, end, distribution } of spansOf(latent)) {
    const size = distribution === "normal" ? Math.hypot(1 - t, t) : 1;
    for (let i = begin; i < end; i++) {
      z[i] = distribution === "one-hot" ? home[i] : ((1 - t) * a[i] + t * b[i]) / size;
    }
  }
  return z;
};

/** Latent vectors [count, size] of each picture of a walk that ends where it begins. */
const vectorsOf = (trainer: GanTrainer, count: number, seed: number): Float32Array[] => {
  const { latent } = trainer.gan.model;
  const drawn = trainer.latents(STOPS * count, seed);
  const at = (stop: number, i: number): Float32Array => {
    const place = ((stop % STOPS) * count + i) * latent.size;
    return drawn.subarray(place, place + latent.size);
  };
  return Array.from({ length: STOPS * PACES }, (_, pace) => {
    const z = new Float32Array(count * latent.size);
    const [stop, t] = [Math.floor(pace / PACES), (pace % PACES) / PACES];
    for (let i = 0; i < count; i++) {
      z.set(between(latent, at(0, i), at(stop, i), at(stop + 1, i), t), i * latent.size);
    }
    return z;
  });
};

export type WalkFormat = "gif" | "webp";

/**
 * A walk as an animated GIF or WebP file: 48 pictures of `count` samples, whose classes stay what they are.
 *
 * @param trainer of a model that makes images of latent vectors
 * @param count samples of a picture
 * @param options `seed` of the latent vectors, the `format` of the file, and the names of `classes`, where there are any
 * @throws UsageError for points, and for models that translate
 * @throws RunError where the package sharp is absent
 */
export const walkPicture = async (
  trainer: GanTrainer,
  count: number,
  {
    seed,
    format,
    classes,
  }: { readonly seed: number; readonly format: WalkFormat; readonly classes?: readonly string[] },
): Promise<Uint8Array> => {
  const { model } = trainer.gan;
  if (model.shape.length !== 3 || model.translates === true) {
    throw new UsageError(
      `sample: a walk is for images that are made of latent vectors; model ${model.name} makes ${model.translates === true ? "images of images" : "points"}; leave --walk out`,
    );
  }
  const sharp = await loadSharp("writing a moving picture");
  const scale = Math.max(1, Math.round(READABLE / model.shape[1]));
  const columns = sampleColumns(model, classes);
  const frames = [];
  for (const z of vectorsOf(trainer, count, seed)) {
    frames.push(
      imageGrid(await trainer.sample(count, { z, seed }), model.shape, {
        scale,
        ...(columns && { columns: columns.count }),
      }),
    );
  }
  const [{ width, height, channels }] = frames;
  const all = Buffer.concat(frames.map(({ pixels }) => new Uint8Array(pixels)));
  const raw = { width, height: height * frames.length, channels, pageHeight: height };
  const moving = sharp(all, { raw });
  const timing = { loop: 0, delay: frames.map(() => DELAY) };
  return format === "gif"
    ? moving.gif(timing).toBuffer()
    : moving.webp({ ...timing, quality: 70 }).toBuffer();
};

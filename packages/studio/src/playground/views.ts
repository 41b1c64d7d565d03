/** What is drawn of a GAN as it stands: points, latent grid and gradients in one program, the surface in another. */
import type { Dataset } from "tsgan/data";
import {
  add,
  grad,
  input,
  mean,
  mul,
  reshape,
  sliceAxis,
  sqrt,
  square,
  stopGradient,
  sum,
  type Tensor,
} from "tsgan/graph";
import type { GanTrainer } from "tsgan/train";
import { VIEW } from "./drawn-points.ts";
import { ARROWS, CLOUD, CURVE, GRID, type Picture, SURFACE } from "./picture.ts";

/** Samples that are measured, and how many of them give the slope. */
export const SAMPLES = 2048;
const SLOPES = 256;

/** Seed of all that is shown and measured: the same for all GANs, whatever their own. */
export const EYE_SEED = 1;

/** Latents of a normal distribution are shown to ± this many deviations. */
const NORMAL_REACH = 2.5;

/** The real points that are shown, and with which the gradients of relativistic losses are taken. */
export const realCloud = async (dataset: Dataset, seed: number, count = CLOUD): Promise<Float32Array> =>
  // Far from those that are trained on.
  (await dataset.draw(seed, 2 ** 40, count)).examples;

/** One number for each point: embeddings show their first. */
const scalarScores = (scores: Tensor): Tensor => {
  const n = scores.shape[0];
  const width = scores.shape.length === 2 ? scores.shape[1] : 1;
  return reshape(width === 1 ? scores : sliceAxis(scores, 1, 0, 1), [n]);
};

const surfacePoints = (): Float32Array => {
  const points = new Float32Array(SURFACE * SURFACE * 2);
  const at = (i: number): number => (2 * (i + 0.5) * VIEW) / SURFACE - VIEW;
  for (let i = 0; i < SURFACE * SURFACE; i++) {
    points[2 * i] = at(i % SURFACE);
    points[2 * i + 1] = at(Math.floor(i / SURFACE));
  }
  return points;
};

/** A lattice over the first two numbers of the latent vector, or a line along its only one; the others are 0. */
const latentLattice = (size: number, reach: number): { readonly z: Float32Array; readonly count: number } => {
  if (size === 1) {
    return {
      z: Float32Array.from({ length: CURVE }, (_, i) => reach * ((2 * i) / (CURVE - 1) - 1)),
      count: CURVE,
    };
  }
  const z = new Float32Array(GRID * GRID * size);
  for (let i = 0; i < GRID * GRID; i++) {
    z[i * size] = reach * ((2 * (i % GRID)) / (GRID - 1) - 1);
    z[i * size + 1] = reach * ((2 * Math.floor(i / GRID)) / (GRID - 1) - 1);
  }
  return { z, count: GRID * GRID };
};

export interface Views {
  points(): Promise<Omit<Picture, "surface">>;
  surface(): Promise<Picture["surface"]>;
  /** Samples [SAMPLES, 2], and the mean slope ‖∇ₓD‖ on lines between real and generated points. */
  measure(): Promise<{ readonly samples: Float32Array; readonly slope: number }>;
  dispose(): Promise<void>;
}

/** @param real [≥ max(ARROWS, SLOPES), 2] */
export const createViews = async (trainer: GanTrainer, real: Float32Array, seed: number): Promise<Views> => {
  const { model, loss } = trainer.gan;
  const { size, distribution } = model.latent;
  const lattice = latentLattice(size, distribution === "normal" ? NORMAL_REACH : 1);
  const points = await trainer.probe(({ generate, discriminate, lossState }) => {
    const fake = generate({ z: input("z", [CLOUD, size]) });
    const moved = stopGradient(sliceAxis(fake, 0, 0, ARROWS));
    const generatorLoss = loss.generator(
      discriminate({ x: input("real", [ARROWS, 2]) }).scores,
      discriminate({ x: moved }).scores,
      lossState,
    );
    return {
      fake,
      manifold: generate({ z: input("lattice", [lattice.count, size]) }),
      // The loss is a mean: times their number, a point's own share.
      pull: mul(grad(generatorLoss, [moved])[0], -ARROWS),
    };
  });
  const surface = await trainer.probe(({ discriminate }) => ({
    surface: scalarScores(discriminate({ x: input("points", [SURFACE * SURFACE, 2]) }).scores),
  }));
  const surfaceFeeds = { points: surfacePoints() };
  const pointFeeds = {
    z: trainer.latents(CLOUD, seed),
    lattice: lattice.z,
    // Not every loss shows the generator real examples.
    ...(points.inputs.real && { real: real.slice(0, 2 * ARROWS) }),
  };
  const measureFeeds = {
    z: trainer.latents(SAMPLES, seed + 1),
    real: real.slice(0, 2 * SLOPES),
  };
  const measured = await trainer.probe(({ generate, discriminate }) => {
    const samples = generate({ z: input("z", [SAMPLES, size]) });
    const between = stopGradient(mul(add(sliceAxis(samples, 0, 0, SLOPES), input("real", [SLOPES, 2])), 0.5));
    const gradient = grad(sum(scalarScores(discriminate({ x: between }).scores)), [between])[0];
    return { samples, slope: reshape(mean(sqrt(sum(square(gradient), 1))), [1]) };
  });
  return {
    points: async () => (await points.run(pointFeeds)) as unknown as Omit<Picture, "surface">,
    surface: async () => (await surface.run(surfaceFeeds)).surface as Float32Array,
    measure: async () => {
      const { samples, slope } = await measured.run(measureFeeds);
      return { samples: samples as Float32Array, slope: slope[0] };
    },
    dispose: async () => {
      await points.dispose();
      await surface.dispose();
      await measured.dispose();
    },
  };
};

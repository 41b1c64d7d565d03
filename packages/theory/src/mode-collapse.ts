/** Modes that a generator covers over time. */
import { UsageError } from "tsgan";
import { type Dataset, grid, type MixtureDataset, ring } from "tsgan/data";
import { integer, number, type ResolvedOptions, text } from "tsgan/define";
import { matrix } from "tsgan/distances";
import type { Mark, Panel } from "tsgan/figure";
import { nonSaturating, wasserstein } from "tsgan/losses";
import { countModes, nearestInSet } from "tsgan/metrics";
import { dcgan, type Model, mlp } from "tsgan/models";
import { gradientPenalty } from "tsgan/penalties";
import type { GanTrainer } from "tsgan/train";
import { count, rate, seed } from "./common-options.ts";
import { defineExperiment, type RunContext } from "./experiment.ts";
import { type ImageShape, openImages, thumbnail } from "./images.ts";
import { gameOf } from "./networks.ts";
import { mosaic, pointPanel } from "./panels.ts";
import { improvedWasserstein, wassersteinGan } from "./papers.ts";

const options = {
  data: text({ default: "mnist", means: "data set of images with classes, which are its modes" }),
  criticSteps: count(
    5,
    "discriminator steps for each generator step with the Wasserstein loss; one with the other",
  ),
  pointPenalty: number({
    default: 0.1,
    least: 0,
    means: "weight of the gradient penalty for points (Gulrajani et al. use 0.1 there)",
    symbol: "λ",
  }),
  imagePenalty: number({ default: 10, least: 0, means: "the same for images", symbol: "λ" }),
  ringSteps: count(1200, "generator steps of both losses on the ring"),
  gridSteps: count(2000, "generator steps of both losses on the grid"),
  imageSteps: count(480, "generator steps of both losses on images"),
  pointRate: rate(0.001, "learning rate of both players on points"),
  imageRate: rate(0.001, "learning rate of both players on images"),
  pointBatch: count(256, "points a step"),
  imageBatch: integer({ default: 64, least: 2, means: "images a step" }),
  seed,
};
type Options = ResolvedOptions<typeof options>;

export interface CollapseCurve {
  /** Generator steps. */
  step: number[];
  /** Modes covered: those with at least 1 % of all samples, and for points these near enough (see the explanation). */
  modes: number[];
}

export interface PointRun extends CollapseCurve {
  /** Samples at some of the steps, [x, y] each. */
  snapshots: { step: number; points: number[][] }[];
}

export interface ImageRun extends CollapseCurve {
  /** Samples of each class at each step, as the nearest real image has it. */
  counts: number[][];
  /** Images in the end: rows of grey values from 0 to 15, from above. */
  images: number[][][];
}

export interface PointCollapse {
  centres: number[][];
  nonSaturating: PointRun;
  wasserstein: PointRun;
}

export interface ModeCollapseData {
  ring: PointCollapse;
  grid: PointCollapse;
  images: { data: string; classes: number; nonSaturating: ImageRun; wasserstein: ImageRun };
}

const name = "mode-collapse";
const title = "Mode collapse";

const LATENT = 64;

const SAMPLES = 2048;
const IMAGE_SAMPLES = 256;
/** Real images among which the nearest is looked for. */
const REFERENCES = 1000;

/** Share of the samples that a covered mode has. */
const COVERED = 0.01;

/** Times at which a run is looked at, apart from before its first step, and every which of them is kept whole. */
const LOOKS = 24;
const SNAPSHOT = 6;
const DRAWN = 400;
const SHOWN = 36;

type LossName = "nonSaturating" | "wasserstein";

const gameWith = (
  loss: LossName,
  options: Options,
  common: Pick<Parameters<typeof gameOf>[0], "model" | "dataset" | "learningRate" | "batch">,
  penalty: number,
): GanTrainer =>
  loss === "nonSaturating"
    ? gameOf({ ...common, loss: nonSaturating(), seed: options.seed })
    : gameOf({
        ...common,
        loss: wasserstein(),
        penalties: [gradientPenalty({ weight: penalty })],
        seed: options.seed,
        discriminatorSteps: options.criticSteps,
      });

/** Trains for `steps` and looks in before the first, now and then, and after the last. */
const watch = async (
  game: GanTrainer,
  steps: number,
  look: (keep: boolean) => Promise<void>,
  progress: (share: number) => void,
): Promise<void> => {
  try {
    const looks = Math.min(LOOKS, steps);
    await look(false);
    for (let next = 1; next <= looks; next++) {
      while (game.progress.step < Math.round((next * steps) / looks)) {
        await game.iterate();
        progress(game.progress.step / steps);
      }
      await look(next % SNAPSHOT === 0 || next === looks);
    }
  } finally {
    await game.dispose();
  }
};

const playPoints = async (
  dataset: MixtureDataset,
  loss: LossName,
  steps: number,
  options: Options,
  progress: (share: number) => void,
): Promise<PointRun> => {
  const { centres, deviation } = dataset;
  const model = mlp({ latent: LATENT, hidden: [128, 128, 128] }).for({ shape: [2] });
  const game = gameWith(
    loss,
    options,
    { model, dataset, learningRate: options.pointRate, batch: options.pointBatch },
    options.pointPenalty,
  );
  const found: PointRun = { step: [], modes: [], snapshots: [] };
  const places = matrix(centres.length, 2, centres.flat());
  const look = async (keep: boolean): Promise<void> => {
    const samples = await game.sample(SAMPLES, { seed: options.seed });
    const { counts } = countModes(matrix(SAMPLES, 2, samples), places, deviation);
    found.step.push(game.progress.moves.generator);
    found.modes.push(counts.filter((count) => count >= COVERED * SAMPLES).length);
    if (keep) {
      const points = Array.from({ length: DRAWN }, (_, i) => [...samples.subarray(2 * i, 2 * i + 2)]);
      found.snapshots.push({ step: game.progress.moves.generator, points });
    }
  };
  await watch(game, steps, look, progress);
  return found;
};

/** Images of known classes. */
interface Labelled {
  readonly dataset: Dataset;
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  /** REFERENCES images and their classes. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

const openLabelled = async (options: Options, context: RunContext): Promise<Labelled> => {
  const { dataset, shape } = await openImages(name, options.data, context);
  const { examples, labels } = await dataset.draw(options.seed + 1, 0, REFERENCES);
  const { classes = [] } = dataset;
  if (labels === undefined || classes.length < 2) {
    throw new UsageError(
      `${name}: data must have labels of 2 classes or more, which are its modes; got ${options.data} without`,
    );
  }
  return { dataset, shape, classes, images: examples, labels };
};

const playImages = async (
  options: Options,
  { dataset, shape, classes, images, labels }: Labelled,
  part: (index: number, message: string) => (share: number) => void,
): Promise<ModeCollapseData["images"]> => {
  const [, height, width] = shape;
  const pixels = shape.reduce((product, side) => product * side, 1);
  const known = matrix(REFERENCES, pixels, images);
  // The generator has no structure that suits images; the discriminator has.
  const model: Model = {
    ...mlp({ latent: LATENT, hidden: [256, 256, 256] }).for({ shape }),
    discriminator: dcgan({ base: 16, discriminatorNorm: "none" }).for({ shape }).discriminator,
  };
  const play = async (loss: LossName, progress: (share: number) => void): Promise<ImageRun> => {
    const game = gameWith(
      loss,
      options,
      { model, dataset, learningRate: options.imageRate, batch: options.imageBatch },
      options.imagePenalty,
    );
    const found: ImageRun = { step: [], modes: [], counts: [], images: [] };
    const look = async (): Promise<void> => {
      const samples = await game.sample(IMAGE_SAMPLES, { seed: options.seed });
      const { indices } = nearestInSet(matrix(IMAGE_SAMPLES, pixels, samples), known);
      const counts = new Array<number>(classes.length).fill(0);
      for (const index of indices) counts[labels[index]]++;
      found.step.push(game.progress.moves.generator);
      found.counts.push(counts);
      found.modes.push(counts.filter((count) => count >= COVERED * IMAGE_SAMPLES).length);
      found.images = Array.from({ length: SHOWN }, (_, i) =>
        thumbnail(samples.subarray(i * pixels, (i + 1) * pixels), height, width),
      );
    };
    await watch(game, options.imageSteps, look, progress);
    return found;
  };
  return {
    data: dataset.name,
    classes: classes.length,
    nonSaturating: await play("nonSaturating", part(4, `non-saturating on ${dataset.name}`)),
    wasserstein: await play("wasserstein", part(5, `Wasserstein on ${dataset.name}`)),
  };
};

const run = async (options: Options, context: RunContext): Promise<ModeCollapseData> => {
  const labelled = await openLabelled(options, context);
  const part = (index: number, message: string) => (share: number) =>
    context.progress?.((index + share) / 6, message);
  const points = async (dataset: MixtureDataset, steps: number, first: number): Promise<PointCollapse> => ({
    centres: dataset.centres.map((centre) => [...centre]),
    nonSaturating: await playPoints(
      dataset,
      "nonSaturating",
      steps,
      options,
      part(first, `non-saturating on the ${dataset.name}`),
    ),
    wasserstein: await playPoints(
      dataset,
      "wasserstein",
      steps,
      options,
      part(first + 1, `Wasserstein on the ${dataset.name}`),
    ),
  });
  return {
    ring: await points(ring({ deviation: 0.05 }), options.ringSteps, 0),
    grid: await points(grid({ deviation: 0.2 }), options.gridSteps, 2),
    images: await playImages(options, labelled, part),
  };
};

/** Mean over the last quarter of the looks: a mode more or less from one to the next is chance. */
const lateModes = ({ modes }: CollapseCurve): number => {
  const late = modes.slice(-Math.ceil(modes.length / 4));
  return late.reduce((sum, count) => sum + count, 0) / late.length;
};

const COLOR = { nonSaturating: 3, wasserstein: 4 } as const;
const LABEL = { nonSaturating: "non-saturating", wasserstein: "Wasserstein" } as const;

const lastPoints = (title: string, { centres, ...runs }: PointCollapse, loss: LossName): Panel =>
  pointPanel(title, runs[loss].snapshots.at(-1)!.points, centres);

/** Shares of the modes over the shares of the run: runs differ in length, and data in their number of modes. */
const curves = (
  runs: Readonly<Record<LossName, CollapseCurve>>,
  total: number,
  what: string,
  dash?: "dashed" | "dotted",
): Mark[] =>
  (["nonSaturating", "wasserstein"] as const).map((loss) => {
    const { step, modes } = runs[loss];
    const last = step[step.length - 1];
    return {
      type: "line",
      x: step.map((at) => (100 * at) / last),
      y: modes.map((count) => (100 * count) / total),
      label: `${what}, ${LABEL[loss]}`,
      color: COLOR[loss],
      ...(dash && { dash }),
    };
  });

/**
 * A perceptron as generator on a ring, a grid and MNIST, non-saturating against Wasserstein, over time (Metz et al.
 * 2017, figure 2).
 */
export const modeCollapse = defineExperiment({
  name,
  title,
  description:
    "A perceptron as generator on a ring, a grid and MNIST: non-saturating against Wasserstein, over time",
  papers: [
    {
      authors: "Metz et al.",
      year: 2017,
      title: "Unrolled generative adversarial networks",
      arxiv: "1611.02163",
      where: "figure 2",
    },
    { ...wassersteinGan, where: "§4.3 and figure 7" },
    { ...improvedWasserstein, where: "§4" },
  ],
  explanation:
    "The same networks, twice: with the non-saturating loss and with the Wasserstein loss and a gradient penalty. Eight Gaussians " +
    "on a ring, 25 on a grid, and handwritten digits, for which the generator is a plain perceptron, without batch norm or any " +
    "of the structure that makes a DCGAN behave. The non-saturating generator puts all of its samples where the " +
    "discriminator is weakest at the moment, and when the discriminator catches up, it moves on: few modes are covered at a " +
    "time, in the extreme one digit. A Wasserstein critic pulls every sample towards where mass is missing, and " +
    "the modes fill up. A mode counts as covered when it has 1 % of all samples: on the ring and the grid, samples within " +
    "three standard deviations of its centre; of the digits, samples whose nearest real image shows it.",
  options,
  minutes: 1.7,
  run,
  claims: ({ ring, grid, images }) =>
    Object.entries({ ring, grid, [images.data]: images }).map(([where, { wasserstein, nonSaturating }]) => ({
      text: `${where}: modes under Wasserstein over modes under non-saturating, last quarter`,
      value: lateModes(wasserstein) / lateModes(nonSaturating),
      atLeast: 2,
    })),
  figure: (data) => {
    const { images } = data;
    return {
      title,
      panels: [
        lastPoints("Ring, non-saturating", data.ring, "nonSaturating"),
        lastPoints("Ring, Wasserstein", data.ring, "wasserstein"),
        lastPoints("Grid, non-saturating", data.grid, "nonSaturating"),
        lastPoints("Grid, Wasserstein", data.grid, "wasserstein"),
        mosaic(`${images.data}, non-saturating`, images.nonSaturating.images),
        mosaic(`${images.data}, Wasserstein`, images.wasserstein.images),
        {
          wide: true,
          aspect: 0.35,
          title: "Over time",
          x: { label: "share of the run", unit: "%", domain: [0, 100] },
          y: { label: "share of the modes that are covered", unit: "%", domain: [0, 104] },
          marks: [
            ...curves(data.ring, data.ring.centres.length, "ring"),
            ...curves(data.grid, data.grid.centres.length, "grid", "dashed"),
            ...curves(images, images.classes, images.data, "dotted"),
          ],
        },
      ],
    };
  },
});

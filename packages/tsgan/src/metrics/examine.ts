/** Gathers what `diagnose` looks at from a trainer, its data and its records. */

import type { RunConfig } from "../config/index.ts";
import { checkDataset, type Dataset, type MixtureDataset } from "../data/index.ts";
import { type Matrix, matrix } from "../distances/index.ts";
import type { Gan } from "../gan/index.ts";
import { equilibriumOf } from "../losses/index.ts";
import { randomStream } from "../random/index.ts";
import { frameOfRows, frameOfTable, isTable, rowReader, type TableDataset } from "../tables/index.ts";
import { differentialPrivacy } from "../techniques/index.ts";
import type { GanTrainer } from "../train/index.ts";
import type { FeatureExtractor } from "./extractor.ts";
import { rawExtractor } from "./features/raw.ts";
import { diagnose, type HealthInput, type HealthRecord, type Verdict } from "./health.ts";
import { SPECTRAL } from "./health-run.ts";
import { neighbours } from "./neighbours.ts";
import { sampleEvidence } from "./sample-evidence.ts";
import { tableEvidence } from "./table-health.ts";

export interface ExamineOptions {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  readonly records: readonly HealthRecord[];
  /** The run at the step to examine. Without, samples and weights are not looked at: no checkpoint, or a diverged run. */
  readonly trainer?: GanTrainer | undefined;
  /** What samples are compared by; raw values without. */
  readonly extractor?: FeatureExtractor | undefined;
  /** Samples that are looked at; 1,000 without. */
  readonly samples?: number;
}

/** Numbers of training features among which nearest ones are looked for, at most: a second or two. */
const MOST_TRAINING = 1_000_000;
/** Not a training seed: fresh data, where there are any. */
const SEED = 990_018;

/** What is known of a run before its first step. */
export type HealthFacts = Pick<
  HealthInput,
  "loss" | "settings" | "players" | "sampler" | "images" | "earliest"
>;

/** Penalties that say nothing about the discriminator's slope. */
const NO_LIMITS = ["consistency", "balanced-consistency", "orthogonal"];
const AUGMENTING = ["diff-augment", "ada"];

/** Steps before which nothing can be told of a run, whatever its data. */
const FEWEST_STEPS = 100;
/** Images that a discriminator sees before it is any use to judge what the generator makes of them. */
const FEWEST_IMAGES = 32_000;
/** A first pass over the data is waited for, but no more steps than these. */
const LONGEST_PASS = 5000;

interface Named {
  readonly name: string;
}

const cutsShort = ({ links = [] }: { readonly links?: readonly Named[] | undefined }): boolean =>
  links.some(({ name }) => name === "clip");

/** Steps, and passes over the rows, before which a table's columns have not found their shapes. */
const TABLE = { steps: 300, passes: 10 };

const earliestOf = (images: boolean, perStep: number, size: number, isTable = false): number => {
  if (isTable)
    return Math.ceil(Math.max(TABLE.steps, Math.min(LONGEST_PASS, (TABLE.passes * size) / perStep)));
  const pass = Number.isFinite(size) ? Math.min(LONGEST_PASS, size / perStep) : 0;
  return Math.ceil(Math.max(FEWEST_STEPS, pass, images ? FEWEST_IMAGES / perStep : 0));
};

/**
 * What is known of a GAN on data of the given size. Of the GAN it takes the `loss`, the `penalties`, the `model`, the
 * `techniques`, the `optimizer`, and the rhythm, `criticSteps` to `generatorSteps`.
 */
export const healthFacts = (
  { loss, penalties, terms, model, batch, criticSteps, generatorSteps, techniques, optimizer }: Gan,
  { size, layout }: Pick<Dataset, "size" | "layout">,
): HealthFacts => {
  const isOneByOne = model.classes === undefined && model.terms === undefined && model.translates !== true;
  const steps = typeof criticSteps === "number" ? criticSteps : criticSteps.steps;
  const isSpectral = model.options.spectralNorm === true || model.options.discriminatorNorm === "spectral";
  const names = penalties.map(({ name }) => name).filter((name) => !NO_LIMITS.includes(name));
  const images = model.shape.length === 3;
  const isPrivate = techniques.some((technique) => technique.name === differentialPrivacy.definition.name);
  return {
    // Mean scores of private runs count the places of a batch that are left empty: they say little.
    loss: { name: loss.name, scores: loss.scores, ...(!isPrivate && { equilibrium: equilibriumOf(loss) }) },
    settings: {
      limits: isSpectral ? [...names, SPECTRAL] : names,
      criticSteps: steps,
      generatorSteps,
      augments: techniques.some(({ name }) => AUGMENTING.includes(name)),
      cutsGradients: [optimizer.generator, optimizer.discriminator].every(cutsShort),
      couldPack: isOneByOne && model.packing === undefined,
      mixesLosses:
        (model.adversarialWeights?.discriminator ?? 1) !== 1 ||
        [...(model.terms ?? []), ...terms].some(({ discriminator }) => discriminator !== undefined),
    },
    ...(model.together === true && { players: ["generator"], sampler: "generator" }),
    images,
    earliest: earliestOf(images, batch * steps, size, layout !== undefined),
  };
};

/** What config.json, too, holds of a game of one's own. */
export interface GameHealthSettings {
  readonly name: string;
  readonly batch: number;
  readonly players: Readonly<
    Record<
      string,
      {
        readonly trains: readonly string[];
        readonly optimizer: { readonly links?: readonly Named[] | undefined };
      }
    >
  >;
  readonly techniques: readonly Named[];
  readonly samples?: { readonly network: string } | undefined;
}

/**
 * What is known of a game of one's own: its players may be any, so that no scores are compared with an equilibrium. Of
 * the settings it takes the `name`, the `batch`, the `techniques` and whether there are `samples`.
 */
export const gameHealthFacts = (
  { name, batch, players, techniques, samples }: GameHealthSettings,
  { shape, size }: Pick<Dataset, "shape" | "size">,
): HealthFacts => {
  const images = shape.length === 3;
  const names = Object.keys(players);
  return {
    loss: { name, scores: "unbounded" },
    settings: {
      limits: [],
      criticSteps: 1,
      generatorSteps: 1,
      augments: techniques.some((technique) => AUGMENTING.includes(technique.name)),
      cutsGradients: Object.values(players).every(({ optimizer }) => cutsShort(optimizer)),
      couldPack: false,
      mixesLosses: false,
    },
    players: names,
    sampler: samples && names.find((player) => players[player].trains.includes(samples.network)),
    images,
    earliest: earliestOf(images, batch, size),
  };
};

/**
 * Examines a run: a thousand samples against a thousand of the data, the critic's weights, the records.
 *
 * @param options the trainer, its data, its records and what gives features
 */
export const examine = async (
  options: ExamineOptions & { readonly game: HealthFacts },
): Promise<Verdict[]> => {
  const { config, dataset, records, trainer, game } = options;
  const facts = { ...game, records, inputScale: await scaleFinding(dataset, config) };
  // What an image-to-image model makes is judged against its sources, not against the data as a whole.
  if (trainer === undefined) return diagnose(facts);
  const checkpoint = trainer.progress.step;
  if (trainer.gan.model.translates === true) return diagnose({ ...facts, checkpoint });
  const { extractor = rawExtractor(dataset.shape), samples: count = 1000 } = options;
  const samples = await trainer.sample(count, { seed: config.seed });
  if (!samples.every(Number.isFinite)) {
    const failure = `step ${trainer.progress.step}: samples are not finite`;
    return diagnose({ ...facts, records: [...records, { step: trainer.progress.step, failure }] });
  }
  const seen = await lookAt(samples, count, dataset, extractor);
  return diagnose({ ...facts, checkpoint, clip: await clipOf(trainer), ...seen });
};

/**
 * Examines a game of one's own: its records and, where it makes samples of the data's shape, those. `dataset` is what
 * the samples should look like, `checkpoint` the step that they come from, and `extractor` what gives features of both:
 * the pixels or coordinates themselves without.
 *
 * @param samples [count, …shape]
 */
export const examineGame = async ({
  game,
  dataset,
  records,
  checkpoint,
  samples,
  extractor = rawExtractor(dataset.shape),
}: {
  readonly game: HealthFacts;
  readonly dataset: Dataset;
  readonly records: readonly HealthRecord[];
  readonly checkpoint?: number | undefined;
  readonly samples?: Float32Array | undefined;
  readonly extractor?: FeatureExtractor | undefined;
}): Promise<Verdict[]> => {
  const facts = { ...game, records, checkpoint };
  const count = (samples?.length ?? 0) / dataset.shape.reduce((a, b) => a * b, 1);
  if (samples === undefined || !samples.every(Number.isFinite)) return diagnose(facts);
  return diagnose({ ...facts, ...(await lookAt(samples, count, dataset, extractor)) });
};

/** What a sample shows beside as many of the data. */
const lookAt = async (
  samples: Float32Array,
  count: number,
  dataset: Dataset,
  extractor: FeatureExtractor,
): Promise<Pick<HealthInput, "samples" | "memory" | "table">> => {
  const { features: fake } = await extractor.features(samples);
  const { examples } = await dataset.draw(SEED, 0, Math.min(count, dataset.size));
  const { features: real } = await extractor.features(examples);
  const { centres } = dataset as Partial<MixtureDataset>;
  const modes = centres === undefined ? undefined : matrix(centres.length, centres[0].length, centres.flat());
  return {
    samples: sampleEvidence(fake, real, modes),
    memory: Number.isFinite(dataset.size)
      ? neighbours(fake, await trainingFeatures(dataset, extractor, fake.columns))
      : undefined,
    ...(isTable(dataset) && { table: await rowsOf(samples, dataset) }),
  };
};

/** Rows of a table that columns are compared with, at most. */
const COMPARED = 1000;

const rowsOf = async (samples: Float32Array, dataset: TableDataset): Promise<HealthInput["table"]> => {
  const { table, rows, size } = dataset;
  const reader = rowReader(table);
  const framed = (examples: Float32Array) => frameOfRows(reader.read(examples, 0, SEED), reader.names, table);
  const some = randomStream(SEED, "examine/rows").permutation(size).slice(0, COMPARED);
  const { examples } = await dataset.read!(some);
  return tableEvidence(framed(samples), framed(examples), {
    training: rows && frameOfTable(rows.training(), table),
    heldOut: rows?.heldOut && frameOfTable(rows.heldOut(), table),
  });
};

const trainingFeatures = async (
  dataset: Dataset,
  extractor: FeatureExtractor,
  dimension: number,
): Promise<Matrix> => {
  const count = Math.min(dataset.size, Math.floor(MOST_TRAINING / dimension));
  const { examples } = await dataset.draw(SEED, 0, count);
  return (await extractor.features(examples)).features;
};

/** What the check of the data set says about its range. */
const scaleFinding = async (dataset: Dataset, { batch, seed }: RunConfig): Promise<string | undefined> => {
  const findings = await checkDataset(dataset, { batch: Math.min(batch, dataset.size), seed });
  return findings.find(({ about }) => about === "range")?.message;
};

/** Share of the critic's weights at the clip, where it has one. */
const clipOf = async (trainer: GanTrainer): Promise<HealthInput["clip"]> => {
  const limit = trainer.gan.penalties.find(({ name }) => name === "weight-clipping")?.options.limit;
  if (typeof limit !== "number") return undefined;
  let at = 0;
  const { parameters } = await trainer.flatWeights("discriminator");
  for (const weight of parameters) if (Math.abs(weight) >= 0.999 * limit) at++;
  return { limit, share: at / parameters.length };
};

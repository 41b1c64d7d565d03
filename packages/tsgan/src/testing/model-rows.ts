/** Small models of every definition, for its contract. A new model is a row. */
import type { ConfigInput } from "../config/index.ts";
import type { Layout } from "../layout.ts";

export interface ModelRow {
  readonly options: Readonly<Record<string, unknown>>;
  /** Shape of an example. */
  readonly shape: readonly number[];
  readonly classes?: number;
  /** What the numbers of a point are. */
  readonly layout?: Layout;
  /** What it is trained with, where the defaults do not suit. */
  readonly config?: Omit<ConfigInput, "data" | "model">;
}

/** What tests of single features have beside the first of each list. */
type Rows = readonly [ModelRow, ...ModelRow[]];

const grey = [1, 16, 16] as const;
const wide = [1, 16, 24] as const;
const tall = [2, 24, 16] as const;
const gradientPenalty: ModelRow["config"] = { penalties: [{ name: "gradient-penalty" }] };

const dcgan = { base: 4 } as const;
const studyNet = { base: 4, hidden: 16 } as const;
const resnet = { generatorWidth: 4, discriminatorWidth: 4 } as const;
const r3gan = { width: 8, groups: 2 } as const;
const relativistic: ModelRow["config"] = {
  loss: "relativistic-paired",
  penalties: [{ name: "r1" }, { name: "r2" }],
};
const labelled = { shape: grey, classes: 3 } as const;
const labelledPoints = { options: { hidden: [8] }, shape: [2], classes: 3 } as const;

export const modelRows: Readonly<Record<string, Rows>> = {
  ctgan: [
    {
      options: { latent: 4, hidden: [8], discriminatorHidden: [8], packing: 2 },
      shape: [13],
      layout: { numbers: 1, choices: [2, 2, 2, 3], conditions: 1 },
      config: gradientPenalty,
    },
    {
      options: { latent: 4, hidden: [8, 8], discriminatorHidden: [8], packing: 2 },
      shape: [2],
      config: gradientPenalty,
    },
  ],
  tvae: [
    {
      options: { latent: 4, hidden: [8], encoderHidden: [8] },
      shape: [10],
      layout: { numbers: 1, choices: [2, 2, 2, 3], conditions: 0 },
    },
    { options: { latent: 4, hidden: [8, 8], encoderHidden: [8], temperature: 0.01 }, shape: [2] },
  ],
  mlp: [
    { options: { hidden: [8] }, shape: [2] },
    { options: { hidden: [8] }, shape: wide },
    {
      options: { hidden: [8], discriminatorOutput: "reconstruction", code: 2 },
      shape: [3],
      config: { loss: "ebgan" },
    },
  ],
  dcgan: [
    { options: dcgan, shape: grey },
    { options: dcgan, shape: [1, 8, 8] },
    { options: { base: 2 }, shape: [3, 64, 96] },
    { options: dcgan, shape: grey, config: gradientPenalty },
    { options: { ...dcgan, discriminatorOutput: "embedding" }, shape: grey, config: { loss: "mmd-gan" } },
    { options: { ...dcgan, minibatch: "discrimination" }, shape: grey },
    { options: { ...dcgan, minibatch: "standard-deviation" }, shape: grey },
    { options: { ...dcgan, generatorNorm: "virtual-batch" }, shape: wide },
    { options: { ...dcgan, generatorNorm: "none", discriminatorNorm: "none" }, shape: grey },
  ],
  "study-net": [
    { options: studyNet, shape: [1, 28, 28] },
    { options: studyNet, shape: wide, config: gradientPenalty },
    {
      options: { ...studyNet, discriminatorOutput: "reconstruction", code: 8 },
      shape: wide,
      config: { loss: "began" },
    },
  ],
  sngan: [
    { options: dcgan, shape: [1, 28, 28] },
    { options: dcgan, shape: [3, 32, 32] },
    { options: dcgan, shape: wide },
  ],
  resnet: [
    { options: resnet, shape: [1, 28, 28] },
    { options: resnet, shape: [1, 32, 32] },
    { options: { generatorWidth: 2, discriminatorWidth: 2 }, shape: [1, 64, 96] },
    {
      options: { ...resnet, discriminatorNorm: "layer", pool: "mean" },
      shape: grey,
      config: gradientPenalty,
    },
  ],
  r3gan: [
    { options: { ...r3gan, blocks: 2 }, shape: [1, 28, 28], config: relativistic },
    { options: { ...r3gan, blocks: 2 }, shape: [1, 32, 32], config: relativistic },
    { options: { ...r3gan, width: 4 }, shape: [1, 64, 96], config: relativistic },
  ],
  fastgan: [
    { options: { base: 2 }, shape: grey },
    { options: { base: 2 }, shape: [3, 64, 96] },
    {
      options: { base: 2, discriminatorWidth: 1.5, reconstruction: 0, discriminatorNorm: "none" },
      shape: [1, 28, 28],
      config: gradientPenalty,
    },
  ],
  "gan-2014": [
    { options: { hidden: 16, maxout: 8 }, shape: grey },
    { options: { hidden: 16, maxout: 8, dropout: false }, shape: [2] },
  ],
  began: [
    { options: { base: 4, code: 8 }, shape: [1, 28, 28], config: { loss: "began" } },
    { options: { base: 4, code: 8 }, shape: [1, 32, 32], config: { loss: "began" } },
    { options: { base: 4, code: 8 }, shape: wide, config: { loss: "began" } },
  ],
  ebgan: [
    { options: { ...studyNet, code: 8 }, shape: grey, config: { loss: "ebgan" } },
    { options: { ...studyNet, code: 8, pullingAway: 0 }, shape: wide, config: { loss: "ebgan" } },
  ],
  cgan: [
    { options: dcgan, ...labelled },
    { options: dcgan, shape: wide, classes: 3, config: gradientPenalty },
    { options: { ...dcgan, conditioning: "projection" }, ...labelled },
    labelledPoints,
  ],
  acgan: [{ options: { ...dcgan, fakeClassWeight: 1 }, ...labelled }, labelledPoints],
  sgan: [
    { options: { ...dcgan, features: 8, labelledBatch: 4 }, ...labelled },
    { ...labelledPoints, options: { hidden: [8], features: 8 } },
  ],
  infogan: [
    { options: { base: 2 }, shape: grey },
    {
      options: {
        base: 4,
        networks: "dcgan",
        continuous: 0,
        categoryNetwork: "own",
        projection: true,
      },
      shape: wide,
    },
    { options: { base: 2 }, shape: wide, config: gradientPenalty },
    { options: { hidden: [8], noise: 2, categories: 3 }, shape: [2] },
  ],
  pix2pix: [
    { options: dcgan, shape: [2, 16, 16] },
    { options: dcgan, shape: [2, 28, 28] },
    { options: { base: 2 }, shape: [6, 64, 64] },
    { options: dcgan, shape: tall },
  ],
  cyclegan: [
    {
      options: { base: 2, blocks: 1 },
      shape: [2, 16, 16],
      config: { loss: "least-squares", imagePool: 8 },
    },
    { options: { base: 2, blocks: 1 }, shape: tall, config: { loss: "least-squares" } },
  ],
};

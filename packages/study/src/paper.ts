/**
 * The study of "Are GANs created equal?" (Lucic et al. 2018, arXiv:1711.10337) as a study of ours. Ranges and defaults are
 * those of the authors' code (google/compare_gan at 49495fd, `params.py`), which the paper's table 2 abridges. Their wide ranges
 * are what our definitions say of their own options.
 */
import type { Named, PlainInput, RunConfig } from "tsgan/config";
import type { Option } from "tsgan/define";
import { began } from "tsgan/losses";
import { adam } from "tsgan/nn";
import { dragan, gradientPenalty, weightClipping } from "tsgan/penalties";
import type { DataInput, ModelInput, Range, SpaceInput, StudyDefinition } from "./definition.ts";
import { rangeOf } from "./spaces.ts";

/** "tiny": to see it work. "small": some ten seconds of a core for each trial. "paper": the published size, hours. */
export type PaperBudget = "tiny" | "small" | "paper";
export const paperBudgets = ["tiny", "small", "paper"] as const satisfies readonly PaperBudget[];

/** "wide": the first search, which assumes nothing. "narrow": the second, around what the first found. */
export type PaperRanges = "wide" | "narrow";
export const paperRanges = ["wide", "narrow"] as const satisfies readonly PaperRanges[];

export interface PaperOptions {
  readonly budget: PaperBudget;
  readonly ranges?: PaperRanges;
}

interface Scale {
  /** Side of the images; absent for the data sets' own. */
  readonly imageSize?: number;
  readonly model: Named;
  /** What BEGAN, whose discriminator is an auto-encoder, sets in it. */
  readonly autoEncoder: Pick<ModelInput, "set">;
  /** Whether the discriminator has a norm that can be searched. */
  readonly hasNorm: boolean;
  readonly settings: Pick<
    StudyDefinition,
    "samples" | "seeds" | "budget" | "evaluateEvery" | "evaluateSamples" | "checkpointEvery"
  >;
}

/** Fully connected networks, which train in seconds. */
const dense = (
  hidden: readonly number[],
): Pick<Scale, "imageSize" | "model" | "autoEncoder" | "hasNorm"> => ({
  imageSize: 16,
  model: {
    name: "mlp",
    latent: 64,
    latentDistribution: "uniform",
    hidden,
    discriminatorActivation: "leaky-relu",
  },
  autoEncoder: { set: { "model.discriminatorOutput": "reconstruction", "model.code": 32 } },
  hasNorm: false,
});

const scales: Readonly<Record<PaperBudget, Scale>> = {
  tiny: {
    ...dense([32]),
    settings: {
      samples: 1,
      seeds: 1,
      budget: { steps: 200 },
      evaluateEvery: 100,
      evaluateSamples: 500,
      checkpointEvery: 50,
    },
  },
  small: {
    ...dense([128, 128]),
    settings: {
      samples: 3,
      seeds: 2,
      budget: { steps: 4000 },
      evaluateEvery: 2000,
      evaluateSamples: 1000,
      checkpointEvery: 500,
    },
  },
  paper: {
    model: { name: "study-net", latent: 64 },
    autoEncoder: {
      set: { "model.discriminatorOutput": "reconstruction", "model.discriminatorNorm": "none" },
    },
    hasNorm: true,
    settings: {
      samples: 100,
      seeds: 1,
      // 20 epochs of 50,000 images, judged after each 4; the authors judge after each 5, whose steps five does not divide.
      budget: { steps: 15_625 },
      evaluateEvery: 3125,
      evaluateSamples: 10_000,
      checkpointEvery: 625,
    },
  },
};

interface Author {
  readonly loss: Named;
  readonly penalties?: RunConfig["penalties"];
  readonly learningRate: number;
  readonly beta1: number;
  readonly criticSteps: number;
  readonly norm: "batch" | "none";
  readonly set?: ModelInput["set"];
  /** Its own hyper-parameters: wide range, narrow range. */
  readonly own?: Readonly<Record<string, Readonly<Record<PaperRanges, SpaceInput>>>>;
}

/** The range that a definition says of its option, written out. */
const wide = (option: Option<unknown>): Range => rangeOf(option) as Range;

const weightOf = ({ definition }: typeof gradientPenalty | typeof dragan): Author["own"] => ({
  weight: {
    wide: { ...wide(definition.options.weight), default: 10, at: "penalties.0.weight" },
    narrow: { logUniform: [0.1, 10], default: 10, at: "penalties.0.weight" },
  },
});

/** The authors' settings as the study read them, and what each is searched for beside the common ranges. */
const authors: Readonly<Record<string, Author>> = {
  mm: { loss: { name: "minimax" }, learningRate: 5e-5, beta1: 0, criticSteps: 1, norm: "batch" },
  ns: { loss: { name: "non-saturating" }, learningRate: 5e-5, beta1: 0, criticSteps: 1, norm: "batch" },
  ls: {
    loss: { name: "least-squares", a: 0, b: 1, c: 1 },
    learningRate: 2e-4,
    beta1: 0.5,
    criticSteps: 1,
    norm: "batch",
    // The authors' code squares the sigmoid of the score; the paper of least squares, the score itself.
    set: { "model.discriminatorOutput": "probability" },
  },
  wgan: {
    loss: { name: "wasserstein" },
    penalties: [{ name: "weight-clipping", limit: 0.01 }],
    learningRate: 5e-5,
    beta1: 0.5,
    criticSteps: 5,
    norm: "batch",
    own: {
      limit: {
        wide: { ...wide(weightClipping.definition.options.limit), default: 0.01, at: "penalties.0.limit" },
        narrow: { logUniform: [0.01, 1], default: 0.01, at: "penalties.0.limit" },
      },
    },
  },
  "wgan-gp": {
    loss: { name: "wasserstein" },
    penalties: [{ name: "gradient-penalty", weight: 10 }],
    learningRate: 1e-4,
    beta1: 0.5,
    criticSteps: 5,
    norm: "none",
    own: weightOf(gradientPenalty),
  },
  dragan: {
    loss: { name: "non-saturating" },
    penalties: [{ name: "dragan", weight: 10 }],
    learningRate: 1e-4,
    beta1: 0.5,
    criticSteps: 1,
    norm: "batch",
    own: weightOf(dragan),
  },
  began: {
    loss: { name: "began", gamma: 0.75, lambda: 1e-3 },
    learningRate: 1e-4,
    beta1: 0.5,
    criticSteps: 5,
    norm: "none",
    own: {
      lambda: {
        wide: { ...wide(began.definition.options.lambda), default: 1e-3, at: "loss.lambda" },
        narrow: { fixed: 1e-3, at: "loss.lambda" },
      },
      gamma: {
        wide: { ...wide(began.definition.options.gamma), default: 0.75, at: "loss.gamma" },
        narrow: { uniform: [0.6, 0.9], default: 0.75, at: "loss.gamma" },
      },
    },
  },
};

/** Ranges that all models share. */
const common = (
  ranges: PaperRanges,
  { learningRate, beta1, criticSteps }: Author,
): Record<string, SpaceInput> =>
  ranges === "wide"
    ? {
        learningRate: { ...wide(adam.definition.options.learningRate), default: learningRate },
        beta1: { uniform: [0, 1], default: beta1 },
        criticSteps: { choice: [1, 5], default: criticSteps },
      }
    : {
        learningRate: { logUniform: [1e-4, 1e-3], default: learningRate },
        beta1: { fixed: 0.5, default: beta1 },
        criticSteps: { fixed: 1, default: criticSteps },
      };

/** In the narrow search, gradient penalties go without batch norm, which mixes the examples whose slopes they take. */
const norms = (name: string, ranges: PaperRanges, { norm }: Author): SpaceInput => {
  const at = "model.discriminatorNorm";
  return ranges === "narrow" && (name === "wgan-gp" || name === "dragan")
    ? { fixed: "none", default: norm, at }
    : { choice: ["batch", "none"], default: norm, at };
};

const modelOf = (name: string, ranges: PaperRanges, scale: Scale): ModelInput => {
  const author = authors[name];
  const { loss, penalties = [], learningRate, beta1, criticSteps, set, own = {} } = author;
  const isAutoEncoder = name === "began";
  const adam = { name: "adam", learningRate, beta1, beta2: 0.999 };
  const config: PlainInput = {
    loss,
    penalties,
    optimizer: { generator: adam, discriminator: adam },
    criticSteps,
  };
  return {
    config,
    ...(set === undefined ? {} : { set }),
    ...(isAutoEncoder ? scale.autoEncoder : {}),
    search: {
      ...common(ranges, author),
      ...(scale.hasNorm && !isAutoEncoder ? { norm: norms(name, ranges, author) } : {}),
      ...Object.fromEntries(Object.entries(own).map(([key, spaces]) => [key, spaces[ranges]])),
    },
  };
};

const METRICS = ["fid", "precision-recall"] as const;

/**
 * Minimax, non-saturating, least squares, WGAN, WGAN-GP, DRAGAN and BEGAN on MNIST, Fashion-MNIST and triangles, with
 * the networks that the paper gives all of them ("paper"), or small dense ones ("tiny", "small"). Adam everywhere, β₂ =
 * 0.999. Sample 0 of each model has its authors' settings. Steps of the discriminator are counted. `budget` is "paper",
 * "small" or "tiny"; `ranges` says from where settings are drawn, "wide" or "narrow".
 */
export const paperStudy = ({ budget, ranges = "wide" }: PaperOptions): StudyDefinition => {
  const scale = scales[budget];
  const { imageSize, model, settings } = scale;
  const config: PlainInput = {
    ...(imageSize === undefined ? {} : { imageSize }),
    model,
    batch: 64,
    emaDecay: 0,
  };
  const data: Record<string, DataInput> = {
    mnist: { config },
    "fashion-mnist": { config },
    polygons: { config, metrics: [...METRICS, "polygons"] },
  };
  return {
    name: `paper-${budget}`,
    seed: 1,
    ...settings,
    defaultsFirst: true,
    stepUnit: "discriminator",
    metrics: METRICS,
    data,
    models: Object.fromEntries(Object.keys(authors).map((name) => [name, modelOf(name, ranges, scale)])),
  };
};

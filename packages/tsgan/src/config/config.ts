/** A run as plain data: what `config.json` holds and what the command line and the page fill in. */
import type { Dataset, Fit, ImageSize } from "../data/index.ts";
import type { Settings as DataSettings, Made } from "../define/index.ts";
import type { CriticSteps } from "../gan/index.ts";
import type { AdversarialLoss, NamedTerm } from "../losses/index.ts";
import type { Architecture } from "../models/index.ts";
import type { Optimizer, OptimizerConfig } from "../nn/index.ts";
import type { Penalty } from "../penalties/index.ts";
import type { Precision } from "../runtime/index.ts";
import type { Technique } from "../techniques/index.ts";

/** A thing by name, with its options beside. */
export interface Named {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** A thing as plain data, or the thing itself. */
type Live<T> = Named | T;

/** What a run is made of, as names with options. With `Things`, any of them may be the thing itself. */
interface Settings<Data, Model, Loss, Penalties, Terms, Techniques, Players> {
  /** A data set by name, a folder or archive of images, or a table of points. */
  readonly data: Data;
  /** Options of a data set that has a name: `{ modes: 16 }` of ring. */
  readonly dataOptions?: DataSettings;
  /** What images are resized to, a side or "64x96" (width x height), and 1 (grey) or 3 (colour) channels, where not the data's own. */
  readonly imageSize?: ImageSize;
  readonly channels?: 1 | 3;
  /** How an image of another shape fits into that size: cut to the middle, whole with margins, or stretched. */
  readonly fit?: Fit;
  /** Where the classes of one's own images come from: "folders", "clusters", "none", or a table by its path. */
  readonly labels?: string;
  /** What a table's rows are taken as: points, all of whose columns are numbers, or rows of mixed columns. */
  readonly as?: "points" | "rows";
  /** A schema of a table's columns, by its path. */
  readonly schema?: string;
  /** Share of a table's rows that is kept from training, to judge by. */
  readonly holdOut?: number;
  /** Columns of a table, by name or number: coordinates of points, or file names and labels. Arrays of an .npz file. */
  readonly columns?: readonly string[];
  readonly model: Model;
  readonly loss: Loss;
  readonly penalties: readonly Penalties[];
  /** Losses of the generator beside the adversarial one, each with a `weight` or a `gradientRatio`. */
  readonly terms: readonly Terms[];
  /** Weight of the adversarial loss in the generator's; 0 leaves the terms alone. */
  readonly adversarialWeight: number;
  readonly techniques: readonly Techniques[];
  readonly optimizer: { readonly generator: Players; readonly discriminator: Players };
  readonly criticSteps: CriticSteps;
  readonly generatorSteps: number;
  readonly batch: number;
  /** Batch of the generator's own step, where it differs. */
  readonly generatorBatch?: number;
  /** Examples of each class whose labels a semi-supervised model may see; by default it sees all labels. */
  readonly labelsPerClass?: number;
  /** "mixed": products and convolutions of training steps in float16, for GPUs; "full", float32, without. */
  readonly precision?: Precision;
  /** Iterations: critic steps and generator steps together. */
  readonly steps: number;
  readonly seed: number;
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
  /** Newest checkpoints to keep. */
  readonly keepCheckpoints: number;
  /** Iterations from one line of metrics to the next. */
  readonly logEvery: number;
  /** Iterations from one evaluation of the samples to the next; without, samples are not judged while training. */
  readonly evaluateEvery?: number;
  /** Samples of an evaluation. */
  readonly evaluateSamples: number;
  /** Metrics of an evaluation by name, or with options; without, those that are fast enough to be taken while training. */
  readonly evaluateMetrics?: readonly (string | Named)[];
}

/** A whole configuration: plain data, every option with its value. */
export type RunConfig = Settings<string, Named, Named, Named, Named, Named, OptimizerConfig>;

/** The same with things in place of names: nothing has to be registered. */
export type LiveConfig = Settings<
  string | Dataset,
  Live<Architecture>,
  Live<AdversarialLoss>,
  Live<Penalty>,
  Live<NamedTerm>,
  Live<Technique>,
  OptimizerConfig | Optimizer
>;

/** Any part of a configuration; what is left out comes from below it. */
export type PartialConfig = { readonly [K in keyof RunConfig]?: RunConfig[K] | undefined };

/** The names that 0.1 had for techniques. They are read as the techniques that they became. */
export interface OldTechniques {
  readonly emaDecay?: number | undefined;
  readonly packing?: number | undefined;
  readonly augment?: {
    readonly policy: string;
    readonly adaptive?: { readonly target: number; readonly images: number } | undefined;
  };
  readonly instanceNoise?: { readonly sigma: number; readonly steps: number };
  readonly historicalAveraging?: number | undefined;
  readonly consensus?: number | undefined;
  readonly unrolled?: number | undefined;
  readonly imagePool?: number | undefined;
}

/**
 * A configuration as people write it: a name may stand for a loss or preset, for a model with its defaults, or for a whole
 * recipe; a thing may stand for itself.
 */
export type ConfigInput = Omit<
  { readonly [K in keyof LiveConfig]?: LiveConfig[K] | undefined },
  "loss" | "model" | "optimizer" | "techniques" | "penalties" | "terms"
> &
  OldTechniques & {
    /** A recipe, whose settings rank as this input's, below its own keys. */
    readonly recipe?: string | undefined;
    readonly loss?: LiveConfig["loss"] | string | undefined;
    readonly model?: LiveConfig["model"] | string | undefined;
    readonly penalties?: readonly (LiveConfig["penalties"][number] | string)[] | undefined;
    readonly terms?: readonly (LiveConfig["terms"][number] | string)[] | undefined;
    readonly techniques?: readonly (LiveConfig["techniques"][number] | string)[] | undefined;
    /** One optimiser for both players, or one for each. */
    readonly optimizer?: LiveConfig["optimizer"] | OptimizerConfig | Optimizer | undefined;
  };

/** The same without things: what a file can hold. */
export type PlainInput = Omit<
  PartialConfig,
  "loss" | "model" | "optimizer" | "techniques" | "penalties" | "terms"
> &
  OldTechniques & {
    readonly recipe?: string | undefined;
    readonly loss?: Named | string | undefined;
    readonly model?: Named | string | undefined;
    readonly penalties?: readonly (Named | string)[] | undefined;
    readonly terms?: readonly (Named | string)[] | undefined;
    readonly techniques?: readonly (Named | string)[] | undefined;
    readonly optimizer?: RunConfig["optimizer"] | OptimizerConfig | undefined;
  };

/** Whether a value is a thing itself, not its name with options. */
export const isThing = (value: unknown): value is Made =>
  typeof value === "object" && value !== null && "definition" in value && "options" in value;

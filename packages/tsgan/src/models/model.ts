/**
 * What a GAN model is: two networks, and what they expect of the data and of the loss. An architecture is a model before it
 * is known what data it is for: `dcgan({ base: 32 }).for({ shape: [1, 28, 28] })`.
 */
import {
  type Creator,
  checkFunctions,
  type Definition,
  type Factory,
  type Facts,
  factoryOf,
  type Made,
  type OptionsOf,
  type OptionTable,
  type ResolvedOptions,
  type Settings,
} from "../define/index.ts";
import { UsageError } from "../errors.ts";
import type { Shape, Tensor } from "../graph/index.ts";
import type { Layout } from "../layout.ts";
import { type ScoreKind, scoreTexts } from "../losses/loss.ts";
import type { DiscriminatorInput, DiscriminatorOutput, GeneratorInput, Term } from "../losses/term.ts";
import type { Scope } from "../nn/index.ts";
import { checkChoice, checkInteger, checkKeys, describeValue, isRecord } from "../options.ts";
import type { ImageShape } from "./sides.ts";

/** Distributions of latent vectors: N(0,1), U(−1,1), U(−√3,√3) (unit variance), U(0,1). */
export const latentDistributions = ["normal", "uniform", "unit-uniform", "uniform-01"] as const;
export type LatentDistribution = (typeof latentDistributions)[number];

/** A piece of the latent vector with a meaning of its own, such as InfoGAN's codes. */
export interface LatentPart {
  readonly name: string;
  readonly size: number;
  /** `one-hot`: one of `size` categories, all equally likely. */
  readonly distribution: LatentDistribution | "one-hot";
}

export interface Latent {
  readonly size: number;
  readonly distribution: LatentDistribution;
  /** Where the vector has parts: their sizes add up to `size`, and their distributions go before `distribution`. */
  readonly parts?: readonly LatentPart[];
}

/**
 * Checks a latent vector that a program has written down.
 *
 * @param where what the error begins with
 * @param latent its size, in numbers, and its distribution
 * @throws UsageError for a size below 1, or a distribution that does not exist
 */
export const checkLatent = (where: string, latent: Latent): void => {
  if (!isRecord(latent)) {
    throw new UsageError(
      `${where}: latent must be {"size": 64, "distribution": "normal"}, as latentOf gives; got ${describeValue(latent)}`,
    );
  }
  checkInteger(where, "latent.size", latent.size, 1);
  checkChoice(where, "latent.distribution", latent.distribution, latentDistributions);
};

export type { DiscriminatorInput, DiscriminatorOutput, GeneratorInput };

/** The generator of rows up to the drawing of choices. */
export interface RowNetwork {
  /** Length of its normal noise. */
  readonly noise: number;
  /**
   * The numbers of rows, and the probabilities of their choices, [N, row size].
   *
   * @param input noise z [N, `noise`], and the places [N] of the 1 in each row's condition, where the layout has conditions
   * @param scope the generator's
   */
  make(input: { readonly z: Tensor; readonly places: Tensor | undefined }, scope: Scope): Tensor;
}

/** The two networks of a model, and what they expect. */
export interface ModelNetworks {
  readonly latent: Latent;
  readonly scores: ScoreKind;
  /** Number of classes, where both networks are given labels. */
  readonly classes?: number | undefined;
  /** Range of the values that the networks see: [−1, 1] (the default) or [0, 1]. Data and samples are always [−1, 1]. */
  readonly range?: "symmetric" | "unit";
  /** Whether generated images may leave that range: the generator ends without a tanh or sigmoid. Points always may. */
  readonly unbounded?: boolean;
  /** Number of examples that the discriminator judges together, where it is not 1. */
  readonly packing?: number;
  /** Whether penalties that ask for the slope at each example have packs for examples. */
  readonly penalisesPacks?: true;
  /** The part of a point, its numbers from one to another, that the generator is given as its source: a condition. */
  readonly given?: readonly [begin: number, end: number];
  /** Number of labelled examples that each discriminator step of a semi-supervised model looks at. */
  readonly labelledBatch?: number;
  /** Losses that belong to the model beside the adversarial one. */
  readonly terms?: readonly Term[];
  /** Weights of the adversarial loss of each player, 1 where nothing is said. */
  readonly adversarialWeights?: { readonly discriminator?: number; readonly generator?: number };
  /** Of rows of a table: how a sampler that draws the choices itself makes them, which takes less than the generator does. */
  readonly rows?: RowNetwork;
  generator(input: GeneratorInput, scope: Scope): Tensor;
  discriminator(input: DiscriminatorInput, scope: Scope): DiscriminatorOutput;
  /** The scores of an output, where they depend on what was asked for: z is given for generated examples, not for real ones. */
  judge?(output: DiscriminatorOutput, z?: Tensor): Tensor;
}

/** A model for data of one shape. Its `options` have the values that it worked out, too. */
export interface Model extends Made<ModelDefinition>, ModelNetworks {
  /** Shape of one example. */
  readonly shape: Shape;
  /** Whether the generator makes its output from a `source`, a real example, and not from z alone. */
  readonly translates?: boolean;
  /** Whether it makes first images of second ones, too, where it translates. */
  readonly bothWays?: boolean;
  /** Whether the two images of a source must belong together. */
  readonly needsAlignedPairs?: boolean;
  /** Whether one player, the generator, trains both networks, by the terms alone: there is no adversary. */
  readonly together?: boolean;
}

/** What a model is made for. */
export interface ModelData {
  /** Shape of one example: [channels, height, width] of images (of pairs, 2 · channels), [length] of points. */
  readonly shape: Shape;
  /** Number of classes, where the data are labelled. */
  readonly classes?: number | undefined;
  /** Whether penalties ask for the slope at each example by itself, which norms over the batch would mix. */
  readonly perExample?: boolean | undefined;
  /** What the numbers of a point are, where they are not all alike. */
  readonly layout?: Layout | undefined;
}

/** Kinds of data: images alone, points alone, pairs of images stacked along the channels, or whatever has a shape. */
export type DataKind = (typeof dataKinds)[number];
const dataKinds = ["any", "images", "points", "pairs"] as const;

/** What is written down about a model. */
export interface ModelDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "model";
  /** What data it is for. */
  readonly data: DataKind;
  /** Whether it learns from labels. */
  readonly needsLabels?: true | undefined;
  /** Whether its generator makes images from images. */
  readonly translates?: true | undefined;
  /** Whether it translates second images into first ones, too. */
  readonly bothWays?: true | undefined;
  /** Whether the two images of a pair must belong together. */
  readonly needsAlignedPairs?: true | undefined;
  /** Whether one player trains both networks: there is no adversary. */
  readonly together?: true | undefined;
  /** Whether it takes the rows of a table as they come: nothing can be asked for, and none is shown more often. */
  readonly asIs?: true | undefined;
  /** What a run of it takes where nothing is said, as configurations have it, in place of what is usual for the data. */
  readonly settings?: Settings | undefined;
}

/** A model before it is known what data it is for. */
export interface Architecture extends Made<ModelDefinition> {
  /** The model for data of a shape. @throws UsageError for data that do not fit, with the nearest that do */
  for(data: ModelData): Model;
}

/** What makes an architecture from options. */
export type ModelFactory = Creator<Architecture, [], ModelDefinition>;

/** Data as `create` is given them: checked against what the definition asks for. */
interface CheckedData<Data extends DataKind, Labels extends true | undefined> {
  readonly shape: Data extends "images" | "pairs" ? ImageShape : Shape;
  readonly classes: Labels extends true ? number : number | undefined;
  readonly perExample: boolean;
  readonly layout: Layout | undefined;
}

interface ModelSource<Table extends OptionTable, Data extends DataKind, Labels extends true | undefined>
  extends Facts {
  readonly options: Table;
  readonly data: Data;
  readonly needsLabels?: Labels;
  readonly translates?: true;
  readonly bothWays?: true;
  readonly needsAlignedPairs?: true;
  readonly together?: true;
  readonly asIs?: true;
  readonly settings?: Settings;
  /** The networks. `options` of the result are the values of those that it worked out. */
  create(
    options: ResolvedOptions<Table>,
    data: CheckedData<Data, Labels>,
  ): ModelNetworks & { readonly options?: OptionsOf<Table> };
}

/** The data as a model of this kind takes them. */
const checkData = (
  { name, data: kind, needsLabels }: ModelDefinition,
  data: ModelData,
): CheckedData<DataKind, true | undefined> => {
  checkKeys(`${name}.for`, data, ["shape", "classes", "perExample", "layout"]);
  const { shape, classes, perExample = false, layout } = data;
  if (!Array.isArray(shape) || !shape.every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new UsageError(
      `${name}.for: shape must be a list of whole numbers of at least 1, such as [1,28,28]; got ${JSON.stringify(shape)}`,
    );
  }
  const got = `got data of shape [${shape.join(",")}]`;
  if ((kind === "images" || kind === "pairs") && shape.length !== 3) {
    throw new UsageError(`model ${name} is for images [channels, height, width]; ${got}; use mlp`);
  }
  if (kind === "points" && shape.length !== 1) {
    throw new UsageError(`model ${name} is for points [length]; ${got}; use mlp, or dcgan for images`);
  }
  if (needsLabels === true) {
    if (classes === undefined) {
      throw new UsageError(
        `model ${name} needs labels; the data have none; use an unconditional model or labelled data`,
      );
    }
    checkInteger(name, "classes", classes, 2);
  }
  return { shape, classes, perExample, layout };
};

/**
 * Defines a model: its options, its facts and its networks in one object.
 *
 * @param source `create` makes the networks from every option's value and from checked data: `shape` (three numbers where
 *   `data` is "images" or "pairs"), `classes` (a number where `needsLabels` is true), `perExample`
 * @returns a function from options to an architecture, whose `for` gives the model for data of a shape
 * @throws UsageError for facts or networks of another form
 * @example
 * ```ts
 * import { defineModel, latentOf, latentOptions } from "tsgan/models";
 * import { layers } from "tsgan/nn";
 *
 * const tiny = defineModel({
 *   name: "tiny",
 *   title: "one layer each",
 *   data: "points",
 *   options: latentOptions(2),
 *   create: (options, { shape }) => ({
 *     latent: latentOf(options),
 *     scores: "logit",
 *     generator: ({ z }, scope) => layers.dense(shape[0])(z, scope),
 *     discriminator: ({ x }, scope) => ({ scores: layers.dense(1)(x, scope) }),
 *   }),
 * });
 * const model = tiny({ latent: 8 }).for({ shape: [2] });
 * console.log(model.latent); // { size: 8, distribution: "normal" }
 * ```
 */
export const defineModel = <
  Table extends OptionTable,
  Data extends DataKind,
  Labels extends true | undefined = undefined,
>({
  create,
  ...facts
}: ModelSource<Table, Data, Labels>): Factory<Table, Architecture, [], ModelDefinition> => {
  const definition: ModelDefinition<Table> = { kind: "model", ...facts };
  const { translates, bothWays, needsAlignedPairs, together } = definition;
  const where = `model ${definition.name}`;
  checkChoice(where, "data", definition.data, dataKinds);
  return factoryOf(definition, (options) => ({
    for: (data: ModelData): Model => {
      const networks = checkFunctions(
        definition,
        create(options, checkData(definition, data) as CheckedData<Data, Labels>),
        ["generator", "discriminator"],
      );
      checkChoice(where, "scores", networks.scores, Object.keys(scoreTexts));
      checkLatent(where, networks.latent);
      return {
        ...networks,
        name: definition.name,
        definition,
        options: { ...options, ...networks.options },
        shape: [...data.shape],
        ...(translates && { translates }),
        ...(bothWays && { bothWays }),
        ...(needsAlignedPairs && { needsAlignedPairs }),
        ...(together && { together }),
      };
    },
  }));
};

/** The trainer of a two-player GAN: what is asked of a generator and a discriminator. */
import { UsageError } from "../errors.ts";
import { latentFill, setCategories } from "../game/index.ts";
import { fromModelRange, type Gan, type GanData, ganGame, toModelRange } from "../gan/index.ts";
import { concat, reshape, sizeOf, sliceAxis, type Tensor } from "../graph/index.ts";
import type { DiscriminatorInput, DiscriminatorOutput, GeneratorInput } from "../models/index.ts";
import { checkRoom } from "../options.ts";
import { randomStream } from "../random/index.ts";
import type { HostData } from "../runtime/index.ts";
import type { BuildNetwork, ProbedNetworks, WeightsChoice } from "./network-programs.ts";
import { type Probe, type ProbeOptions, Trainer, type TrainerOptions } from "./trainer.ts";

export interface GanTrainerOptions extends Omit<TrainerOptions, "game">, GanData {
  readonly gan: Gan;
}

export interface SampleOptions {
  /** Seed of the latent vectors. */
  readonly seed?: number;
  /** Latent vectors [count, latent size] instead of drawn ones. */
  readonly z?: Float32Array;
  /** Classes [count] of a conditional model, or categories of a latent code; by default they take turns. */
  readonly labels?: Int32Array;
  /**
   * Examples [count, …shape] to translate, for image-to-image models, or conditions [count, their size]; by default the first
   * of the data's stream.
   */
  readonly sources?: Float32Array;
  /** Examples that are made at once; 64 without. */
  readonly batch?: number;
  /** Take the averaged generator where there is one (the default), or the one being trained. */
  readonly weights?: WeightsChoice;
}

/** Both networks of a GAN as they stand, as functions to build a graph from. */
export interface ProbedGan extends ProbedNetworks {
  generate(input: GeneratorInput): Tensor;
  discriminate(input: DiscriminatorInput): DiscriminatorOutput;
  /** Of a loss that carries a state, such as BEGAN's k. */
  readonly lossState: Tensor | undefined;
}

/** Examples, or packs of them, that networks run on at once. */
const BATCH = 64;

export class GanTrainer extends Trainer {
  readonly gan: Gan;
  readonly #data: GanData;
  readonly #generate: BuildNetwork;
  readonly #judge: BuildNetwork;

  constructor({ gan, real, labelled, ...options }: GanTrainerOptions) {
    super({ ...options, game: ganGame(gan, { real, labelled }) });
    this.gan = gan;
    this.#data = { real, labelled };
    const { model } = gan;
    this.#generate = ({ source, ...rest }, apply) => {
      const given = { ...rest, source: source && toModelRange(model, source) };
      return { image: fromModelRange(model, apply(given) as Tensor) };
    };
    this.#judge = ({ x, label }, apply) => {
      const { scores, heads = {} } = apply({ x: toModelRange(model, x), label }) as DiscriminatorOutput;
      const judged = x.shape[0] / (model.packing ?? 1);
      return { ...heads, scores: reshape(scores, [judged, -1]) };
    };
  }

  /** Latent vectors as training draws them. */
  latents(count: number, seed: number): Float32Array {
    const { latent } = this.gan.model;
    const z = new Float32Array(count * latent.size);
    latentFill(latent, randomStream(seed, "sample/latent"), z);
    return z;
  }

  /** Labels: those given, or all classes in turn. */
  #labels(count: number, given: Int32Array | undefined): Int32Array {
    const { classes = 1 } = this.gan.model;
    return Int32Array.from({ length: count }, (_, i) => given?.[i] ?? i % classes);
  }

  /** What samples are made from, beside latent vectors. */
  async #sources(count: number, seed: number): Promise<Float32Array> {
    const { real } = this.#data;
    if (this.gan.model.translates !== true && real.conditions !== undefined)
      return real.conditions(seed, count);
    const { examples } = await real.draw(seed, 0, count);
    const { given, shape } = this.gan.model;
    if (given === undefined) return examples;
    const [begin, end] = given;
    const parts = new Float32Array(count * (end - begin));
    for (let i = 0; i < count; i++) {
      parts.set(examples.subarray(i * shape[0] + begin, i * shape[0] + end), i * (end - begin));
    }
    return parts;
  }

  /** Generated examples, [count, …shape] in one array. */
  async sample(count: number, options: SampleOptions = {}): Promise<Float32Array> {
    const { model } = this.gan;
    const { latent, shape } = model;
    const numbers = count * Math.max(latent.size, sizeOf(shape));
    checkRoom("sample", `${count} examples`, numbers, "take fewer at a time");
    const z = options.z ?? this.latents(count, options.seed ?? this.seed);
    if (options.z === undefined) setCategories(latent, z, (i) => options.labels?.[i] ?? i);
    if (z.length !== count * latent.size) {
      throw new UsageError(
        `sample: z must be [${count},${latent.size}], ${count * latent.size} values; got ${z.length}`,
      );
    }
    const inputs: Record<string, HostData> = { z, label: this.#labels(count, options.labels) };
    const source = sourceShape(model);
    if (source !== undefined) {
      const given = options.sources ?? (await this.#sources(count, options.seed ?? this.seed));
      if (given.length !== count * sizeOf(source)) {
        throw new UsageError(
          `sample: sources must be [${[count, ...source].join(",")}], ${count * sizeOf(source)} values; got ${given.length}`,
        );
      }
      inputs.source = given;
    }
    const { image } = await this.run("generator", count, inputs, {
      weights: options.weights,
      batch: options.batch,
      build: this.#generate,
    });
    return image;
  }

  /**
   * What the discriminator says of examples [count, …shape], in inference mode: `scores`, one number each (patch scores
   * are averaged, a pack's score goes to each of it), and the outputs of its other heads, [count, …] in one array each.
   */
  async discriminate(
    examples: Float32Array,
    labels?: Int32Array,
  ): Promise<{ readonly scores: Float32Array; readonly heads: Readonly<Record<string, Float32Array>> }> {
    const { shape, packing = 1 } = this.gan.model;
    const count = examples.length / sizeOf(shape);
    if (count % packing !== 0) {
      throw new UsageError(
        `scores: the discriminator judges ${packing} examples together, so their number must be a multiple of ${packing}; got ${count}`,
      );
    }
    const { scores: patches, ...heads } = await this.run(
      "discriminator",
      count,
      { x: examples, label: this.#labels(count, labels) },
      { build: this.#judge, batch: BATCH * packing },
    );
    const each = (patches.length / count) * packing;
    const scores = Float32Array.from({ length: count }, (_, i) => {
      const first = Math.floor(i / packing) * each;
      let sum = 0;
      for (let j = 0; j < each; j++) sum += patches[first + j];
      return sum / each;
    });
    return { scores, heads };
  }

  /** Discriminator scores of examples [count, …shape], one number each. */
  async scores(examples: Float32Array, labels?: Int32Array): Promise<Float32Array> {
    return (await this.discriminate(examples, labels)).scores;
  }

  /** As the probe of any trainer, with both networks in the range of data. */
  override probe(
    build: (networks: ProbedGan) => Readonly<Record<string, Tensor>>,
    options: ProbeOptions = {},
  ): Promise<Probe> {
    const { model, loss } = this.gan;
    return super.probe((networks) => {
      const { apply, state } = networks;
      return build({
        ...networks,
        generate: (given) => fromModelRange(model, apply("generator", given) as Tensor),
        discriminate: ({ x, label }) =>
          apply("discriminator", { x: toModelRange(model, x), label }) as DiscriminatorOutput,
        lossState: loss.state === undefined ? undefined : state("loss"),
      });
    }, options);
  }

  /**
   * The generator as a standard ONNX model: input `z` [batch, latent] (and `label` [batch], int32, where conditional), output
   * `image`, any batch size. Of an image-to-image model the input is `source`, first images [batch, channels, height, width], and
   * `image` the second ones; one that translates both ways has an output `back`, too, the first images of second ones.
   */
  exportGenerator(options: Pick<SampleOptions, "weights"> = {}): Promise<Uint8Array> {
    const { model } = this.gan;
    const { latent, classes, translates, unbounded } = model;
    const [channels, ...sides] = model.shape;
    const shape = translates === true ? [channels / 2, ...sides] : model.shape;
    return this.export("generator", {
      ...options,
      build: translates === true ? translation(model) : this.#generate,
      ...(translates === true && { inputs: { source: { shape } } }),
      name: `${model.name}-generator`,
      metadata: {
        ...(translates !== true && { latentDistribution: latent.distribution }),
        ...(latent.parts === undefined ? {} : { latentParts: JSON.stringify(latent.parts) }),
        ...(classes === undefined
          ? {}
          : { classes: String(classes), classNames: JSON.stringify(this.#data.real.classes ?? []) }),
        range: unbounded === true || shape.length === 1 ? "none" : "-1 … 1",
        shape: shape.join("x"),
        inputs: JSON.stringify(inputsText(model, shape)),
      },
    });
  }
}

/** A generator of pairs as one of single images: what does not matter to the half that is asked for falls away. */
const translation =
  (model: Gan["model"]): BuildNetwork =>
  ({ source }, apply) => {
    const given = toModelRange(model, source);
    const pair = fromModelRange(model, apply({ source: concat([given, given], 1) }) as Tensor);
    const channels = pair.shape[1] / 2;
    const half = (index: 0 | 1): Tensor => sliceAxis(pair, 1, index * channels, (index + 1) * channels);
    return { image: half(1), ...(model.bothWays === true && { back: half(0) }) };
  };

/** Shape of one source of a model whose generator has one. */
const sourceShape = ({ translates, given, shape }: Gan["model"]): readonly number[] | undefined =>
  translates === true ? shape : given && [given[1] - given[0]];

/** What each input of an exported generator is, in words. */
const inputsText = (
  { latent, classes, translates, given }: Gan["model"],
  shape: readonly number[],
): Record<string, string> => ({
  ...(translates === true
    ? { source: `images to translate, [batch,${shape.join(",")}], in -1 … 1` }
    : { z: `latent vectors, [batch,${latent.size}]` }),
  ...(given && { source: `conditions, [batch,${given[1] - given[0]}]` }),
  ...(classes !== undefined && { label: `classes, [batch], 0 … ${classes - 1}` }),
});

/**
 * The trainer of a GAN, at its first step.
 *
 * @param options the GAN, its data, the seed, the number of steps, device and threads
 * @throws UsageError for a loss that reads another kind of scores than the model gives
 */
export const createGanTrainer = (options: GanTrainerOptions): GanTrainer => new GanTrainer(options);

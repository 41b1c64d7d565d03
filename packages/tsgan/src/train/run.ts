/** Runs as objects: a game or a GAN that is trained, sampled, looked into and exported. */
import type { ConfigInput, RunConfig } from "../config/index.ts";
import type { Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import {
  type Game,
  type GameOptions,
  gameOf,
  type Latents,
  latentFill,
  type Named,
  type Networks,
  type NoLatents,
  type Streams,
  sampleSources,
  setCategories,
} from "../game/index.ts";
import { randomStream } from "../random/index.ts";
import type { Device, HostData } from "../runtime/index.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { type Computable, type Computed, type ComputeOptions, compute } from "./compute.ts";
import { createTrainer } from "./create-trainer.ts";
import type { GanTrainer, SampleOptions } from "./gan-trainer.ts";
import type { WeightsChoice } from "./network-programs.ts";
import { configuredTrainer, type LoopOptions, type LoopSettings, trainLoop } from "./train.ts";
import type { RunNetworkOptions, Trainer } from "./trainer.ts";

/** Where and how a run is computed. */
export interface RunSettings {
  /** Seed of all random numbers; 1 without. */
  readonly seed?: number | undefined;
  /** Iterations of the whole run, for numbers that change over it. Without, those of the first `train`. */
  readonly steps?: number | undefined;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
}

/** Iterations from here on, when events come, and the events. */
export type RunTrainOptions<T extends Trainer> = Partial<LoopSettings> & LoopOptions<T>;

/** A game that is trained. */
export interface Run<T extends Trainer = Trainer> {
  /** The trainer, made when it is first needed. */
  trainer(): Promise<T>;
  /** Trains until `steps` iterations have been made, those of before included. @returns whether it was stopped */
  train(options?: RunTrainOptions<T>): Promise<boolean>;
  /** The state as the bytes of a safetensors file, and back: a run goes on from there bit for bit. */
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array): Promise<void>;
  /** Releases what is on the device. Once more does nothing, after a training that threw, too. */
  dispose(): Promise<void>;
}

/** Examples in each `onSample`. */
const SAMPLES = 64;

/** @param length iterations of the whole run, where they are known */
const runOf = <T extends Trainer>(
  make: () => T | Promise<T>,
  length: number | undefined,
  sample: (trainer: T) => Promise<Float32Array>,
): Run<T> => {
  let made: Promise<T> | undefined;
  let known = length;
  const trainer = (): Promise<T> => {
    made ??= Promise.resolve().then(make);
    return made;
  };
  return {
    trainer,
    train: async ({ steps = known, ...options } = {}) => {
      if (steps === undefined)
        throw new UsageError("train: steps is missing: say how many iterations to make");
      const own = await trainer();
      if (known === undefined) {
        known = steps;
        own.steps = steps;
      }
      return trainLoop(own, { ...options, steps }, { sample, ...options });
    },
    save: async () => saveCheckpoint(await trainer()),
    load: async (bytes) => loadCheckpoint(await trainer(), bytes),
    // What could not be made was told of by whatever needed it.
    dispose: async () => (await made?.catch(() => undefined))?.dispose(),
  };
};

export interface GameRun<
  D extends Streams = Streams,
  N extends Networks = Networks,
  L extends Latents = Latents,
> extends Run {
  readonly game: Game;
  /**
   * What a function of the networks gives for examples and latent vectors, which go by the names that the game has for them:
   * `run.compute({ digit }, ({ digit, encoder, decoder }) => decoder(encoder(digit)))`. Several tensors by name give several
   * arrays.
   */
  compute<Out extends Computable>(
    values: { readonly [Name in keyof D | keyof L]?: Float32Array },
    build: (view: Named<D, N, L>) => Out,
    options?: ComputeOptions,
  ): Promise<Computed<Out>>;
  /** The weights and running statistics of a network, as `NetworkOptions.weights` of another game takes them. */
  weights(network: keyof N & string, choice?: WeightsChoice): ReturnType<Trainer["weights"]>;
  /** Outputs of a network for given inputs. */
  apply(
    network: string,
    count: number,
    inputs: Readonly<Record<string, HostData>>,
    options?: RunNetworkOptions,
  ): Promise<Record<string, Float32Array>>;
  /** Samples of the game, [count, …shape]: the first output of the network that `samples` names. */
  sample(count: number, options?: { readonly seed?: number }): Promise<Float32Array>;
  /** Any network as an ONNX model of any batch size. */
  export(network: string, options?: RunNetworkOptions): Promise<Uint8Array>;
}

/**
 * What feeds the network that a game samples: latent vectors, examples, classes in turn.
 *
 * @param count samples
 * @param seed that of the latent vectors
 */
export const sampleInputs = async (
  game: Game,
  count: number,
  seed: number,
): Promise<Record<string, HostData>> => {
  const sources = sampleSources(game);
  const network = game.samples?.network ?? "";
  const inputs: Record<string, HostData> = {};
  for (const [name, { dtype }] of Object.entries(game.inputs[network]?.tensors ?? {})) {
    const source = sources[name];
    if (source !== undefined && Object.hasOwn(game.latents, source)) {
      const latent = game.latents[source];
      const z = new Float32Array(count * latent.size);
      latentFill(latent, randomStream(seed, `sample/${source}`), z);
      setCategories(latent, z, (i) => i);
      inputs[name] = z;
    } else if (source !== undefined) {
      inputs[name] = (await game.streams[source].dataset.draw(seed, 0, count)).examples;
    } else if (dtype === "int32") {
      const classes = Object.values(game.streams).find(({ dataset }) => dataset.classes !== undefined);
      const number = classes?.dataset.classes?.length ?? 1;
      inputs[name] = Int32Array.from({ length: count }, (_, i) => i % number);
    }
  }
  return inputs;
};

/**
 * Samples of a game, [count, …shape].
 *
 * @param trainer a trainer of the game, at any step
 * @param seed that of the latent vectors
 * @throws UsageError for a game that does not say what is sampled
 */
export const sampleGame = async (trainer: Trainer, count: number, seed: number): Promise<Float32Array> => {
  const { samples } = trainer.game;
  if (samples === undefined) {
    throw new UsageError(
      'sample: the game does not say what is sampled; give it samples, such as { network: "generator", from: "z" }',
    );
  }
  const outputs = await trainer.run(samples.network, count, await sampleInputs(trainer.game, count, seed));
  return Object.values(outputs)[0];
};

/**
 * A game of one's own, ready to train: networks, players with objectives, techniques.
 *
 * @param options data, networks, latents, players, techniques; batch, seed, steps, device
 * @throws UsageError for names that do not exist or are used twice
 * @throws UsageError for names that do not exist or are used twice, and players that train nothing
 * @example
 * ```ts
 * import { adam, data, game, losses } from "tsgan";
 * import { layers } from "tsgan/nn";
 *
 * const { dense, relu, sequential } = layers;
 * const hinge = losses.hinge();
 * const run = game({
 *   data: { x: data.ring() },
 *   latents: { z: { size: 2, distribution: "normal" } },
 *   networks: { generator: sequential(dense(32), relu(), dense(2)), critic: sequential(dense(32), relu(), dense(1)) },
 *   players: {
 *     critic: { loss: ({ x, z, generator, critic }) => hinge.discriminator(critic(x), critic(generator(z))) },
 *     generator: { loss: ({ x, z, generator, critic }) => hinge.generator(critic(x), critic(generator(z))) },
 *   },
 *   optimizer: adam({ learningRate: 1e-3, beta1: 0.5 }),
 *   samples: { network: "generator", from: "z" },
 * });
 * await run.train({ steps: 20, onStep: ({ step, criticLoss }) => console.log(step, criticLoss) });
 * console.log(await run.sample(1)); // one point
 * await run.dispose();
 * ```
 */
export const game = <D extends Streams, N extends Networks, L extends Latents = NoLatents>(
  options: GameOptions<D, N, L> & RunSettings,
): GameRun<D, N, L> => {
  const { seed = 1, steps, device, threads } = options;
  const made = gameOf(options);
  const run = runOf(
    () => createTrainer({ game: made, seed, steps: steps ?? 1, device, threads }),
    steps,
    (trainer) => sampleGame(trainer, SAMPLES, seed),
  );
  return {
    ...run,
    game: made,
    compute: async <Out extends Computable>(
      values: Readonly<Record<string, Float32Array | undefined>>,
      build: (view: Named<D, N, L>) => Out,
      given?: ComputeOptions,
    ) => {
      const untyped = build as unknown as (view: Readonly<Record<string, unknown>>) => Out;
      return (await compute(await run.trainer(), values, untyped, given)) as Computed<Out>;
    },
    weights: async (network, choice) => (await run.trainer()).weights(network, choice),
    apply: async (...given) => (await run.trainer()).run(...given),
    sample: async (count, { seed: own = seed } = {}) => sampleGame(await run.trainer(), count, own),
    export: async (network, given) => (await run.trainer()).export(network, given),
  };
};

export interface GanRun extends Run<GanTrainer> {
  /** The configuration: plain data with every option's value, from which the same run can be made again. */
  config(): Promise<RunConfig>;
  sample(count: number, options?: SampleOptions): Promise<Float32Array>;
  /** Discriminator scores of examples [count, …shape], one number each. */
  scores(examples: Float32Array, labels?: Int32Array): Promise<Float32Array>;
  /** The generator as an ONNX model, or another network of the game by its name. */
  export(network?: string): Promise<Uint8Array>;
}

export type GanInput = Omit<ConfigInput, "data"> &
  RunSettings & {
    /** The data set itself, or a promise of it. */
    readonly data: Dataset | Promise<Dataset>;
  };

/**
 * A GAN of two players, ready to train. Things may be given as objects or by name; what is left out is as in a
 * configuration. `device` and `threads` are where it runs; the rest is the `config`.
 *
 * @throws UsageError for things that do not exist, with the nearest name, or that do not go together
 * @example
 * ```ts
 * import { adam, data, gan, losses, models, penalties, techniques } from "tsgan";
 *
 * const run = gan({
 *   data: data.ring(),
 *   model: models.mlp({ hidden: [64, 64] }),
 *   loss: losses.hinge(),
 *   penalties: [penalties.r1({ weight: 0.1 })],
 *   techniques: [techniques.ema({ decay: 0.99 })],
 *   optimizer: adam({ learningRate: 1e-3, beta1: 0 }),
 *   batch: 64,
 *   seed: 1,
 * });
 * await run.train({ steps: 20, onStep: ({ step, generatorLoss }) => console.log(step, generatorLoss) });
 * const points = await run.sample(1000); // [1000, 2], one after the other
 * const generator = await run.export(); // the bytes of a generator.onnx
 * console.log(points.length, generator.length);
 * await run.dispose();
 * ```
 */
export const gan = ({ data, device, threads, ...config }: GanInput): GanRun => {
  let whole: RunConfig | undefined;
  const run = runOf(
    async () => {
      const made = configuredTrainer({ config: { ...config, data: await data }, device, threads });
      whole = made.config;
      return made.trainer;
    },
    config.steps,
    (trainer) => trainer.sample(SAMPLES),
  );
  return {
    ...run,
    config: async () => {
      const { steps } = await run.trainer();
      return { ...(whole as RunConfig), steps };
    },
    sample: async (count, options) => (await run.trainer()).sample(count, options),
    scores: async (examples, labels) => (await run.trainer()).scores(examples, labels),
    export: async (network = "generator") => {
      const trainer = await run.trainer();
      return network === "generator" ? trainer.exportGenerator() : trainer.export(network);
    },
  };
};

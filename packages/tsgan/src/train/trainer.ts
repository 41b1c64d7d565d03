/** The trainer of any game: owns the state on the device, and makes the players' moves. */
import { UsageError } from "../errors.ts";
import {
  type Game,
  type Moves,
  type NetworkInputs,
  observedOutput,
  piecesOf,
  type StateVector,
  stateVectors,
} from "../game/index.ts";
import { sizeOf, type Tensor } from "../graph/index.ts";
import type { Mode, VariableSpec } from "../nn/index.ts";
import { checkInteger } from "../options.ts";
import {
  compile,
  type Device,
  type HostData,
  type Precision,
  type Program,
  State,
} from "../runtime/index.ts";
import {
  type BuildNetwork,
  exportNetwork,
  networkGraph,
  type ProbedNetworks,
  probedNetworks,
  runInBatches,
  type WeightsChoice,
  weightVectors,
} from "./network-programs.ts";
import { NotFiniteError } from "./not-finite.ts";
import {
  type CompiledRounds,
  chained,
  compileRounds,
  feedsOf,
  madeAfter,
  type Round,
  roundsFrom,
  unreachedOf,
} from "./rounds.ts";
import type { TensorData } from "./safetensors.ts";
import { flatVectors } from "./state-tensors.ts";

export interface TrainerOptions {
  readonly game: Game;
  readonly seed: number;
  /** Length of the run, for schedules. */
  readonly steps: number;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  /** Of the training steps: "full" without. */
  readonly precision?: Precision | undefined;
}

/** Figures of one iteration, before its updates. `step` counts finished iterations, from 1. */
export interface StepRecord {
  readonly step: number;
  readonly [metric: string]: number;
}

/** How far a run has come. */
export interface Progress {
  /** Finished iterations. */
  readonly step: number;
  /** Moves of each player. */
  readonly moves: Readonly<Record<string, number>>;
}

export interface ProbeOptions {
  readonly weights?: WeightsChoice | undefined;
  /** "inference" without. In "training", batch norm takes the statistics of its batch; the running ones stay. */
  readonly mode?: Mode;
}

/** A compiled function of a trainer's networks. To be disposed of before the trainer. */
export interface Probe {
  /** Names and shapes of what must be fed: of what `build` asked for, only that which its outputs depend on. */
  readonly inputs: Program["inputs"];
  run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostData>>;
  dispose(): Promise<void>;
}

export interface RunNetworkOptions {
  readonly weights?: WeightsChoice | undefined;
  /** Examples that it runs on at once; 64 without. */
  readonly batch?: number | undefined;
  /** How inputs and outputs go with the network; as they are without. */
  readonly build?: BuildNetwork;
}

/** Examples that a network runs on at once. */
const RUN_BATCH = 64;

/** A network compiled to be run by itself. */
interface NetworkProgram {
  readonly network: string;
  readonly weights: WeightsChoice | undefined;
  readonly build: BuildNetwork | undefined;
  readonly batch: number;
  readonly program: Promise<Program>;
}

export class Trainer {
  readonly game: Game;
  /** Where it runs. */
  readonly place: Pick<TrainerOptions, "device" | "threads">;
  readonly #options: TrainerOptions;
  readonly #vectors: readonly StateVector[];
  readonly #state = new State();
  readonly #compiled = new Map<string, CompiledRounds>();
  readonly #asked = new Set<number>();
  readonly #programs: NetworkProgram[] = [];
  #progress: Progress;
  /** Iterations of the whole run, for numbers that change over it. */
  steps: number;

  constructor(options: TrainerOptions) {
    this.game = options.game;
    this.place = { device: options.device, threads: options.threads };
    this.#options = options;
    this.steps = options.steps;
    this.#vectors = stateVectors(options.game);
    for (const { name, initial } of this.#vectors) this.#state.set(name, initial(options.seed));
    this.#progress = {
      step: 0,
      moves: Object.fromEntries(Object.keys(options.game.players).map((name) => [name, 0])),
    };
  }

  get progress(): Progress {
    return this.#progress;
  }

  get seed(): number {
    return this.#options.seed;
  }

  /** Number of trained numbers of each network. */
  get parameterCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      Object.entries(this.game.variables).map(([name, { parameterCount }]) => [name, parameterCount]),
    );
  }

  /** How many programs its iterations have been compiled to so far. */
  get compiledPrograms(): number {
    return this.#compiled.size;
  }

  get #compileOptions() {
    return { ...this.place, state: this.#vectors.map(({ name }) => name) };
  }

  /** Moves of an iteration, in order: of the next one, or one that comes later. */
  #movesOf(step: number): readonly Moves[] {
    return Object.values(this.game.players).map(({ name, moves }) => ({ player: name, count: moves(step) }));
  }

  /** What tells programs of the same moves apart: which moves are one of every n that some player asked about. */
  #key(rounds: readonly Round[]): string {
    const acting = rounds.map(({ moves, made }) =>
      moves.map(({ player, count }) =>
        Array.from({ length: count }, (_, i) =>
          [...this.#asked].map((n) => Number((made[player] + i) % n === 0)).join(""),
        ).join(),
      ),
    );
    return JSON.stringify([rounds.map(({ moves }) => moves), acting]);
  }

  async #compile(rounds: readonly Round[]): Promise<CompiledRounds> {
    const known = this.#compiled.get(this.#key(rounds));
    if (known !== undefined) return known;
    const compiled = await compileRounds(this.game, this.#vectors, rounds, {
      ...this.place,
      precision: this.#options.precision,
    });
    for (const n of compiled.asked) if (n > 1) this.#asked.add(n);
    this.#compiled.set(this.#key(rounds), compiled);
    return compiled;
  }

  /** Makes the moves in one run, and gives the figures of each round. */
  async #make(rounds: readonly Round[]): Promise<readonly Record<string, number>[]> {
    const compiled = await this.#compile(rounds);
    const fed = await feedsOf(this.game, this.seed, this.steps, compiled, rounds);
    const returned = await compiled.program.run(fed, this.#state);
    this.#progress = { step: this.#progress.step, moves: madeAfter(rounds[rounds.length - 1]) };
    return compiled.parts.map(({ graph, prefix }) => {
      const observed = graph.observedNames.map((name) => [name, returned[prefix + observedOutput(name)]]);
      return {
        ...Object.fromEntries(graph.figureNames.map((name, i) => [name, returned[`${prefix}figures`][i]])),
        ...this.game.statistics(Object.fromEntries(observed)),
      };
    });
  }

  /**
   * Compiles the next iteration, so that a game or a device that does not work shows before anything is written.
   *
   * @returns what is allowed and unlikely to be meant
   */
  async prepare(): Promise<readonly string[]> {
    const programs = chained(this.#movesOf(this.#progress.step));
    return unreachedOf(await this.#compile(roundsFrom(this.#progress, programs.slice(-1), false)));
  }

  async #record(figures: Readonly<Record<string, number>>): Promise<StepRecord> {
    this.#progress = { ...this.#progress, step: this.#progress.step + 1 };
    const record = { step: this.#progress.step, ...figures };
    const broken = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
    if (broken !== undefined) throw new NotFiniteError(record.step, broken[0], await this.#nonFiniteTensor());
    return record;
  }

  /** One round of all players. @throws NotFiniteError when a figure is no longer finite */
  async iterate(): Promise<StepRecord> {
    let figures: Record<string, number> = {};
    for (const moves of chained(this.#movesOf(this.#progress.step))) {
      figures = { ...figures, ...(await this.#make(roundsFrom(this.#progress, [moves], false)))[0] };
    }
    return this.#record(figures);
  }

  /**
   * As `iterate`, so many times, in one run of the device where no iteration has more than 8 moves of a player: what a run
   * costs beside its nodes, such as waiting for a GPU, is paid once for all. Compiling takes as many times longer. The records
   * are those of single iterations, and so is the state, up to rounding.
   *
   * @param count iterations, at least 1
   * @throws NotFiniteError when a figure is no longer finite
   */
  async iterateTogether(count: number): Promise<readonly StepRecord[]> {
    checkInteger("iterateTogether", "count", count, 1);
    const { step } = this.#progress;
    const rounds = Array.from({ length: count }, (_, i) => chained(this.#movesOf(step + i)));
    const records: StepRecord[] = [];
    if (rounds.some((programs) => programs.length !== 1)) {
      while (records.length < count) records.push(await this.iterate());
      return records;
    }
    const made = await this.#make(roundsFrom(this.#progress, rounds.flat(), true));
    for (const figures of made) records.push(await this.#record(figures));
    return records;
  }

  /**
   * One move of one player alone, as a teacher would show it. It does not count as an iteration, unless it is said to end
   * one: as many moves of each player as an iteration has, in order, are that iteration.
   */
  async advance(
    player: string,
    { endsIteration = false }: { readonly endsIteration?: boolean } = {},
  ): Promise<Record<string, number>> {
    const [figures] = await this.#make(roundsFrom(this.#progress, [[{ player, count: 1 }]], false));
    if (endsIteration) this.#progress = { ...this.#progress, step: this.#progress.step + 1 };
    return figures;
  }

  async #nonFiniteTensor(): Promise<string | undefined> {
    const tensors = Object.entries(await this.tensors());
    return tensors.find(([, { data }]) => data.some((v) => !Number.isFinite(v)))?.[0];
  }

  /** Every vector of the state, cut into its named tensors: `generator/0.weight`, `discriminator.adam.v/body.0.bias`. */
  async tensors(): Promise<Record<string, TensorData>> {
    const result: Record<string, TensorData> = {};
    for (const vector of this.#vectors) {
      const flat = await this.#state.read(vector.name);
      for (const { name, shape, offset, length } of piecesOf(vector)) {
        result[name] = { shape, data: flat.slice(offset, offset + length) };
      }
    }
    return result;
  }

  /** The weights and running statistics of a network as flat vectors. */
  async flatWeights(
    network: string,
    choice?: WeightsChoice,
  ): Promise<{ readonly parameters: Float32Array; readonly buffers: Float32Array | undefined }> {
    const { parameters, buffers } = weightVectors(this.game, network, choice);
    const has = (name: string): boolean => this.#vectors.some((vector) => vector.name === name);
    return {
      parameters: has(parameters) ? await this.#state.read(parameters) : new Float32Array(0),
      buffers: has(buffers) ? await this.#state.read(buffers) : undefined,
    };
  }

  /** Puts other weights, such as those of a like network of another game, in place of a network's own. */
  setWeights(
    network: string,
    {
      parameters,
      buffers,
    }: { readonly parameters: Float32Array; readonly buffers?: Float32Array | undefined },
  ): void {
    const names = weightVectors(this.game, network, "current");
    for (const [name, values] of [
      [names.parameters, parameters],
      [names.buffers, buffers],
    ] as const) {
      const vector = this.#vectors.find((each) => each.name === name);
      if (vector === undefined) continue;
      if (values?.length !== vector.size) {
        throw new UsageError(
          `network ${network}: ${name} must hold ${vector.size} values; got ${values?.length ?? "none"}; give weights of a network of the same layers`,
        );
      }
      this.#state.set(name, values);
    }
  }

  /** The weights and running statistics of a network by the names of its layers, as `NetworkOptions.weights` takes them. */
  async weights(
    network: string,
    choice?: WeightsChoice,
  ): Promise<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>> {
    const flat = await this.flatWeights(network, choice);
    const { parameters, buffers } = this.game.variables[network];
    const pieces = (specs: readonly VariableSpec[], values: Float32Array | undefined) =>
      values === undefined
        ? []
        : specs.map(({ name, shape, offset }) => {
            const data = values.slice(offset, offset + sizeOf(shape));
            return [name, { shape, data }] as const;
          });
    return Object.fromEntries([...pieces(parameters, flat.parameters), ...pieces(buffers, flat.buffers)]);
  }

  /** Puts a state back that `tensors` gave. Names and shapes must be this game's; errors call it `file`. */
  restore(tensors: Record<string, TensorData>, progress: Progress, file = "checkpoint"): void {
    const flats = flatVectors(this.#vectors, tensors, file);
    for (const [name, flat] of flats) this.#state.set(name, flat);
    this.#progress = progress;
  }

  /** Outputs of a network for `count` examples; `inputs` by name, whole arrays. */
  async run(
    network: string,
    count: number,
    inputs: Readonly<Record<string, HostData>>,
    { weights, build, batch = RUN_BATCH }: RunNetworkOptions = {},
  ): Promise<Record<string, Float32Array>> {
    let known = this.#programs.find(
      (each) =>
        each.network === network && each.weights === weights && each.build === build && each.batch === batch,
    );
    if (known === undefined) {
      const graph = networkGraph(this.game, network, batch, { weights, build });
      known = { network, weights, build, batch, program: compile(graph, this.#compileOptions) };
      this.#programs.push(known);
    }
    const compiled = await known.program;
    return runInBatches(compiled.inputs, batch, count, inputs, (feeds) => compiled.run(feeds, this.#state));
  }

  /**
   * A function of the networks as they stand, for whatever else one wants to see of them: surfaces, gradients. `build`
   * makes its outputs from inputs of its own. It changes nothing of the run.
   */
  async probe(
    build: (networks: ProbedNetworks) => Readonly<Record<string, Tensor>>,
    { weights, mode = "inference" }: ProbeOptions = {},
  ): Promise<Probe> {
    const outputs = build(probedNetworks(this.game, this.#vectors, weights, mode));
    const program = await compile(outputs, this.#compileOptions);
    return {
      inputs: program.inputs,
      run: (feeds) => program.run(feeds, this.#state),
      dispose: () => program.dispose(),
    };
  }

  /** Any network of the game as a standard ONNX model: its inputs and outputs by name, any batch size. */
  export(
    network: string,
    options: RunNetworkOptions & {
      readonly inputs?: NetworkInputs["tensors"];
      readonly name?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Uint8Array> {
    return exportNetwork(this.game, network, this.#vectors, (name) => this.#state.read(name), options);
  }

  /** Releases everything on the device. Once more does nothing. */
  async dispose(): Promise<void> {
    this.#state.dispose();
    for (const { program } of this.#compiled.values()) await program.dispose();
    for (const { program } of this.#programs) {
      await (await program).dispose();
    }
  }
}

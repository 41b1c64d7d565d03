/** What a game is made of: types that speak of one another, and stand in one file therefore. */
import type { Dataset } from "../data/index.ts";
import type { Definition, Made, OptionTable, Settings } from "../define/index.ts";
import type { Shape, Tensor } from "../graph/index.ts";
import type { Latent, Model } from "../models/index.ts";
import type { Optimizer, Schedule, VariableSpec, Variables } from "../nn/index.ts";
import type { ScalarMoment } from "./feeds.ts";
import type { Network, NetworkInputs, NetworkLike } from "./network.ts";

/** What every view has beside the game's own networks, data and latents. */
export interface ViewTools<Stream extends string = string> {
  /** Class indices [N], int32, of the examples of each labelled stream. */
  readonly labels: { readonly [Name in Stream]: Tensor };
  /** Random numbers, fresh with each call: uniform in [0, 1) or standard normal. */
  random(kind: "uniform" | "normal", shape: Shape): Tensor;
  /** A number that changes over the run, [], such as a weight that starts at a step. */
  schedule(value: Schedule | ((moment: { readonly step: number; readonly steps: number }) => number)): Tensor;
  /** Whether this is one of the player's every n-th moves, the first included. */
  every(n: number): boolean;
  /** Made once in this move, whoever asks for it by that name. */
  once<T>(name: string, make: () => T): T;
  /**
   * Made once in an iteration, whoever asks for it by that name, as long as the networks that it was made with have not
   * moved: what another player has already computed.
   */
  share<T>(name: string, make: () => T): T;
  /** What the player is shown in place of `x`: techniques such as a pool of past fakes may exchange it. */
  show(name: string, x: Tensor): Tensor;
  /** Adds a figure, a scalar, to the iteration's record. */
  record(name: string, value: Tensor): void;
  /** Gives whole tensors to techniques and to the game's statistics. */
  observe(name: string, value: Tensor): void;
  /** The parameters of a network, each as a tensor. */
  parameters(network: string): readonly Tensor[];
  /** Whether examples of a batch see each other in a network (batch norm). */
  mixesExamples(network: string): boolean;
  /** The state of a technique of the game. */
  state(name: string): Tensor;
  /**
   * What a network says by its averaged weights (the technique `ema`), used and not trained, of an input as it is: techniques
   * do not change it. @throws UsageError where nothing averages the network
   */
  averaged(network: string, input: unknown): unknown;
}

/** A view whose names are not known to the compiler. */
export type GameView = ViewTools & Readonly<Record<string, unknown>>;

/** A data set that players draw from. */
export interface Stream {
  readonly dataset: Dataset;
  /** Examples of a move, where they are not the player's batch. */
  readonly batch: number | undefined;
}

export interface PlayerOptions<View, Name extends string = string> {
  /** The networks that this player changes; without, the one of the player's own name. */
  readonly trains?: Name | readonly Name[] | undefined;
  /** What it makes small: a scalar. */
  loss(view: View): Tensor;
  /** The game's without. */
  readonly optimizer?: Optimizer | undefined;
  /** Moves of an iteration, or a function of the iteration's number, from 0; 1 without. */
  readonly moves?: number | ((iteration: number) => number) | undefined;
  /** Examples of a move; the game's batch without. */
  readonly batch?: number | undefined;
  /** Another player, whose latest examples this one looks at, instead of new ones. */
  readonly follows?: string | undefined;
  /** The part of the objective that the players contest: what `consensus` looks at; the whole without. */
  contested?(view: View): Tensor;
  /** Called before several moves in a row, with the view of each: for what can be made for all of them at once. */
  prepare?(views: readonly View[]): void;
  /** Applied to the flat parameters of its networks after each move: weight clipping, for example. */
  constraint?(parameters: Tensor): Tensor;
  /** Names its random numbers and feeds; the player's own name without. */
  readonly key?: string | undefined;
}

export interface Player
  extends Omit<Required<PlayerOptions<GameView>>, "trains" | "moves" | "follows" | "optimizer"> {
  readonly name: string;
  readonly trains: readonly string[];
  readonly optimizer: Optimizer;
  moves(iteration: number): number;
  readonly follows: string | undefined;
}

/** Data sets by name, networks by name, latents by name: what a view is made of. */
export type Streams = Readonly<Record<string, Dataset | Stream>>;
export type Networks = Readonly<Record<string, NetworkLike>>;
export type Latents = Readonly<Record<string, Latent>>;

/** A game without latents. */
export type NoLatents = Readonly<Record<never, Latent>>;

/** What is sampled: a network, and for each of its inputs the latent or the data set that it is fed with. */
export interface Samples<Name extends string = string, Source extends string = string> {
  readonly network: Name;
  /** One name for a network of one input; for several inputs, their names with those of latents or data sets. */
  readonly from: Source | Readonly<Record<string, Source>>;
}

/** A game with nothing left open. */
export interface Game {
  readonly name: string;
  readonly streams: Readonly<Record<string, Stream>>;
  readonly networks: Readonly<Record<string, Network>>;
  /** What each network's variables are. */
  readonly variables: Readonly<Record<string, Variables>>;
  /** What each network is fed. */
  readonly inputs: Readonly<Record<string, NetworkInputs>>;
  readonly latents: Latents;
  readonly players: Readonly<Record<string, Player>>;
  readonly techniques: readonly Technique[];
  readonly batch: number;
  readonly judges: readonly string[];
  /** Networks that no player trains. */
  readonly frozen: readonly string[];
  readonly samples: Samples | undefined;
  /** Figures of a record from what objectives observed in the iteration's last moves. */
  statistics(observed: Readonly<Record<string, ArrayLike<number>>>): Readonly<Record<string, number>>;
}

export type StateTensors = Readonly<Record<string, Tensor>>;

/** A vector that a technique keeps from step to step. */
export interface TechniqueState {
  readonly size: number;
  /** Zeros without; given numbers; or what a network's parameters or buffers begin with. */
  readonly initial?:
    | readonly number[]
    | { readonly network: string; readonly part: "parameters" | "buffers" };
  /** Names for pieces of the vector, where it is made like a network's. */
  readonly pieces?: readonly VariableSpec[];
}

/** What a technique may use wherever it acts. */
export interface TechniqueContext {
  readonly game: Game;
  /** The player who moves. */
  readonly player: string;
  /** The names of the networks that this player trains. */
  readonly trains: readonly string[];
  /** The technique's own state by its name. */
  own(name: string): Tensor;
  /** Its next value. */
  set(name: string, value: Tensor): void;
  /** A number that is worked out on the host for each move, [1]. The first call of a name in a move says how. */
  scalar(name: string, value: (moment: ScalarMoment) => number): Tensor;
  /** Random numbers, fresh in each move. */
  random(kind: "uniform" | "normal", shape: Shape): Tensor;
}

export interface SeesContext extends TechniqueContext {
  /** The network that is about to see the examples. */
  readonly network: string;
}

export interface ObjectiveContext extends TechniqueContext {
  /** The parameters of a network, each as a tensor: what derivatives are taken by. */
  parameters(network: string): readonly Tensor[];
  /** What the players contest: for each, the gradients of its adversarial loss by its own parameters. */
  contested(): readonly Tensor[];
}

export interface GradientContext extends TechniqueContext {
  /** What the player minimises. */
  readonly objective: Tensor;
  /** The parameters of the networks that it trains, one after the other. */
  readonly parameters: readonly Tensor[];
  /** The examples of each stream in this move, [N, …]. */
  examples(stream: string): Tensor;
}

export interface OpponentContext extends TechniqueContext {
  readonly state: StateTensors;
  /** The state after another player's move on the examples of this one; derivatives flow through it. */
  ahead(player: string, state: StateTensors, nth: number): StateTensors;
}

export interface AfterContext extends TechniqueContext {
  /** The flat parameters of a network before the move, and after it. */
  before(network: string): Tensor;
  after(network: string): Tensor;
  /** The flat buffers of a network after the move, where it has some. */
  buffers(network: string): Tensor | undefined;
  /** What objectives have observed in this move, by name: scores, for example. */
  observed(name: string): Tensor | undefined;
}

/** Where a technique keeps weights that stand for a network's own when it is sampled: names of its own state. */
export interface Average {
  readonly parameters: string;
  readonly buffers?: string | undefined;
}

/** What a two-player GAN is made of, by name, and how it is trained. */
export interface GanParts {
  readonly model: Pick<Model, "name" | "packing">;
  readonly loss: string;
  readonly penalties: readonly Pick<Made, "name" | "options">[];
  readonly terms: readonly string[];
  readonly techniques: readonly string[];
  readonly seed: number;
  /** Whether samples are judged while training. */
  readonly evaluates: boolean;
}

export interface TechniqueBody {
  /** The networks whose view `sees` changes; without, the game's judges. */
  readonly networks?: readonly string[] | undefined;
  /** Whether players who follow another look at the latent vectors of its latest move, too, in place of new ones. */
  readonly sharesLatents?: boolean | undefined;
  /** State of its own, by name; "" for one that is called as the technique itself. */
  state?(game: Game): Readonly<Record<string, TechniqueState>>;
  /** What a network sees in place of examples x [N, …], which are in [−1, 1] where they are images. */
  sees?(x: Tensor, at: SeesContext): Tensor;
  /** What a player is shown in place of something that its objective names, such as its `fake` examples. */
  shows?(name: string, x: Tensor, at: TechniqueContext): Tensor;
  /** What a player minimises in place of its objective. */
  objective?(objective: Tensor, at: ObjectiveContext): Tensor;
  /** What a player descends along in place of the gradient of its objective: in the shapes of the parameters. */
  gradient?(at: GradientContext): readonly Tensor[] | undefined;
  /** The state of the others that the objective is evaluated against, where it is not the present one. */
  opponents?(at: OpponentContext): StateTensors | undefined;
  /** Acts after the player's move. */
  after?(at: AfterContext): void;
  /** Averaged weights of networks, by their names. */
  averages?(game: Game): Readonly<Record<string, Average>>;
  /** What it makes of the model of a two-player GAN, before there is a game. */
  model?(model: Model): Model;
  /** Refuses two-player GANs that it cannot be used in. @throws UsageError */
  suits?(parts: GanParts): void;
  /** Refuses games that it cannot be used in. @throws UsageError */
  check?(game: Game): void;
}

export interface TechniqueDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "technique";
  /** What a run with it takes where nothing is said, as configurations have it. */
  readonly settings?: Settings | undefined;
}

export type Technique = TechniqueBody & Made<TechniqueDefinition>;

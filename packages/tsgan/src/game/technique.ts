/**
 * Techniques: what is added to a game without changing who plays it. A technique declares its state, and acts at one or more
 * of a few points; a step folds over the list of them.
 */
import {
  type Definition,
  type Factory,
  type Facts,
  factoryOf,
  type Made,
  type OptionTable,
  type ResolvedOptions,
} from "../define/index.ts";
import type { Shape, Tensor } from "../graph/index.ts";
import type { Model } from "../models/index.ts";
import type { VariableSpec } from "../nn/index.ts";
import type { ScalarMoment } from "./feeds.ts";
import type { Game } from "./game.ts";
import type { StateTensors } from "./state.ts";

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

export interface TechniqueBody {
  /** The networks whose view `sees` changes; without, the game's judges. */
  readonly networks?: readonly string[] | undefined;
  /** State of its own, by name; "" for one that is called as the technique itself. */
  state?(game: Game): Readonly<Record<string, TechniqueState>>;
  /** What a network sees in place of examples x [N, …], which are in [−1, 1] where they are images. */
  sees?(x: Tensor, at: SeesContext): Tensor;
  /** What a player is shown in place of something that its objective names, such as its `fake` examples. */
  shows?(name: string, x: Tensor, at: TechniqueContext): Tensor;
  /** What a player minimises in place of its objective. */
  objective?(objective: Tensor, at: ObjectiveContext): Tensor;
  /** The state of the others that the objective is evaluated against, where it is not the present one. */
  opponents?(at: OpponentContext): StateTensors | undefined;
  /** Acts after the player's move. */
  after?(at: AfterContext): void;
  /** Averaged weights of networks, by their names. */
  averages?(game: Game): Readonly<Record<string, Average>>;
  /** What it makes of the model of a two-player GAN, before there is a game. */
  model?(model: Model): Model;
  /** Refuses games that it cannot be used in. @throws UsageError */
  check?(game: Game): void;
}

export interface TechniqueDefinition<Table extends OptionTable = OptionTable> extends Definition<Table> {
  readonly kind: "technique";
}

export type Technique = TechniqueBody & Made<TechniqueDefinition>;

/**
 * Defines a technique.
 *
 * @example
 * const smoothed = defineTechnique({
 *   name: "blur-noise",
 *   title: "normal noise on all that is judged",
 *   options: { sigma: number({ default: 0.1, least: 0, means: "deviation" }) },
 *   create: ({ sigma }) => ({ sees: (x, { random }) => add(x, mul(random("normal", x.shape), sigma)) }),
 * });
 */
export const defineTechnique = <Table extends OptionTable>({
  create,
  ...definition
}: Facts & {
  readonly options: Table;
  create(options: ResolvedOptions<Table>): TechniqueBody;
}): Factory<Table, Technique> => factoryOf({ kind: "technique", ...definition } as const, create);

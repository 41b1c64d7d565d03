/** One move of a player as a graph: its objective, the gradient, the optimiser's step, and what techniques add. */
import { UsageError } from "../errors.ts";
import {
  abs,
  add,
  checkScalar,
  derivatives,
  fill,
  grad,
  isTensor,
  less,
  sqrt,
  square,
  stopGradient,
  sum,
  type Tensor,
  where,
} from "../graph/index.ts";
import { type BoundScope, bindScope, flatConcat, gradientNorm, withinBounds } from "../nn/index.ts";
import type { Feeds, ScalarMoment, Scalars } from "./feeds.ts";
import { averagedVectors, buffersName, slotName, techniqueName } from "./state.ts";
import type {
  AfterContext,
  Game,
  GameView,
  ObjectiveContext,
  Player,
  StateTensors,
  Technique,
  TechniqueContext,
} from "./types.ts";
import { viewOf } from "./view.ts";

/** A thing made in a move or an iteration, and the networks that it was made with as they stood. */
interface Made {
  readonly value: unknown;
  readonly networks: ReadonlyMap<string, Tensor>;
}
export type Memo = Map<string, Made>;

/** A move about to be made. */
export interface Move {
  readonly game: Game;
  readonly player: Player;
  readonly feeds: Feeds;
  readonly scalars: Scalars;
  readonly state: StateTensors;
  /** Number of the move among the player's in this program, from 0. */
  readonly index: number;
  /** Whether it is one of every n, by the count of the whole run. */
  every(n: number): boolean;
  /** Things made once in the move, and once in the iteration. */
  readonly made: Memo;
  readonly shared: Memo;
  /** Moves of each player in this program so far. */
  readonly moved: Readonly<Record<string, number>>;
  /** Whether another player looks this move ahead, and will differentiate through it. */
  readonly ahead: boolean;
}

export interface MoveResult {
  readonly state: StateTensors;
  readonly figures: Readonly<Record<string, Tensor>>;
  readonly observed: Readonly<Record<string, Tensor>>;
  /** Parameters that the player trains and its objective does not depend on: "critic/2.weight". */
  readonly unreached: readonly string[];
}

/**
 * Below this a gradient's square is 0 in float32. Optimisers that take the root of squares have no slope there, which a
 * step that is differentiated must not come near.
 */
const SMALLEST_GRADIENT = 1e-15;

/** The networks bound to a state. */
const binder = ({ game, feeds }: Pick<Move, "game" | "feeds">, state: StateTensors) => {
  const bound = new Map<string, BoundScope>();
  return (name: string): BoundScope => {
    const known = bound.get(name);
    if (known !== undefined) return known;
    const scope = bindScope({
      variables: game.variables[name],
      parameters: state[name],
      buffers: state[buffersName(name)],
      mode: game.frozen.includes(name) ? "inference" : "training",
      noise: (kind, shape) => feeds.random(kind, shape),
    });
    bound.set(name, scope);
    return scope;
  };
};

/** What techniques use wherever they act; `changes` collects their next states. */
const contextOf = (
  { game, player, feeds, scalars, index }: Move,
  state: StateTensors,
  changes: Record<string, Tensor>,
  technique: Technique,
): TechniqueContext => {
  const at = game.techniques.indexOf(technique);
  const nameOf = (own: string): string => techniqueName(game, at, own);
  return {
    game,
    player: player.name,
    trains: player.trains,
    own: (name) => changes[nameOf(name)] ?? state[nameOf(name)],
    set: (name, value) => {
      changes[nameOf(name)] = stopGradient(value);
    },
    scalar: (name, value) =>
      scalars.take(nameOf(name), { player: player.name, index, value: value as (m: ScalarMoment) => number }),
    random: (kind, shape) => feeds.random(kind, shape),
  };
};

/** The input of a network with the examples in it changed. */
const withExamples = (given: unknown, change: (x: Tensor) => Tensor): unknown => {
  if (isTensor(given)) return change(given);
  const { x } = given as { readonly x?: unknown };
  return isTensor(x) ? { ...(given as object), x: change(x) } : given;
};

interface Looking {
  readonly view: GameView;
  readonly bind: (network: string) => BoundScope;
  readonly figures: Record<string, Tensor>;
  readonly observed: Record<string, Tensor>;
  /** Next states of techniques. */
  readonly changes: Record<string, Tensor>;
}

/** What the player of a move sees against a state. */
export const look = (move: Move, state: StateTensors = move.state): Looking => {
  const { game, player, feeds, scalars, index } = move;
  const bind = binder(move, state);
  const figures: Record<string, Tensor> = {};
  const observed: Record<string, Tensor> = {};
  const changes: Record<string, Tensor> = {};
  /** Networks that are called while something is made, for each such thing. */
  const callers: Map<string, Tensor>[] = [];

  const apply = (name: string, given: unknown): unknown => {
    const network = game.networks[name];
    for (const called of callers) called.set(name, state[name]);
    const seen = game.techniques.reduce((input, technique) => {
      const { sees, networks = game.judges } = technique;
      if (sees === undefined || !networks.includes(name)) return input;
      const context = { ...contextOf(move, state, changes, technique), network: name };
      return withExamples(input, (x) => network.toNetwork(sees(network.fromNetwork(x), context)));
    }, given);
    return network.apply(seen, bind(name).scope);
  };
  const remembered = <T>(memo: Memo, name: string, make: () => T): T => {
    const known = memo.get(name);
    if (known !== undefined && [...known.networks].every(([network, flat]) => state[network] === flat)) {
      for (const called of callers) for (const [network, flat] of known.networks) called.set(network, flat);
      return known.value as T;
    }
    const called = new Map<string, Tensor>();
    callers.push(called);
    try {
      const value = make();
      memo.set(name, { value, networks: called });
      return value;
    } finally {
      callers.pop();
    }
  };
  const view = viewOf({
    game,
    player,
    feeds,
    scalars,
    index,
    apply,
    tools: {
      every: move.every,
      once: (name, make) => remembered(move.made, name, make),
      share: (name, make) => remembered(move.shared, name, make),
      show: (name, x) =>
        move.ahead
          ? x
          : game.techniques.reduce(
              (shown, technique) =>
                technique.shows?.(name, shown, contextOf(move, state, changes, technique)) ?? shown,
              x,
            ),
      record: (name, value) => {
        if (name === "step" || name === `${player.name}Loss` || name === `${player.name}Gradient`) {
          throw new UsageError(
            `game: player ${player.name}: the figure "${name}" is in every record already; record yours by another name`,
          );
        }
        figures[name] = checkScalar(`game: player ${player.name}: the figure "${name}"`, value);
      },
      observe: (name, value) => {
        observed[name] = value;
      },
      parameters: (name) => bind(name).parameters,
      mixesExamples: (name) => game.variables[name].mixesExamples,
      state: (name) => state[name],
      averaged: (name, given) => {
        const average = averagedVectors(game, name);
        if (average === undefined) {
          throw new UsageError(
            `game: nothing averages the network ${name}; add the technique ema with networks ["${name}"]`,
          );
        }
        const { parameters, buffers = "" } = average;
        for (const called of callers) called.set(parameters, state[parameters]);
        const { scope } = bindScope({
          variables: game.variables[name],
          parameters: state[parameters],
          buffers: state[buffers],
          mode: "inference",
        });
        return game.networks[name].apply(given, scope);
      },
    },
  });
  return { view, bind, figures, observed, changes };
};

/** The state that the objective is evaluated against: techniques may look moves of others ahead. */
const opponents = (move: Move, changes: Record<string, Tensor>): StateTensors => {
  if (move.ahead) return move.state;
  const { game, state, moved } = move;
  return game.techniques.reduce((against, technique) => {
    const found = technique.opponents?.({
      ...contextOf(move, state, changes, technique),
      state: against,
      ahead: (player, before, nth) =>
        makeMove({
          ...move,
          player: game.players[player],
          state: before,
          index: (moved[player] ?? 0) + nth,
          every: (n) => n === 1,
          ahead: true,
        }).state,
    });
    return found ?? against;
  }, state);
};

/** The gradients of each network that the player trains, as flat vectors, from those of all their parameters. */
const gradients = (all: readonly Tensor[], networks: readonly BoundScope[], ahead: boolean): Tensor[] => {
  let begin = 0;
  return networks.map(({ parameters }) => {
    const exact = flatConcat(all.slice(begin, begin + parameters.length));
    begin += parameters.length;
    // The next player takes the new parameters as they are, although consensus makes them depend on its own.
    return ahead ? where(less(abs(exact), SMALLEST_GRADIENT), SMALLEST_GRADIENT, exact) : stopGradient(exact);
  });
};

/** Makes the move: the state after it, and the figures of its objective before it. */
export const makeMove = (move: Move): MoveResult => {
  const { game, player, scalars, state, index, ahead } = move;
  const { name, trains, optimizer } = player;
  const early: Record<string, Tensor> = {};
  const { view, bind, figures, observed, changes } = look(move, opponents(move, early));
  const total = checkScalar(`game: player ${name}: the objective`, player.loss(view));
  const networks = trains.map(bind);

  const objectiveContext = (technique: Technique): ObjectiveContext => ({
    ...contextOf(move, state, changes, technique),
    parameters: (network) => bind(network).parameters,
    contested: () =>
      Object.values(game.players).flatMap((each) =>
        grad(
          each.contested(view),
          each.trains.flatMap((network) => bind(network).parameters),
        ),
      ),
  });
  const objective = game.techniques.reduce(
    (sum, technique) => technique.objective?.(sum, objectiveContext(technique)) ?? sum,
    total,
  );

  const parameters = networks.flatMap((network) => network.parameters);
  const changed = game.techniques.reduce<readonly Tensor[] | undefined>(
    (found, technique) =>
      found ??
      technique.gradient?.({
        ...contextOf(move, state, changes, technique),
        objective,
        parameters,
        examples: (stream) => view[stream] as Tensor,
      }),
    undefined,
  );
  const found = changed ?? derivatives(objective, parameters);
  const names = trains.flatMap((each) => game.variables[each].parameters.map((own) => `${each}/${own.name}`));
  const unreached = names.filter((_, i) => found[i] === undefined);
  const raw = gradients(
    found.map((each, i) => each ?? fill(parameters[i].shape, 0)),
    networks,
    ahead,
  );
  const length = gradientNorm(raw);
  const fed = Array.from({ length: optimizer.scalarCount }, (_, position) =>
    scalars.take(`optimizer ${position}`, {
      player: name,
      index,
      value: ({ t, step, steps }) => optimizer.scalars(t, { step, steps })[position],
    }),
  );
  const next: Record<string, Tensor> = {};
  trains.forEach((network, i) => {
    const slots = optimizer.slots.map((slot) => slotName(game, name, network, slot.name));
    const updated = optimizer.update(
      state[network],
      raw[i],
      slots.map((each) => state[each]),
      fed,
      () => length,
    );
    next[network] = withinBounds(player.constraint(updated.parameters), game.variables[network].parameters);
    updated.slots.forEach((slot, j) => {
      next[slots[j]] = slot;
    });
    const buffers = networks[i].updatedBuffers();
    if (buffers !== undefined) next[buffersName(network)] = stopGradient(buffers);
  });

  for (const technique of game.techniques) {
    const context: AfterContext = {
      ...contextOf(move, state, changes, technique),
      before: (network) => state[network],
      after: (network) => next[network] ?? state[network],
      buffers: (network) => next[buffersName(network)] ?? state[buffersName(network)],
      observed: (each) => observed[each],
    };
    technique.after?.(context);
  }
  return {
    state: { ...state, ...early, ...changes, ...next },
    figures: {
      [`${name}Loss`]: total,
      ...figures,
      [`${name}Gradient`]: sqrt(raw.map((g) => sum(square(g))).reduce(add)),
    },
    observed,
    unreached,
  };
};

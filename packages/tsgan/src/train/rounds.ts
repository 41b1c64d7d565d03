/** Rounds of moves, one after the other, as one program. */
import {
  buildProgram,
  type FeedSpec,
  type Game,
  type Moves,
  type ProgramGraph,
  type StateVector,
  scalarFeeds,
} from "../game/index.ts";
import { apply, input, inputName, type Tensor, topologicalOrder } from "../graph/index.ts";
import { type CompileOptions, compile, type HostData, type Program } from "../runtime/index.ts";
import { feedBuffers, fillFeeds } from "./fill.ts";

/** At most this many moves of a player are chained into one graph; longer bursts run the same program several times. */
const LONGEST_CHAIN = 8;

/** Pieces of an iteration, each of which is one program. */
export const chained = (moves: readonly Moves[]): readonly Moves[][] => {
  const programs: Moves[][] = [[]];
  for (const { player, count } of moves) {
    let left = count;
    while (left > LONGEST_CHAIN) {
      if (programs[programs.length - 1].length > 0) programs.push([]);
      programs[programs.length - 1].push({ player, count: LONGEST_CHAIN });
      programs.push([]);
      left -= LONGEST_CHAIN;
    }
    if (left > 0) programs[programs.length - 1].push({ player, count: left });
  }
  return programs.filter((program) => program.length > 0);
};

/** Moves about to be made. */
export interface Round {
  readonly moves: readonly Moves[];
  /** Finished iterations, and moves that each player has made, before it. */
  readonly step: number;
  readonly made: Readonly<Record<string, number>>;
}

/** Moves that each player has made after a round. */
export const madeAfter = ({ moves, made }: Round): Readonly<Record<string, number>> => {
  const next = { ...made };
  for (const { player, count } of moves) next[player] += count;
  return next;
};

/** Rounds of moves, each as it stands after those before it. `isIteration`: whether each of them is one. */
export const roundsFrom = (
  progress: { readonly step: number; readonly moves: Readonly<Record<string, number>> },
  all: readonly (readonly Moves[])[],
  isIteration: boolean,
): readonly Round[] => {
  let { step, moves: made } = progress;
  return all.map((moves) => {
    const round = { moves, step, made };
    made = madeAfter(round);
    if (isIteration) step++;
    return round;
  });
};

/** What one round of a program is fed, and gives. */
interface Part {
  readonly graph: ProgramGraph;
  readonly feeds: readonly FeedSpec[];
  readonly buffers: Record<string, HostData>;
  /** Of the names of its feeds and outputs. */
  readonly prefix: string;
}

/** Several rounds, compiled. */
export interface CompiledRounds {
  readonly program: Program;
  readonly parts: readonly Part[];
  /** The n of which players asked whether a move is one of every n. */
  readonly asked: ReadonlySet<number>;
}

/** `outputs` with other inputs. */
const withInputs = (
  outputs: Readonly<Record<string, Tensor>>,
  replace: (name: string, given: Tensor) => Tensor,
): Record<string, Tensor> => {
  const replaced = new Map<Tensor, Tensor>();
  for (const node of topologicalOrder(Object.values(outputs))) {
    const name = inputName(node);
    const inputs = node.inputs.map((t) => replaced.get(t) as Tensor);
    const isSame = inputs.every((t, i) => t === node.inputs[i]);
    replaced.set(
      node,
      name === undefined ? (isSame ? node : apply(node.op, inputs, node.attributes)) : replace(name, node),
    );
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, replaced.get(t) as Tensor]));
};

/**
 * Compiles rounds into one program.
 *
 * @param vectors the state, as `stateVectors` lays it out
 * @param rounds each as it stands after those before it
 */
export const compileRounds = async (
  game: Game,
  vectors: readonly StateVector[],
  rounds: readonly Round[],
  place: Pick<CompileOptions, "device" | "threads" | "precision">,
): Promise<CompiledRounds> => {
  const kept = new Set(vectors.map(({ name }) => name));
  const graphs = rounds.map(({ moves, made }) => buildProgram(game, vectors, moves, made));
  const prefixes = rounds.map((_, i) => (rounds.length === 1 ? "" : `${i}/`));
  const given = new Map<string, Tensor>();
  let state: Record<string, Tensor> = {};
  const outputs: Record<string, Tensor> = {};
  graphs.forEach((graph, i) => {
    const replace = (name: string, { shape, dtype }: Tensor): Tensor => {
      if (state[name] !== undefined) return state[name];
      const unique = kept.has(name) ? name : prefixes[i] + name;
      const known = given.get(unique) ?? input(unique, shape, dtype);
      given.set(unique, known);
      return known;
    };
    const own = graphs.length === 1 ? graph.outputs : withInputs(graph.outputs, replace);
    const next = { ...state };
    for (const [name, t] of Object.entries(own)) {
      if (kept.has(name)) next[name] = t;
      else outputs[prefixes[i] + name] = t;
    }
    state = next;
  });
  const program = await compile(
    { ...state, ...outputs },
    {
      ...place,
      state: [...kept],
      capture: true,
    },
  );
  const parts = graphs.map((graph, i): Part => {
    const feeds = graph.feeds.filter(({ name }) => program.inputs[prefixes[i] + name] !== undefined);
    return { graph, feeds, buffers: feedBuffers(feeds), prefix: prefixes[i] };
  });
  return { program, parts, asked: new Set(graphs.flatMap(({ asked }) => [...asked])) };
};

/** Names of an error, at most. */
const SHOWN = 3;

/** A line for each player who trains what none of its losses depends on. */
export const unreachedOf = ({ parts }: CompiledRounds): readonly string[] =>
  parts
    .flatMap(({ graph }) => [...graph.unreached])
    .filter(([, names]) => names.length > 0)
    .map(([player, names]) => {
      const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
      return (
        `player ${player} trains weights that its loss does not depend on, which stay as they begin: ` +
        `${names.slice(0, SHOWN).join(", ")}${more}; give them a loss, or leave them out of the network`
      );
    });

/** What the program is fed for these rounds. */
export const feedsOf = async (
  game: Game,
  seed: number,
  steps: number,
  { program, parts }: CompiledRounds,
  rounds: readonly Round[],
): Promise<Record<string, HostData>> => {
  const fed: Record<string, HostData> = {};
  for (const [i, { graph, feeds, buffers, prefix }] of parts.entries()) {
    const { moves, step, made } = rounds[i];
    await fillFeeds(game, seed, feeds, buffers, made, moves);
    const scalars = scalarFeeds(graph.scalars, ({ player, index, value }) =>
      value({ step, steps, t: made[player] + index + 1 }),
    );
    for (const [name, values] of Object.entries({ ...buffers, ...scalars })) {
      if (program.inputs[prefix + name] !== undefined) fed[prefix + name] = values;
    }
  }
  return fed;
};

/** Several moves chained into one graph, so that nothing leaves the device in between. */
import { UsageError } from "../errors.ts";
import { concat, reshape, type Tensor } from "../graph/index.ts";
import { type FeedSpec, Feeds, type ScalarSpec, Scalars } from "./feeds.ts";
import { look, type Memo, type Move, makeMove } from "./move.ts";
import { type StateVector, stateInputs } from "./state.ts";
import type { Game, StateTensors } from "./types.ts";

/** Moves of one player in a row. */
export interface Moves {
  readonly player: string;
  readonly count: number;
}

export interface ProgramGraph {
  /** The state's vectors after the moves, by name; `figures`, one vector; and what was observed, `observed/NAME`. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** All that may be fed; a program needs those that its outputs depend on. */
  readonly feeds: readonly FeedSpec[];
  readonly scalars: readonly ScalarSpec[];
  readonly figureNames: readonly string[];
  readonly observedNames: readonly string[];
  /** The n of which players asked whether the move is one of every n. */
  readonly asked: ReadonlySet<number>;
  /** Parameters that a player trains and no objective of its moves depends on: "critic/2.weight". */
  readonly unreached: ReadonlyMap<string, readonly string[]>;
}

/** The name of the output of a program that holds what was observed under `name`. */
export const observedOutput = (name: string): string => `observed/${name}`;

/** Refuses a player who would never learn. In its first move all acts that acts in every n-th. */
const checkReached = ({ players, variables }: Game, name: string, unreached: readonly string[]): void => {
  const { trains } = players[name];
  if (unreached.length < trains.reduce((count, each) => count + variables[each].parameters.length, 0)) return;
  throw new UsageError(
    `game: player ${name}: its loss must depend on what it trains, ${trains.join(", ")}; got one that no weight changes; ` +
      "make it of what these networks give, or take the player out",
  );
};

/**
 * The graph of some moves, one after the other.
 *
 * @param game whose players move
 * @param vectors the state, as `stateVectors` lays it out
 * @param made moves that each player has made before, which decide what acts in every n-th
 * @throws UsageError where two players record one figure, or an objective is no scalar
 */
export const buildProgram = (
  game: Game,
  vectors: readonly StateVector[],
  moves: readonly Moves[],
  made: Readonly<Record<string, number>> = {},
): ProgramGraph => {
  const initial = stateInputs(vectors);
  const scalars = new Scalars();
  const shared: Memo = new Map();
  const asked = new Set<number>();
  const specs: FeedSpec[] = [];
  /** Who records each figure. */
  const owners = new Map<string, string>();
  const moved: Record<string, number> = {};
  let state: StateTensors = initial;
  let figures: Record<string, Tensor> = {};
  let observed: Record<string, Tensor> = {};
  /** What the latest move of each player is fed. */
  const latest = new Map<string, Feeds>();
  const unreached = new Map<string, readonly string[]>();
  const sharesLatents = game.techniques.some((technique) => technique.sharesLatents === true);

  for (const { player: name, count } of moves) {
    const player = game.players[name];
    const { follows } = player;
    const followed = sharesLatents && follows !== undefined ? { feeds: latest.get(follows) } : undefined;
    const row = Array.from({ length: count }, (_, i): Omit<Move, "state" | "moved"> => {
      const index = (moved[name] ?? 0) + i;
      return {
        game,
        player,
        feeds: new Feeds(name, player.key, index, followed),
        scalars,
        index,
        every: (n) => {
          asked.add(n);
          return ((made[name] ?? 0) + index) % n === 0;
        },
        made: new Map(),
        shared,
        ahead: false,
      };
    });
    player.prepare(row.map((each) => look({ ...each, state, moved: { ...moved } }).view));
    for (const each of row) {
      const result = makeMove({ ...each, state, moved: { ...moved } });
      for (const figure of Object.keys(result.figures)) {
        const other = owners.get(figure) ?? name;
        if (other !== name) {
          throw new UsageError(
            `game: players ${other} and ${name} both record "${figure}"; give one figure another name`,
          );
        }
        owners.set(figure, name);
      }
      if ((made[name] ?? 0) + each.index === 0) checkReached(game, name, result.unreached);
      const left = (unreached.get(name) ?? result.unreached).filter((own) => result.unreached.includes(own));
      unreached.set(name, left);
      specs.push(...each.feeds.specs);
      state = result.state;
      figures = { ...figures, ...result.figures };
      observed = { ...observed, ...result.observed };
      latest.set(name, each.feeds);
    }
    moved[name] = (moved[name] ?? 0) + count;
  }
  const changed = Object.entries(state).filter(([name, tensor]) => tensor !== initial[name]);
  const values = Object.values(figures).map((t) => reshape(t, [1]));
  return {
    outputs: {
      ...Object.fromEntries(changed),
      ...Object.fromEntries(Object.entries(observed).map(([name, t]) => [observedOutput(name), t])),
      ...(values.length > 0 && { figures: concat(values, 0) }),
    },
    feeds: specs,
    scalars: scalars.specs,
    figureNames: Object.keys(figures),
    observedNames: Object.keys(observed),
    asked,
    unreached,
  };
};

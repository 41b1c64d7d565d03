/** What an objective may look at in a move. */
import { UsageError, unknownName } from "../errors.ts";
import { reshape, type Shape, type Tensor } from "../graph/index.ts";
import { type Schedule, scheduled } from "../nn/index.ts";
import { checkChoice } from "../options.ts";
import type { Feeds, Scalars } from "./feeds.ts";
import type { NetworkOptions } from "./network.ts";
import type { Game, GameView, Latents, Networks, Player, Streams, ViewTools } from "./types.ts";

export const reservedNames: readonly (keyof ViewTools)[] = [
  "labels",
  "random",
  "schedule",
  "every",
  "once",
  "share",
  "show",
  "record",
  "observe",
  "parameters",
  "mixesExamples",
  "state",
  "averaged",
];

/** A network as an objective sees it: a function of its input. */
type Applied<N> = N extends (input: infer In, scope: never) => infer Out
  ? (input: In) => Out
  : N extends NetworkOptions<infer In, infer Out>
    ? (input: In) => Out
    : never;

/** The networks of a game, and its examples and latent vectors, under their names. */
export type Named<D extends Streams, N extends Networks, L extends Latents> = {
  readonly [Name in keyof N]: Applied<N[Name]>;
} & { readonly [Name in keyof D]: Tensor } & { readonly [Name in keyof L]: Tensor };

/** What objectives of a game see: all that has a name, and the tools. */
export type ViewOf<D extends Streams, N extends Networks, L extends Latents> = Named<D, N, L> &
  ViewTools<keyof D & string>;

/** What a view is built from. */
export interface ViewSource {
  readonly game: Omit<Game, "variables" | "inputs">;
  readonly player: Player;
  readonly feeds: Feeds;
  readonly scalars: Scalars;
  /** Number of the move among the player's in this program. */
  readonly index: number;
  apply(network: string, input: unknown): unknown;
  readonly tools: Omit<ViewTools, "labels" | "random" | "schedule">;
}

export const viewOf = (source: ViewSource): GameView => {
  const { game, player, feeds, scalars, index, apply, tools } = source;
  const view: Record<string, unknown> = {
    ...tools,
    random: (kind: "uniform" | "normal", shape: Shape) => {
      checkChoice(`game: player ${player.name}`, "the first argument of random", kind, ["uniform", "normal"]);
      return feeds.random(kind, shape);
    },
    schedule: (value: Schedule | ((moment: { step: number; steps: number }) => number)) => {
      const at =
        typeof value === "function"
          ? value
          : ({ step, steps }: { step: number; steps: number }) => scheduled(value, step, steps);
      const spec = { player: player.name, index, value: at };
      // Functions of the same text may give different numbers: what they close over is not in it.
      const name = typeof value === "function" ? scalars.own(value) : `schedule ${JSON.stringify(value)}`;
      return reshape(scalars.take(name, spec), []);
    },
  };
  const labels: Record<string, Tensor> = {};
  for (const [name, { dataset, batch = player.batch }] of Object.entries(game.streams)) {
    const define = (target: object, key: string, get: () => Tensor) =>
      Object.defineProperty(target, key, { get, enumerable: true });
    define(view, name, () => feeds.examples(name, [batch, ...dataset.shape]));
    define(labels, name, () => {
      if (dataset.classes !== undefined) return feeds.labels(name, batch);
      throw new UsageError(
        `game: player ${player.name}: labels.${name}: data set ${dataset.name} has no classes; give it labels, or leave them out of the loss`,
      );
    });
  }
  for (const [name, latent] of Object.entries(game.latents)) {
    Object.defineProperty(view, name, {
      get: () => feeds.latent(name, [player.batch, latent.size]),
      enumerable: true,
    });
  }
  for (const name of Object.keys(game.networks)) view[name] = (given: unknown) => apply(name, given);
  view.labels = labels;
  return view as unknown as GameView;
};

/** The view of a player who only looks, so that it is seen which networks are called, and how. */
export const tracedView = (
  source: Pick<ViewSource, "game" | "player" | "feeds" | "scalars" | "apply"> &
    Pick<ViewTools, "parameters" | "mixesExamples" | "state">,
): GameView => {
  const known = new Map<string, unknown>();
  const once = <T>(name: string, make: () => T): T => {
    if (!known.has(name)) known.set(name, make());
    return known.get(name) as T;
  };
  const { parameters, mixesExamples, state } = source;
  const view = viewOf({
    ...source,
    index: 0,
    tools: {
      every: () => true,
      once,
      share: once,
      show: (_, x) => x,
      record: () => {},
      observe: () => {},
      parameters,
      mixesExamples,
      state,
      averaged: source.apply,
    },
  });
  const names = Object.keys(view);
  return new Proxy(view, {
    get: (target, name) => {
      if (typeof name === "symbol" || Object.hasOwn(target, name)) return target[name as string];
      throw unknownName(`name in the view of player ${source.player.name}`, name, names);
    },
  });
};

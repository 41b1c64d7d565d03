/**
 * A game of any number of players. Each player trains some networks to make an objective small; an objective is a function
 * of a view: the networks, the examples of this move, latent vectors, labels, random numbers. The classic GAN is one such
 * game (`gan`), and nothing here knows it.
 */
import { type Dataset, requireDataset } from "../data/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import { input, type Tensor } from "../graph/index.ts";
import { checkLatent } from "../models/index.ts";
import { type Optimizer, recordVariables } from "../nn/index.ts";
import { checkInteger, checkKeys, describeValue, isRecord } from "../options.ts";
import { Feeds, Scalars } from "./feeds.ts";
import { assembled, inputsOf, type NetworkInputs, type NetworkLike, networkOf } from "./network.ts";
import { stateVectors } from "./state.ts";
import type {
  Game,
  Latents,
  Networks,
  NoLatents,
  Player,
  PlayerOptions,
  Samples,
  Stream,
  Streams,
  Technique,
} from "./types.ts";
import { reservedNames, tracedView, type ViewOf } from "./view.ts";

/** The names of a table. What is written under them does not tell what the table is. */
type NameOf<Table> = keyof NoInfer<Table> & string;

export interface GameOptions<D extends Streams, N extends Networks, L extends Latents = NoLatents> {
  readonly name?: string | undefined;
  /** Data sets by the names under which objectives see their examples. */
  readonly data: D;
  readonly networks: N;
  /** Latent vectors by the names under which objectives see them, drawn anew for each move. */
  readonly latents?: L | undefined;
  /** In the order in which they move. */
  readonly players: Readonly<Record<string, PlayerOptions<ViewOf<D, N, L>, NameOf<N>>>>;
  readonly techniques?: readonly Technique[] | undefined;
  /** That of players that have none of their own. */
  readonly optimizer?: Optimizer | undefined;
  /** Examples of a move; 64 without. */
  readonly batch?: number | undefined;
  /** The networks that judge examples: techniques change what they see. Without, those called discriminator or critic. */
  readonly judges?: readonly NameOf<N>[] | undefined;
  /** Where samples come from, for run folders and for `sample`; a game may have none. */
  readonly samples?: Samples<NameOf<N>, NameOf<D> | NameOf<L>> | undefined;
  /** Figures of a record from what objectives observed in the iteration's last moves. */
  statistics?(observed: Readonly<Record<string, ArrayLike<number>>>): Readonly<Record<string, number>>;
}

const gameKeys: readonly string[] = [
  "name",
  "data",
  "networks",
  "latents",
  "players",
  "techniques",
  "optimizer",
  "batch",
  "judges",
  "samples",
  "statistics",
  // Those of a run.
  "seed",
  "steps",
  "device",
  "threads",
] satisfies readonly (keyof GameOptions<Streams, Networks> | "seed" | "steps" | "device" | "threads")[];

const playerKeys: readonly string[] = [
  "trains",
  "loss",
  "optimizer",
  "moves",
  "batch",
  "follows",
  "contested",
  "prepare",
  "constraint",
  "key",
] satisfies readonly (keyof PlayerOptions<never>)[];

const streamOf = (name: string, value: Dataset | Stream): Stream => {
  const given = isRecord(value) && "dataset" in value;
  const stream = given ? (value as Stream) : { dataset: value as Dataset, batch: undefined };
  requireDataset(`game: data ${name}`, stream.dataset);
  return stream;
};

/** Refuses techniques, and an optimiser, by name: names are for configurations. */
const checkThing = (where: string, value: unknown, key: string, example: string): void => {
  if (isRecord(value) && value[key] !== undefined) return;
  throw new UsageError(
    `${where}; got ${describeValue(value)}; give what a function makes, such as ${example}`,
  );
};

/** What players have that do not say it themselves. */
type PlayerDefaults = Pick<GameOptions<Streams, Networks>, "optimizer"> & { readonly batch: number };

const playerOf = (
  name: string,
  given: PlayerOptions<never>,
  defaults: PlayerDefaults,
  networks: Networks,
): Player => {
  const where = `game: player ${name}`;
  checkKeys(where, given, playerKeys);
  if (typeof given.loss !== "function") {
    throw new UsageError(`${where}: loss must be a function of a view; got ${describeValue(given.loss)}`);
  }
  const { optimizer = defaults.optimizer } = given;
  if (optimizer === undefined) {
    throw new UsageError(`${where}: expected an optimizer; got none; give one to the player, or to the game`);
  }
  checkThing(`${where}: expected an optimizer`, optimizer, "update", "adam()");
  if (given.trains === undefined && !Object.hasOwn(networks, name)) {
    const names = Object.keys(networks).join(", ");
    throw new UsageError(
      `${where}: trains is missing, and no network is called ${name}; name some of ${names}`,
    );
  }
  const { trains: told = name } = given;
  const trains = typeof told === "string" ? [told] : told;
  for (const network of trains) {
    if (!Object.hasOwn(networks, network))
      throw unknownName(`network of ${where}`, network, Object.keys(networks));
  }
  if (trains.length === 0) throw new UsageError(`${where}: trains must name at least one network; got none`);
  const { moves = 1, loss, contested = loss, key = name } = given;
  if (typeof moves === "number") checkInteger(where, "moves", moves, 0);
  return {
    ...given,
    name,
    key,
    trains,
    loss: loss as Player["loss"],
    contested: contested as Player["contested"],
    prepare: (given.prepare ?? (() => {})) as Player["prepare"],
    constraint: given.constraint ?? ((parameters) => parameters),
    moves: (iteration) => {
      const count = typeof moves === "function" ? moves(iteration) : moves;
      checkInteger(where, "moves", count, 0);
      return count;
    },
    batch: given.batch ?? defaults.batch,
    follows: given.follows,
    optimizer,
  };
};

const checkNames = (kinds: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void => {
  const taken = new Map<string, string>(reservedNames.map((name) => [name, "what every view has"]));
  for (const [kind, table] of Object.entries(kinds)) {
    for (const name of Object.keys(table)) {
      const before = taken.get(name);
      if (before !== undefined) {
        throw new UsageError(`game: the name "${name}" of ${kind} is taken by ${before}; choose another`);
      }
      taken.set(name, kind);
    }
  }
};

/** Learns the variables of the networks, and what they are fed, by having all players look at their objectives once. */
const traced = (game: Omit<Game, "variables" | "inputs">): Pick<Game, "variables" | "inputs"> => {
  const recorders = Object.fromEntries(
    Object.keys(game.networks).map((name) => [name, recordVariables(`${name}/`)]),
  );
  const states = new Map<string, Tensor>();
  const inputs: Record<string, NetworkInputs> = {};
  let complete = true;
  for (const [name, { apply, inputs: declared }] of Object.entries(game.networks)) {
    if (declared === undefined) {
      complete = false;
      continue;
    }
    inputs[name] = declared;
    const tensors = Object.fromEntries(
      Object.entries(declared.tensors).map(([key, { shape, dtype }]) => [
        key,
        input(key, [game.batch, ...shape], dtype),
      ]),
    );
    apply(assembled(declared, tensors), recorders[name].scope());
  }
  if (!complete) {
    const apply = (name: string, given: unknown): unknown => {
      inputs[name] ??= inputsOf(given);
      return game.networks[name].apply(given, recorders[name].scope());
    };
    for (const player of Object.values(game.players)) {
      const feeds = new Feeds(player.name, player.key, 0);
      player.loss(
        tracedView({
          game,
          player,
          feeds,
          scalars: new Scalars(),
          apply,
          parameters: (name) => recorders[name].parameters(),
          mixesExamples: (name) => recorders[name].variables().mixesExamples,
          state: (name) => {
            const known = states.get(name) ?? input(name, [1]);
            states.set(name, known);
            return known;
          },
        }),
      );
    }
  }
  for (const name of Object.keys(game.networks)) {
    if (inputs[name] !== undefined) continue;
    const owner = Object.values(game.players).find(({ trains }) => trains.includes(name));
    if (owner !== undefined) {
      throw new UsageError(
        `game: player ${owner.name}: it trains the network ${name}, which no loss uses; use it in a loss, or leave it out`,
      );
    }
    throw new UsageError(
      `game: no player uses the network ${name}, so that what it is fed is not known; give it inputs, or leave it out`,
    );
  }
  return {
    variables: Object.fromEntries(Object.entries(recorders).map(([name, own]) => [name, own.variables()])),
    inputs,
  };
};

const checkWeights = ({ networks, variables }: Game): void => {
  for (const [network, { weights }] of Object.entries(networks)) {
    if (weights === undefined) continue;
    const { parameters, buffers } = variables[network];
    for (const { name, shape } of [...parameters, ...buffers]) {
      const given = weights[name];
      const got = given === undefined ? "none" : `[${given.shape.join(",")}]`;
      if (got === `[${shape.join(",")}]` && given.data instanceof Float32Array) continue;
      throw new UsageError(
        `game: weights of network ${network}: tensor ${name} must be float32 [${shape.join(",")}]; got ${got}; ` +
          "give weights of a network of the same layers, or none",
      );
    }
  }
};

/**
 * The latent or data set that feeds each input of the network that is sampled. By the names of the network's `inputs`;
 * empty for a game without `samples`.
 */
export const sampleSources = ({ samples, inputs }: Game): Readonly<Record<string, string>> => {
  if (samples === undefined) return {};
  const { network, from } = samples;
  return typeof from === "string" ? { [Object.keys(inputs[network]?.tensors ?? {})[0]]: from } : from;
};

const checkSamples = (game: Game): void => {
  const { samples, networks, latents, streams, inputs } = game;
  if (samples === undefined) return;
  if (!Object.hasOwn(networks, samples.network)) {
    throw unknownName("network of samples", samples.network, Object.keys(networks));
  }
  const known = [...Object.keys(latents), ...Object.keys(streams)];
  for (const [name, source] of Object.entries(sampleSources(game))) {
    if (!Object.hasOwn(inputs[samples.network].tensors, name)) {
      throw unknownName(
        `input of network ${samples.network}`,
        name,
        Object.keys(inputs[samples.network].tensors),
      );
    }
    if (!known.includes(source)) throw unknownName("latent or data set of samples", source, known);
  }
};

/**
 * A game from data sets, networks and players.
 *
 * @param options as those of `game`, without what says how long and where it is trained
 * @throws UsageError for names that do not exist or are used twice, and what the techniques refuse
 */
export const gameOf = <D extends Streams, N extends Networks, L extends Latents = NoLatents>(
  options: GameOptions<D, N, L>,
): Game => {
  const { name = "game", latents = {}, techniques = [], batch = 64 } = options;
  checkKeys("game", options, gameKeys);
  checkInteger("game", "batch", batch, 1);
  for (const [own, latent] of Object.entries<Latents[string]>(latents))
    checkLatent(`game: latents.${own}`, latent);
  for (const technique of techniques)
    checkThing("game: expected techniques", technique, "definition", "techniques.ema()");
  checkNames({ data: options.data, networks: options.networks, latents });
  const networks = Object.fromEntries(
    Object.entries<NetworkLike>(options.networks).map(([key, given]) => [key, networkOf(key, given)]),
  );
  const players = Object.fromEntries(
    Object.entries(options.players).map(([key, given]) => [
      key,
      playerOf(key, given, { batch, optimizer: options.optimizer }, options.networks),
    ]),
  );
  if (Object.keys(players).length === 0) throw new UsageError("game: it has no players; add one to players");
  for (const { name: own, key, follows } of Object.values(players)) {
    const other = Object.values(players).find((each) => each.name !== own && each.key === key);
    if (other !== undefined) {
      throw new UsageError(
        `game: players ${own} and ${other.name} have the key "${key}" both; give one another key, or none`,
      );
    }
    if (follows === undefined || Object.hasOwn(players, follows)) continue;
    throw unknownName(`player that ${own} follows`, follows, Object.keys(players));
  }
  const judges =
    options.judges ?? ["discriminator", "critic"].filter((each) => Object.hasOwn(networks, each));
  for (const judge of judges) {
    if (!Object.hasOwn(networks, judge)) throw unknownName("judge", judge, Object.keys(networks));
  }
  const trained = new Set(Object.values(players).flatMap(({ trains }) => trains));
  const outline = {
    name,
    streams: Object.fromEntries(
      Object.entries<Dataset | Stream>(options.data).map(([key, given]) => [key, streamOf(key, given)]),
    ),
    networks,
    latents,
    players,
    techniques,
    batch,
    judges,
    frozen: Object.keys(networks).filter((each) => !trained.has(each)),
    samples: options.samples,
    statistics: options.statistics ?? (() => ({})),
  };
  const game: Game = { ...outline, ...traced(outline) };
  for (const { name: own, trains } of Object.values(players)) {
    const fixed = trains.find((each) => game.variables[each].parameterCount === 0);
    if (fixed !== undefined) {
      throw new UsageError(
        `game: player ${own}: the network ${fixed} has no weights to train; take it out of trains`,
      );
    }
  }
  checkWeights(game);
  checkSamples(game);
  for (const technique of techniques) technique.check?.(game);
  stateVectors(game);
  return game;
};

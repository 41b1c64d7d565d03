/** The state of a game: a few flat vectors by name. Every vector knows what it is and how it begins. */
import { UsageError } from "../errors.ts";
import { input, sizeOf } from "../graph/index.ts";
import { initialValues, type VariableSpec } from "../nn/index.ts";
import { checkRoom } from "../options.ts";
import type { Average, Game, StateTensors } from "./types.ts";

/** One vector of the state. */
export interface StateVector {
  readonly name: string;
  readonly size: number;
  /** Names of its pieces, where it is made of several tensors. */
  readonly pieces?: readonly VariableSpec[] | undefined;
  /** The vector of an older name for the same thing. */
  initial(seed: number): Float32Array;
}

/** The name of a network's running statistics. */
export const buffersName = (network: string): string => `${network}.buffers`;

/**
 * The name of an optimiser's state for one of the networks that a player trains.
 *
 * @param game whose player it is
 * @param network one of those that the player trains
 * @param slot the optimiser's name for it: "adam.m"
 */
export const slotName = (game: Game, player: string, network: string, slot: string): string => {
  const { trains } = game.players[player];
  return trains.length === 1 ? `${player}.${slot}` : `${player}.${network}.${slot}`;
};

/**
 * The name of a technique's state; of several techniques of one name, the later ones are numbered.
 *
 * @param game whose technique it is
 * @param index which of the game's techniques, from 0
 */
export const techniqueName = (game: Game, index: number, name: string): string => {
  const own = game.techniques[index].name;
  const before = game.techniques.slice(0, index).filter((each) => each.name === own).length;
  const unique = before === 0 ? own : `${own}-${before + 1}`;
  return name === "" ? unique : `${unique}.${name}`;
};

/**
 * The state's vectors that hold a network's averaged weights, where a technique averages it.
 *
 * @param game whose network it is
 */
export const averagedVectors = (game: Game, network: string): Average | undefined => {
  for (const [index, technique] of game.techniques.entries()) {
    const average = technique.averages?.(game)[network];
    if (average === undefined) continue;
    const { parameters, buffers } = average;
    return {
      parameters: techniqueName(game, index, parameters),
      buffers: buffers === undefined ? undefined : techniqueName(game, index, buffers),
    };
  }
  return undefined;
};

/** What a program calls its other inputs and outputs. */
const TAKEN = /^(figures$|scalars\d+$|observed\/)/;

/** Initial values of a network's parameters or buffers: those that it was given, or those of its initialisers. */
const initialVector = (
  game: Game,
  network: string,
  part: "parameters" | "buffers",
  seed: number,
): Float32Array => {
  const { parameters, parameterCount, buffers, bufferCount } = game.variables[network];
  const { weights } = game.networks[network];
  const flat =
    part === "parameters"
      ? initialValues(parameters, parameterCount, seed, network)
      : initialValues(buffers, bufferCount, seed, `${network}/buffers`);
  if (weights === undefined) return flat;
  for (const { name, offset } of part === "parameters" ? parameters : buffers)
    flat.set(weights[name].data, offset);
  return flat;
};

/** All vectors of a game's state. @throws UsageError for two of one name, or more than a checkpoint may hold */
export const stateVectors = (game: Game): readonly StateVector[] => {
  const vectors: StateVector[] = [];
  for (const name of Object.keys(game.networks)) {
    const { parameters, parameterCount, buffers, bufferCount } = game.variables[name];
    if (parameterCount > 0) {
      vectors.push({
        name,
        size: parameterCount,
        pieces: parameters,
        initial: (seed) => initialVector(game, name, "parameters", seed),
      });
    }
    if (bufferCount > 0) {
      vectors.push({
        name: buffersName(name),
        size: bufferCount,
        pieces: buffers,
        initial: (seed) => initialVector(game, name, "buffers", seed),
      });
    }
  }
  for (const [player, { trains, optimizer }] of Object.entries(game.players)) {
    for (const network of trains) {
      const { parameters, parameterCount } = game.variables[network];
      optimizer.slots.forEach((slot, i) => {
        vectors.push({
          name: slotName(game, player, network, slot.name),
          size: parameterCount,
          pieces: parameters,
          initial: (seed) => optimizer.init(initialVector(game, network, "parameters", seed))[i],
        });
      });
    }
  }
  game.techniques.forEach((technique, index) => {
    for (const [own, { size, initial, pieces }] of Object.entries(technique.state?.(game) ?? {})) {
      vectors.push({
        name: techniqueName(game, index, own),
        size,
        pieces,
        initial: (seed) => {
          if (initial === undefined) return new Float32Array(size);
          if (Array.isArray(initial)) return Float32Array.from(initial);
          const { network, part } = initial as { network: string; part: "parameters" | "buffers" };
          return initialVector(game, network, part, seed);
        },
      });
    }
  });
  const names = vectors.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i || TAKEN.test(name));
  if (twice !== undefined) {
    throw new UsageError(
      `game: the name "${twice}" of a part of the state is taken; give the network or the player another name`,
    );
  }
  const largest = vectors.reduce((a, b) => (a.size >= b.size ? a : b), { name: "", size: 0 });
  checkRoom(
    "game",
    `the state (its largest part is ${largest.name}, ${largest.size} numbers)`,
    vectors.reduce((sum, { size }) => sum + size, 0),
    "take narrower layers (base, hidden)",
  );
  return vectors;
};

/**
 * The state as inputs of a graph.
 *
 * @param vectors the state, as `stateVectors` lays it out
 */
export const stateInputs = (vectors: readonly StateVector[]): StateTensors =>
  Object.fromEntries(vectors.map(({ name, size }) => [name, input(name, [size])]));

/**
 * A vector cut into its named tensors: `generator/0.weight`; a vector without pieces stays whole. Each piece has its
 * `name`, its shape, where it begins and its length in numbers; `size` is that of the vector.
 */
export const piecesOf = ({ name, size, pieces }: StateVector) =>
  pieces === undefined
    ? [{ name, shape: [size], offset: 0, length: size }]
    : pieces.map(({ name: own, shape, offset }) => ({
        name: `${name}/${own}`,
        shape,
        offset,
        length: sizeOf(shape),
      }));

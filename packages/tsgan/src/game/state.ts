/** The state of a game: a few flat vectors by name. Every vector knows what it is and how it begins. */
import { input, sizeOf } from "../graph/index.ts";
import { initialValues, type VariableSpec } from "../nn/index.ts";
import { checkRoom } from "../options.ts";
import type { Game, StateTensors } from "./types.ts";

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

/** The name of an optimiser's state for one of the networks that a player trains. */
export const slotName = (game: Game, player: string, network: string, slot: string): string => {
  const { trains } = game.players[player];
  return trains.length === 1 ? `${player}.${slot}` : `${player}.${network}.${slot}`;
};

/** The name of a technique's state; of several techniques of one name, the later ones are numbered. */
export const techniqueName = (game: Game, index: number, name: string): string => {
  const own = game.techniques[index].name;
  const before = game.techniques.slice(0, index).filter((each) => each.name === own).length;
  const unique = before === 0 ? own : `${own}-${before + 1}`;
  return name === "" ? unique : `${unique}.${name}`;
};

const fromWeights = (game: Game, network: string, flat: Float32Array): Float32Array => {
  const { weights } = game.networks[network];
  if (weights === undefined) return flat;
  for (const { name, shape, offset } of game.variables[network].parameters) {
    const given = weights[name];
    if (given !== undefined) flat.set(given.data as Float32Array, offset);
    else if (shape.length > 0) continue;
  }
  return flat;
};

const initialParameters = (game: Game, network: string, seed: number): Float32Array => {
  const { parameters, parameterCount } = game.variables[network];
  return fromWeights(game, network, initialValues(parameters, parameterCount, seed, network));
};

const initialBuffers = (game: Game, network: string, seed: number): Float32Array => {
  const { buffers, bufferCount } = game.variables[network];
  const flat = initialValues(buffers, bufferCount, seed, `${network}/buffers`);
  for (const { name, offset } of buffers) {
    const given = game.networks[network].weights?.[name];
    if (given !== undefined) flat.set(given.data as Float32Array, offset);
  }
  return flat;
};

/** All vectors of a game's state. @throws UsageError for more of them than a checkpoint may hold */
export const stateVectors = (game: Game): readonly StateVector[] => {
  const vectors: StateVector[] = [];
  for (const name of Object.keys(game.networks)) {
    const { parameters, parameterCount, buffers, bufferCount } = game.variables[name];
    vectors.push({
      name,
      size: parameterCount,
      pieces: parameters,
      initial: (seed) => initialParameters(game, name, seed),
    });
    if (bufferCount > 0) {
      vectors.push({
        name: buffersName(name),
        size: bufferCount,
        pieces: buffers,
        initial: (seed) => initialBuffers(game, name, seed),
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
          initial: (seed) => optimizer.init(initialParameters(game, network, seed))[i],
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
          return part === "parameters"
            ? initialParameters(game, network, seed)
            : initialBuffers(game, network, seed);
        },
      });
    }
  });
  const largest = vectors.reduce((a, b) => (a.size >= b.size ? a : b), { name: "", size: 0 });
  checkRoom(
    "game",
    `the state (its largest part is ${largest.name}, ${largest.size} numbers)`,
    vectors.reduce((sum, { size }) => sum + size, 0),
    "take narrower layers (base, hidden)",
  );
  return vectors;
};

/** The state as inputs of a graph. */
export const stateInputs = (vectors: readonly StateVector[]): StateTensors =>
  Object.fromEntries(vectors.map(({ name, size }) => [name, input(name, [size])]));

/** A vector cut into its named tensors: `generator/0.weight`; a vector without pieces stays whole. */
export const piecesOf = ({ name, size, pieces }: StateVector) =>
  pieces === undefined
    ? [{ name, shape: [size], offset: 0, length: size }]
    : pieces.map(({ name: own, shape, offset }) => ({
        name: `${name}/${own}`,
        shape,
        offset,
        length: sizeOf(shape),
      }));

/** The networks of a game by themselves: bound to a state, run on examples, looked into, exported. */
import { UsageError, unknownName } from "../errors.ts";
import {
  assembled,
  averagedVectors,
  buffersName,
  type Game,
  type NetworkInputs,
  type StateVector,
} from "../game/index.ts";
import { constant, input, isTensor, simplify, sizeOf, type Tensor, toOnnx } from "../graph/index.ts";
import { type BoundScope, bindScope, type Mode, type Scope } from "../nn/index.ts";
import type { HostData, Program } from "../runtime/index.ts";

/** The averaged weights of a network where there are any (the default), or those being trained. */
export type WeightsChoice = "average" | "current";

/**
 * The state's vectors that hold a network's weights.
 *
 * @param game whose network it is
 * @param choice the averaged weights, where there are any, or those that are trained
 * @throws UsageError for a network that the game does not have, with the nearest name
 */
export const weightVectors = (
  game: Game,
  network: string,
  choice: WeightsChoice = "average",
): { readonly parameters: string; readonly buffers: string } => {
  if (!Object.hasOwn(game.networks, network))
    throw unknownName("network", network, Object.keys(game.networks));
  const average = choice === "current" ? undefined : averagedVectors(game, network);
  if (average !== undefined) return { parameters: average.parameters, buffers: average.buffers ?? "" };
  return { parameters: network, buffers: buffersName(network) };
};

/**
 * A network on vectors of the state, or on the constants that stand for them.
 *
 * @param game whose network it is
 * @param choice the averaged weights, where there are any, or those that are trained
 * @param mode whether the network is being trained, is used, or only looked at
 * @param bound constants that stand for vectors of the state; inputs without
 */
export const bindNetwork = (
  game: Game,
  network: string,
  choice: WeightsChoice | undefined,
  mode: Mode,
  bound?: ReadonlyMap<string, Tensor>,
): BoundScope => {
  const { parameters, buffers } = weightVectors(game, network, choice);
  const variables = game.variables[network];
  const vector = (name: string, size: number): Tensor => bound?.get(name) ?? input(name, [size]);
  return bindScope({
    variables,
    parameters: variables.parameterCount > 0 ? vector(parameters, variables.parameterCount) : undefined,
    buffers: variables.bufferCount > 0 ? vector(buffers, variables.bufferCount) : undefined,
    mode,
  });
};

/** The networks of a trainer as they stand, as functions to build a graph from. */
export interface ProbedNetworks {
  /** A network's layers and parameters themselves, to look inside or to differentiate by. */
  bind(network: string): BoundScope;
  apply(network: string, given: unknown): unknown;
  /** A vector of the state, such as "loss": what BEGAN carries. */
  state(name: string): Tensor;
}

/**
 * One input a vector and one scope a network, so that the outputs of several calls can be differentiated together.
 *
 * @param game whose networks they are
 * @param vectors the state, as `stateVectors` lays it out
 * @param weights the averaged ones, where there are any, or those that are trained
 * @param mode whether the networks are being trained, are used, or only looked at
 */
export const probedNetworks = (
  game: Game,
  vectors: readonly StateVector[],
  weights: WeightsChoice | undefined,
  mode: Mode,
): ProbedNetworks => {
  const inputs = new Map(vectors.map(({ name, size }) => [name, input(name, [size])]));
  const scopes = new Map<string, BoundScope>();
  const bind = (network: string): BoundScope => {
    const scope = scopes.get(network) ?? bindNetwork(game, network, weights, mode, inputs);
    scopes.set(network, scope);
    return scope;
  };
  return {
    bind,
    apply: (network, given) => game.networks[network].apply(given, bind(network).scope),
    state: (name) => {
      const vector = inputs.get(name);
      if (vector === undefined) throw unknownName("vector of the state", name, [...inputs.keys()]);
      return vector;
    },
  };
};

/** Outputs of a network by name: a single tensor is called `output`. `scope` has its variables. */
export type BuildNetwork = (
  inputs: Readonly<Record<string, Tensor>>,
  apply: (given: unknown) => unknown,
  scope: Scope,
) => Readonly<Record<string, Tensor>>;

/** Calls a network with its inputs as they are. */
const plainly =
  (given: NetworkInputs): BuildNetwork =>
  (inputs, apply) => {
    const output = apply(assembled(given, inputs));
    if (isTensor(output)) return { output };
    return Object.fromEntries(
      Object.entries(output as Readonly<Record<string, unknown>>).filter((entry): entry is [string, Tensor] =>
        isTensor(entry[1]),
      ),
    );
  };

/**
 * The graph of a network for a batch, on the state's vectors or on constants. `weights` are the averaged or the trained
 * ones, `build` makes outputs of the network and its `inputs`, and `bound` has constants for the vectors of the state.
 *
 * @param game whose network it is
 */
export const networkGraph = (
  game: Game,
  network: string,
  batch: number,
  {
    weights,
    build = plainly(game.inputs[network]),
    inputs = game.inputs[network].tensors,
    bound,
  }: {
    readonly weights?: WeightsChoice | undefined;
    readonly build?: BuildNetwork | undefined;
    readonly inputs?: NetworkInputs["tensors"] | undefined;
    readonly bound?: ReadonlyMap<string, Tensor>;
  } = {},
): Readonly<Record<string, Tensor>> => {
  const { scope } = bindNetwork(game, network, weights, "inference", bound);
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => [name, input(name, [batch, ...shape], dtype)]),
  );
  return build(tensors, (given) => game.networks[network].apply(given, scope), scope);
};

/**
 * Runs a program of fixed batch on any number of examples. `shapes` are those that it is fed, `inputs` whole arrays.
 *
 * @param count examples
 * @param run what runs the program on one batch
 * @throws UsageError for an input that is missing
 */
export const runInBatches = async (
  shapes: Program["inputs"],
  batch: number,
  count: number,
  inputs: Readonly<Record<string, HostData>>,
  run: (feeds: Readonly<Record<string, HostData>>) => Promise<Readonly<Record<string, HostData>>>,
): Promise<Record<string, Float32Array>> => {
  const outputs: Record<string, Float32Array> = {};
  const feeds: Record<string, HostData> = {};
  for (let start = 0; start < count; start += batch) {
    const now = Math.min(batch, count - start);
    for (const [name, shape] of Object.entries(shapes)) {
      const values = inputs[name];
      if (values === undefined)
        throw new UsageError(`network: its input ${name} is missing; got ${Object.keys(inputs).join(", ")}`);
      const each = sizeOf(shape) / batch;
      const padded =
        values instanceof Int32Array ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
      padded.set(values.subarray(start * each, (start + now) * each) as Float32Array & Int32Array);
      feeds[name] = padded;
    }
    for (const [name, values] of Object.entries(await run(feeds))) {
      const each = values.length / batch;
      outputs[name] ??= new Float32Array(count * each);
      outputs[name].set(values.subarray(0, now * each), start * each);
    }
  }
  return outputs;
};

/**
 * A network with its weights as a standard ONNX model of any batch size.
 *
 * @param game whose network it is
 * @param vectors the state, as `stateVectors` lays it out
 * @param read gives the values of a vector
 * @param options which weights, what outputs are made of the network, and the model's name and metadata
 */
export const exportNetwork = async (
  game: Game,
  network: string,
  vectors: readonly StateVector[],
  read: (vector: string) => Promise<Float32Array>,
  options: {
    readonly weights?: WeightsChoice | undefined;
    readonly build?: BuildNetwork | undefined;
    /** Inputs of the model where they are not the network's: `build` makes these of them. */
    readonly inputs?: NetworkInputs["tensors"] | undefined;
    readonly name?: string;
    readonly metadata?: Readonly<Record<string, string>>;
  } = {},
): Promise<Uint8Array> => {
  const names = weightVectors(game, network, options.weights);
  const bound = new Map<string, Tensor>();
  for (const name of [names.parameters, names.buffers]) {
    const size = vectors.find((vector) => vector.name === name)?.size;
    if (size !== undefined) bound.set(name, constant(await read(name), [size]));
  }
  const build = (batch: number): Record<string, Tensor> => {
    const graph = networkGraph(game, network, batch, { ...options, bound });
    const simple = simplify(Object.values(graph));
    return Object.fromEntries(Object.keys(graph).map((name, i) => [name, simple[i]]));
  };
  return toOnnx(build, {
    name: options.name ?? `${game.name}-${network}`,
    ...(options.metadata && { metadata: options.metadata }),
  });
};

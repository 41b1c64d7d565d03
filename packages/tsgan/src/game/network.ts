/** Networks of a game: functions of tensors and a scope that gives them their variables. */
import { UsageError } from "../errors.ts";
import { add, GraphError, isTensor, mul, type Shape, sub, type Tensor } from "../graph/index.ts";
import type { Scope } from "../nn/index.ts";
import { describeValue, isRecord } from "../options.ts";

/** What a network is fed where it is run by itself, without the batch: [64], or [] for one number an example. */
export interface NetworkInput {
  readonly shape: Shape;
  /** int32 for class indices; float32 without. */
  readonly dtype?: "float32" | "int32";
}

/** Values of tensors by name, as a safetensors file holds them. */
export type Weights = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array }>
>;

export interface NetworkOptions<In, Out> {
  /** The network's output for an input: one tensor, or a record of them. */
  apply(input: In, scope: Scope): Out;
  /**
   * What it is fed: one tensor, or several by name. Without, it is learnt from how the players call it. Needed for networks
   * that no player calls.
   */
  readonly inputs?: NetworkInput | Readonly<Record<string, NetworkInput>> | undefined;
  /** Initial weights by the names of the layers, as `decodeSafetensors(…).tensors` gives them. */
  readonly weights?: Weights | undefined;
  /** Range of the values that it sees or makes: [−1, 1] without, or [0, 1]. Techniques work in [−1, 1]. */
  readonly range?: "symmetric" | "unit" | undefined;
}

/** A network as people give it: the function alone, such as a layer, or with what is known about it. */
export type NetworkLike<In = never, Out = unknown> =
  | ((input: In, scope: Scope) => Out)
  | NetworkOptions<In, Out>;

/** What a network is fed by name; a single tensor, which is not in a record, is called `x`. */
export interface NetworkInputs {
  readonly tensors: Readonly<Record<string, NetworkInput>>;
  readonly single: boolean;
}

const isSingle = (inputs: NonNullable<NetworkOptions<never, unknown>["inputs"]>): inputs is NetworkInput =>
  Array.isArray(inputs.shape);

/** A network inside a game. */
export interface Network {
  readonly name: string;
  apply(input: unknown, scope: Scope): unknown;
  readonly inputs: NetworkInputs | undefined;
  readonly weights: Weights | undefined;
  /** Examples from [−1, 1] to the range that the network sees, and back. */
  toNetwork(x: Tensor): Tensor;
  fromNetwork(x: Tensor): Tensor;
}

/**
 * From [−1, 1], as data are, to [0, 1].
 *
 * @param x values in [−1, 1]
 */
export const toUnit = (x: Tensor): Tensor => mul(add(x, 1), 0.5);

/**
 * From [0, 1], as some models' networks see images, to [−1, 1].
 *
 * @param x values in [0, 1]
 */
export const fromUnit = (x: Tensor): Tensor => sub(mul(x, 2), 1);

const same = (x: Tensor): Tensor => x;

/** The network, whose errors say which it is, and whose output is looked at. */
const named =
  (name: string, apply: Network["apply"]): Network["apply"] =>
  (input, scope) => {
    let output: unknown;
    try {
      output = apply(input, scope);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      throw new GraphError(`network ${name}: ${error.message}`, { cause: error });
    }
    if (isRecord(output) && !(output instanceof Promise)) return output;
    throw new UsageError(
      `network ${name} must give a tensor, or tensors by name; got ${describeValue(output)}`,
    );
  };

/**
 * A network as an object, from a function or an object: `name` is for errors.
 *
 * @param given a function of (input, scope), or an object that has it as `apply`
 * @throws UsageError for what is neither
 */
export const networkOf = (name: string, given: NetworkLike): Network => {
  const {
    apply,
    inputs,
    weights,
    range = "symmetric",
  }: NetworkOptions<never, unknown> = typeof given === "function" ? { apply: given } : given;
  if (typeof apply !== "function") {
    throw new UsageError(
      `game: network ${name} must be a function of (input, scope), such as a layer, or have one as apply; got ${describeValue(given)}`,
    );
  }
  return {
    name,
    apply: named(name, apply as Network["apply"]),
    inputs:
      inputs === undefined
        ? undefined
        : isSingle(inputs)
          ? { single: true, tensors: { x: inputs } }
          : { single: false, tensors: inputs },
    weights,
    toNetwork: range === "unit" ? toUnit : same,
    fromNetwork: range === "unit" ? fromUnit : same,
  };
};

/**
 * What a network was called with: its tensors, without the batch.
 *
 * @param given a tensor, or tensors by name
 */
export const inputsOf = (given: unknown): NetworkInputs => {
  const single = isTensor(given);
  const tensors = single ? { x: given } : (given as Readonly<Record<string, unknown>>);
  const described = Object.entries(tensors).flatMap(([name, tensor]) =>
    isTensor(tensor)
      ? [
          [
            name,
            { shape: tensor.shape.slice(1), ...(tensor.dtype === "int32" && { dtype: "int32" }) },
          ] as const,
        ]
      : [],
  );
  return { single, tensors: Object.fromEntries(described) as NetworkInputs["tensors"] };
};

/** The input of a network from its tensors by name. `single` says that it is one tensor, called x. */
export const assembled = ({ single }: NetworkInputs, tensors: Readonly<Record<string, Tensor>>): unknown =>
  single ? tensors.x : tensors;

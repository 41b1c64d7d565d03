/**
 * Where a network's variables come from. A network is a function of tensors and a scope; it asks the scope for
 * parameters by name. Run once with a recording scope it tells which variables it has; run with a bound scope it
 * builds its graph on slices of a few flat vectors, which is how parameters travel: one feed, not dozens.
 */
import {
  clip,
  concat,
  GraphError,
  input,
  reshape,
  type Shape,
  sameShape,
  sizeOf,
  slice,
  type Tensor,
} from "../graph/index.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import type { Initializer } from "./initializers.ts";

/** `training`: batch statistics, dropout. `inference`: running statistics, none. */
export type Mode = "training" | "inference";

/** Numbers to be drawn anew for each step. */
export interface NoiseSpec {
  readonly name: string;
  readonly kind: "uniform" | "normal";
  readonly shape: Shape;
}

export interface ParameterOptions {
  readonly fanIn?: number;
  readonly fanOut?: number;
  /** What its numbers are kept within, after each move. */
  readonly within?: readonly [least: number, most: number];
  /** The layer that asks: another one that asks for the same name, as the network is applied once, is refused. */
  readonly layer?: unknown;
}

export interface Scope {
  readonly mode: Mode;
  /** The scope of a part of the network: its names are prefixed. */
  child(name: string): Scope;
  /** A trained tensor. */
  parameter(name: string, shape: Shape, initializer: Initializer, options?: ParameterOptions): Tensor;
  /** A tensor that is kept but not trained: running statistics, power-iteration vectors. Its latest value. */
  buffer(name: string, shape: Shape, initializer: Initializer): Tensor;
  /** The buffer's value from now on. Without effect outside training. */
  update(name: string, value: Tensor): void;
  /** Random numbers, fresh each step. */
  noise(kind: "uniform" | "normal", shape: Shape): Tensor;
  /** Says that the network's output for an example depends on the other examples of the batch. */
  mixesExamples(): void;
  /** Made once for all applications of the network within a step. */
  once<T>(name: string, make: () => T): T;
}

export interface VariableSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly fanIn: number;
  readonly fanOut: number;
  readonly within?: readonly [least: number, most: number] | undefined;
  /** Where its elements lie in the flat vector. */
  readonly offset: number;
}

/** The variables of one network, in order of first use. */
export interface Variables {
  readonly parameters: readonly VariableSpec[];
  readonly parameterCount: number;
  readonly buffers: readonly VariableSpec[];
  readonly bufferCount: number;
  /** Whether examples of a batch see each other (batch norm), so that batches must not be joined. */
  readonly mixesExamples: boolean;
}

/** What was taken of the variables while a graph was built. */
interface Source {
  parameter(name: string, shape: Shape, initializer: Initializer, options: ParameterOptions): Tensor;
  buffer(name: string, shape: Shape, initializer: Initializer): Tensor;
  update(name: string, value: Tensor): void;
  noise(kind: "uniform" | "normal", shape: Shape): Tensor;
  mixesExamples(): void;
  readonly onces: Map<string, unknown>;
}

const makeScope = (mode: Mode, source: Source, prefix: string): Scope => ({
  mode,
  child: (name) => makeScope(mode, source, `${prefix}${name}.`),
  parameter: (name, shape, initializer, options = {}) =>
    source.parameter(prefix + name, shape, initializer, options),
  buffer: (name, shape, initializer) => source.buffer(prefix + name, shape, initializer),
  update: (name, value) => {
    if (mode === "training") source.update(prefix + name, value);
  },
  noise: (kind, shape) => source.noise(kind, shape),
  mixesExamples: () => source.mixesExamples(),
  once: <T>(name: string, make: () => T): T => {
    const key = prefix + name;
    if (!source.onces.has(key)) source.onces.set(key, make());
    return source.onces.get(key) as T;
  },
});

/** Fans of a weight [out, in, …]: what follows the first two axes is the receptive field. */
const fansOf = (shape: Shape): [number, number] => {
  const field = sizeOf(shape.slice(2));
  return [(shape[1] ?? shape[0]) * field, shape[0] * field];
};

const OWN_SCOPE = "give each layer a scope of its own: scope.child(NAME)";

const checkShape = (name: string, known: Shape, asked: Shape): void => {
  if (!sameShape(known, asked)) {
    throw new GraphError(
      `${name}: a variable keeps its shape [${known.join(",")}]; got [${asked.join(",")}]; ` +
        `feed it one shape, ${OWN_SCOPE}`,
    );
  }
};

/** A scope that learns which variables a network asks for, over any number of applications of it. */
export interface VariableRecorder {
  /** A scope for the network to be applied once. */
  scope(): Scope;
  /** The variables asked for so far. */
  variables(): Variables;
  /** The placeholders of the parameters asked for so far, to differentiate by. */
  parameters(): readonly Tensor[];
}

/**
 * A recording scope. What it gives are placeholders: inputs named after the variables, one each, so that derivatives can be
 * taken of what is made with them.
 *
 * @param owner goes before the names of the placeholders: where several networks meet in one graph, that of each
 */
export const recordVariables = (owner = ""): VariableRecorder => {
  const kinds = { parameters: new Map<string, VariableSpec>(), buffers: new Map<string, VariableSpec>() };
  const counts = { parameters: 0, buffers: 0 };
  const placeholders = new Map<string, Tensor>();
  let noises = 0;
  let mixesExamples = false;
  const placeholder = (
    kind: "parameters" | "buffers",
    name: string,
    shape: Shape,
    initializer: Initializer,
    options: ParameterOptions,
  ): Tensor => {
    const known = kinds[kind].get(name);
    if (known !== undefined) {
      checkShape(name, known.shape, shape);
    } else {
      const [fanIn, fanOut] = fansOf(shape);
      const spec = { name, shape: [...shape], initializer, fanIn, fanOut, ...options, offset: counts[kind] };
      kinds[kind].set(name, spec);
      counts[kind] += sizeOf(shape);
    }
    const given = placeholders.get(name) ?? input(owner + name, shape);
    placeholders.set(name, given);
    return given;
  };
  const source: Source = {
    parameter: (name, shape, initializer, options) =>
      placeholder("parameters", name, shape, initializer, options),
    buffer: (name, shape, initializer) => placeholder("buffers", name, shape, initializer, {}),
    update: () => undefined,
    noise: (kind, shape) => input(`${owner}${kind}${noises++}`, shape),
    mixesExamples: () => {
      mixesExamples = true;
    },
    onces: new Map(),
  };
  return {
    scope: () => {
      const askers = new Map<string, unknown>();
      const parameter: Source["parameter"] = (name, shape, initializer, { layer, ...options }) => {
        if (layer !== undefined) {
          if ((askers.get(name) ?? layer) !== layer) {
            throw new GraphError(`${name}: two layers would share it; ${OWN_SCOPE}`);
          }
          askers.set(name, layer);
        }
        return source.parameter(name, shape, initializer, options);
      };
      return makeScope("training", { ...source, parameter }, "");
    },
    variables: () => ({
      parameters: [...kinds.parameters.values()],
      parameterCount: counts.parameters,
      buffers: [...kinds.buffers.values()],
      bufferCount: counts.buffers,
      mixesExamples,
    }),
    parameters: () => [...kinds.parameters.keys()].map((name) => placeholders.get(name) as Tensor),
  };
};

/** Runs `network` to learn its variables. */
export const collectVariables = (network: (scope: Scope) => unknown): Variables => {
  const { scope, variables } = recordVariables();
  network(scope());
  return variables();
};

export interface Binding {
  readonly variables: Variables;
  /** Flat vectors [parameterCount] and [bufferCount]. They may be left out where there are none. */
  readonly parameters?: Tensor | undefined;
  readonly buffers?: Tensor | undefined;
  readonly mode: Mode;
  /** Gives the tensor for fresh random numbers; needed where the network asks for some. */
  readonly noise?: (kind: "uniform" | "normal", shape: Shape) => Tensor;
}

export interface BoundScope {
  readonly scope: Scope;
  /** The parameter tensors, in the order of `variables.parameters`. */
  readonly parameters: readonly Tensor[];
  /** The flat vector of all buffers with the updates made so far. */
  updatedBuffers(): Tensor | undefined;
}

const cuts = new WeakMap<Tensor, Map<readonly VariableSpec[], readonly Tensor[]>>();

/** The variables as pieces of a flat vector: the same nodes for the same vector, so that derivatives meet in them. */
const cutAll = (flat: Tensor, specs: readonly VariableSpec[]): readonly Tensor[] => {
  const known = cuts.get(flat) ?? new Map<readonly VariableSpec[], readonly Tensor[]>();
  cuts.set(flat, known);
  let pieces = known.get(specs);
  if (pieces === undefined) {
    pieces = specs.map(({ offset, shape }) =>
      reshape(slice(flat, [offset], [offset + sizeOf(shape)]), shape),
    );
    known.set(specs, pieces);
  }
  return pieces;
};

/**
 * A scope whose variables are slices of flat vectors. `parameters` are trained, `buffers` are statistics; `mode` says
 * whether the network is being trained, is used, or only looked at.
 */
export const bindScope = ({ variables, parameters, buffers, mode, noise }: Binding): BoundScope => {
  const tensors = parameters === undefined ? [] : cutAll(parameters, variables.parameters);
  const byName = new Map(tensors.map((tensor, i) => [variables.parameters[i].name, tensor]));
  const values = new Map<string, Tensor>();
  if (buffers !== undefined) {
    const pieces = cutAll(buffers, variables.buffers);
    variables.buffers.forEach((spec, i) => {
      values.set(spec.name, pieces[i]);
    });
  }
  const known = (map: ReadonlyMap<string, Tensor>, name: string, shape: Shape): Tensor => {
    const found = map.get(name);
    if (found === undefined)
      throw new GraphError(`${name}: the network did not ask for this variable before`);
    checkShape(name, found.shape, shape);
    return found;
  };
  const source: Source = {
    parameter: (name, shape) => known(byName, name, shape),
    buffer: (name, shape) => known(values, name, shape),
    update: (name, value) => {
      checkShape(name, known(values, name, value.shape).shape, value.shape);
      values.set(name, value);
    },
    noise: (kind, shape) => {
      if (noise === undefined)
        throw new GraphError("scope: this network draws random numbers; none are given here");
      return noise(kind, shape);
    },
    mixesExamples: () => undefined,
    onces: new Map(),
  };
  return {
    scope: makeScope(mode, source, ""),
    parameters: tensors,
    updatedBuffers: () =>
      variables.buffers.length === 0
        ? undefined
        : flatConcat(variables.buffers.map((spec) => values.get(spec.name) as Tensor)),
  };
};

/**
 * A flat vector of variables, with those that have bounds kept within them.
 *
 * @param specs the variables, in order
 */
export const withinBounds = (flat: Tensor, specs: readonly VariableSpec[]): Tensor => {
  if (specs.every(({ within }) => within === undefined)) return flat;
  const parts = specs.map(({ offset, shape, within }) => {
    const part = slice(flat, [offset], [offset + sizeOf(shape)]);
    return within === undefined ? part : clip(part, ...within);
  });
  return concat(parts, 0);
};

/** Several tensors as one vector. */
export const flatConcat = (tensors: readonly Tensor[]): Tensor =>
  concat(
    tensors.map((t) => reshape(t, [sizeOf(t.shape)])),
    0,
  );

/**
 * Initial values of a network's flat vectors; each variable draws from a stream of its own.
 *
 * @param specs the variables, each with its place in the vector
 * @param count length of the vector
 * @param seed that of the run
 * @param owner the network's name, a part of the streams' purpose
 */
export const initialValues = (
  specs: readonly VariableSpec[],
  count: number,
  seed: number,
  owner: string,
): Float32Array => {
  const flat = new Float32Array(count);
  for (const { name, shape, initializer, fanIn, fanOut, offset } of specs) {
    const random: RandomStream = randomStream(seed, `init/${owner}/${name}`);
    flat.set(initializer({ shape, fanIn, fanOut, random }), offset);
  }
  return flat;
};

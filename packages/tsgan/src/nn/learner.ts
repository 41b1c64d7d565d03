/**
 * For training loops of one's own: a network with its optimiser as pieces of a graph. It says what a step makes of its
 * weights, what the state begins with, and what a step is fed; the loop, the losses and what runs when are the caller's.
 */
import { UsageError } from "../errors.ts";
import {
  constant,
  grad,
  input,
  isTensor,
  type Shape,
  slice,
  stopGradient,
  type Tensor,
  topologicalOrder,
} from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import type { Optimizer } from "./optimizer.ts";
import {
  type BoundScope,
  bindScope,
  collectVariables,
  flatConcat,
  initialValues,
  type Mode,
  type NoiseSpec,
  type Scope,
  type Variables,
} from "./scope.ts";

export interface LearnerOptions {
  /** Seed of the initial weights and of what the network draws, such as dropout; 1 without. */
  readonly seed?: number | undefined;
  /** Steps of the whole run, for learning rates that change over it; 1 without. */
  readonly steps?: number | undefined;
}

/** Where tensors are kept between steps: a `State` of `tsgan/runtime`. */
interface Writable {
  set(name: string, data: Float32Array): void;
}
interface Readable {
  read(name: string): Promise<Float32Array>;
}

/** A network that learns in a loop of one's own. */
export interface Learner<In, Out> {
  readonly name: string;
  /** The names of its tensors in the state: weights, running statistics, what the optimiser keeps. */
  readonly names: readonly string[];
  /**
   * The network's output. Its weights are those of the state; the first call tells which there are.
   *
   * @param mode "training" without: batch norm takes the statistics of the batch, dropout drops
   */
  apply(input: In, mode?: Mode): Out;
  /**
   * One step of the optimiser as outputs of a program, by the names of the state: gradient, new weights, running statistics.
   *
   * @param loss a scalar that depends on an output of `apply`
   * @throws UsageError for a loss that does not
   */
  update(loss: Tensor): Readonly<Record<string, Tensor>>;
  /** Puts initial weights and the optimiser's zeros into a state. @throws UsageError before the first `apply` */
  init(state: Writable): void;
  /**
   * What a program is fed for this network: scalars of the optimiser, random numbers. To be spread among the other feeds.
   *
   * @param step finished steps, from 0
   */
  feeds(
    program: { readonly inputs: Readonly<Record<string, Shape>> },
    step: number,
  ): Record<string, Float32Array>;
  /** The network with the weights that a state holds now as constants, in inference mode: what `toOnnx` exports. */
  frozen(state: Readable): Promise<(input: In) => Out>;
}

/** One use of the network in training: what it was given, what it made, and the random numbers that it asked for. */
interface Application<In> {
  readonly input: In;
  readonly outputs: readonly Tensor[];
  readonly noise: readonly Tensor[];
}

/** The tensors of an output: itself, or those of a record, whatever its depth. */
const tensorsOf = (value: unknown): readonly Tensor[] => {
  if (isTensor(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(tensorsOf) : [];
};

/**
 * A network that learns in a loop of one's own: `init` and `update` are all that the loop needs beside `compile`.
 *
 * Several learners may be updated in one program, all from the state before it, or in a program each, one after the other.
 *
 * @param name that of its weights in the state; with the seed it says what they begin with
 * @param network a function of its input and a scope, such as a layer
 * @param optimizer a chain of one's own for this network
 * @example
 * ```ts
 * import { adam, layers, learner } from "tsgan/nn";
 * import { input, mean, square, sub } from "tsgan/graph";
 * import { compile, State } from "tsgan/runtime";
 *
 * const line = learner("line", layers.dense(1), adam({ learningRate: 0.1 }));
 * const error = mean(square(sub(line.apply(input("x", [4, 1])), input("y", [4, 1]))));
 * const step = await compile({ error, ...line.update(error) }, { state: line.names });
 *
 * const state = new State();
 * line.init(state);
 * for (let t = 0; t < 300; t++) {
 *   await step.run({ x: [0, 1, 2, 3], y: [1, 3, 5, 7], ...line.feeds(step, t) }, state);
 * }
 * console.log(await state.read("line")); // slope and bias: close to 2 and 1
 * ```
 */
export const learner = <In, Out>(
  name: string,
  network: (input: In, scope: Scope) => Out,
  optimizer: Optimizer,
  { seed = 1, steps = 1 }: LearnerOptions = {},
): Learner<In, Out> => {
  const where = `learner ${name}`;
  const buffers = `${name}.buffers`;
  const scalars = `${name}.scalars`;
  const slots = optimizer.slots.map((slot) => `${name}.${slot.name}`);
  const noises: NoiseSpec[] = [];
  const applications: Application<In>[] = [];
  let known:
    | { readonly variables: Variables; readonly flat: Tensor; readonly kept: Tensor | undefined }
    | undefined;

  const variables = (): Variables => {
    if (known !== undefined) return known.variables;
    throw new UsageError(`${where}: what weights it has is not known yet; apply it first`);
  };
  /** Learns the variables from the first input. */
  const vectors = (given: In): NonNullable<typeof known> => {
    if (known !== undefined) return known;
    const found = collectVariables((scope) => network(given, scope));
    const { parameterCount, bufferCount } = found;
    if (parameterCount === 0)
      throw new UsageError(`${where}: the network has no weights to learn; use it as it is`);
    known = {
      variables: found,
      flat: input(name, [parameterCount]),
      kept: bufferCount > 0 ? input(buffers, [bufferCount]) : undefined,
    };
    return known;
  };
  const bind = (
    given: In,
    mode: Mode,
    noise: (kind: NoiseSpec["kind"], shape: Shape) => Tensor,
  ): BoundScope => {
    const { variables: found, flat, kept } = vectors(given);
    return bindScope({ variables: found, parameters: flat, buffers: kept, mode, noise });
  };

  /**
   * Running statistics after the uses that a loss looks at, one after the other: the uses are made once more with one scope.
   * What is computed twice is computed once after simplification.
   */
  const nextBuffers = (used: readonly Application<In>[]): Tensor | undefined => {
    const drawn = used.flatMap(({ noise }) => noise).values();
    const bound = bind(used[0].input, "training", () => drawn.next().value as Tensor);
    for (const { input: given } of used) network(given, bound.scope);
    return bound.updatedBuffers();
  };

  return {
    name,
    get names() {
      return [name, ...(variables().bufferCount > 0 ? [buffers] : []), ...slots];
    },
    apply: (given, mode = "training") => {
      const noise: Tensor[] = [];
      const bound = bind(given, mode, (kind, shape) => {
        const spec = { name: `${name}.noise${noises.length}`, kind, shape };
        noises.push(spec);
        noise.push(input(spec.name, shape));
        return noise[noise.length - 1];
      });
      const output = network(given, bound.scope);
      if (mode === "training") applications.push({ input: given, outputs: tensorsOf(output), noise });
      return output;
    },
    update: (loss) => {
      const seen = new Set(topologicalOrder([loss]));
      const used = applications.filter(({ outputs }) => outputs.some((tensor) => seen.has(tensor)));
      if (used.length === 0) {
        throw new UsageError(
          `${where}: the loss of its update does not depend on it; apply it on the way to the loss`,
        );
      }
      const { flat } = vectors(used[0].input);
      const { parameters } = bind(used[0].input, "training", (_, shape) => input("unused", shape));
      const gradient = stopGradient(flatConcat(grad(loss, parameters)));
      const count = optimizer.scalarCount;
      const fed = count === 0 ? undefined : input(scalars, [count]);
      const next = optimizer.update(
        flat,
        gradient,
        slots.map((slot) => input(slot, flat.shape)),
        Array.from({ length: count }, (_, i) => slice(fed as Tensor, [i], [i + 1])),
      );
      const statistics = nextBuffers(used);
      return {
        [name]: next.parameters,
        ...Object.fromEntries(slots.map((slot, i) => [slot, next.slots[i]])),
        ...(statistics !== undefined && { [buffers]: stopGradient(statistics) }),
      };
    },
    init: (state) => {
      const { parameters, parameterCount, buffers: specs, bufferCount } = variables();
      const initial = initialValues(parameters, parameterCount, seed, name);
      state.set(name, initial);
      if (bufferCount > 0) state.set(buffers, initialValues(specs, bufferCount, seed, `${name}/buffers`));
      optimizer.init(initial).forEach((values, i) => {
        state.set(slots[i], values);
      });
    },
    feeds: ({ inputs }, step) => {
      const feeds: Record<string, Float32Array> = {};
      if (Object.hasOwn(inputs, scalars)) {
        feeds[scalars] = Float32Array.from(optimizer.scalars(step + 1, { step, steps }));
      }
      for (const { name: own, kind } of noises) {
        if (!Object.hasOwn(inputs, own)) continue;
        const size = inputs[own].reduce((a, b) => a * b, 1);
        const random = randomStream(seed, own, step);
        feeds[own] = new Float32Array(size);
        if (kind === "uniform") random.fillUniform(feeds[own]);
        else random.fillNormal(feeds[own]);
      }
      return feeds;
    },
    frozen: async (state) => {
      const { parameterCount, bufferCount } = variables();
      const weights = await state.read(name);
      const statistics = bufferCount > 0 ? await state.read(buffers) : undefined;
      const { scope } = bindScope({
        variables: variables(),
        parameters: constant(weights, [parameterCount]),
        buffers: statistics && constant(statistics, [bufferCount]),
        mode: "inference",
      });
      return (given) => network(given, scope);
    },
  };
};

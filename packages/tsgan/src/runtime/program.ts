/** A graph compiled for a device. */
import type { Tensor as DeviceTensor } from "onnxruntime-common";
import { lower } from "#lowering";
import { engine } from "#onnxruntime";
import { RunError, UsageError, unknownName } from "../errors.ts";
import {
  formatShape,
  input,
  inputName,
  matmul,
  type Shape,
  sameShape,
  simplify,
  sizeOf,
  type Tensor,
  toOnnx,
  topologicalOrder,
  verify,
} from "../graph/index.ts";
import { checkRoom } from "../options.ts";
import {
  type Device,
  type FeedData,
  type HostData,
  hostData,
  type OpenSession,
  type Precision,
  releaseOf,
} from "./engine.ts";
import type { State } from "./state.ts";

/** Where a program runs, and which of its tensors stay there. */
export interface CompileOptions<Kept extends string = string> {
  /** Where it runs; by default `cpu` in Node.js (`wasm` where onnxruntime-node is not there), `wasm` in a browser. */
  readonly device?: Device | undefined;
  /** Threads of a CPU device. */
  readonly threads?: number | undefined;
  /**
   * Names of tensors that stay on the device from run to run: an input of that name is taken from the state, an
   * output of that name replaces it.
   */
  readonly state?: readonly Kept[];
  /**
   * Whether it is run many times with one state and no other, as a training step is. In a browser the commands of its first run on
   * `webgpu` are then recorded and replayed in later ones (`RuntimeOptions.capture`).
   */
  readonly capture?: boolean | undefined;
  /**
   * "mixed": products of matrices and convolutions in float16, everything else in float32 (the default, "full"). For `webgpu` on a GPU
   * that has float16, and `cuda`.
   */
  readonly precision?: Precision | undefined;
}

/** A compiled graph. `Output`: the names of what a run returns. */
export interface Program<Output extends string = string> {
  /** Names and shapes of what must be fed. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Number of nodes after simplification, for those who tune. */
  readonly nodes: number;
  /**
   * Runs once. Outputs that belong to the state are kept there; the others are returned, flat and row-major.
   *
   * Each input is fed under its name with the typed array of its type, or with a list of numbers, which is copied into
   * one. An input that the graph has, but that simplification found to be of no use, may be fed or left out.
   *
   * @throws UsageError where a feed is missing, does not belong to any input (with the nearest name), or is of another
   *   type or length, and where a state is needed or has another shape
   * @throws RunError where ONNX Runtime fails
   */
  run(feeds: Readonly<Record<string, FeedData>>, state?: State): Promise<Record<Output, HostData>>;
  /** Releases the session; once more does nothing. Dispose of the states that it wrote to first. */
  dispose(): Promise<void>;
}

/** The outputs that a run returns: those that are not kept. Where the names to keep are not known to TypeScript, any. */
type Returned<Outputs, Kept extends string> = string extends Kept
  ? keyof Outputs & string
  : Exclude<keyof Outputs & string, Kept>;

/**
 * Compiles `outputs` into a program: verify, simplify, choose the layout for the device, emit ONNX, open a session. What
 * is to be fed are the inputs that the outputs depend on.
 *
 * @throws GraphError where the graph does not hold together (`verify`)
 * @throws UsageError, RunError where the device is unknown or is not there, or does not have the precision
 * @example
 * ```ts
 * import { dense, input, relu } from "tsgan/graph";
 * import { compile } from "tsgan/runtime";
 *
 * const [x, w] = [input("x", [2, 3]), input("w", [4, 3])];
 * const program = await compile({ hidden: relu(dense(x, w)) });
 * const { hidden } = await program.run({ x: [1, 2, 3, 4, 5, 6], w: new Float32Array(12).fill(0.5) });
 * console.log(hidden); // Float32Array of [2, 4]
 * await program.dispose();
 * ```
 */
export const compile = async <
  const Outputs extends Readonly<Record<string, Tensor>>,
  const Kept extends string = never,
>(
  outputs: Outputs,
  options: CompileOptions<Kept> = {},
): Promise<Program<Returned<Outputs, Kept>>> => {
  const device = options.device ?? engine.defaultDevice();
  const names = Object.keys(outputs);
  const given = verify(Object.values(outputs), "compile");
  const simple = simplify(Object.values(outputs));
  const onCpu = device === "cpu" || device === "wasm";
  const { outputs: lowered, isLaidOut } = onCpu ? lower(simple) : { outputs: simple, isLaidOut: false };
  const order = topologicalOrder(lowered);
  for (const { shape } of order) {
    const remedy = "take a smaller batch, smaller examples or narrower layers";
    checkRoom("compile", `a tensor of ${formatShape(shape)}`, sizeOf(shape), remedy);
  }
  const isHalf = options.precision === "mixed";
  if (isHalf) {
    const { checkHalf } = await import("./half.ts");
    const x = input("x", [1, 1]);
    await checkHalf(engine, toOnnx({ y: matmul(x, x) }, { halfProducts: true }), device);
  }
  const kept: ReadonlySet<string> = new Set(options.state ?? []);
  const opened = await engine.open({
    model: toOnnx(Object.fromEntries(names.map((name, i) => [resultName(name), lowered[i]])), {
      useSplit: device !== "webgpu",
      forOnnxRuntime: onCpu,
      halfProducts: isHalf,
    }),
    device,
    isLaidOut,
    threads: options.threads ?? engine.defaultThreads(),
    resident: names.filter((name) => kept.has(name)).map(resultName),
    capture: options.capture,
  });
  const inputs = { given: namedInputs(given), used: namedInputs(order) };
  return makeProgram(opened, { outputs, ...inputs, kept, nodes: order.length });
};

/** A state tensor goes in under its name; what comes out needs another. */
const resultName = (name: string): string => `${name}:next`;

/** The inputs among the nodes of a graph, by name. */
const namedInputs = (nodes: readonly Tensor[]): ReadonlyMap<string, Tensor> => {
  const inputs = new Map<string, Tensor>();
  for (const node of nodes) {
    const name = inputName(node);
    if (name !== undefined) inputs.set(name, node);
  }
  return inputs;
};

interface Compiled {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Inputs of the graph as it was given, and those that are left after simplification. */
  readonly given: ReadonlyMap<string, Tensor>;
  readonly used: ReadonlyMap<string, Tensor>;
  /** Names that belong to the state. */
  readonly kept: ReadonlySet<string>;
  readonly nodes: number;
}

const makeProgram = <Output extends string>(
  { session, tensors, isCaptured = false }: OpenSession,
  { outputs, given, used, kept, nodes }: Compiled,
): Program<Output> => {
  const fed = [...used].filter(([name]) => !kept.has(name));
  const fromState = [...used].filter(([name]) => kept.has(name));
  const outputNames = Object.keys(outputs);
  const needsState = fromState.length > 0 || outputNames.some((name) => kept.has(name));

  let owner: State | undefined;

  /** The fed arrays, each of its input's type and length. */
  const checked = (feeds: Readonly<Record<string, FeedData>>): [string, HostData, Shape][] => {
    for (const name of Object.keys(feeds)) {
      if (feeds[name] === undefined || (given.has(name) && !kept.has(name))) continue;
      if (kept.has(name)) throw new UsageError(`program: "${name}" belongs to the state; set it there`);
      throw unknownName("input of the program", name, Object.keys(inputs));
    }
    const missing = fed.map(([name]) => name).filter((name) => feeds[name] === undefined);
    if (missing.length > 0) throw new UsageError(`program: missing feeds: ${missing.join(", ")}`);
    return fed.map(([name, { shape, dtype }]) => {
      const data = hostData(feeds[name], dtype, `program: feed ${name}`);
      if (data.length !== sizeOf(shape)) {
        throw new UsageError(
          `program: feed ${name} needs ${sizeOf(shape)} ${dtype} values for ${formatShape(shape)}; got ${data.length}`,
        );
      }
      return [name, data, shape];
    });
  };

  /** The state's tensor for an input. */
  const takeFrom = (state: State, name: string, { shape }: Tensor): DeviceTensor => {
    const value = state.take(name, tensors);
    if (!sameShape(value.dims, shape)) {
      throw new UsageError(
        `program: tensor ${name} of the state must be ${formatShape(shape)}; got ${formatShape(value.dims)}`,
      );
    }
    return value;
  };

  const inputs = Object.fromEntries(fed.map(([name, { shape }]) => [name, shape]));
  return {
    inputs,
    nodes,
    run: async (feeds, state) => {
      const values: Record<string, DeviceTensor> = {};
      for (const [name, data, shape] of checked(feeds)) values[name] = tensors.make(data, shape);
      if (state === undefined && needsState) throw new UsageError("program: a state is needed to run it");
      owner ??= state;
      if (isCaptured && state !== owner) {
        throw new UsageError("program: it is captured with another state; compile it without capture");
      }
      for (const [name, t] of fromState) values[name] = takeFrom(state as State, name, t);
      const fetches: Record<string, DeviceTensor | null> = {};
      for (const name of outputNames) {
        const inPlace = tensors.writesIntoFetches && state !== undefined && kept.has(name);
        const { shape, dtype } = outputs[name];
        fetches[resultName(name)] = inPlace ? state.spare(name, shape, dtype, tensors) : null;
      }
      let results: Readonly<Record<string, DeviceTensor>>;
      try {
        results = (await session.run(values, fetches)) as Readonly<Record<string, DeviceTensor>>;
      } catch (error) {
        const message = error instanceof Error ? error.message : error;
        throw new RunError(`program: ONNX Runtime failed: ${message}`, { cause: error });
      }
      const returned: Record<string, HostData> = {};
      for (const name of outputNames) {
        const result = results[resultName(name)];
        if (state !== undefined && kept.has(name)) {
          state.replace(name, result, tensors);
        } else {
          returned[name] = (await result.getData()) as HostData;
          result.dispose();
        }
      }
      return returned as Record<Output, HostData>;
    },
    dispose: releaseOf(session),
  };
};

/** A graph compiled for a device, and the state that stays there between runs. */

import type { Tensor as DeviceTensor, InferenceSession } from "onnxruntime-common";
import { door } from "#onnxruntime";
import { RunError, UsageError } from "../errors.ts";
import {
  batchLast,
  type Shape,
  simplify,
  sizeOf,
  type Tensor,
  toOnnx,
  topologicalOrder,
} from "../graph/index.ts";
import type { Device, HostData } from "./door.ts";

export interface CompileOptions {
  readonly device?: Device | undefined;
  /** Threads of a CPU device. */
  readonly threads?: number | undefined;
  /**
   * Names of tensors that stay on the device from run to run: an input of that name is taken from the state, an
   * output of that name replaces it.
   */
  readonly state?: readonly string[];
}

/** Named tensors that stay on a device: parameters, optimiser moments. Shared by several programs. */
export class State {
  readonly #entries = new Map<string, { current: DeviceTensor; spare: DeviceTensor | undefined }>();
  readonly #pending = new Map<string, { data: HostData; shape: Shape }>();

  /** Sets or replaces a tensor. It is uploaded when a program first needs it. */
  set(name: string, data: HostData, shape: Shape = [data.length]): void {
    if (data.length !== sizeOf(shape)) {
      throw new UsageError(
        `state ${name}: shape [${shape.join(",")}] needs ${sizeOf(shape)} values; got ${data.length}`,
      );
    }
    this.#pending.set(name, { data, shape });
  }

  get names(): string[] {
    return [...new Set([...this.#entries.keys(), ...this.#pending.keys()])];
  }

  /** A copy of a tensor's values on the host. */
  async read(name: string): Promise<Float32Array> {
    const pending = this.#pending.get(name);
    if (pending !== undefined) return Float32Array.from(pending.data);
    const entry = this.#entries.get(name);
    if (entry === undefined)
      throw new UsageError(`state: there is no tensor "${name}" (known: ${this.names.join(", ")})`);
    return Float32Array.from((await entry.current.getData()) as Float32Array);
  }

  /** @internal The device's tensor, uploaded if it is new. */
  take(name: string): DeviceTensor {
    const pending = this.#pending.get(name);
    if (pending !== undefined) {
      this.#pending.delete(name);
      this.#entries.get(name)?.current.dispose();
      this.#entries.set(name, {
        current: door.tensor(pending.data.slice(), pending.shape),
        spare: undefined,
      });
    }
    const entry = this.#entries.get(name);
    if (entry === undefined)
      throw new UsageError(`state: there is no tensor "${name}" (known: ${this.names.join(", ")})`);
    return entry.current;
  }

  /** @internal A buffer that the next value of `name` may be written to. */
  spare(name: string, shape: Shape): DeviceTensor {
    const entry = this.#entries.get(name);
    if (entry?.spare !== undefined) return entry.spare;
    const spare = door.tensor(new Float32Array(sizeOf(shape)), shape);
    if (entry !== undefined) entry.spare = spare;
    return spare;
  }

  /** @internal The value after a run. The one before becomes the spare buffer, or is released. */
  replace(name: string, value: DeviceTensor): void {
    const entry = this.#entries.get(name);
    this.#pending.delete(name);
    if (entry === undefined) {
      this.#entries.set(name, { current: value, spare: undefined });
      return;
    }
    const before = entry.current;
    entry.current = value;
    if (door.writesIntoFetches) entry.spare = before;
    else before.dispose();
  }

  /** Releases the tensors. To be called before the programs that wrote them are disposed of: theirs is the memory. */
  dispose(): void {
    for (const { current, spare } of this.#entries.values()) {
      current.dispose();
      spare?.dispose();
    }
    this.#entries.clear();
    this.#pending.clear();
  }
}

export interface Program {
  /** Names and shapes of what must be fed. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Number of nodes after simplification, for those who tune. */
  readonly nodes: number;
  /** Runs once. Outputs that belong to the state are kept there; the others are returned. */
  run(feeds: Readonly<Record<string, HostData>>, state?: State): Promise<Record<string, HostData>>;
  dispose(): Promise<void>;
}

/** Compiles `outputs` into a program: simplify, choose the layout for the device, emit ONNX, open a session. */
export const compile = async (
  outputs: Readonly<Record<string, Tensor>>,
  options: CompileOptions = {},
): Promise<Program> => {
  const device = options.device ?? door.defaultDevice;
  const names = Object.keys(outputs);
  const simple = simplify(Object.values(outputs));
  const onCpu = device === "cpu" || device === "wasm";
  const lowered = onCpu ? simplify(batchLast(simple), { onCpu }) : simple;
  const order = topologicalOrder(lowered);
  const stateNames = new Set(options.state ?? []);
  const session = await door.open({
    model: toOnnx(Object.fromEntries(names.map((name, i) => [resultName(name), lowered[i]])), {
      useSplit: device !== "webgpu",
    }),
    device,
    threads: options.threads ?? door.defaultThreads(),
    resident: names.filter((name) => stateNames.has(name)).map(resultName),
  });
  const inputs = order.filter((t) => t.op.name === "input");
  return makeProgram(session, inputs, outputs, stateNames, order.length);
};

/** Of tensors on the host: what is written in place need not come back as a copy. */
const sharesMemory = (a: DeviceTensor, b: DeviceTensor): boolean =>
  (a.data as HostData).buffer === (b.data as HostData).buffer;

/** A state tensor goes in under its name; what comes out needs another. */
const resultName = (name: string): string => `${name}:next`;

const makeProgram = (
  session: InferenceSession,
  inputs: readonly Tensor[],
  outputs: Readonly<Record<string, Tensor>>,
  stateNames: ReadonlySet<string>,
  nodes: number,
): Program => {
  const nameOf = (t: Tensor): string => String(t.attributes.name);
  const fed = inputs.filter((t) => !stateNames.has(nameOf(t)));
  const fromState = inputs.filter((t) => stateNames.has(nameOf(t))).map(nameOf);
  const outputNames = Object.keys(outputs);

  const checkFeeds = (feeds: Readonly<Record<string, HostData>>): void => {
    const missing = fed.map(nameOf).filter((name) => feeds[name] === undefined);
    if (missing.length > 0) throw new UsageError(`program: missing feeds: ${missing.join(", ")}`);
    for (const t of fed) {
      const data = feeds[nameOf(t)];
      const type = data instanceof Int32Array ? "int32" : "float32";
      if (data.length !== sizeOf(t.shape) || type !== t.dtype) {
        const expected = `${sizeOf(t.shape)} ${t.dtype} values for [${t.shape.join(",")}]`;
        throw new UsageError(
          `program: feed ${nameOf(t)} needs ${expected}; got ${data.length} ${type} values`,
        );
      }
    }
  };

  return {
    inputs: Object.fromEntries(fed.map((t) => [nameOf(t), t.shape])),
    nodes,
    run: async (feeds, state) => {
      checkFeeds(feeds);
      const values: Record<string, DeviceTensor> = {};
      for (const t of fed) values[nameOf(t)] = door.tensor(feeds[nameOf(t)], t.shape);
      if (fromState.length > 0 && state === undefined)
        throw new UsageError("program: a state is needed to run it");
      for (const name of fromState) values[name] = (state as State).take(name);
      const fetches: Record<string, DeviceTensor | null> = {};
      for (const name of outputNames) {
        const kept = door.writesIntoFetches && state !== undefined && stateNames.has(name);
        fetches[resultName(name)] = kept ? state.spare(name, outputs[name].shape) : null;
      }
      let results: Readonly<Record<string, DeviceTensor>>;
      try {
        results = (await session.run(values, fetches)) as Readonly<Record<string, DeviceTensor>>;
      } catch (error) {
        throw new RunError(
          `program: ONNX Runtime failed: ${error instanceof Error ? error.message : error}`,
          {
            cause: error,
          },
        );
      }
      const returned: Record<string, HostData> = {};
      const copies: DeviceTensor[] = [];
      for (const name of outputNames) {
        const result = results[resultName(name)];
        if (state !== undefined && stateNames.has(name)) {
          const written = fetches[resultName(name)];
          state.replace(name, written ?? result);
          if (written !== null && !sharesMemory(written, result)) copies.push(result);
        } else {
          returned[name] = (await result.getData()) as HostData;
          result.dispose();
        }
      }
      door.discard?.(copies);
      return returned;
    },
    dispose: () => session.release(),
  };
};

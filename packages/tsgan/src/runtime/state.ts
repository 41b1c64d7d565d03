/** Tensors that stay on a device between runs. */
import type { Tensor as DeviceTensor } from "onnxruntime-common";
import { UsageError, unknownName } from "../errors.ts";
import { type DType, formatShape, type Shape, sizeOf } from "../graph/index.ts";
import { type FeedData, type HostData, hostData, type Tensors } from "./engine.ts";

/** A tensor on the device, and the ONNX Runtime that it is one of. */
interface Entry {
  current: DeviceTensor;
  spare: DeviceTensor | undefined;
  tensors: Tensors;
}

/**
 * Named tensors that stay on a device: parameters, optimiser moments. A program compiled with their names under `state`
 * takes its inputs of these names from here and leaves its outputs of these names here. Several programs may share one.
 *
 * @example
 * ```ts
 * import { input, mean, mul, square, sub, grad } from "tsgan/graph";
 * import { compile, State } from "tsgan/runtime";
 *
 * const w = input("w", [3]);
 * const loss = mean(square(sub(w, input("target", [3]))));
 * const [dw] = grad(loss, [w]);
 * const program = await compile({ loss, w: sub(w, mul(dw, 0.5)) }, { state: ["w"] });
 *
 * const state = new State();
 * state.set("w", [0, 0, 0]);
 * for (let i = 0; i < 20; i++) await program.run({ target: [1, 2, 3] }, state);
 * console.log(await state.read("w")); // close to 1, 2, 3
 * state.dispose();
 * await program.dispose();
 * ```
 */
export class State {
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, { data: HostData; shape: Shape }>();
  #isDisposed = false;

  /**
   * Sets or replaces a tensor. A list of numbers becomes float32. It is uploaded when a program first needs it.
   *
   * @throws UsageError where the shape, by default that of a vector, needs another number of values
   */
  set(name: string, data: FeedData, shape: Shape = [data.length]): void {
    if (data.length !== sizeOf(shape)) {
      throw new UsageError(
        `state ${name}: shape ${formatShape(shape)} needs ${sizeOf(shape)} values; got ${data.length}`,
      );
    }
    const dtype = data instanceof Int32Array ? "int32" : "float32";
    this.#pending.set(name, { data: hostData(data, dtype, `state ${name}`), shape });
  }

  /** Names of all tensors that were set or left here. */
  get names(): string[] {
    return [...new Set([...this.#entries.keys(), ...this.#pending.keys()])];
  }

  /**
   * A copy of a tensor's values on the host.
   *
   * @throws UsageError where there is no tensor of the name
   */
  async read(name: string): Promise<Float32Array> {
    const pending = this.#pending.get(name);
    if (pending !== undefined) return Float32Array.from(pending.data);
    const { current, tensors } = this.#entry(name);
    return Float32Array.from(await tensors.read(current));
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined && this.#isDisposed) {
      throw new UsageError("state: it was disposed of, by dispose() or after an error; begin another run");
    }
    if (entry === undefined) throw unknownName("tensor of the state", name, this.names);
    return entry;
  }

  /** @internal The device's tensor, uploaded if it is new. */
  take(name: string, tensors: Tensors): DeviceTensor {
    const pending = this.#pending.get(name);
    if (pending !== undefined) {
      this.#pending.delete(name);
      this.#entries.get(name)?.current.dispose();
      this.#entries.set(name, {
        current: tensors.make(pending.data.slice(), pending.shape),
        spare: undefined,
        tensors,
      });
    }
    return this.#entry(name).current;
  }

  /** @internal A buffer that the next value of `name` may be written to. */
  spare(name: string, shape: Shape, dtype: DType, tensors: Tensors): DeviceTensor {
    const entry = this.#entries.get(name);
    if (entry?.spare !== undefined) return entry.spare;
    const size = sizeOf(shape);
    const spare = tensors.make(dtype === "int32" ? new Int32Array(size) : new Float32Array(size), shape);
    if (entry !== undefined) entry.spare = spare;
    return spare;
  }

  /** @internal The value after a run. The one before becomes the spare buffer, or is released. */
  replace(name: string, value: DeviceTensor, tensors: Tensors): void {
    const entry = this.#entries.get(name);
    this.#pending.delete(name);
    if (entry === undefined) {
      this.#entries.set(name, { current: value, spare: undefined, tensors });
      return;
    }
    const before = entry.current;
    entry.current = value;
    entry.tensors = tensors;
    if (tensors.writesIntoFetches) entry.spare = before;
    else before.dispose();
  }

  /** Releases the tensors; once more does nothing. To be called before the programs that wrote them are disposed of: theirs is the memory. */
  dispose(): void {
    for (const { current, spare } of this.#entries.values()) {
      current.dispose();
      spare?.dispose();
    }
    this.#entries.clear();
    this.#pending.clear();
    this.#isDisposed = true;
  }
}

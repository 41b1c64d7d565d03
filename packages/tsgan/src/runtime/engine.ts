/** What tsgan needs of ONNX Runtime. `#onnxruntime` resolves to the Node.js or the browser implementation. */
import type { Tensor } from "onnxruntime-common";
import { UsageError } from "../errors.ts";
import type { DType } from "../graph/index.ts";

/** Where programs run: `cpu`, `wasm`, `webgpu` and `cuda` in Node.js, `wasm` and `webgpu` in a browser. */
export type Device = "cpu" | "wasm" | "webgpu" | "cuda";

/** The names of all devices, for options and errors. */
export const devices: readonly Device[] = ["cpu", "wasm", "webgpu", "cuda"];

/** Numbers that a graph computes with: float32 throughout, or float16 in its products. */
export type Precision = "full" | "mixed";

/** Values of a tensor in the host's memory, flat and row-major. */
export type HostData = Float32Array | Int32Array;

/** Values that are given: typed arrays, or lists of numbers, which are copied into one. */
export type FeedData = HostData | readonly number[];

/** What models from elsewhere may take and give beside that. */
export type ModelData = HostData | Float64Array | Uint8Array;

export interface SessionRequest {
  readonly model: Uint8Array;
  readonly device: Device;
  readonly threads: number;
  /** Whether it is a graph of ours whose convolutions have been laid out for processors. */
  readonly isLaidOut?: boolean;
  /** Outputs that should stay on the device, of a graph of ours; none are named where the model comes from elsewhere. */
  readonly resident?: readonly string[];
  /** Whether the commands of its runs may be recorded and replayed: its outputs are then overwritten by its next run. */
  readonly capture?: boolean | undefined;
}

/** Settings of ONNX Runtime itself. */
export interface RuntimeOptions {
  /** Threads of a CPU device, where a program does not say. */
  readonly threads?: number;
  /**
   * Browser only. Address of ONNX Runtime's `.wasm` file, `{ wasm: address }`, or folder (with its slash) from which it loads its
   * `.wasm` and `.mjs` files; by default they are taken from beside the bundle.
   */
  readonly wasmPaths?: string | { readonly wasm: string };
  /**
   * Browser only. ONNX Runtime's `.wasm` file itself, for a page that has loaded it with a progress bar:
   * `ort-wasm-simd-threaded.wasm` for the device `wasm`, `ort-wasm-simd-threaded.asyncify.wasm` for `webgpu`. It is for the device
   * of the first program. (Where no file is configured, `webgpu` takes the smaller `…jspi.wasm` in browsers that can suspend WebAssembly.)
   */
  readonly wasmBinary?: ArrayBuffer | undefined;
  /**
   * Browser only. Whether the commands of training steps on `webgpu` are recorded in the first and replayed in later ones, with the
   * same figures and a tenth of the work on the host: true without.
   */
  readonly capture?: boolean;
}

/** Tensors of the ONNX Runtime that a session belongs to: one process may have two of them, and neither takes the other's. */
export interface Tensors {
  make(data: ModelData, shape: readonly number[]): Tensor;
  /** Values of a tensor of a state, wherever it lies. */
  read(tensor: Tensor): Promise<HostData>;
  /** Whether outputs given as tensors are written in place, so that buffers can be used again. */
  readonly writesIntoFetches: boolean;
}

/** What is used of ONNX Runtime's sessions. */
export interface Session {
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches?: Readonly<Record<string, Tensor | null>>,
  ): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** A model on a device. */
export interface OpenSession {
  readonly session: Session;
  readonly tensors: Tensors;
  /** Whether its outputs are the same buffers in each run. */
  readonly isCaptured?: boolean;
}

/** Releases a session, the first time that it is called: what is disposed of already is as its caller wants it. */
export const releaseOf = (session: Session): (() => Promise<void>) => {
  let released: Promise<void> | undefined;
  return () => {
    released ??= session.release();
    return released;
  };
};

/**
 * How far ONNX Runtime rewrites a model before it runs it: that is most of what making a session takes, and a graph of ours, which has
 * been simplified already, runs no faster for it. In Node.js networks without convolutions do, by 4 %, and those are small.
 */
export const optimizationOf = ({ device, resident, isLaidOut }: SessionRequest): "all" | "disabled" =>
  isLaidOut || (device === "wasm" && resident) ? "disabled" : "all";

export interface Engine {
  defaultDevice(): Device;
  configure(options: RuntimeOptions): void;
  defaultThreads(): number;
  open(request: SessionRequest): Promise<OpenSession>;
}

/** ONNX Runtime's name of an array's element type. */
const elementType = (data: ModelData): "float32" | "int32" | "float64" | "uint8" => {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  return data instanceof Float64Array ? "float64" : "uint8";
};

/**
 * `data` as the typed array of a tensor's type.
 *
 * @param where what errors begin with
 * @throws UsageError where they are neither of this type nor a list of numbers that can be
 */
export const hostData = (data: FeedData, dtype: DType, where: string): HostData => {
  if (dtype === "bool") {
    throw new UsageError(`${where} is bool, which cannot be fed; feed int32 and compare it in the graph`);
  }
  const isInteger = dtype === "int32";
  const TypedArray = isInteger ? Int32Array : Float32Array;
  if (data instanceof TypedArray) return data;
  if (!Array.isArray(data)) {
    const got = data?.constructor?.name ?? typeof data;
    throw new UsageError(`${where}: expected ${TypedArray.name} or a list of numbers; got ${got}`);
  }
  const wrong = data.findIndex((v) => typeof v !== "number" || (isInteger && !Number.isInteger(v)));
  if (wrong >= 0) {
    throw new UsageError(`${where}: expected ${isInteger ? "integers" : "numbers"}; got ${data[wrong]}`);
  }
  return TypedArray.from(data);
};

/** That outputs stay on the GPU, as a session is told. */
export const onGpu = (names: readonly string[]): Record<string, "gpu-buffer"> =>
  Object.fromEntries(names.map((name) => [name, "gpu-buffer"]));

/** Values of a tensor that can be asked for them. */
export const dataOf = async (tensor: Tensor): Promise<HostData> => (await tensor.getData()) as HostData;

/** What `tensors.make` is where tensors are those of `runtime`. */
export const tensorMaker =
  ({ Tensor: Made }: { readonly Tensor: typeof Tensor }): Tensors["make"] =>
  (data, shape) =>
    // The constructor's overloads tie a type to its array; here they go together at run time only.
    new Made(elementType(data) as "float32", data as Float32Array, [...shape]);

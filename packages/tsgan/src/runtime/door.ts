/** What tsgan needs of ONNX Runtime. `#onnxruntime` resolves to the Node.js or the browser implementation. */
import type { InferenceSession, Tensor } from "onnxruntime-common";

/** Where programs run: `cpu`, `webgpu` and `cuda` in Node.js, `wasm` and `webgpu` in a browser. */
export type Device = "cpu" | "wasm" | "webgpu" | "cuda";

export const devices: readonly Device[] = ["cpu", "wasm", "webgpu", "cuda"];

export type HostData = Float32Array | Int32Array;

export interface SessionRequest {
  readonly model: Uint8Array;
  readonly device: Device;
  readonly threads: number;
  /** Outputs that should stay on the device. */
  readonly resident: readonly string[];
}

/** Settings of ONNX Runtime itself. */
export interface RuntimeOptions {
  /** Threads of a CPU device, where a program does not say. */
  readonly threads?: number;
  /**
   * Browser only. Folder (with its slash) from which ONNX Runtime loads its `.wasm` and `.mjs` files; by default
   * they are taken from beside the bundle.
   */
  readonly wasmPaths?: string;
}

export interface Door {
  readonly defaultDevice: Device;
  configure(options: RuntimeOptions): void;
  defaultThreads(): number;
  /** Whether outputs given as tensors are written in place, so that buffers can be used again. */
  readonly writesIntoFetches: boolean;
  open(request: SessionRequest): Promise<InferenceSession>;
  /** Only after `open`: the runtime's module is loaded on first use. */
  tensor(data: HostData, shape: readonly number[]): Tensor;
}

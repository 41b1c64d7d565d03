/** Graph functions as programs on a device. */
import { door } from "#onnxruntime";
import type { RuntimeOptions } from "./door.ts";

export { type Device, devices, type HostData, type ModelData, type RuntimeOptions } from "./door.ts";
export { type LoadedModel, loadModel, type ModelTensor, openProduct, type Product } from "./model.ts";
export { type CompileOptions, compile, type Program, State } from "./program.ts";
export { isRuntimeThread } from "./thread.ts";

/** Where programs run when nothing is said: `cpu` in Node.js, `wasm` in a browser. */
export const defaultDevice = door.defaultDevice;

/** Threads of a CPU device when nothing is said. */
export const defaultThreads = door.defaultThreads;

/**
 * Sets ONNX Runtime up. In a browser this comes before the first program: threads and files cannot change later.
 *
 * @throws UsageError when the browser's runtime is already running
 */
export const configureRuntime = (options: RuntimeOptions): void => door.configure(options);

/** Graph functions as programs on a device. */
import { engine } from "#onnxruntime";
import type { RuntimeOptions } from "./engine.ts";

export {
  type Device,
  devices,
  type FeedData,
  type HostData,
  type ModelData,
  type Precision,
  type RuntimeOptions,
} from "./engine.ts";
export { type LoadedModel, loadModel, type ModelTensor, openProduct, type Product } from "./model.ts";
export { type CompileOptions, compile, type Program } from "./program.ts";
export { State } from "./state.ts";
export { isRuntimeThread } from "./thread.ts";

/**
 * Where programs run when nothing is said: `cpu` in Node.js, `wasm` in a browser. In Node.js without an onnxruntime-node that
 * loads it is `wasm` too, about which a process warns once, with the reason.
 */
export const defaultDevice = engine.defaultDevice;

/** Threads of a CPU device when nothing is said. */
export const defaultThreads = engine.defaultThreads;

/**
 * Sets ONNX Runtime up. In a browser this comes before the first program: threads and files cannot change later.
 *
 * @throws UsageError when the browser's runtime is already running
 * @example
 * ```ts
 * import { configureRuntime, defaultThreads } from "tsgan/runtime";
 *
 * configureRuntime({ threads: 1 }); // in a page, before the first program
 * console.log(defaultThreads()); // 1
 * ```
 */
export const configureRuntime = (options: RuntimeOptions): void => engine.configure(options);

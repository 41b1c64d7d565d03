/** Loads ONNX Runtime's WebAssembly file on demand, for a worker that is about to train. */
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { configureRuntime } from "tsgan/runtime";
import { fetchBytes, type LoadProgress } from "./fetch-bytes.ts";

/**
 * Loads the file and sets the runtime up. Once in a worker, before the first program: the number of threads cannot
 * change later.
 */
export const loadRuntime = async (
  threads: number,
  onProgress: (progress: LoadProgress) => void,
): Promise<void> => {
  configureRuntime({ threads, wasmBinary: await fetchBytes(wasmUrl, onProgress) });
};

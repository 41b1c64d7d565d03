/** Loads ONNX Runtime's WebAssembly file on demand, for a worker that is about to train. */
import webgpuUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { configureRuntime, type Device } from "tsgan/runtime";
import { fetchBytes, type LoadProgress } from "./fetch-bytes.ts";

/**
 * Loads the file of the device, 14 MB or, with WebGPU, 27, and sets the runtime up. Once in a worker, before the first program: the number of threads cannot
 * change later.
 */
export const loadRuntime = async (
  { device, threads }: { readonly device: Device; readonly threads: number },
  onProgress: (progress: LoadProgress) => void,
): Promise<void> => {
  configureRuntime({
    threads,
    wasmBinary: await fetchBytes(device === "webgpu" ? webgpuUrl : wasmUrl, onProgress),
  });
};

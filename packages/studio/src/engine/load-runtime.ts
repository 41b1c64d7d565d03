/** Loads ONNX Runtime's WebAssembly file on demand, for a worker that is about to train. */
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { configureRuntime } from "tsgan/runtime";

export interface LoadProgress {
  readonly loaded: number;
  /** Bytes in all; undefined where the server does not say. */
  readonly total: number | undefined;
}

const download = async (url: string, onProgress: (progress: LoadProgress) => void): Promise<ArrayBuffer> => {
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(`${new URL(url, location.href).pathname}: the server answered ${response.status}`);
  }
  // The length of a compressed answer is not that of what is read from it.
  const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const total = length === null ? undefined : Number(length);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    onProgress({ loaded, total });
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.buffer;
};

/**
 * Loads the file and sets the runtime up. Once in a worker, before the first program: the number of threads cannot
 * change later.
 */
export const loadRuntime = async (
  threads: number,
  onProgress: (progress: LoadProgress) => void,
): Promise<void> => {
  configureRuntime({ threads, wasmBinary: await download(wasmUrl, onProgress) });
};

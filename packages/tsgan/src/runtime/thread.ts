/** ONNX Runtime's own threads in a browser. */

/**
 * Whether this worker is one of ONNX Runtime's own threads. A browser starts them from the file that ONNX Runtime was
 * bundled into, which may be your worker's: it must then leave `onmessage` alone.
 */
export const isRuntimeThread = (): boolean =>
  String((globalThis as { readonly name?: unknown }).name).startsWith("em-pthread");

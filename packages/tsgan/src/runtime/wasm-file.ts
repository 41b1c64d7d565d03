/** ONNX Runtime's `.wasm` file in a page: bundlers that do not know of it leave it behind. */

export type WebDevice = "wasm" | "webgpu";

const FILES: Readonly<Record<WebDevice, string>> = {
  wasm: "tsgan/assets/onnxruntime/ort-wasm-simd-threaded.wasm",
  webgpu: "onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm",
};

/** What every `.wasm` file begins with. */
const MAGIC = "\0asm";

/** What a server answers in place of the file; undefined where the file is there. */
const answerOf = async (address: string): Promise<string | undefined> => {
  try {
    const response = await fetch(address);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    const start = String.fromCharCode(...(value ?? []).slice(0, MAGIC.length));
    if (response.ok && start === MAGIC) return undefined;
    const type = response.headers.get("content-type");
    return `${response.status}${type === null ? "" : `, ${type}`}`;
  } catch {
    return "no answer";
  }
};

/**
 * Where the file was looked for and what helps, if it was looked for in vain. The page's own list of what it has loaded knows
 * the address, which only ONNX Runtime has.
 *
 * @param said what ONNX Runtime says
 */
export const missingFile = async (device: WebDevice, said = ""): Promise<string | undefined> => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const address = loaded.findLast((name) => /\.wasm([?#]|$)/.test(name));
  const isJspi = address?.includes(".jspi") ?? false;
  const file = isJspi ? FILES[device].replace("asyncify", "jspi") : FILES[device];
  // Parcel writes down where ONNX Runtime lay when it built, in place of its address.
  if (address === undefined && /fetch|imported|script/.test(said)) {
    return `${said}; with Parcel: configureRuntime({ wasmPaths: { wasm: ADDRESS }, threads: 1 })`;
  }
  const answer = address === undefined ? undefined : await answerOf(address);
  if (answer === undefined) return undefined;
  // Vite before 8 moves the code of packages, and not what lies beside it.
  const remedy = address?.includes("/.vite/")
    ? 'set optimizeDeps: { exclude: ["tsgan"], include: ["tsgan > papaparse"] } in vite.config.js'
    : `copy it there from node_modules/${file}${isJspi ? "" : ", or say where it is: configureRuntime({ wasmPaths: { wasm: ADDRESS } })"}`;
  return `${file.slice(file.lastIndexOf("/") + 1)} is not at ${address} (${answer}); ${remedy}`;
};

/** ONNX Runtime in the browser: WebAssembly, or its larger build with WebGPU where that is asked for. */
import { RunError, UsageError } from "../errors.ts";
import {
  type Device,
  dataOf,
  type Engine,
  onGpu,
  optimizationOf,
  type RuntimeOptions,
  type SessionRequest,
  tensorMaker,
} from "./engine.ts";
import { isRuntimeThread } from "./thread.ts";
import { missingFile, type WebDevice } from "./wasm-file.ts";

type WebRuntime = typeof import("onnxruntime-web/webgpu");

const running: Partial<Record<WebDevice, Promise<WebRuntime>>> = {};
let configured: RuntimeOptions = {};

/**
 * Whether the browser can suspend WebAssembly until a promise is settled (JSPI): ONNX Runtime's build for that is 17 MB in place of
 * 27. A file that was configured is that of the larger one, which runs everywhere.
 */
const takesJspi = (): boolean =>
  "Suspending" in WebAssembly && configured.wasmPaths === undefined && configured.wasmBinary === undefined;

const load = async (device: WebDevice): Promise<WebRuntime> => {
  if (device === "wasm") return import("#onnxruntime-wasm");
  // esbuild passes over what is not there where it is awaited here, within try.
  try {
    const runtime = takesJspi()
      ? await import("onnxruntime-web/jspi")
      : await import("onnxruntime-web/webgpu");
    // The empty module of a bundler that was told to leave it out has none.
    runtime.env.logLevel = "error";
    return runtime;
  } catch (cause) {
    throw new RunError(
      'device "webgpu": onnxruntime-web could not be loaded; npm install onnxruntime-web@1.30.0, or use "wasm"',
      { cause },
    );
  }
};

/** Threads and paths are read once, when the first session is made. */
const start = async (device: WebDevice, threads: number): Promise<WebRuntime> => {
  const runtime = await load(device);
  runtime.env.logLevel = "error";
  // Threads that are started from a bundle are WebAssembly's: `isRuntimeThread` below.
  runtime.env.wasm.numThreads = device === "wasm" ? threads : 1;
  if (configured.wasmPaths !== undefined) runtime.env.wasm.wasmPaths = configured.wasmPaths;
  if (configured.wasmBinary !== undefined) runtime.env.wasm.wasmBinary = configured.wasmBinary;
  // It is the file of the first device only.
  configured = { ...configured, wasmBinary: undefined };
  return runtime;
};

/** The build with WebGPU has WebAssembly's kernels, too: where it runs, no second file is loaded for them. */
const runtimeFor = (device: WebDevice, threads: number): Promise<WebRuntime> => {
  if (device === "wasm" && running.webgpu !== undefined) return running.webgpu;
  running[device] ??= start(device, threads);
  return running[device];
};

/** Threads need SharedArrayBuffer, which browsers give to cross-origin isolated pages only. */
const defaultThreads = (): number => {
  if (!globalThis.crossOriginIsolated) return 1;
  return configured.threads ?? Math.min(globalThis.navigator.hardwareConcurrency, 4);
};

const checkDevice = async (device: Device): Promise<WebDevice> => {
  if (device === "cpu" || device === "cuda") {
    throw new UsageError(`device "${device}" is Node.js's; a browser has "wasm" and "webgpu"`);
  }
  if (device === "webgpu") {
    const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
    if (!(await gpu?.requestAdapter())) {
      throw new RunError('device "webgpu" is not there: this browser offers no WebGPU adapter; use "wasm"');
    }
  }
  return device;
};

// A thread of ONNX Runtime that was started from our bundle finds its code here.
if (isRuntimeThread()) void load("wasm");

export const engine: Engine = {
  defaultDevice: () => "wasm",
  configure: (options) => {
    if (Object.keys(running).length > 0) {
      throw new UsageError("configureRuntime: ONNX Runtime is running; call it before the first program");
    }
    configured = { ...configured, ...options };
  },
  defaultThreads,
  open: async (request: SessionRequest) => {
    const { model, device: asked, threads, resident = [] } = request;
    const device = await checkDevice(asked);
    const runtime = await runtimeFor(device, threads);
    const options = { graphOptimizationLevel: optimizationOf(request), logSeverityLevel: 4 } as const;
    try {
      if (device === "webgpu" && request.capture && (configured.capture ?? true)) {
        const { openCaptured } = await import("./captured.web.ts");
        const captured = await openCaptured(runtime, model, options, resident);
        if (captured !== undefined) return captured;
      }
      const session = await runtime.InferenceSession.create(model, {
        executionProviders: [device],
        ...options,
        ...(device === "webgpu" && { preferredOutputLocation: onGpu(resident) }),
      });
      return { session, tensors: { make: tensorMaker(runtime), read: dataOf, writesIntoFetches: false } };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const missing = /no available backend/.test(text) && (await missingFile(device, text));
      const what = missing ? `: ${missing}` : ` could not load the model: ${text}`;
      throw new RunError(`device ${device}${what}`, { cause: error });
    }
  },
};

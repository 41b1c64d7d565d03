/** ONNX Runtime in the browser. Nothing else imports onnxruntime-web. */
import { RunError, UsageError } from "../errors.ts";
import { type Device, type Engine, elementType, type RuntimeOptions, type SessionRequest } from "./engine.ts";
import { isRuntimeThread } from "./thread.ts";

type OnnxRuntime = typeof import("onnxruntime-web/webgpu");

let loading: Promise<OnnxRuntime> | undefined;
let loaded: OnnxRuntime | undefined;
let configured: RuntimeOptions = {};

const load = async (): Promise<OnnxRuntime> => {
  try {
    return await import("onnxruntime-web/webgpu");
  } catch (cause) {
    throw new RunError("runtime: onnxruntime-web could not be loaded; npm install onnxruntime-web", {
      cause,
    });
  }
};

/** Threads and paths are read once, when the first session is made. */
const start = async (threads: number): Promise<OnnxRuntime> => {
  const runtime = await load();
  runtime.env.logLevel = "error";
  runtime.env.wasm.numThreads = threads;
  if (configured.wasmPaths !== undefined) runtime.env.wasm.wasmPaths = configured.wasmPaths;
  if (configured.wasmBinary !== undefined) runtime.env.wasm.wasmBinary = configured.wasmBinary;
  loaded = runtime;
  return runtime;
};

/** Threads need SharedArrayBuffer, which browsers give to cross-origin isolated pages only. */
const defaultThreads = (): number => {
  if (!globalThis.crossOriginIsolated) return 1;
  return configured.threads ?? Math.min(globalThis.navigator.hardwareConcurrency, 4);
};

const checkDevice = async (device: Device): Promise<void> => {
  if (device === "cpu" || device === "cuda") {
    throw new UsageError(`device "${device}" is Node.js's; a browser has "wasm" and "webgpu"`);
  }
  if (device === "webgpu") {
    const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
    if (gpu === undefined || (await gpu.requestAdapter()) === null) {
      throw new RunError('device "webgpu" is not there: this browser offers no WebGPU adapter; use "wasm"');
    }
  }
};

// A thread of ONNX Runtime that was started from our bundle finds its code here.
if (isRuntimeThread()) void load();

export const engine: Engine = {
  defaultDevice: "wasm",
  configure: (options) => {
    if (loading !== undefined) {
      throw new UsageError("configureRuntime: ONNX Runtime is running; call it before the first program");
    }
    configured = { ...configured, ...options };
  },
  defaultThreads,
  writesIntoFetches: false,
  open: async ({ model, device, threads, resident }: SessionRequest) => {
    await checkDevice(device);
    loading ??= start(threads);
    const { InferenceSession } = await loading;
    const preferredOutputLocation =
      device === "webgpu"
        ? Object.fromEntries(resident.map((name) => [name, "gpu-buffer" as const]))
        : undefined;
    try {
      return await InferenceSession.create(model, {
        executionProviders: [device],
        graphOptimizationLevel: "all",
        executionMode: "sequential",
        logSeverityLevel: 3,
        ...(preferredOutputLocation === undefined ? {} : { preferredOutputLocation }),
      });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new RunError(`device ${device} could not load the model: ${text}`, { cause: error });
    }
  },
  tensor: (data, shape) => {
    const { Tensor } = loaded as OnnxRuntime;
    // The constructor's overloads tie a type to its array; here they go together at run time only.
    return new Tensor(elementType(data) as "float32", data as Float32Array, [...shape]);
  },
};

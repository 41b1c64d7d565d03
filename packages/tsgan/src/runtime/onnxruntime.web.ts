/** The door to ONNX Runtime in the browser. Nothing else imports onnxruntime-web. */
import { RunError, UsageError } from "../errors.ts";
import type { Device, Door, SessionRequest } from "./door.ts";

type OnnxRuntime = typeof import("onnxruntime-web/webgpu");

let loaded: OnnxRuntime | undefined;

const load = async (): Promise<OnnxRuntime> => {
  if (loaded === undefined) {
    loaded = await import("onnxruntime-web/webgpu");
    loaded.env.wasm.numThreads = defaultThreads();
    loaded.env.logLevel = "error";
  }
  return loaded;
};

/** Threads need SharedArrayBuffer, which browsers give to cross-origin isolated pages only. */
const defaultThreads = (): number =>
  globalThis.crossOriginIsolated ? Math.min(globalThis.navigator.hardwareConcurrency, 4) : 1;

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

export const door: Door = {
  defaultDevice: "wasm",
  defaultThreads,
  writesIntoFetches: false,
  open: async ({ model, device, resident }: SessionRequest) => {
    await checkDevice(device);
    const { InferenceSession } = await load();
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
    return data instanceof Int32Array
      ? new Tensor("int32", data, [...shape])
      : new Tensor("float32", data, [...shape]);
  },
};

/** ONNX Runtime in Node.js: onnxruntime-node, and WebAssembly where that is asked for or the other does not load. */
import { availableParallelism } from "node:os";
import { RunError } from "../errors.ts";
import {
  type Device,
  dataOf,
  type Engine,
  type OpenSession,
  onGpu,
  optimizationOf,
  type SessionRequest,
  tensorMaker,
} from "./engine.ts";
import { isCommonJs, wasmFiles } from "./files.node.ts";
import { readGpu } from "./gpu-state.node.ts";
import { inPlace, withEmptyOutput } from "./in-place.node.ts";
import { loadNative, type Native } from "./native.node.ts";

type WebAssemblyRuntime = typeof import("#onnxruntime-wasm");

let configuredThreads: number | undefined;

const failure = (device: Device, error: unknown): Error => {
  if (error instanceof RunError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (device === "cuda") {
    return new RunError(
      "device cuda is not there: onnxruntime-node's CUDA libraries are a separate download " +
        `(node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12); ${text}`,
      { cause: error },
    );
  }
  if (device === "webgpu" && text.includes("adapter")) {
    return new RunError(
      "device webgpu is not there: no WebGPU adapter was found (Linux needs a GPU with a Vulkan driver); use device cpu",
      { cause: error },
    );
  }
  return new RunError(`device ${device} could not load the model: ${text}`, { cause: error });
};

const nativeFor = (device: Device): Native => {
  const native = loadNative();
  if (native instanceof RunError) {
    throw new RunError(`${native.message}; or use device wasm, which is slower`, { cause: native.cause });
  }
  const backends = native.listSupportedBackends();
  if (!backends.some((backend) => backend.name === device)) {
    const names = backends.map((backend) => backend.name).join(", ");
    throw new RunError(
      `device "${device}" is not supported on this machine (it has ${names}); use --device cpu`,
    );
  }
  return native;
};

const openNative = async (native: Native, request: SessionRequest): Promise<OpenSession> => {
  const { model, device, threads, resident = [] } = request;
  // A state on the host is written where it is to be.
  const isInPlace = device !== "webgpu" && resident.length > 0;
  const session = await native.InferenceSession.create(isInPlace ? withEmptyOutput(model) : model, {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    graphOptimizationLevel: optimizationOf(request),
    executionMode: "sequential",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    // Threads that spin within a run make small graphs a third faster; threads that go on spinning after it keep the
    // cores busy, and with a second session every matrix product takes twice as long.
    extra: { session: { force_spinning_stop: "1", intra_op: { allow_spinning: "1" } } },
    ...(device === "webgpu" && resident.length > 0 && { preferredOutputLocation: onGpu(resident) }),
  });
  const make = tensorMaker(native);
  if (device === "webgpu") {
    return {
      session,
      tensors: { make, read: (tensor) => readGpu(native, tensor), writesIntoFetches: false },
    };
  }
  return {
    session: isInPlace ? inPlace(session, native.Tensor) : session,
    tensors: { make, read: dataOf, writesIntoFetches: true },
  };
};

let webAssembly: Promise<WebAssemblyRuntime> | undefined;

/** Threads are those of the first session: they are started once. */
const startWebAssembly = async (threads: number): Promise<WebAssemblyRuntime> => {
  if (isCommonJs) {
    throw new RunError(
      'device wasm: ONNX Runtime\'s WebAssembly does not run within a bundle of CommonJS; bundle as modules (format: "esm"), ' +
        'leave tsgan out of the bundle (external: ["tsgan"]), or npm install onnxruntime-node@1.30.0 where it runs',
    );
  }
  const files = wasmFiles();
  const runtime = await import("#onnxruntime-wasm");
  if (files !== undefined) runtime.env.wasm.wasmPaths = files;
  runtime.env.logLevel = "error";
  runtime.env.wasm.numThreads = threads;
  return runtime;
};

const openWebAssembly = async (request: SessionRequest): Promise<OpenSession> => {
  const { model, threads } = request;
  webAssembly ??= startWebAssembly(threads);
  const runtime = await webAssembly;
  const session = await runtime.InferenceSession.create(model, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: optimizationOf(request),
    executionMode: "sequential",
    logSeverityLevel: 4,
  });
  return { session, tensors: { make: tensorMaker(runtime), read: dataOf, writesIntoFetches: false } };
};

let fallback: Device | undefined;

export const engine: Engine = {
  defaultDevice: () => {
    if (fallback !== undefined) return fallback;
    const native = loadNative();
    fallback = native instanceof RunError ? "wasm" : "cpu";
    if (native instanceof RunError) {
      process.emitWarning(`${native.message}; until then device wasm is used, which is several times slower`);
    }
    return fallback;
  },
  configure: ({ threads }) => {
    configuredThreads = threads ?? configuredThreads;
  },
  defaultThreads: () => configuredThreads ?? Math.min(availableParallelism(), 8),
  open: async (request: SessionRequest) => {
    const { device } = request;
    const native = device === "wasm" ? undefined : nativeFor(device);
    try {
      return await (native === undefined ? openWebAssembly(request) : openNative(native, request));
    } catch (error) {
      throw failure(device, error);
    }
  },
};

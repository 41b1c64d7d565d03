/** ONNX Runtime in Node.js. Nothing else imports onnxruntime-node. */
import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { RunError, UsageError } from "../errors.ts";
import { type Device, type Engine, elementType, type SessionRequest } from "./engine.ts";

type OnnxRuntime = typeof import("onnxruntime-node");

/**
 * A port whose other end is closed: what is transferred to it is released. Left to the garbage collector, the copies of
 * a training state that every step returns start a marking of the heap every few dozen steps, a quarter of a core.
 */
const nowhere = ((): MessagePort => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
})();

let loaded: OnnxRuntime | undefined;
let configuredThreads: number | undefined;

const load = async (): Promise<OnnxRuntime> => {
  if (loaded !== undefined) return loaded;
  try {
    loaded = await import("onnxruntime-node");
    // Errors are thrown; ONNX Runtime would print them as well.
    loaded.env.logLevel = "fatal";
  } catch (cause) {
    throw new RunError("runtime: onnxruntime-node is not installed; npm install onnxruntime-node", { cause });
  }
  return loaded;
};

const availability = async (device: Device): Promise<void> => {
  if (device === "wasm") throw new UsageError('device "wasm" is the browser\'s; use "cpu" in Node.js');
  const backends = (await load()).listSupportedBackends();
  if (!backends.some((backend) => backend.name === device)) {
    const names = backends.map((backend) => backend.name).join(", ");
    throw new RunError(
      `device "${device}" is not supported on this machine (it has ${names}); use --device cpu`,
    );
  }
};

const failure = (device: Device, error: unknown): Error => {
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

export const engine: Engine = {
  defaultDevice: "cpu",
  configure: ({ threads }) => {
    configuredThreads = threads ?? configuredThreads;
  },
  defaultThreads: () => configuredThreads ?? Math.min(availableParallelism(), 8),
  writesIntoFetches: true,
  open: async ({ model, device, threads }: SessionRequest) => {
    await availability(device);
    const { InferenceSession } = await load();
    try {
      return await InferenceSession.create(model, {
        executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
        graphOptimizationLevel: "all",
        executionMode: "sequential",
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        // Threads that spin within a run make small graphs a third faster; threads that go on spinning after it keep the
        // cores busy, and with a second session every matrix product takes twice as long.
        extra: { session: { force_spinning_stop: "1", intra_op: { allow_spinning: "1" } } },
      });
    } catch (error) {
      throw failure(device, error);
    }
  },
  discard: (copies) => {
    nowhere.postMessage(
      null,
      copies.map(({ data }) => (data as Float32Array<ArrayBuffer>).buffer),
    );
  },
  tensor: (data, shape) => {
    // Sessions are opened first, so the module is there.
    const { Tensor } = loaded as OnnxRuntime;
    // The constructor's overloads tie a type to its array; here they go together at run time only.
    return new Tensor(elementType(data) as "float32", data as Float32Array, [...shape]);
  },
};

/** Tensors that stay on the GPU in Node.js: there they are handles, which only a session can look into. */
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { input, toOnnx } from "../graph/index.ts";
import { dataOf, type HostData } from "./engine.ts";
import type { Native } from "./native.node.ts";

const readers: { [type in "float32" | "int32"]?: Promise<InferenceSession> } = {};

/** Values of a tensor of a WebGPU session, which stays where it is. Asked for them itself it would end the process. */
export const readGpu = async (native: Native, tensor: Tensor): Promise<HostData> => {
  if (tensor.location !== "gpu-buffer") return dataOf(tensor);
  const dataType = tensor.type === "int32" ? "int32" : "float32";
  readers[dataType] ??= native.InferenceSession.create(
    toOnnx((length) => ({ y: input("x", [length], dataType) })),
    { executionProviders: ["webgpu", "cpu"], logSeverityLevel: 4 },
  );
  const x = native.Tensor.fromGpuBuffer(tensor.gpuBuffer, { dataType, dims: [tensor.size] });
  const { y } = await (await readers[dataType]).run({ x });
  return dataOf(y);
};

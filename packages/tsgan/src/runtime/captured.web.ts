/**
 * Graph capture on WebGPU: the commands of a session's first run are recorded, later runs replay them, at a tenth of the work on the
 * host. ONNX Runtime replays into the buffers of the first run, so that whatever goes in is copied into those first.
 */
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { sizeOf } from "../graph/index.ts";
import { dataOf, type HostData, type OpenSession, tensorMaker } from "./engine.ts";

type WebRuntime = typeof import("onnxruntime-web/webgpu");

interface GpuBuffer {
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  destroy(): void;
}

interface GpuEncoder {
  copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, toAt: number, bytes: number): void;
  finish(): unknown;
}

/** What is used of a WebGPU device. */
interface GpuDevice {
  createBuffer(descriptor: { size: number; usage: number }): GpuBuffer;
  createCommandEncoder(): GpuEncoder;
  readonly queue: {
    writeBuffer(buffer: GpuBuffer, at: number, data: HostData): void;
    submit(commands: readonly unknown[]): void;
  };
}

const MAP_READ = 1;
const COPY_SRC = 4;
const COPY_DST = 8;
const STORAGE = 128;

/** All tensors here are of numbers of four bytes. */
const BYTES = 4;

const bufferOf = (tensor: Tensor): GpuBuffer => tensor.gpuBuffer as unknown as GpuBuffer;
const isOnGpu = (tensor: Tensor): boolean => tensor.location === "gpu-buffer";

/** Values of tensors on the device, which stay there. */
const readTensors = async (device: GpuDevice, tensors: readonly Tensor[]): Promise<HostData[]> => {
  const lengths = tensors.map(({ size }) => size * BYTES);
  const staging = device.createBuffer({
    size: Math.max(BYTES, sum(lengths)),
    usage: MAP_READ | COPY_DST,
  });
  try {
    const encoder = device.createCommandEncoder();
    const at = lengths.map((_, i) => sum(lengths.slice(0, i)));
    for (const [i, tensor] of tensors.entries()) {
      encoder.copyBufferToBuffer(bufferOf(tensor), 0, staging, at[i], lengths[i]);
    }
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_READ);
    const range = staging.getMappedRange();
    return tensors.map(({ type }, i) => {
      const bytes = range.slice(at[i], at[i] + lengths[i]);
      return type === "int32" ? new Int32Array(bytes) : new Float32Array(bytes);
    });
  } finally {
    staging.destroy();
  }
};

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** A tensor of the session's first run, which all later ones read. */
interface Fixed {
  readonly buffer: GpuBuffer;
  readonly tensor: Tensor;
  /** What was copied into it last. */
  holds: Tensor | undefined;
}

const fixedInputs = (runtime: WebRuntime, device: GpuDevice, session: InferenceSession): Map<string, Fixed> =>
  new Map(
    session.inputMetadata.map((input) => {
      if (!input.isTensor) throw new Error(`input ${input.name} is no tensor`);
      const dims = input.shape.map(Number);
      // Shaders read four numbers at a time.
      const size = 4 * BYTES * Math.ceil(sizeOf(dims) / 4);
      const buffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
      const tensor = runtime.Tensor.fromGpuBuffer(buffer as never, {
        dataType: input.type as "float32" | "int32",
        dims,
      });
      return [input.name, { buffer, tensor, holds: undefined }];
    }),
  );

interface EncoderClass {
  readonly prototype: { copyBufferToBuffer(from: { readonly usage: number }, ...rest: unknown[]): void };
}

/**
 * How often tensors are copied while something runs, uploads apart. Only kernels are recorded: what ONNX Runtime does by a copy, as
 * where an output is an input or the same numbers in another shape, is left out of later runs, without an error.
 */
const copiesDuring = async (run: () => Promise<void>): Promise<number> => {
  const { prototype } = (globalThis as unknown as { GPUCommandEncoder: EncoderClass }).GPUCommandEncoder;
  const { copyBufferToBuffer } = prototype;
  let count = 0;
  prototype.copyBufferToBuffer = function (from, ...rest) {
    if (from.usage & STORAGE) count++;
    copyBufferToBuffer.call(this, from, ...rest);
  };
  try {
    await run();
  } finally {
    prototype.copyBufferToBuffer = copyBufferToBuffer;
  }
  return count;
};

/** Opens a session that records, or nothing for a graph of which a node runs on the processor. */
const create = async (
  runtime: WebRuntime,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession | undefined> => {
  try {
    return await runtime.InferenceSession.create(model, {
      ...options,
      executionProviders: [{ name: "webgpu" }],
      enableGraphCapture: true,
      preferredOutputLocation: "gpu-buffer",
    });
  } catch (error) {
    if (/graph capture/.test(String(error))) return undefined;
    throw error;
  }
};

/**
 * Opens a session that replays, or nothing for a graph of which a node runs on the processor or is a copy. Its first run, which is
 * recorded, is one on zeros.
 *
 * @param resident names of outputs that stay on the device; they are overwritten by the next run
 */
export const openCaptured = async (
  runtime: WebRuntime,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
  resident: readonly string[],
): Promise<OpenSession | undefined> => {
  const session = await create(runtime, model, options);
  if (session === undefined) return undefined;
  const device = (await runtime.env.webgpu.device) as unknown as GpuDevice;
  const inputs = fixedInputs(runtime, device, session);
  const feeds = Object.fromEntries([...inputs].map(([name, { tensor }]) => [name, tensor]));
  const make = tensorMaker(runtime);
  const release = async (): Promise<void> => {
    await session.release();
    for (const { buffer } of inputs.values()) buffer.destroy();
  };
  const copies = await copiesDuring(async () => {
    for (const output of Object.values(await session.run(feeds))) output.dispose();
  });
  if (copies > 0) {
    await release();
    return undefined;
  }

  const copyIn = (values: Readonly<Record<string, Tensor>>): void => {
    const encoder = device.createCommandEncoder();
    for (const [name, fixed] of inputs) {
      const value = values[name];
      if (value === fixed.holds) continue;
      if (isOnGpu(value)) {
        encoder.copyBufferToBuffer(bufferOf(value), 0, fixed.buffer, 0, value.size * BYTES);
      } else device.queue.writeBuffer(fixed.buffer, 0, value.data as HostData);
      fixed.holds = value;
    }
    device.queue.submit([encoder.finish()]);
  };

  return {
    session: {
      run: async (values) => {
        copyIn(values);
        const outputs = (await session.run(feeds)) as Record<string, Tensor>;
        const returned = Object.keys(outputs).filter((name) => !resident.includes(name));
        const data = await readTensors(
          device,
          returned.map((name) => outputs[name]),
        );
        for (const [i, name] of returned.entries()) {
          const { dims } = outputs[name];
          outputs[name].dispose();
          outputs[name] = make(data[i], dims);
        }
        return outputs;
      },
      release,
    },
    tensors: {
      make,
      read: async (tensor) => (isOnGpu(tensor) ? (await readTensors(device, [tensor]))[0] : dataOf(tensor)),
      writesIntoFetches: false,
    },
    isCaptured: true,
  };
};
